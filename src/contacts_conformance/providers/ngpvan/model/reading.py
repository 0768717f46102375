"""What reading a contact shows: what was sent to it, one of two values where these differ, and nothing of others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator

from contacts_conformance.model import Breach, Json, Record
from contacts_conformance.providers.ngpvan.model.bodies import TEXTS
from contacts_conformance.providers.ngpvan.model.people import COLLECTIONS, NAME_KEYS, Contact, shows
from contacts_conformance.verdicts.response_checks import Observation


def observation(row: str, *breaches: Breach) -> Observation:
    """What an answer shows of a row of NGP VAN's; that it held, where there is no breach."""
    return Observation(f"ngpvan.{row}", breaches)


class Reading:
    """Holds one reading of a contact against the model. `others` are the texts that plans have sent, by their keys."""

    def __init__(
        self, contact: Contact, record: Record, others: Collection[tuple[str, Json]], bad_prefix: str, exchange: str
    ) -> None:
        self._contact = contact
        self._record = record
        self._others = others
        self._bad_prefix = bad_prefix
        self._exchange = exchange

    def judge(self) -> Iterator[Observation]:
        """Compares, and takes over what is shown."""
        if self._is_somebody_else():
            breach = self._breach("contactId", self._contact.id, self._contact.id, "another contact")
            yield observation("merge.distinct", breach)
            self._contact.lost = True
            return
        yield from self._doubled()
        yield from self._held()
        yield from self._leaked()
        if self._bad_prefix and self._record.get("prefix") == self._bad_prefix:
            yield observation("prefix.unknown-not-stored", self._breach("prefix", None, self._bad_prefix, "stored"))
        self._contact.named = self._contact.refused = False
        self._contact.neighbours.clear()
        self._contact.updated.clear()

    def _doubled(self) -> Iterator[Observation]:
        """No two entries of one type."""
        for name in COLLECTIONS:
            entries = self._record.get(name)
            found = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
            types = Counter(str(e.get("type")).upper() for e in found if e.get("type"))
            row = f"{name}.one-of-a-type{'-merged' if self._contact.merged else ''}"
            twice = [t for t, n in types.items() if n > 1]
            breach = Breach("value", "at most one of a type", f"{twice} twice", name, "two of a type", self._exchange)
            yield observation(row, *((breach,) if twice else ()))

    def _held(self) -> Iterator[Observation]:
        for place, held in [*self._contact.held.items()]:
            name, read = place[0], self._record.get(place[0])
            if any(shows(place, value, read, untyped=len(held.options) > 1) for value in held.options):
                yield from self._updated(place, read)
                if held.row:
                    yield observation(held.row)
                self._contact.settle(place, read)
                continue
            if held.row and self._is_in_part(place, held.options[-1], read):
                yield observation(f"{name}.shape", self._breach(name, held.options[-1], read, "in part"))
            elif row := held.row or (self._row_of_neighbours() if held.seen else ""):
                wanted = held.options if len(held.options) > 1 else held.options[0]
                yield observation(row, self._breach(name, wanted, read, "neither" if held.options[1:] else "lost"))
            elif place in self._contact.updated:
                yield observation("update.stores", self._breach(name, held.options[0], read, "lost"))
            del self._contact.held[place]
            self._contact.vague.add(place)

    def _is_somebody_else(self) -> bool:
        """Whether neither a name nor the e-mails are those that were sent."""
        sure = {p: h for p, h in self._contact.held.items() if len(h.options) == 1 and not h.seen}
        names = [p for p in sure if p[0] in NAME_KEYS]
        emails = [p for p in sure if p[0] == "emails"]
        wrong = {p for p, h in sure.items() if not shows(p, h.options[0], self._record.get(p[0]), untyped=False)}
        return bool(names and emails) and wrong >= {*names, *emails}

    def _is_in_part(self, place: tuple[str, str], value: Json, read: Json) -> bool:
        """Whether an entry is there, but not with all of its members."""
        if not place[1] or not isinstance(value, dict):
            return False
        main = {k: v for k, v in value.items() if k in ("address", "number", "line1", "type")}
        return shows(place, main, read, untyped=False)

    def _updated(self, place: tuple[str, str], read: Json) -> Iterator[Observation]:
        """What an update has set, where nothing was written since."""
        if place in self._contact.updated:
            value = self._contact.updated[place]
            is_there = shows(place, value, read, untyped=True)
            breach = self._breach(place[0], value, read, "not stored")
            yield observation("update.stores", *(() if is_there else (breach,)))

    def _leaked(self) -> Iterator[Observation]:
        """A text that was never sent to the contact is not what was sent to others."""
        row = self._row_of_neighbours()
        for name in TEXTS:
            place, read = (name, ""), self._record.get(name)
            if place in self._contact.held or place in self._contact.vague or not isinstance(read, str) or not row:
                continue
            if (name, read) in self._others:
                yield observation(row, self._breach(name, None, read, "another contact's value"))

    def _row_of_neighbours(self) -> str:
        contact = self._contact
        if contact.named:
            return "redirect.no-write"
        if contact.refused:
            return "update.refused-changes-nothing"
        if "change" in contact.neighbours:
            return "update.only-that-contact"
        return "merge.distinct" if contact.neighbours else ""

    def _breach(self, name: str, wanted: Json, got: Json, observed: str) -> Breach:
        return Breach("value", _told(wanted), _told(got), name, observed, self._exchange)


def _told(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:160]
