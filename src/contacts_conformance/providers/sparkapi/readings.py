"""What a reading of a contact has to show, and by which row a difference is judged.

The row is that of the write that the value comes from, where no answer has shown it yet; after that, of what was done
in between. A difference that nothing in between explains is the service's own doing, and is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contacts_conformance.contract import Contract, Field
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import Provider
from contacts_conformance.providers.sparkapi import times
from contacts_conformance.providers.sparkapi.people import Person
from contacts_conformance.providers.sparkapi.telling import NOTHING, difference, shown, told
from contacts_conformance.verdicts.response_checks import Observation

_DERIVED = frozenset({"DisplayName", "PrimaryEmail", "PrimaryPhoneNumber", "MobilePhoneCountryCode"})
"""What a service may make of other attributes."""
_ADDRESS = ("StreetAddress", "Locality", "Region", "PostalCode")
_APART = frozenset({"RecordStatus", "Settings", "Note", "OwnerId", "Notify"})
"""What has rules of its own, or need not show."""
_OF_THE_AGENT = frozenset({"Tags"})
"""What a transfer may leave with the former owner."""


class Readings:
    """Holds readings of the contacts of a plan against what they have to show, and takes them over.

    `only_given` is the row, without the provider, on values of attributes that were not sent.
    """

    def __init__(
        self, contract: Contract, provider: Provider, *, only_given: str = "create.no-other-attribute"
    ) -> None:
        self._of = contract.provider
        self._only_given = only_given
        self._provider = provider
        written = {f.name: f for f in (*contract.change_fields, *contract.create_fields)}
        self.fields: Mapping[str, Field] = {
            f.shown_as: f for f in written.values() if f.reads_back and f.name not in _APART
        }
        """What is judged, by the names under which answers show it."""

    def same(self, name: str, expected: Json, read: Json, *, grows: bool = False) -> bool:
        """Whether a value reads as it has to; `grows` lets a list have more in it."""
        field = self.fields[name]
        if grows and field.grows and isinstance(expected, list) and isinstance(read, list):
            read = [v for v in read if v in expected]
        return self._provider.same(field, expected, read)

    def takes(self, name: str, value: Json) -> bool:
        """Whether a value that is sent in a change has to read so afterwards: what is required cannot be unset."""
        field = self.fields.get(name)
        return field is not None and not (field.required and value in NOTHING)

    def glance(self, person: Person, record: Record) -> None:
        """Takes in what a list shows of a contact: what is as it has to be is known from now on."""
        if not person.is_read:
            person.values = {**{n: record[n] for n in self.fields if n in record}, **person.values}
        person.is_listed = True
        for name, how in list(person.written.items()):
            if name in record and self.same(name, person.values.get(name), record[name], grows=how == "create"):
                del person.written[name]

    def take(self, person: Person, record: Record, answer: Answer) -> Iterator[Observation]:
        """What a reading shows; afterwards the contact is taken to be as it reads."""
        wrong = {
            n: record.get(n)
            for n, f in self.fields.items()
            if n in person.values
            and not self.same(n, person.values[n], record.get(n), grows=person.written.get(n) == "create")
        }
        yield from self._kept(person, wrong, answer)
        for name, read in wrong.items():
            yield from self._told(person, name, read, wrong, answer)
        if not person.is_read:
            yield from self._not_sent(person, record, answer)
        yield from times.judged(self._of, person, record, answer)
        self._adopt(person, record)

    def _adopt(self, person: Person, record: Record) -> None:
        person.values |= {n: record.get(n) for n in self.fields}
        person.written.clear()
        person.together.clear()
        person.events.clear()
        person.first = person.first or record
        person.last = record

    # Rows

    def _kept(self, person: Person, wrong: Mapping[str, Json], answer: Answer) -> Iterator[Observation]:
        """What holds: each value that was written, and reads as it was sent."""
        for name, how in person.written.items():
            if name not in wrong:
                yield Observation(f"{self._of}.field.{self.fields[name].name}.{how}")

    def _told(
        self, person: Person, name: str, read: Json, wrong: Mapping[str, Json], answer: Answer
    ) -> Iterator[Observation]:
        row = self._row(person, name, read, wrong)
        if row:
            expected = person.values[name]
            # one cause has many victims where a whole contact is concerned: the row stands for all of them
            about = "" if row.startswith(("change.carried-out", "change.partial")) else name
            observed = difference(expected, read)
            yield told(f"{self._of}.{row}", answer, shown(expected), shown(read), about=about, observed=observed)

    def _row(self, person: Person, name: str, read: Json, wrong: Mapping[str, Json]) -> str:
        """The row that a difference breaks; empty where none does."""
        field, how = self.fields[name], person.written.get(name)
        if any(self.same(name, v, read) for v in person.refused.get(name, ())):
            return "refusal.no-effect"
        if field.within and not self._is_within(person, field):
            return ""
        if how == "change":
            sent = person.together.get(name, frozenset())
            old = person.before[-1].get(name) if person.before else None
            is_undone = len(sent) > 1 and sent <= wrong.keys() and (read in NOTHING or self.same(name, old, read))
            return "change.carried-out" if is_undone else f"field.{field.name}.change"
        if how == "create":
            if "changed" in person.events:  # the change may have cleared what it did not send
                return "change.partial"
            if person.events & {"transferred"}:
                return ""
            return f"field.{field.name}.create"
        if "changed" in person.events and field.required and read in NOTHING:
            return "change.required-stays"
        if "transferred" in person.events:
            return "" if name in _OF_THE_AGENT or "changed" in person.events else "transfer.keeps"
        if "changed" in person.events:
            return self._not_changed(person, name, read, wrong)
        if "another changed" in person.events:
            return "change.only-that-contact"
        return "remove.only-that-contact" if "another removed" in person.events else ""

    def _is_within(self, person: Person, field: Field) -> bool:
        """Whether all values of a list are in the one that has to hold them."""
        inner, outer = person.values.get(field.shown_as), person.values.get(field.within)
        return not inner or (isinstance(inner, list) and isinstance(outer, list) and set(inner) <= set(outer))

    def _not_changed(self, person: Person, name: str, read: Json, wrong: Mapping[str, Json]) -> str:
        """The row on an attribute that a change has altered without sending it."""
        field = self.fields[name]
        if not field.is_text or field.enum or name in _DERIVED:
            return "change.partial"
        sent = {n: person.values.get(n) for n, how in person.written.items() if how == "change"}
        others = {n for n, f in self.fields.items() if f.is_text and not f.enum and n not in {*sent, *_DERIVED}}
        had = {n for n in others if not person.is_unset(n)}
        if had and all(n in wrong and wrong[n] in NOTHING for n in had):
            return "change.partial"
        follows = field.shape == "phone" and read == sent.get("PrimaryPhoneNumber", object())
        completed = bool(read) and read not in sent.values() and _is_completed(name, sent)
        return "change.partial" if follows or completed else "change.no-other-attribute"

    def _not_sent(self, person: Person, record: Record, answer: Answer) -> Iterator[Observation]:
        """A text that was never sent has no value of another one."""
        texts = {v for n, v in person.values.items() if self.fields[n].is_text and isinstance(v, str) and v}
        for name, field in self.fields.items():
            if name in person.values or not field.is_text or field.enum or name == "DisplayName":
                continue
            read = record.get(name)
            if read not in NOTHING and read == person.remains.get(name):
                row = f"{self._of}.create.after-removal"
                yield told(row, answer, "no value, since none was sent", shown(read), observed="as the removed one")
            elif isinstance(read, str) and read in texts:
                row = f"{self._of}.{self._only_given}"
                observed = "the value of another attribute"
                yield told(row, answer, "no value, since none was sent", shown(read), about=name, observed=observed)


def _is_completed(name: str, sent: Mapping[str, Json]) -> bool:
    """Whether a part of an address may follow from another part of it that was sent."""
    parts = [f"{name[:4]}{part}" for part in _ADDRESS]
    return name in parts and any(part in sent for part in parts)
