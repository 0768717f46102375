"""One run against one target: what its checks share."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from contacts_conformance import __version__, contract, providers
from contacts_conformance.account import ownership
from contacts_conformance.account.cleanup import tidy
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Journal
from contacts_conformance.contract import Contract, Operation, register
from contacts_conformance.contract.register import Register
from contacts_conformance.errors import CareViolated, NotOffered, NotVerified
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import READS, Answer, Request
from contacts_conformance.http.recording import Recorder
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Fact, Traffic
from contacts_conformance.providers import Provider
from contacts_conformance.target import ANONYMOUS, Identity, Target
from contacts_conformance.verdicts import response_checks

EVERY_EXCHANGE = response_checks.EVERY_EXCHANGE

_DOUBTS = 9
"""So many answers of 401 make the run look whether credentials have ended."""


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
    notes: list[str] = field(default_factory=list)
    judged: dict[str, str] = field(default_factory=dict)
    """The operations that answers were judged as, by the ids of their exchanges."""
    paths: dict[str, str] = field(default_factory=dict)
    """Where operations are on this target, by their ids, if not where the contract has them."""
    evidence: list[str] = field(default_factory=list)
    """Exchanges of shared experiments that the present check rests on."""
    accepted: Callable[[Identity], bool] = lambda identity: True
    """Whether the target takes the credentials of an identity that it has just answered 401."""
    _sent_for: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _number: int = 0
    _expendable: set[str] = field(default_factory=set)
    _doubted: int = 0

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
            signing=self.provider if isinstance(self.provider, Signing) else None,
        )
        settings = self.target.settings
        moved = ((o, settings.get(f"{o.kind}_path")) for o in self.contract.operations)
        self.paths |= {o.id: path for o, path in moved if path}
        for identity in self.target.identities.values():
            if "shared_contact" in identity.attributes:
                self._expendable.add(identity.attributes["shared_contact"])

    # What checks ask for

    def contacts(self, role: str = "") -> Contacts:
        """The contacts as the identity of this role sees them; NotVerified where the target has no such identity."""
        return Contacts(self, self.identity(role or self.main_role))

    @property
    def main_role(self) -> str:
        """The role that checks act as, where they say nothing else: the provider's, or one that may stand in for it."""
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
        """What `make` returned (or raised) the first time that this name was asked for.

        Its exchanges are evidence for every check that asks.
        """
        if name not in self.shared:
            mark = len(self.recorder)
            try:
                self.shared[name] = make()
            except NotVerified as failure:
                self.shared[name] = failure
            self._sent_for[name] = tuple(e.id for e in self.recorder.since(mark))
        self.evidence += self._sent_for[name]
        found = self.shared[name]
        if isinstance(found, NotVerified):
            raise type(found)(str(found))
        return found

    @property
    def shared_exchanges(self) -> frozenset[str]:
        """The ids of the exchanges of everything that was done once for several checks."""
        return frozenset(e for sent in self._sent_for.values() for e in sent)

    def offered(self, requirement: str) -> None:
        """NotOffered where the target file declares that the target is without this requirement."""
        for prefix in self.target.offers.without:
            if requirement == prefix or requirement.startswith(prefix.rstrip(".") + "."):
                raise NotOffered(f"the target declares that it is without {prefix} (offers.without)")

    def path(self, operation: Operation) -> str:
        """The path of an operation on this target."""
        return self.paths.get(operation.id, operation.path)

    def wait_for_lists(self) -> None:
        """Waits until lists show what was written, as long as the target says that they lag (limits.patience)."""
        lag = self.client.wrote + self.target.limits.patience - time.monotonic()
        if lag > 0:
            self.client.pace.wait(lag)

    def allow_changes(self, contact: str) -> None:
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
        notes = [*self.notes, *tidy(self)]
        left = tuple(dict.fromkeys(c.id for c in self.journal.standing))
        created = len({c.id for c in self.journal.creations if c.id})
        if left and not self.contract.has("remove"):
            notes.append(f"{len(left)} contacts stay: the contract documents no way to remove one")
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

    # What the client asks before and tells after each request

    def _permit(self, request: Request) -> None:
        if request.method in READS:
            return
        if not self.target.writes and not request.opens:
            raise NotVerified("the target file does not permit writing (writes = true)")
        if self.contract.refuses(request.method, request.path) and request.path in self._paths_without_contact:
            return
        operation = self._match(request)
        aside = request.identity is ANONYMOUS or "contact_id" in request.identity.attributes
        if operation is not None and operation.kind == "my-change" and aside:
            return  # nobody has no contact; others have the one that the target file sets aside
        if operation is not None and operation.kind in ("create", "session"):
            if operation.kind == "create" and not (self._can_clean_up or self.target.leaves_contacts):
                raise NotVerified(
                    "the contract documents no way to remove a contact, and the target file does not permit to leave "
                    "any behind (leaves_contacts = true)"
                )
            return
        contact = self._subject(request)
        if contact is None or not (self.journal.owns(contact) or contact in self._expendable):
            raise CareViolated(f"{request.method} {request.path} would touch a record that this run did not create")
        if contact not in self._expendable:
            ownership.assure(self, contact, essential=request.essential)

    @property
    def _paths_without_contact(self) -> frozenset[str]:
        """The paths at which no contact is: those of collections, and of contacts that do not exist."""
        return frozenset(self.provider.example_path(template) for _, template in self.contract.refused_methods)

    @property
    def _can_clean_up(self) -> bool:
        """Whether contacts that are created can be removed again, or lie on this machine."""
        return self.contract.has("remove") or self.target.is_loopback

    def _match(self, request: Request) -> Operation | None:
        """The operation that a request belongs to, wherever the target has it."""
        for operation in self.contract.operations:
            if (operation.method, self.paths.get(operation.id)) == (request.method, request.path):
                return operation
        return self.contract.match(request.method, request.path)

    def _subject(self, request: Request) -> str | None:
        """The contact that a write is about: the one that it says, or the one segment of its path that is an id."""
        segments = [request.about, *(unquote(s) for s in request.path.split("/") if s)]
        return next((s for s in segments if self.journal.owns(s) or s in self._expendable), None)

    def _observe(self, request: Request, answer: Answer) -> None:
        if request.method == "GET" and answer.succeeded:
            ownership.learn(self, answer)
        if answer.status == 401 and self._doubted < _DOUBTS:
            self._doubted += 1
            if not self.accepted(request.identity):
                raise NotVerified(f"the credentials of '{request.identity}' have ended: {answer!r}")
        operation = self._match(request)
        if operation is not None:
            self.judged[answer.exchange.id] = operation.id
            response_checks.collect(self.observed, self.contract, self.register, operation, answer)
