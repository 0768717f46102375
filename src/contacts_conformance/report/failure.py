"""A failure in words: what was promised, what was sent, what came back, and how to see it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contacts_conformance.http.recording import curl, cut
from contacts_conformance.model import Exchange, Fact, Requirement

LAST_EXCHANGES = 4
"""How many exchanges a failure shows in a terminal; the reports hold all."""


def again(command: str, requirement: str) -> str:
    """The command that runs the checks of one requirement again, with the same seed."""
    return f"{command} --requirement {requirement}"


def describe(facts: Iterable[tuple[Requirement, Fact]], exchanges: Sequence[Exchange], command: str) -> str:
    """The text of a failure, without control characters.

    One paragraph for each requirement, then the last exchanges with a curl line for the very last.
    """
    lines: list[str] = []
    for requirement, fact in facts:
        lines += [
            f"{requirement.id} ({requirement.level})",
            f"  promised: {requirement.statement} [{requirement.source}]",
            *([f"  judged:   {requirement.judged}"] if requirement.judged else []),
            f"  found:    {_indented(fact.message)}",
            f"  again:    {again(command, requirement.id)}",
        ]
    for exchange in exchanges[-LAST_EXCHANGES:]:
        lines += ["", *_lines(exchange)]
    if exchanges:
        lines += ["", curl(exchanges[-1])]
    return plain("\n".join(lines))


def plain(text: str) -> str:
    """The text with every character that could move a cursor, hide or reorder text shown as an escape."""
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


def _indented(message: str) -> str:
    return cut(message, 2_000).replace("\n", "\n            ")


def _lines(exchange: Exchange) -> list[str]:
    sent = f"{exchange.method} {exchange.url} as {exchange.identity}"
    lines = [f"sent:     {sent}"]
    if exchange.request_body:
        lines.append(f"          {cut(exchange.request_body, 600)}")
    if exchange.error:
        return [*lines, f"came:     no answer: {exchange.error}"]
    lines.append(f"came:     {exchange.status} {exchange.reason}".rstrip())
    if exchange.response_body:
        lines.append(f"          {cut(exchange.response_body, 600)}")
    return lines
