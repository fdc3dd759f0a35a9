"""Ways to spoil a file, as hypothesis strategies: each is a function from bytes to bytes."""

import gzip

from hypothesis import strategies as st

BAD_VALUES = (
    "0/0/00", "1/1/0000", "31/12/9999", "12/31/99", "2/30/26", "0000-01-01", "9999-12-31",
    "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00-12:00", "2026-10-31T25:00:00Z", "29-Feb-0001",
    "31-Dec-9999", "-5", "-1,234", "1e308", "1E+400", "-1e308", "9" * 5_000, "0." + "0" * 400 + "1",
    "NaN", "inf", "-inf", "null", "None", "<NA>", "", " ", "\u00a0", '"', '""', "'", ",", ";",
    "\u202eabc\u202c", "\u200f", "\ufeff", "\ufffd??\ufffd", "\u0663\u0664", "\uff11\uff12", "½",
    "٪",
    "$1.00 €", "US$", "(12)", "12%%", "1.2.3,4", "E", "=1+1", "@", "a@b", "?" * 50_000,
    "a" * 100_000 + "@", "1-" * 20_000, "@" * 20_000, "+1 (555) " * 5_000, "\x1e", "\x85",
    "\x0b\x0c",
)  # fmt: skip
RAW = (
    b"\0", b"\0\0\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xed\xb0\x80\xed\xa0\x80",
    b"\xe9", b"\x80\x81\x8d", b"\x83J\x81[", "ÿþ".encode("utf-16-le"), b"\r", b"\n", b"\r\r\n",
    b"\n\n\n", b"\t", b"\t\t\t\t\t\t\t\t", b'"', b'""', b'\n"', b"{", b"[", b"]", b"\x1a", b"\\",
    b"\xf4\x90\x80\x80", b"\xc0\x80",
)  # fmt: skip
_SHARE = st.floats(0, 1, exclude_max=True)


def _place(data, share):
    return int(share * (len(data) + 1))


def _separator(data):
    first = data.split(b"\n", 1)[0]
    return max((b"\t", b",", b";"), key=first.count)


@st.composite
def _flips(draw):
    places = draw(st.lists(st.tuples(_SHARE, st.integers(0, 255)), min_size=1, max_size=8))

    def spoil(data):
        spoilt = bytearray(data)
        for share, value in places:
            if spoilt:
                spoilt[int(share * len(spoilt))] = value
        return bytes(spoilt)

    return spoil


@st.composite
def _cuts(draw):
    ends = sorted((draw(_SHARE), draw(_SHARE)))
    how = draw(st.sampled_from(("head", "tail", "middle")))

    def spoil(data):
        first, last = (_place(data, share) for share in ends)
        kept = {"head": data[last:], "tail": data[:first], "middle": data[:first] + data[last:]}
        return kept[how]

    return spoil


@st.composite
def _inserts(draw):
    share, raw = draw(_SHARE), draw(st.sampled_from(RAW) | st.binary(min_size=1, max_size=12))
    return lambda data: data[: _place(data, share)] + raw + data[_place(data, share) :]


@st.composite
def _line_changes(draw):
    one, other = draw(_SHARE), draw(_SHARE)
    how = draw(st.sampled_from(("double", "swap", "drop", "header again", "all again")))

    def spoil(data):
        lines = data.split(b"\n")
        first, second = int(one * len(lines)), int(other * len(lines))
        if how == "swap":
            lines[first], lines[second] = lines[second], lines[first]
        elif how == "drop":
            del lines[first]
        elif how == "all again":
            lines += lines
        else:
            lines.insert(second, lines[0 if how == "header again" else first])
        return b"\n".join(lines)

    return spoil


@st.composite
def _column_changes(draw):
    one, other = draw(_SHARE), draw(_SHARE)
    how = draw(st.sampled_from(("swap", "drop", "double", "2,000 more")))

    def spoil(data):
        separator = _separator(data)
        lines = [line.split(separator) for line in data.split(b"\n")]
        width = len(lines[0])
        first, second = int(one * width), int(other * width)
        for cells in lines:
            if len(cells) != width:
                continue
            if how == "swap":
                cells[first], cells[second] = cells[second], cells[first]
            elif how == "drop":
                del cells[first]
            elif how == "double":
                cells.insert(second, cells[first])
            else:
                cells += [b"%d" % number for number in range(2_000)]
        return b"\n".join(separator.join(cells) for cells in lines)

    return spoil


@st.composite
def _values(draw):
    value = draw(st.sampled_from(BAD_VALUES))
    line, column = draw(_SHARE), draw(_SHARE)
    everywhere = draw(st.booleans())

    def spoil(data):
        separator = _separator(data)
        lines = [row.split(separator) for row in data.split(b"\n")]
        chosen = range(1, len(lines)) if everywhere else [int(line * len(lines))]
        for number in chosen:
            cells = lines[number]
            cells[int(column * len(cells))] = value.encode()
        return b"\n".join(separator.join(cells) for cells in lines)

    return spoil


@st.composite
def _json_values(draw):
    """Replace what stands after a colon, which in a delimited file changes little."""
    share = draw(_SHARE)
    value = draw(
        st.sampled_from(
            (b"-1", b"1e308", b"1e999", b"NaN", b"-Infinity", b"null", b"true", b"[]", b"{}", b'""',
             b'"\\ud800"', b"9" * 5_000, b"[" * 3_000, b'"0000-00-00"', b'"9999-12-31"', b"0.5")
        )
    )  # fmt: skip

    def spoil(data):
        parts = data.split(b": ")
        if len(parts) < 2:
            return data
        place = 1 + int(share * (len(parts) - 1))
        old, comma, rest = parts[place].partition(b"\n")
        end = b"," if old.endswith(b",") else b""
        parts[place] = value + end + comma + rest
        return b": ".join(parts)

    return spoil


_WHOLE = {
    "line ends CR": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "line ends CRLF": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "no last line end": lambda data: data.rstrip(b"\r\n"),
    "UTF-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "UTF-16 without mark": lambda data: data.decode("latin-1").encode("utf-16-le"),
    "UTF-16 cut": lambda data: data.decode("latin-1").encode("utf-16")[:-1],
    "twice encoded": lambda data: data.decode("latin-1").encode("utf-8"),
    "cp932": lambda data: data.decode("utf-8", "replace").encode("cp932", "replace"),
    "lone surrogates": lambda data: data.decode("latin-1").replace("e", "\ud800").encode(
        "utf-8", "surrogatepass"
    ),
    "packed": lambda data: gzip.compress(data, mtime=0),
    "packed and cut": lambda data: gzip.compress(data, mtime=0)[:-9],
    "quoted": lambda data: b"\n".join(
        b'"' + line.replace(_separator(data), b'"' + _separator(data) + b'"') + b'"'
        for line in data.split(b"\n")
    ),
    "commas": lambda data: data.replace(_separator(data), b","),
    "upper case": bytes.upper,
}  # fmt: skip

mutations = st.lists(
    st.one_of(
        _flips(), _cuts(), _inserts(), _line_changes(), _column_changes(), _values(),
        _json_values(), st.sampled_from(sorted(_WHOLE)).map(_WHOLE.__getitem__),
    ),
    min_size=1,
    max_size=3,
)  # fmt: skip
