"""One run against one target: what its checks share."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contacts_conformance import __version__, answers, contract, providers, register
from contacts_conformance.contacts import Contacts
from contacts_conformance.contract import Contract
from contacts_conformance.errors import CareViolated, NotOffered, NotVerified
from contacts_conformance.http.client import READS, Answer, Client, Request
from contacts_conformance.http.journal import Journal
from contacts_conformance.http.recording import Recorder
from contacts_conformance.model import Fact, Outcome, Traffic
from contacts_conformance.providers import Provider
from contacts_conformance.register import Register
from contacts_conformance.target import ANONYMOUS, Identity, Target

EVERY_EXCHANGE = "every exchange"
"""The check that a fact names where no single check asked for it."""


@dataclass(slots=True)
class Session:
    """What the checks of one process share while they judge one target.

    `tag` marks every contact of the run; `worker` tells the processes of one run apart.
    """

    target: Target
    seed: int = 0
    worker: str = ""
    journal_folder: Path | None = None
    tag: str = field(default_factory=lambda: f"cc{secrets.token_hex(4)}")
    contract: Contract = field(init=False)
    register: Register = field(init=False)
    provider: Provider = field(init=False)
    client: Client = field(init=False)
    journal: Journal = field(init=False)
    recorder: Recorder = field(init=False)
    observed: dict[str, list[Fact]] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    _number: int = 0
    _expendable: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.contract = contract.load(self.target.provider)
        self.register = register.load(self.target.provider)
        self.provider = providers.load(self.target.provider)
        self.recorder = Recorder(f"{self.worker}-" if self.worker else "")
        path = self.journal_folder / f"{self.tag}.jsonl" if self.journal_folder else None
        self.journal = Journal(
            path,
            durable=not self.target.is_loopback,
            header={
                "provider": self.target.provider,
                "base_url": self.target.base_url,
                "tag": self.tag,
                "started": datetime.now(UTC).isoformat(timespec="seconds"),
            },
        )
        self.client = Client(
            self.target,
            self.provider.authorization,
            tag=self.tag,
            version=__version__,
            recorder=self.recorder,
            permit=self._permit,
            observe=self._observe,
        )
        for identity in self.target.identities.values():
            if "shared_contact" in identity.attributes:
                self._expendable.add(identity.attributes["shared_contact"])

    # What checks ask for

    def contacts(self, role: str = "") -> Contacts:
        """The contacts as the identity of this role sees them; NotVerified where the target has no such identity."""
        return Contacts(self, self.identity(role or self.provider.main_role))

    def identity(self, role: str) -> Identity:
        """The identity of a role; NotOffered where the target declares that it does not exist there."""
        if role == ANONYMOUS.role:
            return ANONYMOUS
        roles = self.target.offers.roles
        if roles is not None and role not in roles:
            raise NotOffered(f"the target declares that it has no role '{role}' (offers.roles)")
        return self.target.identity(role)

    def number(self) -> int:
        """A number that this session has not given before; samples and marks are made from it."""
        self._number += 1
        return self._number

    def mark(self) -> str:
        """A text that no other contact carries, in this run or any other."""
        return f"{self.tag}x{self.number()}"

    def random(self, salt: str = "") -> random.Random:
        """Random numbers that depend on the run's seed and the salt alone."""
        return random.Random(f"{self.seed}/{salt}")  # noqa: S311  (for choices, not for secrets)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` returned (or raised) the first time that this name was asked for."""
        if name not in self.shared:
            try:
                self.shared[name] = make()
            except NotVerified as failure:
                self.shared[name] = failure
        found = self.shared[name]
        if isinstance(found, NotVerified):
            raise type(found)(str(found))
        return found

    def offered(self, requirement: str) -> None:
        """NotOffered where the target file declares that the target is without this requirement."""
        for prefix in self.target.offers.without:
            if requirement == prefix or requirement.startswith(prefix.rstrip(".") + "."):
                raise NotOffered(f"the target declares that it is without {prefix} (offers.without)")

    def expend(self, contact: str) -> None:
        """Allows changes to a contact that the target file sets aside for the run."""
        self._expendable.add(contact)

    @contextmanager
    def observing(self) -> Iterator[dict[str, list[Fact]]]:
        """Collects what the exchanges within show by themselves, by requirement."""
        before, self.observed = self.observed, {}
        try:
            yield self.observed
        finally:
            self.observed = before

    # The end

    def clean_up(self) -> Traffic:
        """Removes what the run created, in reverse, proves that nothing is left, and says what was done."""
        notes: list[str] = []
        for creation in self.journal.unconfirmed:
            notes += self._settle(creation.find, creation.identity)
        for creation in self.journal.standing:
            try:
                contacts = Contacts(self, self.target.identity(creation.identity))
                answer = contacts.send_remove(creation.id, essential=True)
                if not answer.succeeded and creation.find:
                    notes += self._hunt(contacts, creation.find)
            except (NotVerified, KeyError) as failure:
                notes.append(f"contact {creation.id} could not be removed: {failure}")
                break
        left = tuple(c.id for c in self.journal.standing)
        created = sum(1 for c in self.journal.creations if c.id)
        traffic = Traffic(
            requests=self.client.pace.sent,
            created=created,
            removed=created - len(left),
            left=left,
            throttled=self.client.throttled,
            unanswered=self.client.unanswered,
            notes=tuple(notes),
        )
        self.journal.close()
        self.client.close()
        return traffic

    def _hunt(self, contacts: Contacts, find: dict[str, str]) -> list[str]:
        """Removes what carries these marks although it is not known under the id that it was created with."""
        notes = []
        for record in contacts.marked(find):
            contact = self.provider.id_of(record)
            if contact:
                self.journal.created(self.journal.intend(contacts.identity.role, find), contact)
                contacts.send_remove(contact, essential=True)
                notes.append(f"a contact that was created under another id had become {contact}; it was removed")
        return notes

    def _settle(self, find: dict[str, str], role: str) -> list[str]:
        """Looks for a contact whose creation was sent and never confirmed, and takes it into the journal."""
        if not find:
            return [
                "a contact without any attribute was submitted and never confirmed; it carries no mark to find it by"
            ]
        try:
            found = Contacts(self, self.target.identity(role)).marked(find)
        except NotVerified as failure:
            return [f"whether a contact with {find} exists could not be found out: {failure}"]
        for record in found:
            contact = self.provider.id_of(record)
            if contact and not self.journal.owns(contact):
                self.journal.created(self.journal.intend(role, find), contact)
        for creation in self.journal.unconfirmed:
            if creation.find == find:
                self.journal.refused(creation)
        return []

    # What the client asks before and tells after each request

    def _permit(self, request: Request) -> None:
        if request.method in READS:
            return
        if not self.target.writes:
            raise NotVerified("the target file does not permit writing (writes = true)")
        for path, method in self.contract.refused_methods:
            if method == request.method and path == request.path:
                return
        operation = self.contract.match(request.method, request.path)
        if operation is not None and operation.kind in ("create", "session"):
            return
        contact = self._subject(request)
        if contact is None or not (self.journal.owns(contact) or contact in self._expendable):
            raise CareViolated(f"{request.method} {request.path} would touch a record that this run did not create")

    def _subject(self, request: Request) -> str | None:
        """The contact that a write is about: the one segment of its path that is an id."""
        segments = [s for s in request.path.split("/") if s]
        return next((s for s in segments if self.journal.owns(s) or s in self._expendable), None)

    def _observe(self, request: Request, answer: Answer) -> None:
        operation = self.contract.match(request.method, request.path)
        if operation is None:
            return
        for seen in answers.observe(self.contract, self.register, operation, answer):
            if seen.requirement not in self.register:
                continue
            kept = self.observed.setdefault(seen.requirement, [])
            if not seen.problem and kept:
                continue
            outcome = Outcome.BROKEN if seen.problem else Outcome.HELD
            message = f"{seen.problem}\n{answer!r}" if seen.problem else ""
            fact = Fact(seen.requirement, EVERY_EXCHANGE, outcome, message, (answer.exchange.id,))
            if sum(f.outcome is Outcome.BROKEN for f in kept) < 3:
                kept.append(fact)
