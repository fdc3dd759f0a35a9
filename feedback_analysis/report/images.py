"""What a picture file holds beside the picture: text chunks, and the text of an SVG."""

from __future__ import annotations

import base64
import binascii
import re
import sys
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

_PNG = b"\x89PNG\r\n\x1a\n"
# Chunks that are the picture itself, or its profile of colours, packed.
_PIXELS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"iCCP", b"fcTL", b"fdAT"))
_PRINTED = re.compile(rb"[\x20-\x7e\xa0-\xff]{6,}")


# A file in an address, in quotation marks as style sheets have it, or bare.
_EMBEDDED = re.compile(
    r"""(?<![\w-])(?:(?P<mark>["'])\s*)?data:(?P<head>[\w.+/;=-]*),"""
    r"""(?P<body>(?(mark)(?:(?!(?P=mark)).)*|[^\s"'()]*))""",
    re.IGNORECASE | re.DOTALL,
)
_BEGINS = re.compile("data:", re.IGNORECASE)
# What a style sheet may write for any sign: \40 is the at sign.
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")


def embedded(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Take the files out of an address or a style sheet that holds them as ``data:``.

    Parameters
    ----------
    text : str
        As the page's source has it.

    Returns
    -------
    tuple of str and list
        The rest, and each text inside the files with its kind; see :func:`file_texts`.
    """
    if not _BEGINS.search(text):
        return text, []
    found: list[tuple[str, str]] = []
    if (start := text.lstrip())[:5].lower() == "data:":
        # An attribute that is nothing but a file may hold any sign.
        head, _, body = start[5:].partition(",")
        return "", _file(head, body)
    for match in _EMBEDDED.finditer(text):
        found += _file(match["head"], match["body"])
    return _EMBEDDED.sub("", text), found


def _file(head: str, body: str) -> list[tuple[str, str]]:
    try:
        data = (
            base64.b64decode(body + "=" * (-len(body) % 4), validate=False)
            if head.lower().endswith(";base64")
            else unquote_to_bytes(body)
        )
    except (binascii.Error, ValueError):
        return [(body, "image")]
    return file_texts(data)


def unescaped(style: str) -> str:
    """Return a style sheet's text with its codes for signs undone."""
    if "\\" not in style:
        return style
    return _ESCAPE.sub(lambda code: chr(min(int(code[1], 16), sys.maxunicode)), style)


def file_texts(data: bytes) -> list[tuple[str, str]]:
    """Return the texts inside a picture file, each with its kind.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    list of tuple
        Of a PNG its text and Exif chunks; of an SVG its text, titles, descriptions, comments and
        attributes, of the kinds that a page's pieces have; of any other file the printable
        stretches. The kind of what is no SVG's is ``image``.
    """
    if data.startswith(_PNG):
        return [(text, "image") for text in _png(data)]
    if b"<svg" in data[:2048]:
        from feedback_analysis.report.pieces import html_pieces

        pieces = html_pieces(data.decode("utf-8", "replace")).pieces
        return [(piece.text, piece.kind) for piece in pieces]
    return [(part.decode("latin-1"), "image") for part in _PRINTED.findall(data)]


def _png(data: bytes) -> Iterator[str]:
    place = len(_PNG)
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        place += size + 12
        if kind == b"IEND":
            break
        if kind == b"zTXt":
            name, _, packed = body.partition(b"\0")
            yield from _printed(name + b" " + _unpacked(packed[1:]))
        elif kind == b"iTXt":
            name, _, rest = body.partition(b"\0")
            packed, rest = rest[:1] == b"\1", rest[2:]
            words = rest.split(b"\0", 2)
            text = words[-1]
            text = _unpacked(text) if packed else text
            yield b" ".join([name, *words[:-1], text]).decode("utf-8", "replace")
        elif kind not in _PIXELS:
            # Text, Exif, and whatever else a program may have put there.
            yield from _printed(body)
    # What follows the last chunk is shown by no program, and still sent along.
    yield from _printed(data[place:])


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 2**22)
    except zlib.error:
        return data


def _printed(data: bytes) -> Iterator[str]:
    text = data.replace(b"\0", b" ")
    for part in _PRINTED.findall(text):
        try:
            yield part.decode("utf-8")
        except UnicodeDecodeError:
            yield part.decode("latin-1")
