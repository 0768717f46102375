"""The exchanges of a run, kept as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contacts_conformance.model import Exchange

LONGEST_BODY = 6_000
"""Characters of a body that evidence carries."""


class Recorder:
    """Keeps every exchange in the order in which it happened."""

    def __init__(self, prefix: str = "") -> None:
        self.exchanges: list[Exchange] = []
        self._prefix = prefix

    def next_id(self) -> str:
        """The id of the exchange that is added next."""
        return f"{self._prefix}{len(self.exchanges) + 1}"

    def add(self, exchange: Exchange) -> None:
        """Keeps one exchange."""
        self.exchanges.append(exchange)

    def __len__(self) -> int:
        return len(self.exchanges)

    def since(self, mark: int) -> tuple[Exchange, ...]:
        """The exchanges after the first `mark`."""
        return tuple(self.exchanges[mark:])


def cut(text: str, longest: int = LONGEST_BODY) -> str:
    """A text that evidence can carry: what is longer is cut, and its length said."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]} … ({len(text):,} characters in all)"


def curl(exchange: Exchange, variables: Mapping[str, str] | None = None) -> str:
    """A shell command that sends the exchange's request again, with its secrets by variable."""
    parts = [f"curl -sS -i -X {exchange.method}", f"  {_quoted(exchange.url)}"]
    for name, value in exchange.request_headers:
        if name.lower() not in ("host", "content-length", "connection", "accept-encoding"):
            parts.append(f"  -H {_quoted(f'{name}: {value}')}")
    if exchange.request_body:
        parts.append(f"  --data-binary {_quoted(exchange.request_body)}")
    return " \\\n".join(parts)


def _quoted(text: str) -> str:
    """The text in shell quotes; `${NAME}` stays a variable."""
    pieces: list[str] = []
    rest = text
    while "${" in rest:
        before, _, after = rest.partition("${")
        name, closed, tail = after.partition("}")
        if not closed or not name.isidentifier():
            break
        pieces += [_single(before), f'"${{{name}}}"']
        rest = tail
    pieces.append(_single(rest))
    return "".join(p for p in pieces if p != "''") or "''"


def _single(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def names(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The names of headers, in lower case."""
    return tuple(name.lower() for name, _ in headers)
