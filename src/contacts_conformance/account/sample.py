"""Contacts that are there already, for runs that may not write: some pages of a list, and what is found among them.

They belong to others, who may change them meanwhile, and nothing is known of them but what answers show.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.contacts import Contacts, Ids
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.errors import NotShown
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import Counting, Page

MOST = 100
"""So many contacts are looked at at most."""
TOGETHER = 8
"""So many of them are asked for together: fewer than a page holds, so that one more would show."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One page of a list: the answer, how many contacts it was asked to leave out, and what it shows."""

    answer: Answer
    skip: int
    page: Page


@dataclass(frozen=True, slots=True)
class Sample:
    """Contacts as the pages of a list have shown them, each once; `is_whole` says that there are no others."""

    contacts: Contacts
    pages: tuple[Turned, ...]
    records: tuple[Record, ...]
    is_whole: bool

    @property
    def ids(self) -> Ids:
        """Their ids, in the order of the list."""
        return self.contacts.ids(self.records)

    @property
    def total(self) -> int | None:
        """How many contacts the first page says there are."""
        return self.pages[0].page.total

    def holding(self, name: str) -> tuple[Record, ...]:
        """Those that show a value of an attribute."""
        return tuple(r for r in self.records if r.get(name) not in (None, "", [], {}))

    def richest(self, number: int) -> list[Record]:
        """The contacts that show most, so many at most; NotShown where there is none."""
        if not self.records:
            raise NotShown("the account shows no contact, so that there is nothing to read")
        return sorted(self.records, key=lambda r: len(str(r)), reverse=True)[:number]


def walked(contacts: Contacts, query: Query = (), *, most: int = MOST, size: int = PAGE_SIZE) -> Sample:
    """Walks through the pages of a list until it ends, or shows so many contacts.

    SetUpFailed where the first page is none.
    """
    provider = contacts.account.provider
    counting = provider.counting() if isinstance(provider, Counting) else ()
    pages: list[Turned] = []
    records: dict[str, Record] = {}
    skip, is_whole = 0, False
    while skip < most and not is_whole:
        paging = provider.limiting(size, skip)
        named = {n for n, _ in (*query, *paging)}
        answer = contacts.send_list((*query, *paging, *((n, v) for n, v in counting if n not in named)))
        if pages and not answer.succeeded:
            break  # a page past the end may be refused
        page = contacts.page(answer)
        pages.append(Turned(answer, skip, page))
        records |= {i: r for i, r in zip(contacts.ids(page.records), page.records, strict=True) if i not in records}
        skip += size
        is_whole = len(page.records) < size
    return Sample(contacts, tuple(pages), tuple(records.values()), is_whole)


def together(
    sample: Sample,
    draw: random.Random,
    asking: Callable[[Sequence[Record]], Query],
    wanted: Iterable[str] = (),
    *,
    most: int = TOGETHER,
) -> Cohort:
    """Some contacts of a sample, as a list of them alone shows them, and the query that finds them.

    `asking` makes that query of the contacts; it may find others as well. Those are chosen that hold most of the
    `wanted` attributes, and different values of these. NotShown where there are too few, or more than a page holds.
    """
    chosen = _various(sample.records, draw, tuple(wanted), most)
    query = asking(chosen) if len(chosen) > 1 else ()
    if not query:
        raise NotShown("there are too few contacts of which a list can be asked for alone")
    contacts = sample.contacts
    answer = contacts.send_list(query, quotes=tuple(v for _, v in query))
    page = contacts.page(answer)
    missing = {*contacts.ids(chosen)} - {*contacts.ids(page.records)}
    if missing:
        raise NotShown(f"a list does not show {len(missing)} of {len(chosen)} contacts that it was asked for alone")
    if len(page.records) >= PAGE_SIZE or (page.total is not None and page.total != len(page.records)):
        raise NotShown(f"a list shows more than the {len(chosen)} contacts that it was asked for alone")
    return Cohort(contacts, {}, page.records, found_by=query)


def _various(records: Sequence[Record], draw: random.Random, wanted: Sequence[str], most: int) -> list[Record]:
    """Contacts that hold much, each with something that those before it do not hold."""
    left = list(records)
    draw.shuffle(left)
    chosen: list[Record] = []
    seen: set[tuple[str, str]] = set()
    while left and len(chosen) < most:
        best = max(left, key=lambda r: _news(r, wanted, seen))
        chosen.append(best)
        left.remove(best)
        seen |= {(n, str(best.get(n))) for n in wanted}
    return chosen


def _news(record: Record, wanted: Sequence[str], seen: set[tuple[str, str]]) -> tuple[int, int]:
    held: list[tuple[str, Json]] = [(n, record[n]) for n in wanted if record.get(n) not in (None, "", [], {})]
    return sum((n, str(v)) not in seen for n, v in held), len(held)
