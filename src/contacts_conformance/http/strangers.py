"""What answers told of people who are none of the run: remembered while it may be quoted, and taken out of texts."""

from __future__ import annotations

import itertools
import json
import re
from bisect import bisect_left
from collections.abc import Iterator

_SHORTEST = 3
_SHORTEST_NUMBER = 6
MOST_REMEMBERED = 8_000_000
"""So many characters of what answers told of others are kept at most."""
_FARTHEST = 400
"""So many characters before or after a cut are looked at."""
_MOST_CUTS, _MOST_ALIKE = 200, 50
"""So many cuts of a text are looked at, and for each so many values that begin alike."""
_CUT = re.compile(r"…|\.\.\.")
_QUOTES = "\"'"
_PLAIN = re.compile(r"[ !#-&(-\[\]-~]+")
"""A text that is written alike in JSON and everywhere."""


class Strangers:
    """The values of records that are not the run's own, but for those that the run itself sent, or owns.

    A text loses each of them that stands there as a whole, or cut off: its first character stays. A short number and a
    plain word in small letters may be of any sentence: they are taken out only between quotes.
    """

    def __init__(self, words: set[str], most: int = MOST_REMEMBERED) -> None:
        self._words, self._most = words, most
        self._own: set[str] = set()
        self._sent_heads: set[str] = set()
        self._known: dict[str, None] = {}
        self._size = 0
        self._heads: dict[str, dict[int, dict[str, str]]] = {}
        """The forms in which a value may be quoted, by their first characters and their lengths."""
        self._forms: dict[str, str] = {}
        self._sorted: tuple[list[str], list[str]] = ([], [])
        """The forms in order, and in order from their ends; sorted when a text with a cut is looked at."""

    def own(self, value: object, *, sent: bool = True) -> None:
        """Takes a value that the run `sent` itself, or that one of its own contacts has."""
        if (
            isinstance(value, str | int | float)
            and not isinstance(value, bool)
            and len(self._own) < MOST_REMEMBERED // 8
        ):
            self._own.add(str(value))
            if sent:
                self._sent_heads.add(_head(str(value)))

    def is_own(self, value: str) -> bool:
        """Whether the run sent this value, or one of its own contacts has it."""
        return value in self._own

    def resembles_sent(self, value: str) -> bool:
        """Whether a value begins as one does that the run sent, whatever was made of the rest of it."""
        return _head(value) in self._sent_heads

    def saw(self, value: object) -> None:
        """Remembers a value of somebody else's; the oldest are forgotten where there are too many."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return
        text = str(value).strip()
        if text in self._known or len(text) < _SHORTEST or text in self._words:
            return
        if not isinstance(value, str) and sum(map(str.isdigit, text)) < _SHORTEST_NUMBER:
            return
        if self._size > self._most:
            self._forget()
        self._remember(text)

    def masked(self, text: str) -> str:
        """The text without what is known of others; the very same where there is none of it."""
        if not self._heads or not text:
            return text
        parts, done = list[str](), 0
        for start, end in sorted({*self._whole(text), *self._cut(text)}, key=lambda p: (p[0], -p[1])):
            if start >= done:
                parts += (text[done:start], _short(text[start:end]))
                done = end
        return "".join([*parts, text[done:]]) if parts else text

    def _remember(self, text: str) -> None:
        self._known[text] = None
        self._size += len(text)
        forms = {text}
        if not _PLAIN.fullmatch(text):
            forms |= {json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1], repr(text)[1:-1]}
        for form in forms:
            key = _folded(form)
            self._heads.setdefault(key[:_SHORTEST], {}).setdefault(len(form), {})[key] = text
            self._forms[key] = text

    def _forget(self) -> None:
        kept = list(self._known)[len(self._known) // 2 :]
        self._known, self._heads, self._forms, self._size = {}, {}, {}, 0
        for text in kept:
            self._remember(text)

    def _whole(self, text: str) -> Iterator[tuple[int, int]]:
        folded, start = _folded(text), 0
        while start <= len(text) - _SHORTEST:
            end = self._match(text, folded, start)
            if end:
                yield start, end
            start = end or start + 1

    def _match(self, text: str, folded: str, start: int) -> int:
        """Where the longest value ends that begins here; 0 where none does."""
        by_length = self._heads.get(folded[start : start + _SHORTEST])
        if by_length is None or _within_word(text, start):
            return 0
        for length in sorted(by_length, reverse=True):
            end = start + length
            value = by_length[length].get(folded[start:end])
            if value is None or _within_word(text, end) or value in self._own:
                continue
            if value.isalpha() and text[start:end] not in (value, json.dumps(value)[1:-1]):
                continue
            if not _common(value) or (text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES and start):
                return end
        return 0

    def _cut(self, text: str) -> Iterator[tuple[int, int]]:
        """Where values stand of which only the beginning or the end was quoted."""
        marks = list(itertools.islice(_CUT.finditer(text), _MOST_CUTS))
        if not marks:
            return
        if len(self._sorted[0]) != len(self._forms):
            self._sorted = (sorted(self._forms), sorted(form[::-1] for form in self._forms))
        folded = _folded(text)
        for mark in marks:
            last = len(text[: mark.start()].rstrip())
            for start in range(max(0, last - _FARTHEST), last - _SHORTEST + 1):
                if not _within_word(text, start) and self._begins(folded[start:last], end=False):
                    yield start, last
                    break
            first = mark.end()
            for end in range(min(len(text), first + _FARTHEST), first + _SHORTEST - 1, -1):
                if not _within_word(text, end) and self._begins(folded[first:end][::-1], end=True):
                    yield first, end
                    break

    def _begins(self, said: str, *, end: bool) -> bool:
        """Whether a value that is not the run's own begins so; read from its `end`, where that was asked for."""
        forms = self._sorted[end]
        place = bisect_left(forms, said)
        for form in forms[place : place + _MOST_ALIKE]:
            if not form.startswith(said):
                return False
            if len(form) > len(said) and self._forms[form[::-1] if end else form] not in self._own:
                return True
        return False


def _folded(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def _head(value: str) -> str:
    return "".join(itertools.islice((c for c in value.casefold() if c.isalnum()), _SHORTEST))


def _within_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _common(value: str) -> bool:
    """Whether a value may be a word or a number of any sentence."""
    return (value.isdecimal() and len(value) < _SHORTEST_NUMBER) or (
        value.isascii() and value.isalpha() and value.islower()
    )


def _short(value: str) -> str:
    return (value[0] if value[0].isalnum() else "") + "***"
