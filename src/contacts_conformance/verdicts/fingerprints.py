"""How a broken requirement shows: what stays the same from run to run, and nothing that a run brought along.

A fingerprint is a list of lines, one for each way in which the requirement is broken: the field, parameter or case,
the kind of failure, and what was observed (a status, or how a value differs). They come from the values of breaches
and from no message, so that rewording a message changes none, and they hold nothing of a contact, since they stand in
files that others read.

Deviation files of earlier versions hold lines of another form, `check → masked message`. They stay valid as long as
the same checks fail with the same statuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from contacts_conformance.model import Breach, Fact, Outcome

_GENERATED = " (generated)"
_EARLIER = " → "
_VARYING = re.compile("generated|random")
_STATUS = re.compile(r"\b[1-5]\d\d\b")
_LONGEST = 200


def of(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The fingerprint of a requirement's facts, sorted; empty where none is broken.

    What checks saw that send what their seed says, and what exchanges show by themselves, counts only where nothing
    else is broken; such lines end in `(generated)`.
    """
    broken = [f for f in facts if f.outcome is Outcome.BROKEN]
    certain = {_line(f.breach) for f in broken if not varies(f.check)}
    return tuple(sorted(certain or {_line(f.breach) + _GENERATED for f in broken}))


def varies(check: str) -> bool:
    """Whether what a check (a node id) sees depends on the seed, or on what other checks send."""
    name = check.rpartition("::")[2]
    return not name.startswith("test_") or bool(_VARYING.search(name.partition("[")[0]))


def depends_on_seed(observed: Iterable[str]) -> bool:
    """Whether all lines of a fingerprint come from checks whose requests depend on the seed."""
    return all(
        line.endswith(_GENERATED) or (is_earlier(line) and varies(line.partition(_EARLIER)[0])) for line in observed
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """In what a fingerprint differs from an earlier one: lines that are new, and lines that are gone."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)

    def __str__(self) -> str:
        parts = [f"{label}: {_several(lines)}" for label, lines in (("new", self.new), ("gone", self.gone)) if lines]
        return "; ".join(parts)


def difference(before: Iterable[str], now: Iterable[str], *, same_seed: bool, whole: bool) -> Difference:
    """In what a requirement fails differently from before.

    `whole` says whether every check of the requirement ran: otherwise nothing counts as gone. Another seed yields
    other data, so that one line in common is enough.
    """
    old, new = set(before), set(now)
    if not same_seed and old & new:
        return Difference()
    gone = {line for line in old - new if same_seed or not line.endswith(_GENERATED)} if whole else set()
    return Difference(tuple(sorted(new - old)), tuple(sorted(gone)))


def is_earlier(line: str) -> bool:
    """Whether a line has the form of an earlier version."""
    return _EARLIER in line


def difference_from_earlier(before: Iterable[str], facts: Iterable[Fact]) -> Difference:
    """In what a requirement fails differently from lines of an earlier version: other checks, or other statuses."""
    lines = tuple(before)
    checks = {line.partition(_EARLIER)[0] for line in lines}
    statuses = {s for line in lines for s in _STATUS.findall(line.partition(_EARLIER)[2])}
    new = []
    for fact in facts:
        if fact.outcome is not Outcome.BROKEN or fact.breach is None:
            continue
        check = fact.check.rpartition("::")[2]
        other_check = check not in checks and not varies(fact.check)
        other_status = fact.breach.kind == "status" and fact.breach.observed not in statuses
        if other_check or other_status:
            new.append(_line(fact.breach))
    return Difference(tuple(sorted(set(new))))


def _line(breach: Breach | None) -> str:
    if breach is None:
        return "broken"
    about = f"{breach.subject}: " if breach.subject else ""
    text = f"{about}{breach.kind} {breach.observed}".strip()
    return "".join(c if c.isprintable() else "?" for c in text.replace(_EARLIER, " > "))[:_LONGEST]


def _several(lines: tuple[str, ...]) -> str:
    return "; ".join(lines[:3]) + (f"; and {len(lines) - 3} more" if len(lines) > 3 else "")
