"""Contacts that a check seeds together, so that it knows what a list of them alone has to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from contacts_conformance.account.contacts import Contacts, Ids
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.errors import NotVerified, Oversized, SetUpFailed
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import IDS, Page, Relying


@dataclass(frozen=True, slots=True)
class Cohort:
    """Contacts that were seeded together: as they read back, by id, and the marks that they share.

    Texts are in the form in which they were sent, which a service may show in another one. `limit` asks for a page
    that holds them all, where one that is not limited would not.
    """

    contacts: Contacts
    marks: Mapping[str, str]
    records: Sequence[Record]
    limit: Query = ()

    @property
    def ids(self) -> Ids:
        """Their ids, in the order in which they were created."""
        return self.contacts.ids(self.records)

    def narrowed(self, query: Query) -> Query:
        """A query that asks for these contacts only."""
        limited = {n for n, _ in self.limit} & {n for n, _ in query}
        return (*self.own, *query, *(() if limited else self.limit))

    @property
    def own(self) -> Query:
        """The filter that leaves these contacts: by their mark, or by their ids where the target does not find marks.

        NotVerified where it does neither.
        """
        provider, missing = self.contacts.account.provider, self.contacts.account.lacks.missing
        lacking = next((m for m in self.marks if m in missing), None)
        if lacking is None:
            return provider.mark_filter(self.marks)
        by_ids = provider.by_ids(self.ids) if isinstance(provider, Relying) and IDS not in missing else ()
        if not by_ids:
            raise NotVerified(
                f"the test contacts cannot be listed alone: a filter by {lacking} does not work ({missing[lacking]}), "
                "and there is no other way to find them"
            )
        return by_ids

    def rest(self, asked: Query, first: Page) -> Page:
        """The page that a query (as it was sent) answered, and where the target's pages are too short what is on those
        behind it.

        NotVerified where those pages do not go on where the first one ends.
        """
        provider, size = self.contacts.account.provider, self.contacts.account.lacks.page_size
        paging = {n for n, _ in provider.limiting(1, 1)}
        plain = tuple((n, v) for n, v in asked if n not in paging)
        records, page = list(first.records), first
        while size < PAGE_SIZE and len(page.records) >= size and len(records) <= len(self.records):
            page = self.contacts.list((*plain, *provider.limiting(size, len(records))))
            if {*self.contacts.ids(records)} & {*self.contacts.ids(page.records)}:
                raise NotVerified(f"a page holds {size} contacts, and the next one does not go on where it ends")
            records += page.records
        return replace(first, records=tuple(records))


def seed(contacts: Contacts, rows: Sequence[Mapping[str, Json]], *, without: Iterable[str] = ()) -> Cohort:
    """Contacts with these values, which share a mark; `without` names attributes that the mark may not use.

    They are read back with one list, and one by one where that does not show them all as they were sent.
    SetUpFailed where a value that was sent does not read back: the answers of lists could not be judged.
    """
    marks = contacts.marks(without=[*without, *(k for row in rows for k in row)])
    created = [contacts.create(marks, **row) for row in rows]
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
            raise SetUpFailed(f"{wrong} was sent as {row[wrong]!r} and reads {record.get(wrong)!r}")
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
