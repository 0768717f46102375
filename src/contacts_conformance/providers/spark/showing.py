"""What an answer shows of a contact beside what it reads like: what was selected, and what was expanded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.sparkapi.people import Person
from contacts_conformance.providers.sparkapi.readings import Readings
from contacts_conformance.providers.sparkapi.telling import NOTHING, shown, told
from contacts_conformance.verdicts.response_checks import Observation

ALWAYS_SHOWN = frozenset({"Id", "ResourceUri"})
FLAGS = ("VowActive",)
"""Expansions that show a switch."""


class Showing:
    """Judges selections and expansions."""

    def __init__(self, of: str, readings: Readings) -> None:
        self._of = of
        self._readings = readings

    def selected(self, person: Person, record: Record, select: str, answer: Answer, row: str) -> Iterator[Observation]:
        """A contact shows what was selected, as it has to be, and nothing else."""
        names = select.split(",")
        row = f"{self._of}.{row}"
        fine = True
        for name in names:
            if name not in self._readings.fields or person.is_unset(name) or not person.knows(name):
                continue
            if not self._readings.same(name, person.values[name], record.get(name)):
                fine = False
                expected, got = shown(person.values[name]), shown(record.get(name))
                observed = "missing" if record.get(name) in NOTHING else "another value"
                yield told(row, answer, expected, got, about=name, observed=observed)
        expansions = {n for n in record if n.startswith("Vow")}
        more = sorted(n for n, v in record.items() if v is not None and n not in {*names, *ALWAYS_SHOWN, *expansions})
        if more:
            yield told(
                row, answer, f"{select} and no more", ", ".join(more), about="_select", observed="extra attributes"
            )
        elif fine:
            yield Observation(row)

    def expanded(self, expand: str, records: Sequence[Record], answer: Answer, where: str) -> Iterator[Observation]:
        """What is expanded is there."""
        for name in FLAGS:
            if name not in expand.split(","):
                continue
            for record in records:
                value = record.get(name)
                if not isinstance(value, bool):
                    row = f"{self._of}.{'expand.list' if where == 'list' else f'expand.{name}'}"
                    yield told(row, answer, f"{name}, true or false", shown(value), about=name, observed="missing")
                    break
