"""What a list shows: which contacts, how many, in which order, and on which page.

A list that is answered wrongly is told by what is nearest to the cause. So the model notes which parts of a question
have been answered rightly by themselves since something was last written: a condition, and the list of the mark alone.
What is wrong only where parts are put together is told of their combination; what could be more than one part, not at
all, since a list with that part alone shows it sooner or later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from contacts_conformance.http.parsing import written
from contacts_conformance.model import Breach, Record
from contacts_conformance.oracle.operators import COMPARISONS, EQUAL, LISTS, Condition
from contacts_conformance.providers.liondesk.model import values
from contacts_conformance.providers.liondesk.model.asked import DEFAULT, Asked
from contacts_conformance.providers.liondesk.model.certainty import all_hold, before_or_after, holds
from contacts_conformance.providers.liondesk.model.reading import Reading, observation
from contacts_conformance.providers.liondesk.model.state import MAIN, MARKED, Account, Contact
from contacts_conformance.providers.liondesk.queries import spelled
from contacts_conformance.verdicts.response_checks import Observation

_ACCESS = {MAIN: "access.owner.list", "assignee": "access.assignee.list"}

_ROW_OF_CAUSE = {
    "change": "change.only-given",
    "neighbour-remove": "remove.only-that-contact",
    "neighbour-change": "change.only-that-contact",
}
"""The row that is broken where a list does not show a contact any more, by what was written since it was read."""


class Answered:
    """What lists have answered rightly since something was last written, and what they have ever shown."""

    def __init__(self) -> None:
        self.right: set[tuple[str, Asked]] = set()
        self.seen: set[str] = set()
        """The roles that a list has shown a contact."""
        self.pending: list[tuple[str, Asked]] = []
        """The lists that are to be asked for next, each with the role: they show what is wrong with one before them."""
        self._doubted: set[tuple[str, Asked]] = set()

    def forget(self) -> None:
        """Takes in that something was written."""
        self.right.clear()
        self.pending.clear()
        self._doubted.clear()

    def open_parts(self, role: str, asked: Asked) -> list[Asked]:
        """The parts of a question that have not been answered rightly by themselves."""
        return [a for a in asked.parts if (role, a) not in self.right]

    def doubt(self, role: str, asked: Asked) -> None:
        """Takes in that a list was answered wrongly, by what could be several parts of it."""
        if (role, asked) not in self._doubted:
            self._doubted.add((role, asked))
            self.pending = [*((role, a) for a in self.open_parts(role, asked)), (role, asked)]

    def asked_for(self, role: str, asked: Asked) -> None:
        """Takes in that a list was asked for."""
        if (role, asked) in self.pending:
            self.pending.remove((role, asked))


class Listing:
    """Holds one answer to a list against the model."""

    def __init__(
        self, account: Account, answered: Answered, asked: Asked, role: str, answer: Sequence[Record],
        *, body: object, total: int | None, exchange: str, strays: bool,
    ) -> None:  # fmt: skip
        self._account = account
        self._answered = answered
        self._asked = asked
        self._role = role
        self._ids = [str(r.get("id")) for r in answer]
        self._records = answer
        self._total = total
        self._exchange = exchange
        self._strays = strays
        members = body if isinstance(body, dict) else {}
        self._limit, self._skip = members.get("limit"), members.get("skip")
        self._is_doubtful = False
        """Whether something is wrong that could come of several parts of the question."""
        self._fits = {c.place: self._matches(c) for c in account.contacts.values()}

    def _matches(self, contact: Contact) -> bool | None:
        """Whether a contact has to be in the list, whatever the page; None where that is not certain."""
        if contact.lost:
            return None
        if contact.gone:
            return False
        sees = self._account.sees(self._role, contact)
        return all_hold([sees, *(self._holds(contact, c) for c in self._asked.conditions)])

    def _holds(self, contact: Contact, condition: Condition) -> bool | None:
        field = self._account.contract.field(condition.field)
        return holds(field, self._account.value(contact, condition.field), condition)

    # The whole

    def judge(self) -> Iterator[Observation]:
        """Compares; the first kind of failure is told alone, since what follows may come of it."""
        self._answered.asked_for(self._role, self._asked)
        for found in (self._doubled(), self._too_many(), self._missing(), self._counted(), self._ordered()):
            several = list(found)
            yield from several
            if any(o.breaches for o in several):
                return
            if self._is_doubtful:
                self._answered.doubt(self._role, self._asked)
                return
        yield from self._take_over()
        yield from self._echoed()
        for row in self._rows():
            yield observation(row)

    def _take_over(self) -> Iterator[Observation]:
        """Notes what was answered rightly, and holds the contacts in a list of the mark alone against what was sent."""
        by_id = {self._account.ids[p]: c for p, c in self._account.contacts.items() if not c.gone and not c.lost}
        for contact, record in zip(self._ids, self._records, strict=True):
            if contact in by_id:
                if self._asked.plain:
                    yield from Reading(self._account, by_id[contact], record, self._exchange).judge_item()
                self._account.note_item(by_id[contact], record)
                self._answered.seen.add(self._role)
                if self._asked.plain:
                    by_id[contact].listed.add(self._role)
        self._answered.right.add((self._role, self._asked))
        if self._is_whole:
            self._answered.right.add((self._role, Asked(self._asked.conditions)))

    def _rows(self) -> Iterator[str]:
        """The rows that an answer without a failure bears out."""
        if self._ids and not self._asked.paged:
            yield from (row for c in self._asked.conditions if (row := _row_of(c)))
            yield from (_row_of_order(d) for _, d in self._asked.keys[:1])

    # Which contacts

    @property
    def _size(self) -> int:
        """How many contacts a page holds, as the request and the answer say: a service may have a largest page."""
        shown = self._limit if isinstance(self._limit, int) and self._limit > 0 else DEFAULT
        if self._asked.limit is None:
            return min(shown, DEFAULT)
        return self._asked.limit if self._asked.limit <= DEFAULT else min(self._asked.limit, shown)

    @property
    def _least(self) -> int:
        return sum(fits is True for fits in self._fits.values())

    @property
    def _most(self) -> int:
        return sum(fits is not False for fits in self._fits.values())

    @property
    def _is_whole(self) -> bool:
        """Whether the page has room for all that may be in the list."""
        return not self._asked.skip and self._most <= self._size

    def _doubled(self) -> Iterator[Observation]:
        if twice := [i for i, n in Counter(self._ids).items() if n > 1]:
            row = "lifecycle" if self._asked.plain else self._row_of_question()
            if row:
                yield self._broken(row, "each contact once", f"{twice[0]} twice", "contacts twice", self._subject(row))
            self._is_doubtful = not row

    def _too_many(self) -> Iterator[Observation]:
        for shown in dict.fromkeys(self._ids):
            contact = self._account.of_id(shown)
            if contact is None:
                if not self._strays:
                    breach = Breach("contacts", "contacts with the mark alone", f"contact {shown}", MARKED,
                                    "contacts too many", self._exchange)  # fmt: skip
                    yield observation("filter.eq", breach)
            elif self._fits[contact.place] is False:
                if row := self._row_of_intruder(contact):
                    wanted = f"no contact {shown} with {self._spelled()}"
                    yield self._broken(row, wanted, f"{shown} in the list", self._difference(row), self._subject(row))
                    return
                self._is_doubtful = True

    def _row_of_intruder(self, contact: Contact) -> str:
        if contact.gone:
            return "remove.gone"
        if self._account.sees(self._role, contact) is False:
            return "access.other.no-list"
        return self._row_of_question()

    def _row_of_question(self) -> str:
        """The row of what a list asks for, beside the mark; empty where it is wrong by what could be several parts."""
        if self._answered.open_parts(self._role, self._asked):
            return ""
        asked = self._asked.conditions
        if self._asked.paged:
            return "filter.with-page" if asked else "page.skip" if self._asked.skip else "page.limit"
        if self._asked.keys:
            return _row_of_order(self._asked.keys[0][1])
        if len(asked) < 2:
            return _row_of(asked[0]) if asked else ""
        if all(c.operator == EQUAL for c in asked):
            return "filter.eq-and"
        ranges = len({c.field for c in asked}) == 1 and all(c.operator in COMPARISONS for c in asked)
        return "filter.range" if ranges else "filter.combined"

    def _missing(self) -> Iterator[Observation]:
        if not self._is_whole:
            return
        for contact in self._account.standing:
            shown = self._account.ids[contact.place]
            if self._fits[contact.place] is not True or shown in self._ids:
                continue
            if row := self._row_of_absence(contact):
                wanted = f"contact {shown} with {self._spelled()}"
                observed = "contacts missing" if self._asked.plain else self._difference(row)
                yield self._broken(row, wanted, "not in the list", observed, self._subject(row))
                return
            self._is_doubtful = True

    def _row_of_absence(self, contact: Contact) -> str:
        if self._asked.plain:
            never = self._role not in self._answered.seen and not self._ids
            if not never and (row := next((r for c, r in _ROW_OF_CAUSE.items() if c in contact.since), "")):
                return row
            if never and "change" in contact.since:
                return ""  # the change may have taken its mark
            access = _ACCESS.get(self._role if self._role in _ACCESS and contact.owner == MAIN else MAIN)
            return (access if never or contact.owner != self._role else None) or "lifecycle"
        if self._role not in contact.listed:
            return ""  # a list of the mark alone comes first
        return self._row_of_question()

    def _subject(self, row: str) -> str:
        """The parameters that a failure is about, without their values."""
        if row.startswith("access.") or row in ("remove.gone", "lifecycle"):
            return ""
        if row.startswith("sort."):
            return _sort_of(self._asked.keys[0][0]) if self._asked.keys else ""
        named = {_sort_of(c.field) for c in self._asked.conditions if _row_of(c) == row}
        return named.pop() if len(named) == 1 else ""

    def _difference(self, row: str) -> str:
        """How the contacts of a list differ, so coarsely that one cause is told once."""
        return "contacts too many" if row.startswith("access.") or row == "remove.gone" else "other contacts"

    def _spelled(self) -> str:
        conditions = spelled(self._asked.conditions)
        return " and ".join(filter(None, [conditions, *(f"$sort[{n}]={d}" for n, d in self._asked.keys)])) or "the mark"

    # How many

    def _counted(self) -> Iterator[Observation]:
        """The total, and how many contacts are on the page."""
        skip, got = self._asked.skip or 0, len(self._ids)
        least, most = (min(self._size, max(0, n - skip)) for n in (self._least, self._most))
        fits = self._total is None or self._least <= self._total <= self._most
        if not self._is_settled:
            self._is_doubtful = not fits or (self._asked.paged and not least <= got <= most)
            return
        if self._total is not None and not fits:
            many = self._total > self._most
            hidden = sum(self._account.sees(self._role, c) is False for c in self._account.standing)
            leaks = many and self._asked.plain and self._total <= self._most + hidden
            row = "access.other.no-list" if leaks else self._row_of_page("list.total")
            wanted = f"a total of {self._least}" + (f" to {self._most}" if self._most > self._least else "")
            observed = "too large" if many else "too small"
            yield observation(row, Breach("value", wanted, str(self._total), "total", observed, self._exchange))
        if self._asked.paged and not least <= got <= most:
            row = "page.limit" if not skip or got > self._size else "page.skip"
            if skip and most == 0:
                row = "page.past-the-end"
            wanted = f"{least} contacts" if least == most else f"{least} to {most} contacts"
            row = self._row_of_page(row)
            observed = "contacts too many" if got > most else "contacts missing"
            breach = Breach("contacts", wanted, str(got), "", observed, self._exchange)
            yield observation(row, breach)

    @property
    def _is_settled(self) -> bool:
        """Whether all that is asked for beside a page has been answered rightly by itself."""
        if self._asked.plain:
            return True
        listed = (self._role in c.listed for c in self._account.standing if self._fits[c.place] is not False)
        return all(listed) and not self._answered.open_parts(self._role, self._asked)

    def _row_of_page(self, row: str) -> str:
        """The row of what is wrong with a page: another one, where it is right without conditions, and these are."""
        return "filter.with-page" if self._asked.paged and self._asked.conditions else row

    def _echoed(self) -> Iterator[Observation]:
        """The page says which part of the list it is."""
        for name, wanted, got in (("limit", self._asked.limit, self._limit), ("skip", self._asked.skip, self._skip)):
            if wanted is None or (name == "limit" and wanted > DEFAULT):
                continue
            breach = Breach("value", written(wanted), written(got), name, "another number", self._exchange)
            yield observation("list.echo", *((breach,) if got != wanted else ()))

    # In which order

    def _ordered(self) -> Iterator[Observation]:
        """Any two contacts of the page, and the place of each one in the whole list, as far as it is certain."""
        keys = self._asked.keys
        shown = [c for i in self._ids if (c := self._account.of_id(i)) is not None and not c.gone and not c.lost]
        if not keys or len(shown) < len(self._ids):
            return
        for one, other in combinations(shown, 2):
            order, decides = self._order(one, other)
            if order is not None and order > 0:
                name, direction = keys[decides]
                row = _row_of_order(direction) if decides == 0 else "sort.several"
                wanted = f"{'upwards' if direction > 0 else 'downwards'} by {name}"
                yield self._broken(row, wanted, self._told(one, other), "other order", _sort_of(name), "order")
                return
        if self._asked.paged:
            misplaced = list(self._placed(shown))
            yield from misplaced if self._is_settled else ()
            self._is_doubtful = bool(misplaced) and not self._is_settled

    def _placed(self, shown: Sequence[Contact]) -> Iterator[Observation]:
        """Each contact of a page stands in the whole list where the page says."""
        surely = [c for c in self._account.standing if self._fits[c.place] is True]
        for place, contact in enumerate(shown, self._asked.skip or 0):
            orders = [self._order(c, contact)[0] for c in surely if c is not contact]
            first, last = orders.count(-1), self._most - 1 - orders.count(1)
            if not first <= place <= last:
                row = self._row_of_page("page.skip" if self._asked.skip else "sort.before-limit")
                wanted = f"{self._account.ids[contact.place]} in place {first + 1} to {last + 1} of the whole list"
                yield self._broken(row, wanted, f"in place {place + 1}", "other contacts", "", "order")
                return

    def _order(self, one: Contact, other: Contact) -> tuple[int | None, int]:
        """-1 where one contact surely stands before the other, 1 where it stands behind; and the key that decides."""
        for number, (name, direction) in enumerate(self._asked.keys):
            field = self._account.contract.field(name)
            order = before_or_after(field, self._account.value(one, name), self._account.value(other, name))
            if order is None or order:
                return (order if order is None else order * direction), number
        return None, len(self._asked.keys)

    def _told(self, *contacts: Contact) -> str:
        names = [name for name, _ in self._asked.keys]
        shown = [", ".join(str(c.shown.get(n)) for n in names) for c in contacts]
        return " before ".join(shown)

    def _broken(
        self, row: str, wanted: str, got: str, observed: str, about: str = "", kind: str = "contacts"
    ) -> Observation:
        return observation(row, Breach(kind, wanted, got, about, observed, self._exchange))


def _row_of(condition: Condition) -> str:
    """The row of a condition by itself."""
    operator = condition.operator
    if operator in LISTS and len(condition.values) == 1:
        return f"filter.{operator}-single"
    if operator in COMPARISONS and condition.field not in ("created_at", "modified_at"):
        return "filter.comparison-on-ids" if condition.field.endswith("_id") else "filter.comparison-on-text"
    if operator in COMPARISONS:
        value = condition.values[0]
        if "T" not in value:
            return "filter.date-only"
        return f"filter.{operator}" if value.endswith(".000Z") else "filter.notation"
    is_text = not condition.field.endswith(("_id", "_at"))
    unusual = any(values.is_rare(v) and v not in values.NEAR for v in condition.values)
    return (
        "text.found"
        if operator == EQUAL and is_text and unusual and "@" not in condition.values[0]
        else f"filter.{operator}"
    )


def _sort_of(field: str) -> str:
    """What sort of values a field holds: a filter or an order is told once for each."""
    return "ids" if field.endswith("_id") else "times" if field.endswith("_at") else "texts"


def _row_of_order(direction: int) -> str:
    return "sort.ascending" if direction > 0 else "sort.descending"
