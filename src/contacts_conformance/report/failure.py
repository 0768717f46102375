"""A failure in words: what was promised, what was sent, what came back, and how to see it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contacts_conformance.account.aftermath import BEHIND
from contacts_conformance.contract.terminal import plain
from contacts_conformance.http.callers import caller
from contacts_conformance.http.recording import curl, cut
from contacts_conformance.model import Exchange, Fact, Outcome, Requirement

LAST_EXCHANGES = 4
"""How many exchanges a failure shows in a terminal; the reports hold all."""


def again(command: str, requirement: str, facts: Iterable[Fact]) -> str:
    """The command that shows again what broke a requirement, with the same seed: it runs the checks of that one, or all
    where no check saw the breach, but what stood behind the answers that several were given."""
    broken = [f.check for f in facts if f.outcome is Outcome.BROKEN]
    return command if broken and set(broken) == {BEHIND} else f"{command} --requirement {requirement}"


def describe(facts: Iterable[tuple[Requirement, Fact]], exchanges: Sequence[Exchange], command: str) -> str:
    """The text of a failure, without control characters.

    One paragraph for each requirement, then the exchanges up to the one that shows the first failure, and the curl line
    of that one.
    """
    lines: list[str] = []
    facts = list(facts)
    for requirement, fact in facts:
        lines += [
            f"{requirement.id} ({requirement.level}){', unsteady' if fact.unsteady else ''}",
            f"  promised: {requirement.statement} [{requirement.source}]",
            *([f"  judged:   {requirement.judged}"] if requirement.judged else []),
            *found(fact),
            f"  again:    {again(command, requirement.id, [fact])}",
        ]
    shown = _up_to_the_telling(exchanges, [f for _, f in facts])
    for exchange in shown[-LAST_EXCHANGES:]:
        lines += ["", *_lines(exchange)]
    if shown:
        lines += ["", curl(shown[-1])]
    return plain("\n".join(lines))


def found(fact: Fact) -> list[str]:
    """The lines that say what a check found: what it expected and what it got, or why it could not judge."""
    breach = fact.breach
    if breach is None or not breach.expected:
        return [f"  found:    {_indented(fact.message)}"]
    about = f"{breach.subject}: " if breach.subject else ""
    lines = [f"  expected: {about}{_indented(breach.expected)}", f"  got:      {_indented(breach.got)}"]
    return [*lines, f"  repeated: {_indented(fact.remark)}"] if fact.remark else lines


def telling(fact: Fact, exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange that shows a failure: the one that the breach names, or else the last one of the check."""
    named = fact.breach.exchange if fact.breach is not None else ""
    mine = [e for e in exchanges if e.id in fact.exchanges or e.id == named]
    return next((e for e in mine if e.id == named), mine[-1] if mine else None)


def _up_to_the_telling(exchanges: Sequence[Exchange], facts: Sequence[Fact]) -> Sequence[Exchange]:
    named = next((f.breach.exchange for f in facts if f.breach is not None and f.breach.exchange), "")
    place = next((n for n, e in enumerate(exchanges, 1) if e.id == named), len(exchanges))
    return exchanges[:place]


def more(number: int) -> str:
    """What stands behind a list that is not told to its end; nothing where it is."""
    return f" and {number} more" if number > 0 else ""


def listed(names: Sequence[str], most: int) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:most]) + more(len(names) - most)


def _indented(message: str) -> str:
    return cut(message, 2_000).replace("\n", "\n            ")


def _lines(exchange: Exchange) -> list[str]:
    sent = f"{exchange.method} {exchange.url} {caller(exchange)}"
    lines = [f"sent:     {sent}"]
    if exchange.request_body:
        lines.append(f"          {cut(exchange.request_body, 600)}")
    if exchange.error:
        return [*lines, f"came:     no answer: {exchange.error}"]
    lines.append(f"came:     {exchange.status} {exchange.reason}".rstrip())
    if exchange.response_body:
        lines.append(f"          {cut(exchange.response_body, 600)}")
    return lines
