"""Deviations: failures that a user has accepted for a target, with a reason and an end, as a TOML file lists them.

A listed failure does not fail the run, as long as it stays what was accepted. An entry that has expired, names no
requirement, no longer fails, or fails differently does, so that the list can only shrink knowingly.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from contacts_conformance.errors import UsageError
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.verdicts import fingerprints

ACCEPTABLE = (Verdict.FAIL, Verdict.WARN)
"""The verdicts that an entry can be about."""

_KEYS = ("requirement", "reason", "link", "first_seen", "expires", "seed", "observed")


class State(StrEnum):
    """What a run says about an entry."""

    ACCEPTED = "accepted"
    NOT_JUDGED = "not-judged"
    EXPIRED = "expired"
    STALE = "stale"
    CHANGED = "changed"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One accepted failure.

    `observed` is its fingerprint and `seed` the seed of the run that it comes from; it ends after the day `expires`.
    """

    requirement: str
    reason: str
    first_seen: date
    expires: date
    observed: tuple[str, ...]
    seed: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a run says about one entry, and why."""

    deviation: Deviation
    state: State
    message: str

    @property
    def wrong(self) -> bool:
        """Whether the entry has to be mended or taken out, so that the run fails."""
        return self.state not in (State.ACCEPTED, State.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class Listed:
    """The entries of a file; without a file there are none."""

    file: str = ""
    entries: tuple[Deviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a run was, as far as entries are judged by it.

    `ids` are the requirements of the provider, judged or not, and `others` the names of the other providers.
    `complete` says whether every check was asked to run, `whole` whether every check of each chosen requirement was.
    """

    ids: frozenset[str]
    others: frozenset[str]
    seed: int
    complete: bool
    whole: bool
    today: date


def load(path: Path) -> Listed:
    """The entries of a file.

    Raises UsageError with one line for each mistake: which entry and key, what is wrong, what would be right.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not TOML: {error}") from None
    return parse(document, str(path))


def parse(document: Mapping[str, Any], name: str) -> Listed:
    """The entries of a parsed file; errors as in `load`, with `name` for the file."""
    mistakes = [f"{key}: unknown key; entries stand in tables [[deviation]]" for key in document if key != "deviation"]
    tables = document.get("deviation", [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise UsageError(
            [*(f"{name}: {m}" for m in mistakes), f"{name}: deviation: write [[deviation]], twice bracketed"]
        )
    seen: dict[str, int] = {}
    entries = []
    for number, table in enumerate(tables, 1):
        stated = table.get("requirement")
        where = f"deviation {number} ({stated})" if isinstance(stated, str) and stated else f"deviation {number}"
        wrong = _mistakes(table)
        if isinstance(stated, str) and stated in seen:
            wrong.append(f"requirement: deviation {seen[stated]} is about it already; join the two")
        if isinstance(stated, str):
            seen.setdefault(stated, number)
        mistakes += [f"{where}: {m}" for m in wrong]
        if not wrong:
            entries.append(_entry(table))
    if mistakes:
        raise UsageError([f"{name}: {m}" for m in mistakes])
    return Listed(name, tuple(entries))


def _entry(table: Mapping[str, Any]) -> Deviation:
    return Deviation(
        requirement=table["requirement"],
        reason=table["reason"].strip(),
        first_seen=_day(table["first_seen"]) or date.min,
        expires=_day(table["expires"]) or date.min,
        observed=tuple(table["observed"]),
        seed=table.get("seed", 0),
        link=table.get("link", ""),
    )


def _mistakes(table: Mapping[str, Any]) -> list[str]:
    """What is wrong with one entry."""
    mistakes = []
    for key in table:
        if key not in _KEYS:
            close = difflib.get_close_matches(key, _KEYS, n=1)
            mistakes.append(
                f"{key}: unknown key; " + (f"did you mean {close[0]}?" if close else f"there are {', '.join(_KEYS)}")
            )
    for key, (fits, right) in _RULES.items():
        if key not in table:
            if key not in ("link", "seed"):
                mistakes.append(f"{key}: missing; {right}")
        elif not fits(table[key]):
            mistakes.append(f"{key}: {_shown(table[key])} does not fit; {right}")
    first, last = _day(table.get("first_seen")), _day(table.get("expires"))
    if first and last and last < first:
        mistakes.append(f"expires: {last} lies before first_seen, {first}; write a later day")
    return mistakes


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _day(value: object) -> date | None:
    """A day, written as TOML has it or as a text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _lines(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_text(v) for v in value)


_RULES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "requirement": (_text, 'write the id that `contacts-conformance list` shows, as in requirement = "x.field.y.type"'),
    "reason": (_text, 'say why this is accepted, as in reason = "vendor ticket 4711, fixed in May"'),
    "link": (
        lambda v: isinstance(v, str) and v.startswith(("https://", "http://")),
        'write an address, as in link = "https://…"',
    ),
    "first_seen": (lambda v: _day(v) is not None, "write a day, as in first_seen = 2026-01-31"),
    "expires": (lambda v: _day(v) is not None, "write a day, as in expires = 2026-12-31"),
    "seed": (lambda v: isinstance(v, int) and not isinstance(v, bool), "write a number, as in seed = 0"),
    "observed": (_lines, "it is a list of lines, which `contacts-conformance accept` writes from a report"),
}


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 60 else text[:60] + "…"


def rule(
    listed: Iterable[Deviation], judgements: Sequence[Judgement], situation: Situation
) -> tuple[tuple[Judgement, ...], tuple[Ruling, ...]]:
    """The judgements, with failures that are accepted as known deviations, and what is to be said of each entry."""
    by_id = {j.requirement.id: j for j in judgements}
    rulings = tuple(_rule(entry, by_id.get(entry.requirement), situation) for entry in listed)
    known = {r.deviation.requirement for r in rulings if r.state is State.ACCEPTED}
    judged = tuple(replace(j, verdict=Verdict.KNOWN_DEVIATION) if j.requirement.id in known else j for j in judgements)
    return judged, rulings


def _rule(entry: Deviation, judgement: Judgement | None, situation: Situation) -> Ruling:
    def say(state: State, message: str) -> Ruling:
        return Ruling(entry, state, message)

    provider = entry.requirement.partition(".")[0]
    if provider in situation.others:
        return say(State.NOT_JUDGED, f"it is about {provider}, which this run does not judge")
    if entry.requirement not in situation.ids:
        close = difflib.get_close_matches(entry.requirement, sorted(situation.ids), n=1)
        return say(State.UNMATCHED, "no requirement has this id" + (f"; did you mean {close[0]}?" if close else ""))
    if judgement is None:
        if situation.complete:
            return say(State.UNMATCHED, "this requirement is excluded: no check judges it")
        return say(State.NOT_JUDGED, "this run was narrowed to other requirements")
    if judgement.verdict in (Verdict.NOT_VERIFIED, Verdict.SUITE_ERROR):
        return say(State.NOT_JUDGED, f"it could not be judged: {judgement.reason.partition(chr(10))[0][:300]}")
    if judgement.verdict not in ACCEPTABLE:
        return _no_failure(entry, judgement, situation)
    if entry.expires < situation.today:
        return say(
            State.EXPIRED,
            f"accepted until {entry.expires}, and it still fails; mend it, or accept it anew: {entry.reason}",
        )
    other = _other_way(entry, judgement, situation)
    if other:
        return say(State.CHANGED, f"it fails differently from what was accepted; {other}")
    return say(State.ACCEPTED, f"accepted until {entry.expires}: {entry.reason}")


def _other_way(entry: Deviation, judgement: Judgement, situation: Situation) -> fingerprints.Difference:
    """In what a requirement fails differently from what was accepted."""
    if any(map(fingerprints.is_earlier, entry.observed)):
        return fingerprints.difference_from_earlier(entry.observed, judgement.facts)
    now = fingerprints.of(judgement.facts)
    whole = situation.whole and not judgement.unsteady  # what is unsteady need not show in each way each time
    return fingerprints.difference(entry.observed, now, same_seed=entry.seed == situation.seed, whole=whole)


def _no_failure(entry: Deviation, judgement: Judgement, situation: Situation) -> Ruling:
    """An entry about a requirement that does not fail: out of date, unless not everything was looked at."""
    if not situation.whole:
        return Ruling(entry, State.NOT_JUDGED, "this run was narrowed, so that not every check of it ran")
    if entry.seed != situation.seed and fingerprints.depends_on_seed(entry.observed):
        return Ruling(
            entry, State.NOT_JUDGED, f"it shows with the seed {entry.seed}, and this run's is {situation.seed}"
        )
    return Ruling(entry, State.STALE, f"it no longer fails ({judgement.verdict}); take the entry out of the list")
