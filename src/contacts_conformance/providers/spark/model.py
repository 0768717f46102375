"""Spark's account as it has to be: contacts by what was sent, for each user, and what lists find of them."""

from __future__ import annotations

from collections.abc import Iterator

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import Provider
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.plans import Step
from contacts_conformance.providers.spark.finding import Lists
from contacts_conformance.providers.spark.moves import Moves
from contacts_conformance.providers.sparkapi import own
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.people import People, Person
from contacts_conformance.providers.sparkapi.readings import Readings
from contacts_conformance.providers.sparkapi.telling import NOTHING, shown, told
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation

OWNER = "OwnerId"
_TAKERS = ("colleague", "stranger", "")
"""Roles that can have got a contact by a transfer."""
_GONE = (404, 410)
_ADDRESS = "PrimaryEmail"


class SparkModel:
    """What the users of a plan have created, changed, given away and removed.

    Judges each reading and list by it. Every contact of the plan carries its mark among the Tags, unless a smaller plan
    has lost it: what cannot be told apart from the contacts of others is not judged.
    """

    def __init__(self, contract: Contract, provider: Provider, target: Target) -> None:
        self._of = contract.provider
        self._provider = provider
        self._callers = Callers(target, provider.main_role)
        self.people = People()
        self._readings = Readings(contract, provider)
        self._lists = Lists(contract, provider, self._callers, self.people, patient=bool(target.limits.patience))
        self.moves = Moves(contract, self._callers, self.people, target).all

    def judge(self, seen: Seen) -> Iterator[Observation]:
        """Compares an answer with what has to be, and takes over what the step has done."""
        step = seen.step
        match step.kind:
            case "create":
                yield from self._created(seen)
            case "change":
                yield from self._changed(seen)
            case "remove":
                yield from self._removed(seen)
            case "read":
                yield from self._read(seen)
            case "my-read":
                yield from own.judged(self._of, self._provider, self._callers, seen)
            case "list":
                yield from self._listed(seen)
        if step.kind in ("create", "change", "remove"):
            self._lists.forget()

    def closing(self) -> Iterator[Step]:
        """Removes what was given to another user, who is the only one that can."""
        for person in self.people:
            if person.former and person.life != "removed":
                role = next(iter(self._callers.of_the_user(person.owner, _TAKERS)), "")
                yield Step("remove", role, of=person.place)

    def _filled(self, seen: Seen, value: Json) -> Json:
        return self._callers.fill(value, seen.mark, seen.ids)

    # Writes

    def _created(self, seen: Seen) -> Iterator[Observation]:
        values: dict[str, Json] = self._filled(seen, dict(seen.step.values))
        if not seen.answer.succeeded or not seen.ids[seen.place]:
            self.people.is_blind |= not seen.answer.refused
            alike = [p for p in self.people if p.values.get(_ADDRESS) == values.get(_ADDRESS, "")]
            if seen.answer.status == 409 and alike and all(p.life == "removed" for p in alike):
                row = f"{self._of}.create.after-removal"
                yield told(row, seen.answer, "a success (2xx)", "409", observed="refused")
            return
        if seen.step.marked and "Tags" not in values:
            values["Tags"] = [seen.mark]
        values = {n: v for n, v in values.items() if n in self._readings.fields}
        contact = seen.ids[seen.place]
        row = f"{self._of}.create.fresh-id"
        if contact in [seen.ids[p.place] for p in self.people if p.life == "there"]:
            yield told(row, seen.answer, "an Id of its own", f"the Id {contact} of another contact", observed="again")
            self.people.is_blind = True
            return
        if contact in [seen.ids[p.place] for p in self.people]:
            row = f"{self._of}.remove.id-stays-gone"
            yield told(row, seen.answer, "another Id", f"the Id {contact} of a removed contact", observed="again")
        yield Observation(row)
        sent = frozenset(values)
        person = Person(seen.place, self._callers.user(seen.step.role), values, dict.fromkeys(values, "create"))
        person.together = dict.fromkeys(values, sent)
        person.sent = dict(seen.step.values)
        person.remains = {
            n: v
            for other in self.people
            if other.life == "removed" and other.values.get(_ADDRESS) == values.get(_ADDRESS)
            for n, v in other.values.items()
            if v not in NOTHING and n not in values
        }
        self.people.add(person)

    def _changed(self, seen: Seen) -> Iterator[Observation]:
        person = self.people.get(seen.step.of)
        if person is None:
            return
        values: dict[str, Json] = self._filled(seen, dict(seen.step.values))
        if person.life == "removed":
            if seen.answer.succeeded:
                row = f"{self._of}.change.unknown-id"
                yield told(row, seen.answer, "a refusal", str(seen.answer.status), observed="success")
            return
        if OWNER in values:
            self._transferred(seen, person, values)
        elif seen.answer.succeeded:
            if self._callers.user(seen.step.role) != person.owner:
                person.life = "unclear"
            person.changed({n: v for n, v in values.items() if self._readings.takes(n, v)})
            for other in self.people.others(person):
                other.events.add("another changed")
        elif seen.answer.refused:
            for name, value in values.items():
                if name in self._readings.fields and not self._readings.same(name, value, person.values.get(name)):
                    person.refused.setdefault(name, []).append(value)
        else:
            person.life = "unclear"

    def _transferred(self, seen: Seen, person: Person, values: dict[str, Json]) -> None:
        """Takes in what became of a transfer: only what was asked for alone, and carried out as asked, is known."""
        if seen.step.row and not seen.step.legal and (seen.answer.refused or seen.answer.succeeded):
            person.stays = seen.step.row
            return
        if seen.answer.refused:
            return
        if not seen.answer.succeeded or len(values) > 1 or not seen.step.legal:
            person.life = "unclear"
            return
        person.former.append(person.owner)
        person.owner = str(values[OWNER])
        person.events.add("transferred")
        if "Tags" in person.values:
            person.written["Tags"] = "transfer"

    def _removed(self, seen: Seen) -> Iterator[Observation]:
        person = self.people.get(seen.step.of)
        if person is None:
            return
        if person.life == "removed":
            row = f"{self._of}.remove.twice"
            ok = seen.answer.status in _GONE
            yield Observation(row) if ok else told(row, seen.answer, "404", str(seen.answer.status))
        elif seen.answer.succeeded:
            person.life = "removed"
            for other in self.people.others(person):
                other.events.add("another removed")
        elif not seen.answer.refused or seen.answer.status in _GONE:
            person.life = "unclear"

    # Readings

    def _read(self, seen: Seen) -> Iterator[Observation]:
        person = self.people.get(seen.step.of)
        if person is None or person.life == "unclear" or self._callers.user(seen.step.role) != person.owner:
            return
        if person.life == "removed":
            row = f"{self._of}.remove.gone"
            ok = seen.answer.status in _GONE
            got = str(seen.answer.status)
            yield Observation(row) if ok else told(row, seen.answer, "404 or 410", got, about="reading", observed=got)
            return
        if not seen.answer.succeeded or seen.record is None:
            if seen.answer.status in _GONE:
                yield from self._missing(person, seen)
            return
        contact, read = seen.ids[person.place], self._provider.id_of(seen.record)
        row = f"{self._of}.read.answers-the-contact"
        if read != contact:
            yield told(row, seen.answer, f"contact {contact}", f"contact {read}", observed="another contact")
            return
        yield Observation(row)
        query = dict(seen.step.query)
        if "_select" in query:
            yield from self._selected(person, seen.record, query["_select"], seen)
        else:
            yield from self._status(person, seen)
            yield from self._readings.take(person, seen.record, seen.answer)
        yield from self._lists.showing.expanded(query.get("_expand", ""), [seen.record], seen.answer, "read")

    def _missing(self, person: Person, seen: Seen) -> Iterator[Observation]:
        """A contact that should be there, and is not: what was done last is the likeliest cause."""
        row = person.stays.removeprefix(f"{self._of}.")
        if row:
            pass
        elif "transferred" in person.events:
            row = "transfer.own-office"
        elif not person.is_read and not person.events:
            row = "create.stores"
        elif "another removed" in person.events:
            row = "remove.only-that-contact"
        if row:
            yield told(f"{self._of}.{row}", seen.answer, "the contact", str(seen.answer.status), observed="missing")
        person.life = "unclear"

    def _status(self, person: Person, seen: Seen) -> Iterator[Observation]:
        """A contact of an agent is connected, where its reading says that."""
        status = (seen.record or {}).get("RecordStatus")
        if status in NOTHING:
            return
        row = f"{self._of}.{'transfer.record-status' if person.former else 'record-status.connected'}"
        ok = status == "Connected"
        yield Observation(row) if ok else told(row, seen.answer, "Connected", shown(status), observed="another value")

    def _selected(self, person: Person, record: Record, select: str, seen: Seen) -> Iterator[Observation]:
        yield from self._lists.showing.selected(person, record, select, seen.answer, "select.on-read")

    # Lists

    def _listed(self, seen: Seen) -> Iterator[Observation]:
        query = tuple((n, str(self._filled(seen, v))) for n, v in seen.step.query)
        if seen.answer.succeeded:
            yield from self._lists.judge(seen, query)
        elif seen.answer.status == 404 and seen.step.legal and "_filter" in dict(query):
            row = f"{self._of}.filter.nothing-found"
            yield told(row, seen.answer, "a success (2xx)", "404", observed="404")
