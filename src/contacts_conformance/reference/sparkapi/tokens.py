"""From the text of a filter to its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contacts_conformance.reference.sparkapi.envelope import Refusal

_KINDS = {
    "blank": r"\s+",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?![\w:.-])",
    "date": r"\d{4}-\d\d-\d\d(?![\w:.-])",
    "time": r"\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?![\w:.-])",
    "decimal": r"-?\d+\.\d+(?:[Ee][-+]?\d+)?(?![\w.])",
    "integer": r"-?\d+(?![\w.])",
    "character": r"'(?:[^'\\]|\\.)*'",
    "word": r"[A-Za-z][A-Za-z0-9]*(?![\w.])",
    "open": r"\(",
    "close": r"\)",
    "comma": ",",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()), re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: what it is, how it was written, and where it begins."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a filter, blanks left out, with one of the kind `end` behind them.

    Raises Refusal (1040) at the first character that begins none.
    """
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise unreadable(Token("unknown", text[at : at + 20], at))
        kind = match.lastgroup or ""
        if kind != "blank":
            yield Token(kind, match[0], at)
        at = match.end()
    yield Token("end", "", at)


def unreadable(token: Token, why: str = "cannot be read here") -> Refusal:
    """The refusal of a filter for one of its tokens."""
    name = token.text or "the end"
    return Refusal(
        400,
        1040,
        f"Invalid filter: {name} {why}",
        sparkql=[{"Token": token.text, "Status": "Fatal", "Message": why, "TokenIndex": token.at}],
    )
