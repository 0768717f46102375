"""The bytes of a body that a recorder wrote in a coding of its own: base64, or still compressed."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from contacts_conformance.http.parsing import NOT_JSON, parse

_LONGEST = 32_000_000
"""So many bytes are unpacked of a body that a recorder left compressed."""
_PACKED = ("\x1f\x8b", "x\x9c", "x\x01", "x\xda")
"""How a compressed body begins that a recorder wrote byte by byte."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def plain(text: str, encoding: str) -> bytes | None:
    """The bytes of a text; None where it is base64 that is damaged. Labels may be missing or wrong."""
    content = text.encode("latin-1" if text.startswith(_PACKED) else "utf-8", "replace")
    label = encoding.strip().lower()
    joined = "".join(text.split())
    if not joined.startswith(("{", "[", "<")) and (label == "base64" or _BASE64.fullmatch(joined)):
        decoded = _from_base64(joined)
        if decoded is not None and (label == "base64" or (decoded[:1] in b"{[" and parse(decoded) is not NOT_JSON)):
            return decoded
        if label == "base64" and parse(content) is NOT_JSON:
            return None
    return content


def _from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=_alphabet(text), validate=True
        )
    except (binascii.Error, ValueError):
        return None


def _alphabet(text: str) -> bytes:
    return b"-_" if "-" in text or "_" in text else b"+/"


def unpacked(content: bytes, coding: str) -> bytes | None:
    """The bytes, decompressed where the recorder left that to the reader; None where they cannot be."""
    if parse(content) is not NOT_JSON or _is_text(content):
        return content
    for window in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS) if "deflate" in coding.lower() else (zlib.MAX_WBITS | 32,):
        try:
            return zlib.decompressobj(window).decompress(content, _LONGEST)
        except zlib.error:
            continue
    return content if coding.strip().lower() in ("", "identity") else None


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
