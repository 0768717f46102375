"""One account on one target: all that reaches it, and what a run owes it."""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contacts_conformance import __version__, contract, providers
from contacts_conformance.account.aftermath import Aftermath
from contacts_conformance.account.claims import Wrong
from contacts_conformance.account.guard import WriteGuard
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.lacks import Lacks
from contacts_conformance.account.lag import Lag
from contacts_conformance.account.ownership import Ownership
from contacts_conformance.account.paths import Paths, fill
from contacts_conformance.account.reserve import owed
from contacts_conformance.account.stored import Stored
from contacts_conformance.account.views import Views
from contacts_conformance.contract import Operation
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import lanes
from contacts_conformance.http.client import Client
from contacts_conformance.http.holding import Holding, Quiet
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.privacy import Own, Privacy
from contacts_conformance.http.recording import Recorder
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Record
from contacts_conformance.target import ANONYMOUS, Identity, Target

Observer = Callable[[Operation, Answer, bool], None]
"""Is told of each answer, of the operation that it belongs to, and whether the request was legal."""

_WRITES = frozenset({"create", "change", "remove"})
"""Kinds of operations that change something."""
_OWN = "my-"
"""How kinds of operations begin that are about the contact of whoever is signed in."""
_DOUBTS = 9
"""So many answers of 401 make the run look whether credentials have ended; after that only several in a row do."""
_REFUSALS = 3
"""So many answers of 401 in a row to one role make the run look again."""


