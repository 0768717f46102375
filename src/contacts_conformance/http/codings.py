"""Reads a text in the codings in which servers echo what they were sent, and says where each part of it stood.

Every step takes time in proportion to the length of the text.
"""

from __future__ import annotations

import binascii
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5

Span = tuple[int, int]

_DEEPEST = 4
"""How often a text may be escaped: JSON in JSON in a URL in a page."""

_ESCAPE = re.compile(
    rb"""\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}  # a character beyond the first 65,536
    | \\u[0-9a-fA-F]{4} | \\u\{[0-9a-fA-F]{1,6}\} | \\x[0-9a-fA-F]{2} | \\[^ux]
    | %[0-9a-fA-F]{2}
    | &(?:\#[0-9]{1,8} | \#[xX][0-9a-fA-F]{1,8} | [A-Za-z][A-Za-z0-9]{1,31});""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED_PRINTABLE = re.compile(rb"=(?:[0-9a-fA-F]{2}|[ \t]{0,80}\r?\n)")
_BETWEEN_TEXTS = re.compile(rb'"\s*+,\s*+"(?:[^"\\]*+"\s*+:\s*+")?')
"""What stands between two texts of JSON that follow one another."""
_BETWEEN = re.compile(_BETWEEN_TEXTS.pattern + rb"|<[^<>]{1,100}>")
"""The same, or what stands within a text of HTML."""
_NULS = re.compile(rb"\0+")
_BASE64 = {
    shortest: re.compile(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{%d,}+(?:\r?\n[A-Za-z0-9+/_-]++)*+" % shortest)
    for shortest in (8, 16)
}
"""Base64 in lines or not, by how many characters its first line has at least."""
_SHORTEST_PART = 6
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says if some of its parts are decoded; `parent` is the reading that they were decoded from.

    The parts begin at `begins` and end before `ends` here, at `froms` and `tos` in the parent.
    """

    text: bytes
    parent: Reading | None = None
    begins: Sequence[int] = ()
    ends: Sequence[int] = ()
    froms: Sequence[int] = ()
    tos: Sequence[int] = ()

    def source(self, start: int, end: int) -> Span:
        """Where the text from `start` to before `end` stands in what was read first."""
        return self.parent.source(*self._above(start, end)) if self.parent is not None else (start, end)

    def pieces(self, start: int, end: int) -> Iterator[Span]:
        """The same without the parts that say nothing."""
        if self.parent is None:
            yield start, end
            return
        for index in range(bisect_right(self.begins, start), bisect_left(self.begins, end)):
            if self.begins[index] == self.ends[index]:
                yield from self.parent.pieces(*self._above(start, self.begins[index]))
                start = self.begins[index]
        yield from self.parent.pieces(*self._above(start, end))

    def _above(self, start: int, end: int) -> Span:
        index = bisect_right(self.begins, start) - 1
        first = start if index < 0 else self._place(index, start, self.froms[index])
        index = bisect_right(self.begins, end - 1) - 1
        last = end if index < 0 else self._place(index, end - 1, self.tos[index] - 1) + 1
        return first, last

    def _place(self, index: int, position: int, within: int) -> int:
        return within if position < self.ends[index] else self.tos[index] + position - self.ends[index]


def readings(content: bytes) -> Iterator[list[Reading]]:
    """The content as it is, without NULs, and from quoted-printable; each again and again unescaped, as far as it goes.

    Without NULs, UTF-16 and UTF-32 of either byte order read as Latin-1 does.
    """
    plain = list(_unescaped(Reading(content)))
    yield plain
    for reading in plain[:: max(1, len(plain) - 1)]:  # a coding stands outside of the escapes, or within all of them
        if b"\0" in reading.text:
            yield list(_unescaped(_decoded(reading, _NULS, lambda _: b"")))
        if b"=" in reading.text and _QUOTED_PRINTABLE.search(reading.text):
            yield list(_unescaped(_decoded(reading, _QUOTED_PRINTABLE, _byte)))


def joined(chain: list[Reading]) -> Iterator[Reading]:
    """The same without what stands between texts that follow one another in JSON, or in HTML; the likeliest first."""
    yield from _unescaped(_decoded(chain[0], _BETWEEN, lambda _: b""))
    if b"<" in chain[0].text:  # which may belong to a text of JSON
        yield from _unescaped(_decoded(chain[0], _BETWEEN_TEXTS, lambda _: b""))
    if len(chain) > 1:
        yield _decoded(chain[-1], _BETWEEN, lambda _: b"")


def runs(reading: Reading, *, short: bool) -> Iterator[tuple[Span, bytes]]:
    """Where base64 may stand in a reading, of 8 characters on or of 16, and what each says.

    A slash may be part of it, or stand between the parts of a path: then it is what the parts say.
    """
    for match in _BASE64[8 if short else 16].finditer(reading.text):
        yield match.span(), from_base64(match[0])
        if b"/" in match[0]:
            start = match.start()
            for part in match[0].split(b"/"):
                if len(part) >= _SHORTEST_PART:
                    yield (start, start + len(part)), from_base64(part)
                start += len(part) + 1


def from_base64(text: bytes) -> bytes:
    """What base64 of either alphabet says, in lines or not, padded or not."""
    text = text.translate(_STANDARD, b"\r\n")
    text = text[: len(text) - (len(text) % 4 == 1)]
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))


