"""The contacts of an account as one identity sees them: what checks write, read and list with.

Two kinds of methods. `send_…` sends one request and returns its answer, whatever it says: the act of a check. The
others prepare or read back, and raise SetUpFailed where the answer does not do what it has to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from contacts_conformance.account import recovery
from contacts_conformance.account.account import Account
from contacts_conformance.account.journal import Creation
from contacts_conformance.account.paths import fill
from contacts_conformance.contract import samples
from contacts_conformance.errors import Disturbed, NotOffered, NotVerified, ReadOnly, SetUpFailed, Throttled, Unsettled
from contacts_conformance.http import interruption
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.symptoms import OF_A_GATEWAY
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import Identifying, Limiting, Page, Relying
from contacts_conformance.target import Identity

_MOST_PAGES, _MOST_WALKED = 10, 40

_ACCEPTED = 202
"""What is accepted for later (RFC 9110, 15.3.3)."""

_BY_OTHERS = OF_A_GATEWAY - {429}
"""Statuses that may come before the request was carried out, from what stands before the service."""

_REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429})
"""Statuses that plainly say that nothing was done. After any other, the target may have done it or not."""

_Value = TypeVar("_Value")

Ids: TypeAlias = list[str]
"""Ids of contacts, in an order that matters."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that the run created: its id, the values that were sent, and the marks by which lists find it."""

    id: str
    sent: Mapping[str, Any]
    marks: Mapping[str, str]


