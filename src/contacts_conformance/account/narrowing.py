"""How lists are narrowed to the run's own contacts, and what of it a target does not carry out.

A check of sorts needs a list of its own contacts alone, and finds them by a filter on their mark. That filter is a
precondition, not what the check judges: where the target refuses or ignores it, the contacts are found in another way,
and the row of that filter fails alone. What a target lacks is found out once something went wrong, with a few requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.errors import Disturbed, NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.symptoms import OF_A_GATEWAY, OF_CREDENTIALS
from contacts_conformance.model import Query
from contacts_conformance.providers import ANY_OF, IDS, ORDER, Counting, Relying

_MOST_TRIES = 3
"""So often it is looked for what is missing, while the network keeps answers."""
_MOST_LOOKS = 3
"""So often the length of a page is looked for, while there are too few contacts to show it."""


def find_out(contacts: Contacts) -> bool:
    """Looks for what the target lacks, if nobody has; whether that showed something.

    It needs a contact of its own, with every mark that a contact can carry. Where it cannot be created, or the network
    may have given an answer, nothing is found out; up to three times in a run it is tried.
    """
    lacks = contacts.account.lacks
    before = (dict(lacks.missing), lacks.page_size)
    if contacts.account.provider.markers and contacts.offers("list") and contacts.offers("create"):
        with suppress(NotVerified, NotOffered):
            if lacks.tries < _MOST_TRIES:
                lacks.tries += 1
                lacks.missing |= _Probe.create(contacts).look()
                lacks.tries = _MOST_TRIES
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
    others: bool
    """Whether another contact of the run surely stands, which a filter has to leave out."""

    @classmethod
    def create(cls, contacts: Contacts) -> _Probe:
        account = contacts.account
        others = any(c.state == "created" and c.identity == contacts.identity.role for c in account.journal.creations)
        writeable = {f.name for f in account.contract.create_fields}
        marks = {name: account.mark() for name in account.provider.markers if name in writeable}
        return cls(contacts, marks, contacts.create(marks).id, others)

    def look(self) -> Mapping[str, str]:
        """What is missing, and why: asks for the contact by each of its marks, by ids, and in an order."""
        missing: dict[str, str] = {}
        for name, mark in self.marks.items():
            if problem := self._problem({name: mark}):
                missing[name] = problem
        provider = self.contacts.account.provider
        if isinstance(provider, Relying):
            for what, query in self._queries(provider, [n for n in self.marks if n not in missing]):
                answer = _by_the_service(self.contacts.send_list(query, legal=False))
                if not answer.succeeded or (what != ORDER and self._shown(answer) != [self.contact]):
                    missing[what] = self._told(answer)
        return missing

    def _queries(self, provider: Relying, working: Sequence[str]) -> Iterator[tuple[str, Query]]:
        yield ORDER, (*provider.order(), *self.contacts.account.provider.limiting(1))
        for name in working[:1]:
            nobody = self.contacts.account.mark()
            yield ANY_OF, self.contacts.account.provider.any_of(name, [nobody, self.marks[name]])
        if by_ids := provider.by_ids([self.contact]):
            yield IDS, by_ids

    def _problem(self, marks: Mapping[str, str]) -> str:
        """What is wrong with a list by a mark; empty where it shows the contact, and none that does not carry it."""
        answers: list[Answer] = []

        def shows() -> bool:
            answers.append(_by_the_service(self.contacts.send_marked(marks, legal=False)))
            return self._shown(answers[-1]) == [self.contact]

        if not self.contacts.eventually(shows):
            return self._told(answers[-1])
        if not self.others:
            nobody = {name: self.contacts.account.mark() for name in marks}
            nobodys = _by_the_service(self.contacts.send_marked(nobody, legal=False))
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


def _by_the_service(answer: Answer) -> Answer:
    """The answer; Disturbed where a proxy or a gateway may have given it."""
    if answer.status in OF_A_GATEWAY | OF_CREDENTIALS or answer.exchange.page:
        raise Disturbed(f"the network may have answered: {answer!r}")
    return answer


def _look_at_page(contacts: Contacts) -> None:
    """Looks whether a page holds the ten contacts that each may be asked for, where there are as many."""
    provider = contacts.account.provider
    query = provider.limiting(PAGE_SIZE)
    if isinstance(provider, Counting):
        limits = {n for n, _ in query}
        query = (*query, *((n, v) for n, v in provider.counting() if n not in limits))
    answer = _by_the_service(contacts.send_list(query, legal=False))
    page = provider.page(answer) if answer.succeeded else None
    if page is None or page.total is None:
        return
    if page.total >= PAGE_SIZE:
        contacts.account.lacks.looks = _MOST_LOOKS
    if 0 < len(page.records) < min(PAGE_SIZE, page.total):
        contacts.account.lacks.page_size = len(page.records)
