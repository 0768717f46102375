"""Contacts that a check seeds together, so that it knows what a list of them alone has to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contacts_conformance.account.contacts import Contact, Contacts, Ids
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.errors import NotVerified, Oversized, SetUpFailed
from contacts_conformance.http.parsing import written
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import IDS, Page, Relying

_MOST_WALKED = 40
"""So many pages are looked through for contacts that nothing finds alone."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Contacts that were seeded together: as they read back, by id, and the marks that they share.

    Texts are in the form in which they were sent, which a service may show in another one. `limit` asks for a page
    that holds them all, where one that is not limited would not. `found_by` is the query for contacts that were there
    before, and carry no mark.
    """

    contacts: Contacts
    marks: Mapping[str, str]
    records: Sequence[Record]
    limit: Query = ()
    found_by: Query = ()

    @property
    def ids(self) -> Ids:
        """Their ids, in the order in which they were created."""
        return self.contacts.ids(self.records)

    def narrowed(self, query: Query) -> Query:
        """A query that asks for these contacts only; NotVerified where nothing finds them alone."""
        limited = {n for n, _ in self.limit} & {n for n, _ in query}
        return (*self.own, *query, *(() if limited else self.limit))

    @property
    def own(self) -> Query:
        """The filter that leaves these contacts: by their mark, or by their ids where the target does not find marks.

        NotVerified where it does neither.
        """
        if self.found_by:
            return self.found_by
        if self._lacking is None:
            return self.contacts.account.provider.mark_filter(self.marks)
        if not self._by_ids:
            raise NotVerified(
                f"the test contacts cannot be listed alone: a filter by {self._lacking} does not work "
                f"({self.contacts.account.lacks.missing[self._lacking]}), and there is no other way to find them"
            )
        return self._by_ids

    @property
    def is_found_alone(self) -> bool:
        """Whether the target finds these contacts alone by anything, as far as is known."""
        return self._lacking is None or bool(self._by_ids)

    def asking(self, query: Query) -> Query:
        """As `narrowed`, but the query itself where nothing finds these contacts alone: `whole` looks through that."""
        return self.narrowed(query) if self.is_found_alone else query

    def whole(self, asked: Query, first: Page) -> Page:
        """What a query (as it was sent) lists of these contacts, `first` being the page that answered it.

        It is that page, but where the target's pages are too short, or nothing finds these contacts alone, all pages
        are looked through. NotVerified where they do not go on one after the other, or there are too many.
        """
        provider, size = self.contacts.account.provider, self.contacts.account.lacks.page_size
        if size >= PAGE_SIZE and self.is_found_alone:
            return first
        paging = {n for n, _ in provider.limiting(1, 1)}
        plain = tuple((n, v) for n, v in asked if n not in paging)
        records: list[Record] = []
        for _ in range(_MOST_WALKED):
            page = self.contacts.list((*plain, *provider.limiting(size, len(records))))
            if {*self.contacts.ids(records)} & {*self.contacts.ids(page.records)}:
                raise NotVerified(f"a page of {size} contacts does not go on where the one before it ends")
            records += page.records
            if len(page.records) < size:
                return replace(first, records=tuple(records if self.is_found_alone else self._of(records)))
        raise NotVerified(f"the test contacts cannot be listed alone, and {len(records)} contacts are not all")

    def _of(self, records: Iterable[Record]) -> Iterator[Record]:
        """Those of the records that are of these contacts."""
        return (r for r in records if self.contacts.account.provider.id_of(r) in self.ids)

    @property
    def _lacking(self) -> str | None:
        """The attribute of these marks by which the target finds nothing."""
        return next((m for m in self.marks if m in self.contacts.account.lacks.missing), None)

    @property
    def _by_ids(self) -> Query:
        provider = self.contacts.account.provider
        works = isinstance(provider, Relying) and IDS not in self.contacts.account.lacks.missing
        return provider.by_ids(self.ids) if works and isinstance(provider, Relying) else ()


def seed(contacts: Contacts, rows: Sequence[Mapping[str, Json]], *, without: Iterable[str] = ()) -> Cohort:
    """Contacts with these values, which share a mark; `without` names attributes that the mark may not use.

    They are read back with one list, and one by one where that does not show them all as they were sent.
    SetUpFailed where a value that was sent does not read back: the answers of lists could not be judged.
    """
    marks = contacts.marks(without=[*without, *(k for row in rows for k in row)])
    made = [contacts.create(marks, **row) for row in rows]
    return read_back(contacts, marks, made, [{n: c.sent[n] for n in row} for c, row in zip(made, rows, strict=True)])


def read_back(
    contacts: Contacts, marks: Mapping[str, str], created: Sequence[Contact], rows: Sequence[Mapping[str, Json]]
) -> Cohort:
    """The cohort of contacts that were created with these marks, and a row of values each, as `seed` reads it back."""
    listed: dict[str, Record] = {}
    limit: Query = ()
    if len(rows) <= PAGE_SIZE:
        try:
            answer = contacts.send_marked(marks)
            page = contacts.account.provider.page(answer) if answer.succeeded else None
        except Oversized:
            page = None
        if page is not None:
            listed = {contacts.ids([r])[0]: r for r in page.records}
            if page.limit is not None and page.limit < len(rows):
                limit = contacts.account.provider.limiting(PAGE_SIZE)
    records = []
    for contact, row in zip(created, rows, strict=True):
        record = listed.get(contact.id)
        if record is None or unlike(contacts, record, row):
            record = contacts.read(contact)
        wrong = unlike(contacts, record, row)
        if wrong:
            raise SetUpFailed(f"{wrong} was sent as {written(row[wrong])} and reads {written(record.get(wrong))}")
        texts = {n: v for n, v in row.items() if contacts.account.contract.field(n).is_text and n in record}
        records.append({**record, **texts})
    return Cohort(contacts, marks, records, limit)


def unlike(contacts: Contacts, record: Record, row: Mapping[str, Json]) -> str:
    """The first attribute of a row, but for times, that a record does not show as it was sent; empty where none is."""
    account = contacts.account
    for name, value in row.items():
        field = account.contract.field(name)
        read = record.get(field.shown_as)
        if field.kind != "instant" and field.reads_back and not account.provider.same(field, value, read):
            return name
    return ""
