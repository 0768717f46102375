"""When a contact was created, and when it was changed, as its readings show it one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers.sparkapi.people import Person
from contacts_conformance.providers.sparkapi.telling import shown, told
from contacts_conformance.verdicts.response_checks import Observation

CREATED, MODIFIED = "CreatedTimestamp", "ModificationTimestamp"
_A_SECOND = timedelta(seconds=1)


def judged(of: str, person: Person, record: Record, answer: Answer) -> Iterator[Observation]:
    """When it was created stays, and when it was changed does not go back."""
    created, modified = (instants.parse(record.get(n)) for n in (CREATED, MODIFIED))
    if created and modified:
        ok = modified >= created - _A_SECOND
        yield _time(of, "time.modified", answer, ok, f"not before {record[CREATED]}", record[MODIFIED])
    was, last = (person.first or {}).get(CREATED), (person.last or {}).get(MODIFIED)
    first, before = instants.parse(was), instants.parse(last)
    if first and created and "changed" in person.events:
        ok = abs(created - first) <= _A_SECOND
        yield _time(of, "time.created-stays", answer, ok, shown(was), record[CREATED])
    if before and modified:
        ok = modified >= before - _A_SECOND
        yield _time(of, "time.modified", answer, ok, f"not before {last}", record[MODIFIED])


def _time(of: str, row: str, answer: Answer, ok: bool, expected: str, got: Json) -> Observation:
    row = f"{of}.{row}"
    return Observation(row) if ok else told(row, answer, expected, shown(got), observed="another time")
