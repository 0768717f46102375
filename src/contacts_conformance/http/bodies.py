"""Bodies of answers, read no further than the target's limit, however well they are compressed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import httpx

_PIECE = 65_536
_MOST_CODINGS = 5
_GZIP = zlib.MAX_WBITS | 16
_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Body:
    """The body of an answer, decoded.

    `flaw` says in words why it could not be read as it was meant; it is empty where it could. A body that is not
    decoded is given as it came. `whole` is false where the body is longer than the limit: `content` is then empty, and
    `beginning` is what evidence can show of it.
    """

    content: bytes
    flaw: str = ""
    whole: bool = True
    beginning: bytes = b""

    @property
    def shown(self) -> bytes:
        """What evidence can show of it: the content, or its beginning where it is not whole."""
        return self.content or self.beginning


class _TooLong(Exception):  # noqa: N818  (says what was found)
    """The body is longer than what is read of one; carries its beginning."""

    def __init__(self, beginning: bytes) -> None:
        self.beginning = beginning[:_PIECE]
        super().__init__()


class _Undecodable(Exception):  # noqa: N818  (says what was found)
    """The body is not in the coding that it is labelled with."""


def read(response: httpx.Response, longest: int) -> Body:
    """The body, with every content coding undone that is gzip or deflate.

    It is not whole where it has more bytes than `longest`, before or after it is decoded. The time and memory that
    this takes are linear in `longest`.
    """
    names = response.headers.get("content-encoding", "").lower().split(",")
    codings = [name.strip() for name in names if name.strip() not in ("", "identity")]
    flaw = ""
    try:
        content = _raw(response, longest, show=not codings)
        if len(codings) > _MOST_CODINGS:
            return Body(content, f"Content-Encoding names {len(codings)} codings")
        try:
            for coding in reversed(codings):
                if coding not in ("gzip", "x-gzip", "deflate"):
                    break  # some servers label what is not coded at all, with a character set for instance
                content = _decoded(content, coding, longest)
        except _Undecodable as failure:
            flaw = str(failure)
    except _TooLong as failure:
        why = f"the body is longer than {longest:,} bytes (limits.max_body)"
        return Body(b"", why, whole=False, beginning=failure.beginning)
    return Body(content, flaw)


def _raw(response: httpx.Response, longest: int, *, show: bool) -> bytes:
    declared = response.headers.get("content-length", "")
    is_long = declared.isdecimal() and (len(declared) > 18 or int(declared) > longest)
    body = bytearray()
    for piece in response.iter_raw(_PIECE):
        body += piece
        if len(body) > longest or (is_long and body):
            raise _TooLong(bytes(body[:_PIECE]) if show else b"")
    return bytes(body)


def _decoded(packed: bytes, coding: str, longest: int) -> bytes:
    """What was packed; gzip may come in several members, one after the other (RFC 1952, 2.2)."""
    windows = _windows(coding, packed)
    unpacked = bytearray()
    at = 0
    while at < len(packed) and (at == 0 or (windows == _GZIP and packed.startswith(_MAGIC, at))):
        inflater = zlib.decompressobj(windows)
        step = 256  # what is left over of a piece is copied, so that pieces as long as the rest would be quadratic
        while not inflater.eof:
            piece = packed[at : at + step]
            if not piece:
                raise _Undecodable(f"labelled {coding}, and ends early")
            try:
                unpacked += inflater.decompress(piece, longest + 1 - len(unpacked))
            except zlib.error:
                broken = at > 0 or unpacked or packed.startswith(_MAGIC)
                raise _Undecodable(f"labelled {coding}, and {'damaged' if broken else 'is none'}") from None
            if len(unpacked) > longest:
                raise _TooLong(bytes(unpacked[:_PIECE]))
            at += len(piece) - len(inflater.unused_data)
            step = min(2 * step, _PIECE)
    return bytes(unpacked)


def _windows(coding: str, packed: bytes) -> int:
    """The window bits to inflate with; some servers send `deflate` without the header of zlib that it should have."""
    if coding != "deflate":
        return _GZIP
    has_header = len(packed) > 1 and packed[0] & 15 == 8 and int.from_bytes(packed[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
