"""What a list has to find of the contacts of a plan, in which order, on which page, and with which attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contacts_conformance.contract import Contract
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query
from contacts_conformance.oracle.sparkql import Filter
from contacts_conformance.providers import Provider
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.spark import explaining, orders
from contacts_conformance.providers.spark.explaining import Sight
from contacts_conformance.providers.spark.kinds import Kinds, field_types, kind_of
from contacts_conformance.providers.spark.narrowing import narrowed
from contacts_conformance.providers.spark.showing import Showing
from contacts_conformance.providers.spark.truth import Truth, evaluate, holds
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.pages import Pages, Window, window
from contacts_conformance.providers.sparkapi.people import People, Person
from contacts_conformance.providers.sparkapi.readings import Readings
from contacts_conformance.providers.sparkapi.telling import shown, told
from contacts_conformance.verdicts.response_checks import Observation


@dataclass
class _Asked:
    """A list that was asked for: its filter, what it shows, and who asked."""

    filter: Filter
    window: Window
    listed: Sequence[str]
    user: str
    by_ids: bool


class Lists:
    """Judges lists. `patient` says that lists may lag behind writes: then they are not held against these."""

    def __init__(
        self, contract: Contract, provider: Provider, callers: Callers, people: People, *, patient: bool
    ) -> None:
        self._of = contract.provider
        self._provider = provider
        self._callers = callers
        self._people = people
        self._patient = patient
        self._types = field_types(contract)
        self._pages = Pages(self._of)
        self._readings = Readings(contract, provider)
        self.showing = Showing(self._of, self._readings)
        self._works: Kinds = set()

    def forget(self) -> None:
        """Forgets the pages that were shown: something was written."""
        self._pages.forget()

    def judge(self, seen: Seen, query: Query) -> Iterator[Observation]:
        """What the answer to a list shows, whose query has no places any more."""
        asked = window(query)
        if asked is None or (seen.records is None and asked.counts != "count"):
            return
        records = seen.records or ()
        listed = [self._provider.id_of(r) or "" for r in records]
        user = self._callers.user(seen.step.role)
        of = {seen.ids[p.place]: p for p in self._people}
        given = dict(query)
        if "_select" not in given:
            for contact, record in zip(listed, records, strict=True):
                if contact in of and of[contact].owner == user:
                    self._readings.glance(of[contact], record)
        yield from self._of_others(listed, of, user, seen.answer)
        filter_ = narrowed(given.get("_filter", ""), seen.mark, self._types)
        if filter_ is None or self._patient:
            yield from self._pages.judge(asked, seen.answer, listed, 0, None)
        else:
            by_ids = filter_.conditions[0].field == "Id"
            yield from self._found(_Asked(filter_, asked, listed, user, by_ids), of, given, seen)
        if not self._patient:
            yield from self._pages.walked(user, query, asked, seen.answer, listed)
        if "_select" in given:
            for contact, record in zip(listed, records, strict=True):
                if contact in of:
                    yield from self.showing.selected(of[contact], record, given["_select"], seen.answer, "select.only")
        yield from self.showing.expanded(given.get("_expand", ""), records, seen.answer, "list")

    # Whom a list finds

    def _of_others(
        self, listed: Sequence[str], of: Mapping[str, Person], user: str, answer: Answer
    ) -> Iterator[Observation]:
        """No list shows a contact of another user, or one that was removed."""
        if self._patient:
            return
        for contact in listed:
            person = of.get(contact)
            if person is None or person.life == "unclear":
                continue
            row = ""
            if person.life == "removed":
                row = "remove.gone"
            elif person.owner != user:
                row = "transfer.leaves" if user in person.former else "list.current-user"
            if row:
                got = f"contact {contact}"
                yield told(f"{self._of}.{row}", answer, f"no contact {contact}", got, about="a list", observed="listed")

    def _found(
        self, asked: _Asked, of: Mapping[str, Person], given: Mapping[str, str], seen: Seen
    ) -> Iterator[Observation]:
        truths: dict[str, Truth] = {}
        for contact, person in of.items():
            if person.life == "removed" or (person.owner != asked.user and person.life == "there"):
                truths[contact] = False
            else:
                truths[contact] = self._truth(asked, person, contact)
        least = sum(t is True for t in truths.values())
        most = None if self._people.is_blind else sum(t is not False for t in truths.values())
        is_whole = most is not None and asked.window.holds_all_of(most) and asked.window.counts != "count"
        wrong = [
            c
            for c, t in truths.items()
            if of[c].life == "there" and of[c].owner == asked.user
            if (t is False and c in asked.listed) or (t is True and is_whole and c not in asked.listed)
        ]
        strangers = [] if self._people.is_blind else [c for c in asked.listed if c not in of]
        if wrong or strangers:
            yield from self._told(asked, of, wrong, strangers, is_whole, seen.answer)
            return
        if is_whole:
            sights = self._sights(asked, of, strangers, is_whole)
            self._works |= explaining.shown_to_work(asked.filter, self._types, sights)
            yield from (Observation(f"{self._of}.{kind_of(c)}") for c in asked.filter.conditions)
        if not (is_whole or {*explaining.odd_conditions(asked.filter)} <= self._works):
            # a number that is wrong could be the filter's fault
            truths, least, most = {}, 0, None
        yield from self._pages.judge(asked.window, seen.answer, asked.listed, least, most)
        yield from self._order(asked, of, given.get("_orderby", ""), truths, seen.answer)

    def _truth(self, asked: _Asked, person: Person, contact: str) -> Truth:
        if person.life == "unclear" or not self._is_known(asked, person):
            return None
        assert asked.filter.node is not None
        return evaluate(asked.filter.node, holds(self._types, {**person.values, "Id": contact}))

    def _is_known(self, asked: _Asked, person: Person) -> bool:
        """Whether answers have shown what the filter asks of a contact. What nobody sets is known of each."""
        return all(
            c.field == "Id" or c.field not in self._readings.fields or person.knows(c.field)
            for c in asked.filter.conditions
        )

    def _told(
        self,
        asked: _Asked,
        of: Mapping[str, Person],
        wrong: Sequence[str],
        strangers: Sequence[str],
        is_whole: bool,
        answer: Answer,
    ) -> Iterator[Observation]:
        """The row that explains a wrong list."""
        row = self._by_life(asked, of, wrong) if not strangers else ""
        if not row:
            sights = self._sights(asked, of, strangers, is_whole)
            row = explaining.explained(asked.filter, self._types, sights, self._works)
        missing = [f"contact {c} missing" for c in wrong if c not in asked.listed][:1]
        extra = [f"contact {c} listed" for c in (*wrong, *strangers) if c in asked.listed][:1]
        got = "; ".join([*missing, *extra])
        yield told(f"{self._of}.{row}", answer, "the contacts that match", got, observed="other contacts")

    def _by_life(self, asked: _Asked, of: Mapping[str, Person], wrong: Sequence[str]) -> str:
        """The row where what was done to the contacts explains all that is wrong."""
        assert asked.filter.node is not None
        rows = set()
        for contact in wrong:
            person, is_listed = of[contact], contact in asked.listed
            stale = [{**person.values, **b, "Id": contact} for b in person.before]
            if any(evaluate(asked.filter.node, holds(self._types, s)) is is_listed for s in stale):
                rows.add("change.in-lists")
            elif not is_listed and len(asked.filter.conditions) == 1 and asked.by_ids:
                rows.add("transfer.own-office" if person.former else "create.stores")
            else:
                return ""
        return rows.pop() if len(rows) == 1 else ""

    def _sights(self, asked: _Asked, of: Mapping[str, Person], strangers: Sequence[str], is_whole: bool) -> list[Sight]:
        sights = [
            Sight({**p.values, "Id": c}, c in asked.listed if is_whole or c in asked.listed else None)
            for c, p in of.items()
            if p.life == "there" and p.owner == asked.user and self._is_known(asked, p)
        ]
        if strangers or is_whole:
            sights.append(Sight(None, bool(strangers)))
        return sights

    def _order(
        self, asked: _Asked, of: Mapping[str, Person], text: str, truths: Mapping[str, Truth], answer: Answer
    ) -> Iterator[Observation]:
        keys = orders.keys_of(text) if text else None
        if keys is None or asked.window.counts == "count":
            return
        known = {c: self._known(p) for c, p in of.items() if p.owner == asked.user}
        matching = [known[c] for c, t in truths.items() if t is True and c in known]
        most = sum(t is not False for t in truths.values()) if truths else len(of) + len(asked.listed)
        standing = [known.get(c) for c in asked.listed]
        row, how = orders.misplaced(keys, standing, matching, asked.window.skipped, most)
        if row:
            got = shown([[(s or {}).get(k.name) for k in keys] for s in standing])
            yield told(f"{self._of}.{row}", answer, f"the order {text}", got, observed=how)
        elif len(standing) > 1:
            yield Observation(f"{self._of}.{keys[0].row}")

    def _known(self, person: Person) -> dict[str, Json]:
        return {n: v for n, v in person.values.items() if person.knows(n)}