class Contacts:
    """Contacts through the eyes of one identity."""

    def __init__(self, account: Account, identity: Identity) -> None:
        self.account = account
        self.identity = identity
        self._provider = account.provider
        self._contract = account.contract

    # Acts

    def send(self, kind: str, contact: str = "", **options: Any) -> Answer:
        """Sends the operation of a kind; `contact` fills the path, the options are those of `Request`.

        NotOffered where the contract has none, or documents it as optional and the target does not say it is there.
        """
        return self.account.send(kind, options.pop("identity", self.identity), contact, **options)

    def offers(self, kind: str) -> bool:
        """Whether the target has an operation of this kind."""
        return self.account.offers(kind)

    def send_create(
        self,
        values: Mapping[str, Json],
        *,
        marks: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Answer:
        """Submits a contact with these values and the marks, which the journal notes before it is sent.

        Without `marks` the contact gets one of its own; an empty mapping sends the values as they are. Where the
        network keeps the answer, and a list by the marks shows that nothing was created, or what was could be removed
        again, it is submitted once more, up to three times in all.

        NotVerified where a legal contact is accepted for later, by an answer that tells nothing of it.
        """
        answer = self._tried(lambda: self._submit(values, self._own_or(marks, values), **options))
        if options.get("legal", True):
            self.need_told(answer)
        return answer

    def need_told(self, answer: Answer) -> None:
        """NotVerified where a creation is accepted for later (202), and the answer does not say which contact is new.

        No page says when such a contact is there, or how it is found.
        """
        if answer.status == _ACCEPTED and self._provider.created_id(answer) is None:
            raise NotVerified(
                f"the creation was answered {answer.status_line}, without the path or the id of the new contact: what "
                f"needs that contact cannot be judged"
            )

    def _tried(self, submit: Callable[[], _Value], *, anew: bool = False) -> _Value:
        """What submitting a contact yields, which is repeated where nothing stands of it, or in any case (`anew`)."""
        for attempt in range(1, recovery.TRIES + 1):
            try:
                return submit()
            except Throttled:
                raise
            except Disturbed:
                if attempt == recovery.TRIES or not (self._undone() or anew):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _own_or(self, marks: Mapping[str, str] | None, values: Mapping[str, Json]) -> Mapping[str, str]:
        return self.marks(without=values) if marks is None else marks

    def _undone(self) -> bool:
        """Whether nothing stands of the last creation, whose answer the network kept."""
        found = recovery.lost(self, self.account.journal, self._provider, self.account.tag)
        if not found:
            return found == ""
        with suppress(NotVerified, NotOffered):
            return self.send_remove(found).succeeded
        return False

    def _submit(self, values: Mapping[str, Json], marks: Mapping[str, str], **options: Any) -> Answer:
        account, journal = self.account, self.account.journal
        creation = self.intend(values, marks)
        if "json" not in options and "content" not in options:
            options["json"] = self._provider.body("create", {**values, **marks})
        mark, sent = len(account.recorder), account.client.pace.sent_here
        with interruption.held():
            try:
                answer = self.send("create", **options)
            except Exception:
                turned_away = [e.status == 429 for e in account.recorder.since(mark)]
                if account.client.pace.sent_here == sent:
                    journal.unsent(creation)
                elif turned_away and all(turned_away):
                    journal.refused(creation)
                    creation.times = len(turned_away)
                raise
            self.note(creation, answer, values)
        return answer

    def intend(self, values: Mapping[str, Json], marks: Mapping[str, str]) -> Creation:
        """Notes in the journal that a contact is about to be submitted; NotVerified where it must not be."""
        account = self.account
        if not account.target.writes:
            raise ReadOnly
        find = dict(marks) or recovery.texts(values, account.tag)
        if self._provider.markers and not (account.target.disposable or any(account.tag in v for v in find.values())):
            raise NotVerified(
                "such a contact cannot carry the mark by which it could be found again; it is created only in an "
                "account that may be emptied: for one, add disposable = true"
            )
        try:
            return account.journal.intend(self.identity.role, find)
        except OSError as error:
            raise NotVerified(f"nothing is created, since the journal cannot be written: {error}") from None

    def note(self, creation: Creation, answer: Answer, values: Mapping[str, Json]) -> None:
        """Notes in the journal what an answer says of a contact that was submitted with these values."""
        journal = self.account.journal
        created = self._provider.created_id(answer) if answer.succeeded else None
        if answer.status not in _BY_OTHERS:
            creation.sent = None
        if created is not None:
            journal.created(creation, created)
            creation.exchange = answer.exchange.id
        elif answer.status in _REFUSALS or (
            answer.redirects and journal.owns(self._provider.id_of(dict(values)) or "")
        ):
            journal.refused(creation)  # what names a contact of the run is redirected to it

    def send_read(self, contact: str, **options: Any) -> Answer:
        """Asks for one contact."""
        return self.send("read", contact, **options)

    def send_change(self, contact: str, values: Mapping[str, Json], **options: Any) -> Answer:
        """Changes a contact to these values."""
        options.setdefault("json", self._provider.body("change", values))
        return self.send("change", contact, **options)

    def send_remove(self, contact: str, **options: Any) -> Answer:
        """Removes a contact; the journal notes it where the answer says that it is gone.

        Where no answer says what became of it, the contact is read before anything is written to it again.
        """
        journal = self.account.journal
        sent = self.account.client.pace.sent_here
        with interruption.held():
            try:
                answer = self.send("remove", contact, **options)
            except Exception:
                if self.account.client.pace.sent_here > sent:
                    journal.doubted(contact)
                    journal.tried(contact)
                raise
            if answer.succeeded or answer.status in (404, 410):
                journal.removed(contact)
            else:
                journal.tried(contact)
                if answer.status not in _REFUSALS:
                    journal.doubted(contact)
        return answer

    def send_list(self, query: Query = (), **options: Any) -> Answer:
        """Asks for a list; where nothing is asked, as the provider's page lets everybody ask for one."""
        if not query and isinstance(self._provider, Limiting):
            query = self._provider.least_query
        return self.send("list", query=query, **options)

    def send_marked(self, marks: Mapping[str, str], query: Query = (), **options: Any) -> Answer:
        """Asks for the contacts that carry these marks: by a filter, or at the path of the mark where there is none."""
        mark_filter = self._provider.mark_filter(marks)
        by_mark = self._contract.list_by_mark
        if marks and not mark_filter and by_mark is not None and self.offers(by_mark.kind):
            return self.send(by_mark.kind, next(iter(marks.values())), query=query, **options)
        return self.send_list((*mark_filter, *query), **options)

    def path_of(self, contact: Contact, template: str) -> str:
        """The path of a contact, or that of its mark, where the template is that of the marked ones."""
        by_mark = self._contract.list_by_mark
        marked = by_mark is not None and self.offers(by_mark.kind) and template == by_mark.path
        return fill(template, next(iter(contact.marks.values())) if marked else contact.id)

    # Set-up and reading back

    def marker(self, *, without: Iterable[str] = ()) -> str:
        """The first attribute for marks that is not among these; empty where there is none.

        One by which the target was seen not to find contacts is taken only where there is no other.
        """
        free = [m for m in self._provider.markers if m not in {*without}]
        return next((m for m in free if m not in self.account.lacks.missing), next(iter(free), ""))

    def marks(self, *, without: Iterable[str] = ()) -> dict[str, str]:
        """A mark of its own, in the attribute that `marker` names."""
        name = self.marker(without=without)
        return {name: self.account.mark()} if name else {}

    def lacking(self, query: Query) -> str:
        """What a query relies on that the target was seen to lack, which a row of its own judges; empty for nothing."""
        provider, missing = self._provider, self.account.lacks.missing
        if not missing or not isinstance(provider, Relying):
            return ""
        return next((r for n, v in query for r in sorted(provider.relies_on(n, v)) if r in missing), "")

    def need(self, query: Query) -> None:
        """NotVerified where the target was seen to lack what a query relies on."""
        if lack := self.lacking(query):
            why = self.account.lacks.missing[lack]
            raise NotVerified(f"lists by {lack} do not work by themselves ({why}): what needs them cannot be judged")

    def complete(self, values: Mapping[str, Json]) -> dict[str, Json]:
        """The values, and legal ones for whatever else is required, or advised, to create a contact."""
        needed = (f for f in self._contract.create_fields if f.advised or "create" in f.required)
        missing = (f for f in needed if f.name not in values)
        whole = {**{f.name: self._provider.sample(f, self.account.number()) for f in missing}, **values}
        if isinstance(self._provider, Identifying):
            whole = {**self._provider.identification(whole, self.account.mark()), **whole}
        return whole

    def barely(self) -> dict[str, Json]:
        """No more than is required to create a contact, with a mark in it.

        Where no text is required, there is none, if the account may be emptied, or the mark is one attribute more.
        """
        least = self.complete({})
        field = next((f for f in self._contract.required_fields if f.is_text and not (f.enum or f.shape)), None)
        if field is not None and self._provider.markers:
            return {**least, field.name: self.account.mark()}
        return least if self.account.target.disposable else {**least, **self.marks()}

    def create(self, marks: Mapping[str, str] | None = None, **values: Json) -> Contact:
        """A contact that now exists.

        Where the network keeps the answer, and nothing shows what became of it, it is created anew with another mark,
        up to three times in all; where `marks` are given, it is not: it could be one too many that carries them.
        """
        return self._tried(lambda: self._create(self._own_or(marks, values), self.complete(values)), anew=marks is None)

    def _create(self, marks: Mapping[str, str], values: Mapping[str, Json]) -> Contact:
        answer = self._submit(values, marks)
        for _ in range(recovery.TRIES - 1):
            if answer.status in (401, 403) and self._undone():  # a proxy can say so, too, but not each time
                answer = self._submit(values, marks)
        if answer.refused and (latin := samples.all_in_latin(values)) != values:
            answer, values = self._submit(latin, marks), latin
        contact = self._provider.created_id(answer) if answer.succeeded else None
        if contact is None:
            self.need_told(answer)
            raise SetUpFailed(f"Setup failed: creating the test contact returned {answer.status}: {answer!r}")
        return Contact(contact, values, marks)

    def read(self, contact: Contact | str) -> Record:
        """The contact as it is now."""
        answer = self.send_read(contact if isinstance(contact, str) else contact.id)
        record = self._provider.record(answer) if answer.succeeded else None
        if record is None:
            raise SetUpFailed(f"Setup failed: reading the test contact returned {answer.status}: {answer!r}")
        return record

    def change(self, contact: Contact, **values: Json) -> None:
        """Changes a contact."""
        answer = self.send_change(contact.id, values)
        if not answer.succeeded:
            raise SetUpFailed(f"Setup failed: changing the test contact returned {answer.status}: {answer!r}")

    def remove(self, contact: Contact) -> None:
        """Removes a contact."""
        try:
            answer = self.send_remove(contact.id)
        except Unsettled:
            if all(c.state == "removed" for c in self.account.journal.creations_with_id(contact.id)):
                return  # reading has shown it
            raise
        if not answer.succeeded:
            raise SetUpFailed(f"Setup failed: removing the test contact returned {answer.status}: {answer!r}")

    def list(self, query: Query = ()) -> Page:
        """The page that a query answers."""
        return self.page(self.send_list(query))

    def page(self, answer: Answer) -> Page:
        """The page in an answer."""
        page = self._provider.page(answer) if answer.succeeded else None
        if page is None:
            raise SetUpFailed(f"Setup failed: listing contacts returned no page: {answer!r}")
        return page

    def marked(self, marks: Mapping[str, str]) -> tuple[Record, ...]:
        """Every contact that carries these marks, ten at a time."""
        records: dict[str, Record] = {}
        lacks = self.account.lacks
        by_mark = marks.keys().isdisjoint(lacks.missing)
        for _ in range(_MOST_PAGES if by_mark else _MOST_WALKED):
            paging = self._provider.limiting(lacks.page_size, len(records))
            answer = (
                self.send_marked(marks, paging, essential=True) if by_mark else self.send_list(paging, essential=True)
            )
            page = self.page(answer)
            fresh = {
                self._provider.id_of(r) or "": r for r in page.records if not by_mark or self._carries_all(r, marks)
            }
            if not fresh.keys() - records.keys() - {""}:
                break
            records |= fresh
            if len(page.records) < lacks.page_size:
                break
        return tuple(r for r in records.values() if self._carries_all(r, marks))

    def found(self, marks: Mapping[str, str]) -> tuple[Record, ...]:
        """What the first page shows of the contacts that carry these marks; nothing where the mark is answered 404.

        Where the target finds no contacts by such a mark, all its contacts are looked through.
        """
        if not marks.keys().isdisjoint(self.account.lacks.missing):
            return self.marked(marks)
        answer = self.send_marked(marks)
        return () if answer.status == 404 else self.page(answer).records

    def _carries_all(self, record: Record, marks: Mapping[str, str]) -> bool:
        return all(self._carries_mark(record, name, mark) for name, mark in marks.items())

    def _carries_mark(self, record: Record, name: str, mark: str) -> bool:
        value = record.get(self._contract.field(name).shown_as)
        return mark in value if isinstance(value, list) else str(value) == mark

    def exists(self, contact: str) -> bool:
        """Whether a contact can be read."""
        return self.send_read(contact).succeeded

    def ids(self, records: Iterable[Record]) -> Ids:
        """The ids of contacts, in their order."""
        return [self._provider.id_of(r) or "?" for r in records]

    def eventually(self, holds: Callable[[], bool]) -> bool:
        """Whether something holds within the time that the target's lists may lag behind."""
        return any(holds() for _ in self.account.lag.moments())
