"""Looking for contacts by their marks. That none is found says something only where what is surely there is found.

So each search has controls: contacts of the run that stand, as reading them has shown. A list that does not show them,
or shows what was not asked for, proves nothing; then all contacts are looked through, as far as there are not too many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Creation
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.account.patience import Patience
from contacts_conformance.account.reserve import AT_ONCE, FEW
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Query, Record
from contacts_conformance.providers import Page

_MOST_PAGES = 30

_OF_CREDENTIALS_OR_NOBODY = (401, 403, 404, 429)

_Way: TypeAlias = "Callable[[Sequence[str], Sequence[Creation], Sightings], bool]"


@dataclass(slots=True)
class Sightings:
    """What searches showed: records, each with a text that it carries, and why there may be more.

    Of a `certain` text, every contact that carries it is among them.
    """

    found: list[tuple[str, Record]] = field(default_factory=list)
    certain: set[str] = field(default_factory=set)
    problem: str = ""


class _Refused(NotVerified):
    """The target refuses such a list."""


class Search:
    """Looks for texts in one attribute, as one identity sees the contacts."""

    def __init__(self, account: Account, patience: Patience, role: str, name: str) -> None:
        self._account = account
        self._patience = patience
        self._contacts = Contacts(account, account.target.identity(role))
        self._name = name
        self._provider = account.provider

    def look(self, texts: Sequence[str], controls: Sequence[Creation]) -> Sightings:
        """Looks for these texts; the controls carry others, or the same."""
        seen = Sightings()
        try:
            together = len(texts) > FEW and len(controls) > 1 and bool(self._provider.any_of(self._name, ["a", "b"]))
            ways = [self._together, self._one_by_one] if together else [self._one_by_one]
            if not self._kept_to(ways, texts, controls, seen):
                self._walk(texts, controls, seen)
        except (NotVerified, NotOffered) as failure:
            seen.problem = str(failure)
        return seen

    def _kept_to(
        self, ways: Sequence[_Way], texts: Sequence[str], controls: Sequence[Creation], seen: Sightings
    ) -> bool:
        """Looks in the first of these ways that is not refused; whether lists do what they are asked for."""
        for way in ways:
            with suppress(_Refused):
                return way(texts, controls, seen)
        return False

    def _one_by_one(self, texts: Sequence[str], controls: Sequence[Creation], seen: Sightings) -> bool:
        """Asks for each text by itself; whether lists do what they are asked for."""
        control = controls[0] if controls else None
        if control is not None and not self._shows(self._marked(control.find[self._name]), control):
            return False
        for text in texts:
            rows = self._marked(text)
            if not all(self._carries(r, text) for r in rows):
                return False
            self._take([text], rows, seen, certain=control is not None)
        if control is None:
            seen.problem = "there is nothing that a search would surely find"
        return True

    def _together(self, texts: Sequence[str], controls: Sequence[Creation], seen: Sightings) -> bool:
        """Asks for many texts at once, between two controls; whether lists do what they are asked for."""
        first, last = (c.find[self._name] for c in controls[:2])
        asked = [t for t in texts if t not in (first, last)]
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            query = self._provider.any_of(self._name, [first, *some, last])
            rows = self._all(lambda paging, query=query: self._send((*query, *paging)))  # type: ignore[misc]  # bound
            if not all(any(self._carries(r, t) for t in (first, *some, last)) for r in rows):
                return False
            if all(self._shows(rows, c) for c in controls[:2]):
                self._take([*some, first, last], rows, seen, certain=True)
            elif not self._one_by_one(some, controls, seen):
                return False
        return True

    def _walk(self, texts: Sequence[str], controls: Sequence[Creation], seen: Sightings) -> None:
        """Looks through all contacts, as far as there are not too many."""
        rows = self._all(self._send)
        if not any(self._shows(rows, c) for c in controls[:1]):
            seen.problem = "lists do not show what is surely there"
        elif len(rows) >= _MOST_PAGES * PAGE_SIZE:
            seen.problem = f"lists do not keep to filters, and {len(rows)} contacts are not all"
        self._take(texts, rows, seen, certain=not seen.problem)

    def _take(self, texts: Sequence[str], rows: Sequence[Record], seen: Sightings, *, certain: bool) -> None:
        for text in texts:
            seen.found += [(text, r) for r in rows if self._carries(r, text)]
            if certain:
                seen.certain.add(text)

    def _marked(self, text: str) -> list[Record]:
        """Every record that is listed for one text."""
        marks = {self._name: text}
        return self._all(lambda paging: self._contacts.send_marked(marks, paging, essential=True))

    def _send(self, query: Query) -> Answer:
        return self._contacts.send_list(query, essential=True)

    def _all(self, send: Callable[[Query], Answer]) -> list[Record]:
        """Every record that is listed, page by page, but for those behind the last page that is looked at."""
        rows: dict[str, Record] = {}
        size = self._account.lacks.page_size
        for _ in range(_MOST_PAGES):
            paging = self._provider.limiting(size, len(rows))
            answer = self._patience.attempt(lambda paging=paging: send(paging))  # type: ignore[misc]  # bound now
            if answer.refused and answer.status not in _OF_CREDENTIALS_OR_NOBODY:
                raise _Refused(f"looking for marks is refused: {answer!r}")
            page = Page(()) if answer.status == 404 else self._contacts.page(answer)
            if page.limit and page.limit == len(page.records):
                size = min(size, page.limit)
            fresh = {str(r): r for r in page.records}
            if not fresh.keys() - rows.keys():
                break
            rows |= fresh
            if len(page.records) < size:
                break
        return list(rows.values())

    def _shows(self, rows: Sequence[Record], control: Creation) -> bool:
        text = control.find[self._name]
        return any(self._provider.id_of(r) == control.id and self._carries(r, text) for r in rows)

    def _carries(self, record: Record, text: str) -> bool:
        """Whether a record carries a text; of one whose list cannot be filtered, where it does not show otherwise."""
        name = self._account.contract.field(self._name).shown_as
        if name not in record:
            return not self._provider.mark_filter({self._name: text})
        return re.search(rf"{re.escape(text)}(?!\d)", str(record[name]), re.IGNORECASE) is not None
