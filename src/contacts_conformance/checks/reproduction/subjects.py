"""Which contacts of the run its requests are about: by what they created, by ids, and by marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import httpx

from contacts_conformance.checks.reproduction.placing import Placing
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract
from contacts_conformance.http.messages import READS, Answer
from contacts_conformance.model import Exchange

_LONGEST_ID = 200
_PRECISION = timedelta(milliseconds=1.5)
"""Exchanges tell when they started in whole milliseconds."""


class Subjects:
    """What the exchanges of a run are about, as far as the run got them."""

    def __init__(self, session: Session) -> None:
        self.created = {c.exchange: c.id for c in session.journal.creations if c.exchange and _is_plain(c.id)}
        """The ids of the contacts that exchanges created."""
        self._contract, self._provider = session.contract, session.provider
        self._ids = frozenset(self.created.values())
        self._placing = Placing(session.provider.id_of, session.tag)
        self._about: dict[str, frozenset[str]] = {}

    def about(self, exchange: Exchange) -> frozenset[str]:
        """The contacts of the run that an exchange created or names."""
        found = self._about.get(exchange.id)
        if found is None:
            found = self._placing.mentioned(exchange, self._ids)
            if exchange.id in self.created:
                found |= {self.created[exchange.id]}
            self._about[exchange.id] = found
        return found

    def marks(self, exchange: Exchange) -> frozenset[str]:
        """The marks of the run in a request."""
        return self._placing.marks(exchange)

    def listed(self, exchange: Exchange, before: Sequence[Exchange], own: frozenset[str]) -> frozenset[str]:
        """The contacts that a list may show: those with its marks, or all that the check has created."""
        if writes(exchange):
            return frozenset()
        marks = self.marks(exchange)
        created = (e for e in before if e.id in self.created)
        if marks:
            return frozenset(self.created[e.id] for e in created if marks & self.marks(e))
        lists = any(o.id == exchange.operation and o.lists for o in self._contract.operations)
        return frozenset(self.created[e.id] for e in created if e.id in own) if lists else frozenset()

    def share(self, one: Exchange, other: Exchange, contacts: frozenset[str] = frozenset()) -> bool:
        """Whether two requests have to do with the same: a contact, a mark, or a path of a contact; or the other with
        these."""
        both = self.about(other) & (self.about(one) | contacts) or self.marks(one) & self.marks(other)
        return bool(both) or (path(one) == path(other) and not self._is_of("create", one))

    def closure(self, chosen: Iterable[str], before: Sequence[Exchange]) -> list[str]:
        """These contacts, as far as the run had created them by then, and those that writes to them name."""
        earlier = {self.created[e.id] for e in before if e.id in self.created}
        left, needed = list(chosen), dict[str, None]()
        while left:
            contact = left.pop(0)
            if contact in earlier and contact not in needed:
                needed[contact] = None
                left += (c for e in before if writes(e) and contact in self.about(e) for c in self.about(e))
        return list(needed)

    def removes(self, exchange: Exchange) -> bool:
        """Whether an exchange says that it removed a contact."""
        return self._is_of("remove", exchange) and 200 <= exchange.status < 300

    def changes_foreign(self, exchange: Exchange) -> bool:
        """Whether it changed a contact that the run did not create, which is one that the target file sets aside."""
        changing = (o for o in self._contract.operations if o.kind in ("change", "remove") or o.own_record)
        if not writes(exchange) or not 200 <= exchange.status < 300 or self.about(exchange):
            return False
        return any(o.id == exchange.operation for o in changing)

    def unwanted(self, exchange: Exchange, refused: frozenset[str]) -> str:
        """The id of a contact in an answer that carries one of these marks, of refused creations; empty for none."""
        answer = answer_of(exchange)
        page = self._provider.page(answer) if answer.succeeded else None
        record = self._provider.record(answer) if answer.succeeded else None
        for shown in page.records if page is not None else (record,) if record is not None else ():
            contact = self._provider.id_of(shown)
            if (
                contact
                and _is_plain(contact)
                and contact not in self._ids
                and any(m in str(shown).lower() for m in refused)
            ):
                return contact
        return ""

    def refused(self, exchanges: Iterable[Exchange]) -> frozenset[str]:
        """The marks of creations that did not succeed."""
        failed = (e for e in exchanges if self._is_of("create", e) and not 200 <= e.status < 300)
        return frozenset(m for e in failed for m in self.marks(e))

    def _is_of(self, kind: str, exchange: Exchange) -> bool:
        return self._contract.has(kind) and exchange.operation == self._contract.operation(kind).id


def opens(contract: Contract, exchange: Exchange) -> bool:
    """Whether a request opens a session."""
    return any(o.id == exchange.operation and o.opens_session for o in contract.operations)


def answer_of(exchange: Exchange) -> Answer:
    """The answer of an exchange, with what is kept of its body."""
    content = exchange.response_body.encode("utf-8", "replace")
    request = httpx.Request(exchange.method, "http://recorded.invalid/")
    return Answer(exchange.status, httpx.Headers({"content-type": "application/json"}), content, exchange, request)


def _is_plain(contact: str) -> bool:
    """Whether an id, which can be anything in a hostile answer, can stand in a script."""
    return 0 < len(contact) <= _LONGEST_ID and contact.isprintable()


def writes(exchange: Exchange) -> bool:
    """Whether a request may have changed something."""
    return exchange.method not in READS


def are_at_once(one: Exchange, other: Exchange) -> bool:
    """Whether two requests were on their way at the same moment."""
    (start, end), (first, last) = (_interval(e) for e in (one, other))
    return min(end, last) - max(start, first) > _PRECISION


def _interval(exchange: Exchange) -> tuple[datetime, datetime]:
    start = datetime.fromisoformat(exchange.started)
    return start, start + timedelta(milliseconds=exchange.milliseconds)


def path(exchange: Exchange) -> str:
    """The address that was asked, without its query."""
    return exchange.url.partition("?")[0]
