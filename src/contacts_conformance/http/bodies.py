"""Bodies of answers, read no further than the target's limit, however well they are compressed."""

from __future__ import annotations

import zlib

import httpx

_PIECE = 65_536
_GZIP = zlib.MAX_WBITS | 16


class TooLong(Exception):  # noqa: N818  (says what was found)
    """The body is longer than what is read of one."""


def read(response: httpx.Response, longest: int) -> bytes:
    """The whole body, decompressed; as it came where it is not compressed as it is labelled.

    Raises TooLong where it has more bytes than `longest`, before or after it is decompressed.
    """
    body = bytearray()
    for piece in response.iter_raw(_PIECE):
        body += piece
        if len(body) > longest:
            raise TooLong
    raw = bytes(body)
    windows = _windows(response.headers.get("content-encoding", "").strip().lower(), raw)
    try:
        return (_inflated(raw, windows, longest) if windows else b"") or raw
    except zlib.error:
        return raw


def _inflated(raw: bytes, windows: int, longest: int) -> bytes:
    inflater = zlib.decompressobj(windows)
    body = inflater.decompress(raw, longest + 1)
    if len(body) > longest:
        raise TooLong
    return body


def _windows(coding: str, raw: bytes) -> int:
    """The window bits to inflate with, 0 where nothing is to be inflated.

    Some servers send `deflate` without the header of zlib that it should have.
    """
    if coding in ("gzip", "x-gzip"):
        return _GZIP
    if coding != "deflate":
        return 0
    has_header = len(raw) > 1 and raw[0] & 15 == 8 and int.from_bytes(raw[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
