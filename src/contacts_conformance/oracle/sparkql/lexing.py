"""The words of a filter, one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contacts_conformance.oracle.sparkql.tree import SYNTAX, Kind, Rejected

_TIME = r"\d\d:\d\d(:\d\d(\.\d+)?)?"
_WRITTEN = (
    (Kind.DATETIME, re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}(Z|[+-]\d\d:?\d\d)?", re.ASCII)),
    (Kind.DATE, re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)),
    (Kind.TIME, re.compile(_TIME, re.ASCII)),
    (Kind.DECIMAL, re.compile(r"-?\d+\.\d+([eE][+-]?\d+)?", re.ASCII)),
    (Kind.INTEGER, re.compile(r"-?\d+", re.ASCII)),
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_SIGNS = "(),"
_ENDS = frozenset("(),' \t\r\n\f\v")


@dataclass(frozen=True, slots=True)
class Word:
    """A literal (`kind` says which), or a name or sign (`kind` is None), and where in the filter it begins."""

    text: str
    at: int
    kind: Kind | None = None


def words(text: str) -> list[Word]:
    """The words of a filter, with an empty one behind the last.

    Raises Rejected where something can begin no word.
    """
    collected: list[Word] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        word, at = _next(text, at)
        collected.append(word)
    return [*collected, Word("", len(text))]


def _next(text: str, at: int) -> tuple[Word, int]:
    if text[at] in _SIGNS:
        return Word(text[at], at), at + 1
    if text[at] == "'":
        return _quoted(text, at)
    candidates = [(kind, p.match(text, at)) for kind, p in (*_WRITTEN, (None, _NAME))]
    longest = max(((k, m) for k, m in candidates if m), key=lambda candidate: candidate[1].end(), default=None)
    if longest is None:
        raise Rejected(SYNTAX, f"nothing begins with {text[at : at + 12]!r}")
    kind, match = longest
    end = match.end()
    # a minus sign may follow an integer, which then has another one beside it: that is for the grammar to refuse
    if end < len(text) and text[end] not in _ENDS and not (kind is Kind.INTEGER and text[end] == "-"):
        raise Rejected(SYNTAX, f"{text[at : end + 1]!r} is no word")
    return Word(match[0], at, kind), end


def _quoted(text: str, start: int) -> tuple[Word, int]:
    """A text in single quotes; a backslash takes the quote behind it into the text, and otherwise stands for itself."""
    letters: list[str] = []
    at = start + 1
    while at < len(text):
        if text[at] == "'":
            return Word("".join(letters), start, Kind.CHARACTER), at + 1
        if text[at] == "\\" and at + 1 < len(text):
            letters.append("'" if text[at + 1] == "'" else text[at : at + 2])
            at += 2
        else:
            letters.append(text[at])
            at += 1
    raise Rejected(SYNTAX, f"{text[start : start + 12]!r} has no closing quote")
