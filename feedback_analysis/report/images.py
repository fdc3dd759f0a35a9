"""What a picture file holds beside the picture: text chunks, and the text of an SVG."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

_PNG = b"\x89PNG\r\n\x1a\n"
# Chunks that are the picture itself, or its profile of colours, packed.
_PIXELS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"iCCP", b"fcTL", b"fdAT"))
_PRINTED = re.compile(rb"[\x20-\x7e\xa0-\xff]{6,}")


def image_texts(address: str) -> list[str]:
    """Return the texts inside an embedded picture.

    Parameters
    ----------
    address : str
        A ``data:`` address.

    Returns
    -------
    list of str
        Of a PNG its text and Exif chunks; of an SVG its text, titles, descriptions, comments and
        attributes; of any other file the printable stretches.
    """
    head, _, body = address.partition(",")
    try:
        data = (
            base64.b64decode(body + "=" * (-len(body) % 4), validate=False)
            if head.endswith(";base64")
            else unquote_to_bytes(body)
        )
    except (binascii.Error, ValueError):
        return [body]
    return file_texts(data)


def file_texts(data: bytes) -> list[str]:
    """Return the texts inside a picture file; see :func:`image_texts`."""
    if data.startswith(_PNG):
        return list(_png(data))
    if b"<svg" in data[:2048]:
        from feedback_analysis.report.pieces import html_pieces

        return [piece.text for piece in html_pieces(data.decode("utf-8", "replace")).pieces]
    return [part.decode("latin-1") for part in _PRINTED.findall(data)]


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