_STANDARD = bytes.maketrans(b"-_", b"+/")


def unescaped(text: bytes) -> Iterator[bytes]:
    """The text, and what it says if it is taken for an escaped one, again and again."""
    return (r.text for r in _unescaped(Reading(text)))


def _unescaped(reading: Reading) -> Iterator[Reading]:
    yield reading
    for _ in range(_DEEPEST):
        text = reading.text
        if not (b"\\" in text or b"%" in text or b"&" in text) or not _ESCAPE.search(text):
            return
        reading = _decoded(reading, _ESCAPE, _character)
        yield reading


def _decoded(parent: Reading, pattern: re.Pattern[bytes], meaning: Callable[[bytes], bytes]) -> Reading:
    text, parts, length, done = parent.text, list[bytes](), 0, 0
    begins, ends, froms, tos = array("q"), array("q"), array("q"), array("q")
    for match in pattern.finditer(text):
        start, end = match.span()
        said = meaning(match[0])
        parts += (text[done:start], said)
        length += start - done
        begins.append(length)
        length += len(said)
        ends.append(length)
        froms.append(start)
        tos.append(end)
        done = end
    parts.append(text[done:])
    return Reading(b"".join(parts), parent, begins, ends, froms, tos)


def _byte(escape: bytes) -> bytes:
    return b"" if escape.endswith(b"\n") else bytes([int(escape[1:], 16)])


def _character(escape: bytes) -> bytes:
    """What one escape says, in UTF-8; a byte by its number where the escape gives no more."""
    if escape[:1] == b"%" or escape[:2] == b"\\x":
        return bytes([int(escape.lstrip(b"%\\x"), 16)])
    if escape[:2] == b"\\u":
        if escape[2:3] == b"{":
            return _utf8(int(escape[3:-1], 16))
        units = int(escape[2:6], 16), int(escape[8:12] or b"0", 16)
        return _utf8(0x10000 + (units[0] - 0xD800) * 0x400 + units[1] - 0xDC00 if units[1] else units[0])
    if escape[:1] == b"\\":
        return _CONTROLS.get(escape[1:], escape[1:])
    if escape[:3] in (b"&#x", b"&#X"):
        return _utf8(int(escape[3:-1], 16))
    if escape[:2] == b"&#":
        return _utf8(int(escape[2:-1]))
    return html5.get(escape[1:].decode(), escape.decode()).encode()


def _utf8(number: int) -> bytes:
    return chr(number).encode("utf-8", "replace") if number <= 0x10FFFF else b"?"
