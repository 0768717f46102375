"""How lists are narrowed to the run's own contacts, and what of it a target does not carry out.

A check of sorts needs a list of its own contacts alone, and finds them by a filter on their mark. That filter is a
precondition, not what the check judges: where the target refuses or ignores it, the contacts are found in another way,
and the row of that filter fails alone. What a target lacks is found out once something went wrong, with a few requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers import ANY_OF, IDS, ORDER, Counting, Relying

_MOST_LOOKS = 3
"""So often the length of a page is looked for, while there are too few contacts to show it."""


def find_out(contacts: Contacts) -> bool:
    """Looks for what the target lacks, if nobody has; whether that showed something.

    It needs a contact of its own, with every mark that a contact can carry. Where it cannot be created, or the network
    keeps answers, nothing is found out.
    """
    lacks = contacts.account.lacks
    before = (dict(lacks.missing), lacks.page_size)
    if contacts.account.provider.markers and contacts.offers("list") and contacts.offers("create"):
        with suppress(NotVerified, NotOffered):
            if not lacks.known:
                lacks.known = True
                _Probe.create(contacts).look()
            if lacks.looks < _MOST_LOOKS and lacks.page_size == PAGE_SIZE:
                lacks.looks += 1
                _look_at_page(contacts)
    return before != (lacks.missing, lacks.page_size)


@dataclass(frozen=True)
class _Probe:
    """A contact that carries every mark, and what lists show of it."""

    contacts: Contacts
    marks: Mapping[str, str]
    contact: str
    others: bool = field(default=False)
    """Whether another contact of the run surely stands, which a filter has to leave out."""

    @classmethod
    def create(cls, contacts: Contacts) -> _Probe:
        account = contacts.account
        others = any(c.state == "created" and c.identity == contacts.identity.role for c in account.journal.creations)
        writeable = {f.name for f in account.contract.create_fields}
        marks = {name: account.mark() for name in account.provider.markers if name in writeable}
        return cls(contacts, marks, contacts.create(marks).id, others)

    def look(self) -> None:
        """Asks for the contact by each of its marks; where one does not find it, by whatever else might."""
        missing = self.contacts.account.lacks.missing
        for name, mark in self.marks.items():
            if problem := self._problem({name: mark}):
                missing[name] = problem
        provider = self.contacts.account.provider
        if isinstance(provider, Relying):
            for what, query in self._queries(provider):
                answer = self.contacts.send_list(query, legal=False)
                if not answer.succeeded or (what != ORDER and self._shown(answer) != [self.contact]):
                    missing[what] = self._told(answer)

    def _queries(self, provider: Relying) -> Iterator[tuple[str, Query]]:
        yield ORDER, (*provider.order(), *self.contacts.account.provider.limiting(1))
        working = next((n for n in self.marks if n not in self.contacts.account.lacks.missing), None)
        if working is not None:
            nobody = self.contacts.account.mark()
            yield ANY_OF, self.contacts.account.provider.any_of(working, [nobody, self.marks[working]])
        if by_ids := provider.by_ids([self.contact]):
            yield IDS, by_ids

    def _problem(self, marks: Mapping[str, str]) -> str:
        """What is wrong with a list by a mark; empty where it shows the contact, and none that does not carry it."""
        answers: list[Answer] = []

        def shows() -> bool:
            answers.append(self.contacts.send_marked(marks, legal=False))
            return self._shown(answers[-1]) == [self.contact]

        if not self.contacts.eventually(shows):
            return self._told(answers[-1])
        if not self.others:
            nobodys = self.contacts.send_marked({n: self.contacts.account.mark() for n in marks}, legal=False)
            if self._shown(nobodys):
                return self._told(nobodys)
        return ""

    def _shown(self, answer: Answer) -> list[str]:
        page = self.contacts.account.provider.page(answer) if answer.succeeded else None
        return self.contacts.ids(page.records) if page is not None else []

    def _told(self, answer: Answer) -> str:
        if not answer.succeeded:
            return f"answered {answer.status}"
        shown = self._shown(answer)
        return "it shows contacts that it is to leave out" if shown else "it does not show the contact that it asks for"


def _look_at_page(contacts: Contacts) -> None:
    """Looks whether a page holds the ten contacts that each may be asked for, where there are as many."""
    provider = contacts.account.provider
    query = provider.limiting(PAGE_SIZE)
    if isinstance(provider, Counting):
        limits = {n for n, _ in query}
        query = (*query, *((n, v) for n, v in provider.counting() if n not in limits))
    answer = contacts.send_list(query, legal=False)
    page = provider.page(answer) if answer.succeeded else None
    if page is None or page.total is None:
        return
    if page.total >= PAGE_SIZE:
        contacts.account.lacks.looks = _MOST_LOOKS
    if 0 < len(page.records) < min(PAGE_SIZE, page.total):
        contacts.account.lacks.page_size = len(page.records)