class Account:
    """What reaches one account on one target, and what the run did with it.

    `tag` marks every contact of the run; `worker` tells the processes of one run apart. Every request goes through
    `client`, and none that `guard` does not let through. `notes` are what a reader of the reports has to know.
    """

    journal: Journal
    tag: str
    ownership: Ownership
    guard: WriteGuard
    _last = lanes.PerLane[tuple[tuple[str, str, str, int], Answer] | None](lambda: None)
    """The last answer to an operation without a query, by its kind, role, contact and number among this lane's."""
    _begun = lanes.PerLane(float)
    """When the last request of this lane was sent first, by the monotonic clock."""

    def __init__(
        self,
        target: Target,
        *,
        worker: str = "",
        journal_folder: Path | None = None,
        observe: Observer = lambda operation, answer, legal: None,
        pace: Pace | None = None,
    ) -> None:
        self.target = target
        self._described = target
        self.contract = contract.load(target.provider)
        self.provider = providers.load(target.provider)
        self.paths = Paths(self.contract, target.settings)
        self.aftermath = Aftermath(
            self.contract, self.provider, lambda: self.journal, lambda: self.recorder.last.id, self.is_fresh
        )
        self.views = Views(
            self.contract, self.provider, lambda: self.journal, self.is_fresh, lag=target.limits.patience
        )
        self.stored = Stored(self.contract, self.provider, lambda: self.journal, self.is_fresh)
        self.recorder = Recorder(f"{worker}-" if worker else "")
        self.notes: list[str] = []
        self.lacks = Lacks()
        self.mistakes: tuple[Wrong, ...] = ()
        """What reading has shown to be wrong in the target file."""
        self.accepted: Callable[[Identity], bool] = lambda identity: True
        """Whether the target takes the credentials of an identity that it has just answered 401."""
        self._tell = observe
        self._number = 0
        self._doubted = 0
        self._refusals: Counter[str] = Counter()
        """How many legal requests in a row each role was answered 401."""
        self.ended: dict[str, str] = {}
        """Why roles are none of the target's any more."""
        self.set_aside = Holding()
        """What the target file sets aside: one lane alone uses it."""
        self.quiet = Quiet()
        self._touched: dict[str, float] = {}
        """When the last write to each contact came to its end."""
        self._reads_lag = False
        """Whether reading a contact by its id has been seen to lag behind its creation."""
        tag = f"cc{secrets.token_hex(4)}"
        self.take_over(_journal(target, tag, journal_folder), tag)
        self.client = Client(
            target,
            self.provider.authorization,
            tag=tag,
            version=__version__,
            recorder=self.recorder,
            permit=lambda request: self.guard.check(request),
            observe=self._observe,
            remains=self._remains,
            pace=pace,
            signing=self.provider if isinstance(self.provider, Signing) else None,
            privacy=Privacy(
                self.contract,
                self.provider.id_of,
                tag=lambda: self.tag,
                own=self.own,
                known=[*target.known.values(), *(v for i in target.identities.values() for v in i.attributes.values())],
            ),
        )
        self.lag = Lag(self.client)
        before = self.client.pace.owed
        self.client.pace.owed = lambda: before() + owed(self.journal, self.contract, self.tag, self.provider.markers)

    def take_over(self, journal: Journal, tag: str) -> None:
        """Acts for the run that wrote this journal and marked its contacts with this tag, from here on."""
        self.journal, self.tag = journal, tag
        given = (int(n) for c in journal.creations for n in re.findall(rf"{re.escape(tag)}x(\d{{1,9}})", str(c.find)))
        self._number = max(self._number, *given, 0)
        disposable = self.target.disposable
        self.ownership = Ownership(self.contract, self.provider, journal, tag, self._reading, disposable=disposable)
        self.guard = WriteGuard(
            self.contract, self.provider, journal, self.target, self.paths, self.ownership, self.main_role
        )

    def own(self) -> Own:
        """What the run created, as far as it is proven to be its own, and what the target file sets aside."""
        attributes = [i.attributes for i in self.target.identities.values()]
        set_aside = {a[key] for a in attributes for key in ("shared_contact", "contact_id") if key in a}
        created = frozenset(c.id for c in self.journal.creations if c.state == "created")

        def holds(record: Record) -> bool:
            contact = self.provider.id_of(record)
            if contact in set_aside or contact not in created:
                return contact in set_aside
            creations = self.journal.creations_with_id(contact)
            return any(c.proven or self.ownership.carries_mark(record, c) for c in creations if c.state == "created")

        return Own(created, holds)

    def learn_from(self, other: Account) -> None:
        """Takes over what another one has found out about the same target: where operations are, what it lacks, and its
        sessions."""
        self.paths.take_over(other.paths.moved)
        self.lacks = other.lacks
        self.client.sessions.ledger = other.client.sessions.ledger

    def begin_clean_up(self) -> None:
        """Acts as all identities of the target file again, whatever the run found out about them."""
        self.target = self._described
        self.accepted = lambda identity: True

    # Who acts

    @property
    def main_role(self) -> str:
        """The role that acts where nothing else is said: the provider's, or one that may stand in for it."""
        roles = (self.provider.main_role, *self.provider.keys.stand_ins)
        return next((r for r in roles if r in self.target.identities), roles[0])

    def role_at(self, path: str) -> str:
        """The role that a path is asked as: the main role if it may call something there, or one that may."""
        roles = self.contract.roles_at(path)
        if not roles or self.main_role in roles:
            return self.main_role
        return next((r for r in roles if r in self.target.identities), roles[0])

    def identity(self, role: str) -> Identity:
        """The identity of a role; NotOffered where the target declares that it does not exist there."""
        if role == ANONYMOUS.role:
            return ANONYMOUS
        roles = self.target.offers.roles
        if roles is not None and role not in roles:
            raise NotOffered(f"the target declares that it has no role '{role}' (offers.roles)")
        if role in self.ended:
            raise NotVerified(self.ended[role])
        return self.target.identity(role)

    def drop(self, role: str, why: str) -> None:
        """Takes an identity for none of the target's from here on; without the main one nothing more is sent."""
        main = self.main_role
        kept = {r: i for r, i in self.target.identities.items() if r != role}
        self.target = replace(self.target, identities=kept)
        self.ended[role] = why
        self.notes.append(why)
        if role == main:
            self.client.stop(NotVerified(why))

    # What tells contacts apart

    def number(self) -> int:
        """A number that this account has not given before; samples and marks are made from it."""
        self._number += 1
        return self._number

    def mark(self) -> str:
        """A text that no other contact carries, in this run or any other."""
        return f"{self.tag}x{self.number()}"

    # Operations

    def offers(self, kind: str) -> bool:
        """Whether the target has an operation of this kind."""
        if not self.contract.has(kind):
            return False
        return not self.contract.operation(kind).optional or kind in self.target.offers.also

    def send(self, kind: str, identity: Identity, contact: str = "", **options: Any) -> Answer:
        """Sends the operation of a kind; `contact` fills the path, the options are those of `Request`.

        NotOffered where the contract has none, or documents it as optional and the target does not say it is there.
        """
        if kind == "remove":
            self.aftermath.before_removal(contact, self._read_again, self.lag.wait)
        if kind in _WRITES and contact:
            self.stored.look_at(contact, self._read_again, self.lag.wait)
        request = self.request(kind, identity, contact, **options)
        early = self.contract.operation(kind).lists and self.lag.is_early
        writes = kind in _WRITES
        if kind.startswith(_OWN) or contact in self.guard.set_aside:
            self.set_aside.take()
        self._begun = time.monotonic()
        try:
            with self.quiet.writing() if writes else nullcontext():
                answer = self.client.send(request)
        except Exception:
            self.aftermath.unclear(kind, contact, options)
            self.views.unclear(contact)
            self.stored.unclear(contact)
            self.touch(contact if writes else "")
            raise
        if early:
            answer = self._of_early_list(request, answer)
        elif kind == "read":
            while self._may_lag(request, contact, answer):
                self.client.pace.wait(0.5)
                self._begun = time.monotonic()
                answer = self.client.send(request)
                self._reads_lag = self._reads_lag or answer.succeeded
        if writes:
            self.touch(contact or self.provider.created_id(answer) or "")
        self.aftermath.answered(kind, identity.role, contact, answer, options)
        self.views.answered(kind, identity.role, contact, answer, whole=not options.get("query"))
        self.stored.answered(kind, identity.role, contact, answer, options)
        asked = (kind, identity.role, contact, self.client.pace.sent_here)
        self._last = None if options.get("query") else (asked, answer)
        return answer

    def _of_early_list(self, request: Request, answer: Answer) -> Answer:
        """The answer to a list that was asked for early; a later one where it shows nobody, and a refused creation may
        show yet."""
        self.lag.note(answer)
        page = self.provider.page(answer) if answer.succeeded else None
        if page is None or page.records or not self._may_yet_show(request):
            return answer
        self.lag.wait()
        self._begun = time.monotonic()
        return self.client.send(request)

    def _may_yet_show(self, request: Request) -> bool:
        """Whether a list is narrowed to the mark of a contact of which it has to be seen that it was not created."""
        asked = [*request.path.split("/"), *(value for _, value in request.query)]
        doubtful = (c for c in self.journal.creations if c.lost or c.state == "refused")
        return any(text in place for c in doubtful for text in c.find.values() for place in asked)

    def touch(self, contact: str) -> None:
        """Notes that a write to a contact has come to its end, or may have."""
        self._touched[contact] = self.client.wrote

    def is_fresh(self, contact: str, lag: float = 0.0) -> bool:
        """Whether the answer that has just come shows a contact as it is: another lane may have written to it since its
        request was sent, or within so many seconds before."""
        return self._touched.get(contact, float("-inf")) + lag <= self._begun

    def last_answer(self, kind: str, role: str, contact: str) -> Answer | None:
        """The answer to this operation, sent without a query, where nothing was sent after it, and nothing that was
        written may be shown later than now; else None."""
        asked = (kind, role, contact, self.client.pace.sent_here)
        fits = self._last is not None and self._last[0] == asked and self.lag.left <= 0
        return self._last[1] if self._last is not None and fits else None

    def look_behind(self) -> None:
        """Reads what was written to and not read since: whether refusals had no effect, and successes had theirs."""
        self.aftermath.look(self._read_again, self.lag.wait)

    def compare_views(self, *, late: bool = False) -> None:
        """Reads what a list showed otherwise than a reading, or a reading otherwise than it was sent: whether that is
        so still. `late`: long after that list."""
        self.views.look(self._read_again, late=late)
        self.stored.look(self._read_again, self.lag.wait)

    def _read_again(self, contact: str, role: str) -> Answer:
        return self.send("read", self.identity(role), contact)

    def request(self, kind: str, identity: Identity, contact: str = "", **options: Any) -> Request:
        """The request that `send` sends, when what it reads may be expected to show what was written.

        NotOffered where the contract has none, or documents it as optional and the target does not say it is there.
        """
        if not self.offers(kind):
            raise NotOffered(
                f"the target file does not say that there is an operation to {kind} contacts (offers.also)"
                if self.contract.has(kind)
                else f"the contract has no operation to {kind} contacts"
            )
        operation = self.contract.operation(kind)
        path = fill(self.paths.of(operation), contact)
        if (operation.lists and not self.lag.is_early) or (kind == "read" and self._reads_lag):
            self.lag.wait()
        options.setdefault("repeatable", kind == "change")  # whatever its method: it sets values, and creates nothing
        creates = operation.kind == "create"
        return Request(operation.method, path, identity, operation=operation.id, creates=creates, **options)

    def _may_lag(self, request: Request, contact: str, answer: Answer) -> bool:
        """Whether an answer says that a contact is not there which this identity created just before, on a target whose
        reads may lag behind writes (limits.patience)."""
        if answer.status != 404 or not request.legal or self.lag.left <= 0:
            return False
        creations = self.journal.creations_with_id(contact)
        return any(c.state == "created" and c.identity == request.identity.role for c in creations)

    def _reading(self, contact: str, role: str, *, essential: bool) -> Iterator[Answer]:
        identity = self.target.identity(role)
        for _ in self.lag.moments():
            yield self.send("read", identity, contact, essential=essential)

    # What the client asks, and tells after each request

    def _remains(self, request: Request) -> bool | None:
        """Whether a contact that was to be removed is still there, by reading it; None where that does not tell."""
        place = self.paths.find(request.method, request.path)
        contact = place.contact if place is not None and place.operation.kind == "remove" else ""
        return self.ownership.remains(contact) if contact else None

    def _observe(self, request: Request, answer: Answer) -> None:
        if not request.legal:
            operation = self.paths.match(request.method, request.path)
            if operation is not None:
                self._tell(operation, answer, False)
            return
        role = request.identity.role
        self._refusals[role] = self._refusals[role] + 1 if answer.status == 401 else 0
        if answer.status == 401 and (self._doubted < _DOUBTS or self._refusals[role] >= _REFUSALS):
            self._doubted += 1
            sent = self.client.pace.sent
            if not self.accepted(request.identity):
                why = f"the credentials of '{role}' ended after {sent} requests"
                self.drop(role, why)
                raise NotVerified(f"{why}: {answer!r}")
            self._refusals[role] = 0
        if request.method == "GET" and answer.succeeded:
            self._learn(request, answer)
        operation = self.paths.match(request.method, request.path)
        if operation is not None:
            self._tell(operation, answer, True)

    def _learn(self, request: Request, answer: Answer) -> None:
        """Takes in what an answer tells of whose contacts are: that of a single one, or a list."""
        place = self.paths.find(request.method, request.path)
        if place is not None and place.operation.kind == "read":
            self.ownership.learn(place.contact, answer, whole_for="" if request.query else request.identity.role)
        else:
            self.ownership.doubt(answer)


def _journal(target: Target, tag: str, folder: Path | None) -> Journal:
    return Journal(
        folder / f"{tag}.jsonl" if folder else None,
        durable=not target.disposable,
        header={
            "provider": target.provider,
            "base_url": target.base_url,
            "tag": tag,
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )
