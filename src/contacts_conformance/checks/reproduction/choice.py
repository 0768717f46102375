"""Which of the requests of a run show a failure again: the one that broke the promise, and those that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from contacts_conformance.checks.reproduction import giving_back
from contacts_conformance.checks.reproduction.script import Plot, Step, is_signed, write
from contacts_conformance.checks.reproduction.subjects import Subjects, are_at_once, opens, writes
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Breach, Exchange, Fact, Outcome

MOST_CREATED = 12
"""So many contacts a script creates at most."""
_MOST_WRITES = 8
"""A check of no more writes is shown with all of them; of one with more, what is about the same contacts."""
_MOST_AFTERWARDS = 3
_OF_COMPARISONS = frozenset({"value", "changed"})
"""The kinds of failure that may lie between two readings of the same contact."""
_AT_ONCE = "The run sent the request that shows it at the same moment as another one; by itself it need not fail."
_GIVEN_BACK = "This changes a contact that the target file sets aside, and gives it back as it was in the run."


def with_scripts(session: Session, facts: Sequence[Fact]) -> list[Fact]:
    """The facts; of each requirement that is broken, the first one that says so has the script that shows it again.

    There is none where the curl line of one exchange shows it, and where it is not known which one does.
    """
    first = {f.requirement: f for f in reversed(facts) if f.outcome is Outcome.BROKEN}
    subjects = Subjects(session) if first else None
    return [
        replace(f, script=_script(session, f, subjects)) if subjects and first.get(f.requirement) is f else f
        for f in facts
    ]


def _script(session: Session, fact: Fact, subjects: Subjects) -> str:
    if fact.breach is None:
        return ""
    telling = session.recorder.exchange(fact.breach.exchange)
    return _Choice(session, subjects, fact, fact.breach, telling).script() if telling is not None else ""


class _Choice:
    def __init__(self, session: Session, subjects: Subjects, fact: Fact, breach: Breach, telling: Exchange) -> None:
        self._session = session
        self._subjects = subjects
        self._fact = fact
        self._breach = breach
        self._telling = telling
        every = session.recorder.exchanges
        place = next(n for n, e in enumerate(every) if e is telling)
        self._before, self._after = every[:place], every[place + 1 :]
        self._own = frozenset(fact.exchanges)
        """What the check sent."""

    def script(self) -> str:
        subjects, telling = self._subjects, self._telling
        chosen = self._written()
        wanted = self._wanted(chosen)
        needed, left_out = self._limited(subjects.closure(wanted, self._before))
        kept = {e.id for e in chosen if not subjects.about(e) or not subjects.about(e) & left_out}
        kept |= {e.id for contact in needed for e in self._history(contact)}
        kept |= {e.id for e in self._alike()}
        before = [e for e in self._before if e.id in kept]
        after = self._read_afterwards(needed)
        foreign = [e for e in (*before, telling) if subjects.changes_foreign(e)]
        back = giving_back.requests(self._session, foreign)
        alone = not (before or after or back or is_signed(self._session, telling))
        if alone and telling.id not in subjects.created and not subjects.marks(telling):
            return ""
        notes = []
        if left_out:
            notes.append(
                f"The run had {len(needed) + len(left_out)} contacts here; this creates {len(needed)} of them, so that "
                "numbers and the places of contacts in lists differ from those of the run."
            )
        notes += [_GIVEN_BACK] if back else []
        notes += [_AT_ONCE] if any(are_at_once(telling, e) for e in (*self._before[-4:], *self._after[:4])) else []
        steps = self._steps([*before, telling, *after])
        plot = Plot(self._fact.requirement, self._breach, steps, notes, back, spoils=bool(foreign) and not back)
        return write(self._session, plot)

    def _written(self) -> list[Exchange]:
        """What the check wrote before; where that is much, what it wrote since it last read what the failure shows."""
        own = [e for e in self._before if e.id in self._own and not opens(self._session.contract, e)]
        written = [e for e in own if writes(e)]
        if len(written) <= _MOST_WRITES:
            return written
        last = next((n for n, e in enumerate(reversed(own)) if e.url == self._telling.url and not writes(e)), 0)
        return [e for e in own[len(own) - last :] if writes(e)][-_MOST_WRITES:]

    def _wanted(self, chosen: Sequence[Exchange]) -> list[str]:
        """The contacts that the failure is about, those that it names first."""
        subjects = self._subjects
        first = sorted(subjects.about(self._telling))
        listed = sorted(subjects.listed(self._telling, self._before, self._own))
        said = (self._breach.got, self._breach.expected)
        named = [c for text in said for c in listed if c in text]
        return list(dict.fromkeys([*first, *named, *listed, *(c for e in chosen for c in sorted(subjects.about(e)))]))

    def _limited(self, needed: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
        """The contacts that the script creates, and those for which it is too many."""
        return frozenset(needed[:MOST_CREATED]), frozenset(needed[MOST_CREATED:])

    def _history(self, contact: str) -> list[Exchange]:
        """What created a contact, and the last writes to it."""
        every = [e for e in self._before if writes(e) and contact in self._subjects.about(e)]
        return [*every[:1], *every[1:][-_MOST_WRITES:]]

    def _alike(self) -> Iterator[Exchange]:
        """What the check wrote about the same marks, and how it read the same before, where the failure compares."""
        telling, subjects = self._telling, self._subjects
        if writes(telling):
            return
        own = [e for e in self._before if e.id in self._own]
        marks = subjects.marks(telling)
        yield from (e for e in own if writes(e) and e.id not in subjects.created and marks & subjects.marks(e))
        if self._breach.kind in _OF_COMPARISONS:
            yield from islice((e for e in reversed(own) if e.url == telling.url and not writes(e)), 1)

    def _read_afterwards(self, needed: frozenset[str]) -> list[Exchange]:
        """What was read of the same after a write, until it was written to again, or else what the check read last."""
        if not writes(self._telling):
            return []
        same = [e for e in self._after if self._subjects.share(self._telling, e, needed)]
        following = list(takewhile(lambda e: not writes(e), same))
        own = [e for e in same if e.id in self._own and not writes(e)]
        return [e for e in following if e.id in self._own][:_MOST_AFTERWARDS] or following[:1] or own[-1:]

    def _steps(self, exchanges: Sequence[Exchange]) -> list[Step]:
        created = self._subjects.created
        first: dict[str, str] = {}
        for e in exchanges:
            if e.id in created:
                first.setdefault(created[e.id], e.id)
        removing = (e for e in exchanges if e is not self._telling and self._subjects.removes(e))
        gone = {c for e in removing for c in self._subjects.about(e)}
        refused = self._subjects.refused(exchanges)

        def new(e: Exchange) -> str:
            if e.id in created:
                return created[e.id] if first[created[e.id]] == e.id else ""
            return self._subjects.unwanted(e, refused) if refused and not writes(e) else ""

        return [Step(e, new(e), stays=created.get(e.id, "") in gone, tells=e is self._telling) for e in exchanges]
