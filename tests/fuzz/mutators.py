"""Ways to spoil a file: each takes bytes and a source of chance, and gives bytes."""

import gzip
import io
import random
import zipfile
import zlib

from tests.fuzz.values import BAD_VALUES, LITERALS, RAW

# No mutation makes a file much larger than this: what is large is tried, but not without end.
LARGEST = 4 * 1024**2


def separator_of(data):
    """Return what parts the cells of the first line."""
    first = data.split(b"\n", 1)[0]
    return max((b"\t", b",", b";"), key=first.count)


def cells_of(data):
    """Return the cells of a file's lines, and what parts them."""
    separator = separator_of(data)
    return [line.split(separator) for line in data.split(b"\n")], separator


def joined(lines, separator):
    return b"\n".join(separator.join(cells) for cells in lines)


def flip(data, chance):
    """Change a few bytes."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 8) if spoilt else 0):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def cut(data, chance):
    """Take out the beginning, the middle or the end."""
    first, last = sorted(chance.randint(0, len(data)) for _ in range(2))
    return chance.choice((data[last:], data[:first], data[:first] + data[last:]))


def insert(data, chance):
    """Put odd bytes somewhere."""
    place = chance.randint(0, len(data))
    raw = chance.choice(RAW) if chance.random() < 0.8 else chance.randbytes(chance.randint(1, 12))
    return data[:place] + raw + data[place:]


def line(data, chance):
    """Double, swap or drop a line, or write the header or the whole file once more."""
    lines = data.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.choice(("double", "swap", "drop", "header again", "all again", "many", "blank")):
        case "double":
            lines.insert(second, lines[first])
        case "swap":
            lines[first], lines[second] = lines[second], lines[first]
        case "drop":
            del lines[first]
        case "header again":
            lines.insert(second, lines[0])
        case "all again":
            lines += lines
        case "many":
            lines[first:first] = [lines[first]] * min(3_000, LARGEST // (len(lines[first]) + 1))
        case "blank":
            lines.insert(first, chance.choice((b"", b"\r", b"  ", b"\t\t\t", b",,,,,,")))
    return b"\n".join(lines)


MANY = [b"%d" % number for number in range(10_000)]


def column(data, chance):
    """Swap, drop, double or rename a column, or add ten thousand."""
    lines, separator = cells_of(data)
    width = len(lines[0])
    first, second = chance.randrange(width), chance.randrange(width)
    how = chance.choice(("swap", "drop", "double", "rename", "empty", "10,000 more"))
    if how == "rename":
        lines[0][first] = chance.choice(
            (lines[0][second], b"", b'"', b"\xef\xbb\xbf", b"x" * 5_000)
        )
        return joined(lines, separator)
    wide = sum(len(cells) == width for cells in lines)
    if how == "10,000 more" and wide * len(b",".join(MANY)) > LARGEST:
        return data
    for number, cells in enumerate(lines):
        if len(cells) != width:
            continue
        if how == "swap":
            cells[first], cells[second] = cells[second], cells[first]
        elif how == "drop":
            del cells[first]
        elif how == "double":
            cells.insert(second, cells[first])
        elif how == "empty":
            cells[first] = cells[first] if number == 0 else b""
        else:
            cells += MANY
    return joined(lines, separator)


def value(data, chance):
    """Write an odd value into one cell, or into a whole column."""
    lines, separator = cells_of(data)
    odd = chance.choice(BAD_VALUES).encode("utf-8", "surrogatepass")
    place = chance.randrange(len(lines[0]))
    whole = chance.random() < 0.4
    for cells in lines[1:] if whole else [chance.choice(lines)]:
        if place < len(cells):
            cells[place] = odd
    return joined(lines, separator)


def literal(data, chance):
    """Write another value after a colon or an equals sign, as in JSON and TOML."""
    mark = b": " if data.count(b": ") > data.count(b" = ") else b" = "
    parts = data.split(mark)
    if len(parts) < 2:
        return value(data, chance)
    place = chance.randrange(1, len(parts))
    old, end, rest = parts[place].partition(b"\n")
    comma = b"," if old.endswith(b",") else b""
    parts[place] = chance.choice(LITERALS) + comma + end + rest
    return mark.join(parts)


def name(data, chance):
    """Write one key, table or cell of the file in the place of another."""
    marks = b'"\n:= ,\t;[]'
    words = data.translate(bytes(0 if sign in marks else sign for sign in range(256))).split(b"\0")
    words = [word for word in words if word]
    if len(words) < 2:
        return insert(data, chance)
    old, new = chance.choice(words), chance.choice((*words, b"x", b"__class__", b"__proto__"))
    at = data.find(old, chance.randrange(len(data)))
    at = data.find(old) if at < 0 else at
    return data[:at] + new + data[at + len(old) :]


def swap_bytes(data, chance):
    """Copy one part of the file over another."""
    first, second = sorted(chance.randint(0, len(data)) for _ in range(2))
    part = data[first : min(second, first + 400)]
    place = chance.randint(0, len(data))
    return data[:place] + part + data[place + chance.choice((0, len(part))) :]


_ENCODINGS = {
    "UTF-16": lambda text: text.encode("utf-16", "replace"),
    "UTF-16 without mark": lambda text: text.encode("utf-16-le", "replace"),
    "UTF-16 cut": lambda text: text.encode("utf-16", "replace")[:-1],
    "UTF-16 big": lambda text: b"\xfe\xff" + text.encode("utf-16-be", "replace"),
    "UTF-32": lambda text: text.encode("utf-32", "replace"),
    "mark": lambda text: text.encode("utf-8-sig", "replace"),
    "two marks": lambda text: b"\xef\xbb\xbf" + text.encode("utf-8-sig", "replace"),
    "cp932": lambda text: text.encode("cp932", "replace"),
    "cp1252": lambda text: text.encode("cp1252", "replace"),
    "twice": lambda text: text.encode("utf-8", "replace").decode("latin-1").encode(),
    "lone surrogates": lambda text: text.replace("e", "\ud800").encode("utf-8", "surrogatepass"),
    "half of them": lambda text: text[: len(text) // 2].encode("utf-8", "replace")
    + text[len(text) // 2 :].encode("cp1252", "replace"),
    "upper": lambda text: text.upper().encode("utf-8", "replace"),
    "full width": lambda text: "".join(
        chr(ord(sign) + 0xFEE0) if "0" <= sign <= "9" else sign for sign in text
    ).encode("utf-8", "replace"),
}  # fmt: skip


def encoding(data, chance):
    """Encode the whole file otherwise, rightly or wrongly."""
    text = data.decode("utf-8", "replace") if chance.random() < 0.7 else data.decode("latin-1")
    return _ENCODINGS[chance.choice(sorted(_ENCODINGS))](text)


def form(data, chance):
    """Change line ends, separators or quotes of the whole file."""
    separator = separator_of(data)
    whole = data.replace(b"\r\n", b"\n")
    match chance.choice(("CR", "CRLF", "no end", "quoted", "commas", "tabs", "semicolons")):
        case "CR":
            return whole.replace(b"\n", b"\r")
        case "CRLF":
            return whole.replace(b"\n", b"\r\n")
        case "no end":
            return data.rstrip(b"\r\n")
        case "quoted":
            lines = whole.split(b"\n")
            middle = b'"' + separator + b'"'
            return b"\n".join(b'"' + row.replace(separator, middle) + b'"' for row in lines)
        case "commas":
            return data.replace(separator, b",")
        case "tabs":
            return data.replace(separator, b"\t")
        case _:
            return data.replace(separator, b";")


def packed(data, chance):
    """Pack the file, and cut or spoil what came out, or make it a bomb."""
    match chance.choice(("whole", "cut", "spoilt", "twice", "two", "rest", "bomb")):
        case "whole":
            return gzip.compress(data, mtime=0)
        case "cut":
            return cut(gzip.compress(data, mtime=0), chance)
        case "spoilt":
            return flip(gzip.compress(data, mtime=0), chance)
        case "twice":
            return gzip.compress(gzip.compress(data, mtime=0), mtime=0)
        case "two":
            return gzip.compress(data, mtime=0) * 2
        case "rest":
            return gzip.compress(data, mtime=0) + chance.randbytes(9)
        case _:
            return bomb(data, chance.choice((b"\n", b"0", b"a\t", b"\0", b'"', b"[")))


def bomb(data, filling=b"0", size=3 * 1024**3):
    """Return a few megabytes of gzip that unpack to gigabytes.

    The same packed block stands in it again and again, so it is made in no time.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(filling * (1024**2 // len(filling))) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\2\xff" + start + block * (size // 1024**2) + packer.flush()


BYTES = (flip, cut, insert, swap_bytes)
STRUCTURED = (flip, cut, insert, *(literal,) * 6, *(name,) * 3, line, value, swap_bytes, encoding)
TEXT = (*BYTES, line, line, column, column, value, value, value, literal, name, encoding, form)


def workbook(data, chance):
    """Spoil some parts of a workbook, or its package."""
    if chance.random() < 0.2:
        return spoil(data, chance, BYTES)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [(part.filename, package.read(part)) for part in package.infolist()]
    for _ in range(chance.randint(1, 3)):
        _part(parts, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for inside, content in parts:
            package.writestr(zipfile.ZipInfo(inside), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _part(parts, chance):
    # Most of a workbook's parts say nothing of its cells.
    telling = [number for number, (part, _) in enumerate(parts) if "sheet" in part.casefold()]
    chosen = chance.choice(telling) if telling and chance.random() < 0.7 else None
    chosen = chance.randrange(len(parts)) if chosen is None else chosen
    part, content = parts[chosen]
    match chance.choice(("bytes", "bytes", "value", "value", "gone", "twice", "large")):
        case "bytes":
            parts[chosen] = (part, spoil(content, chance, (*BYTES, name)))
        case "value":
            parts[chosen] = (part, xml_value(content, chance))
        case "gone" if len(parts) > 1:
            del parts[chosen]
        case "twice":
            parts.insert(chosen, (f"{len(parts)}{part}", content))
        case _:
            filling = chance.choice((b" ", b"<row/>", b"<c/>"))
            parts[chosen] = (part, content.replace(b">", b">" + filling * 100_000, 1))


def xml_value(content, chance):
    """Write an odd value between two tags, or into an attribute."""
    odd = chance.choice(BAD_VALUES) if chance.random() < 0.9 else "&x;"
    odd = odd.encode("utf-8", "replace").replace(b"<", b"&lt;")
    marks = (b">", b"<") if chance.random() < 0.6 else (b'="', b'"')
    start = content.find(marks[0], chance.randrange(len(content) + 1))
    end = content.find(marks[1], start + len(marks[0]))
    if start < 0 or end < 0:
        return content
    return content[: start + len(marks[0])] + odd + content[end:]


def spoil(data, chance, ways=TEXT, *, most=4):
    """Return data after one to a few mutations."""
    for _ in range(chance.randint(1, most)):
        changed = chance.choice(ways)(data, chance)
        data = changed if len(changed) <= LARGEST else data
    return data


def repack(data, chance):
    """Spoil what is inside a gzip, or the gzip itself."""
    if chance.random() < 0.3:
        return spoil(data, chance, BYTES)
    inside = gzip.decompress(data)
    return packed(spoil(inside, chance) if chance.random() < 0.5 else inside, chance)


def mutated(seeds, number, ways):
    """Return the input of a number: the same one in every run, on every machine.

    Parameters
    ----------
    seeds : list of bytes
        The sound files it is made from.
    number : int
    ways : callable or tuple
        One mutator for the whole of it, or several to choose from.
    """
    chance = random.Random(number)
    data = chance.choice(seeds)
    if callable(ways):
        return ways(data, chance)
    if chance.random() < 0.1 and len(seeds) > 1:
        # The head of one and the tail of another.
        other = chance.choice(seeds)
        data = data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]
    return spoil(data, chance, ways)
