"""One run against one account: what its checks share."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from contacts_conformance.account import cleanup, keeping
from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.sample import Sample, walked
from contacts_conformance.account.views import AS_ANSWERED
from contacts_conformance.checks.deep.kept import Kept
from contacts_conformance.contract import Contract, Operation, register
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import lanes
from contacts_conformance.http.client import Client
from contacts_conformance.http.lanes import Lane
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.recording import Recorder
from contacts_conformance.model import Explored, Fact, Traffic
from contacts_conformance.providers import Provider
from contacts_conformance.target import Identity, Target
from contacts_conformance.verdicts import response_checks

_Value = TypeVar("_Value")


def _together(some: dict[str, list[Fact]], others: dict[str, list[Fact]]) -> dict[str, list[Fact]]:
    for row, facts in others.items():
        some.setdefault(row, []).extend(facts)
    return some


@dataclass(frozen=True)
class Slot(Generic[_Value]):
    """A place, known by its name, at which one check leaves a value that the next one takes."""

    name: str


class Session:
    """What the checks of one process share while they judge one account.

    What checks ask of the account all the time, they may ask of the session.
    """

    observed = lanes.PerLane[dict[str, list[Fact]]](dict, joined=_together)
    """What exchanges show by themselves, by requirement."""
    evidence = lanes.PerLane[list[str]](list, joined=lambda before, added: [*before, *added])
    """Exchanges of shared experiments that the present check rests on."""
    generation = lanes.PerLane(lambda: 1, inherited=True)
    """Which pass of the present check this is; a repeated pass shares nothing with the passes before it."""

    def __init__(
        self,
        target: Target,
        seed: int = 0,
        *,
        worker: str = "",
        journal_folder: Path | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._worker = worker
        self._journal_folder = journal_folder
        self.account = Account(target, worker=worker, journal_folder=journal_folder, observe=self._observe, pace=pace)
        self.register = register.load(target.provider)
        self.account.views.judges_answers = f"{target.provider}.{AS_ANSWERED}" in self.register
        self.seed = seed
        self.judged: dict[str, str] = {}
        """The operations that answers were judged as, by the ids of their exchanges."""
        self.examples: Kept | None = None
        """The plans that earlier runs have kept, where there is a place for them."""
        self.explored: Explored | None = None
        """What exploring has come to, where the run explores."""
        self.awaited: frozenset[str] = frozenset()
        """The requirements of which the run only wants to know that one is broken: exploring ends when one is."""
        self.exploration: object = None
        """What explores, for as long as the session lasts."""
        self._making: dict[tuple[str, int], Lane] = {}
        """Which lane makes what is made once, at this moment."""
        self._done: dict[tuple[str, int], Any] = {}
        self._sent_for: dict[tuple[str, int], tuple[str, ...]] = {}
        self._wrote: dict[tuple[str, int], float] = {}
        self._kept: dict[tuple[str, int], Any] = {}
        self._handed_on: dict[int, list[str]] = {}

    def aside(self, name: str) -> Session:
        """Another session on the same target, which spends the same budget: it has contacts, a journal and records of
        its own, and has to be cleaned up for itself."""
        worker = f"{self._worker}{name}"
        pace = self.client.pace
        made = Session(self.target, self.seed, worker=worker, journal_folder=self._journal_folder, pace=pace)
        made.account.learn_from(self.account)
        return made

    # The account

    @property
    def target(self) -> Target:
        """The target under test."""
        return self.account.target

    @property
    def is_quick(self) -> bool:
        """Whether the run has few requests, so that an experiment is made of what shows most."""
        return self.target.profile == "quick"

    @property
    def is_woven(self) -> bool:
        """Whether modules of checks run side by side, so that none may change a contact by which another one judges."""
        return self.target.limits.lanes > 1

    @property
    def contract(self) -> Contract:
        """The contract that the target is judged by."""
        return self.account.contract

    @property
    def provider(self) -> Provider:
        """How the target's provider speaks."""
        return self.account.provider

    @property
    def client(self) -> Client:
        """The one client that reaches the target."""
        return self.account.client

    @property
    def recorder(self) -> Recorder:
        """The exchanges of the run."""
        return self.account.recorder

    @property
    def journal(self) -> Journal:
        """What the run created."""
        return self.account.journal

    @property
    def tag(self) -> str:
        """The text that marks every contact of the run."""
        return self.account.tag

    @property
    def main_role(self) -> str:
        """The role that checks act as, where they say nothing else."""
        return self.account.main_role

    def role_at(self, path: str) -> str:
        """The role that a path is asked as: the main role if it may call something there, or one that may."""
        return self.account.role_at(path)

    def identity(self, role: str) -> Identity:
        """The identity of a role; NotOffered where the target declares that it does not exist there."""
        return self.account.identity(role)

    def contacts(self, role: str = "") -> Contacts:
        """The contacts as the identity of this role sees them; NotVerified where the target has no such identity."""
        return Contacts(self.account, self.identity(role or self.main_role))

    def path(self, operation: Operation) -> str:
        """The path of an operation on this target."""
        return self.account.paths.of(operation)

    def number(self) -> int:
        """A number that this run has not given before; samples and marks are made from it."""
        return self.account.number()

    def mark(self) -> str:
        """A text that no other contact carries, in this run or any other."""
        return self.account.mark()

    def wait_for_lists(self) -> None:
        """Waits until lists show what was written, as long as the target says that they lag (limits.patience)."""
        self.account.lag.wait()

    def allow_changes(self, contact: str, role: str) -> None:
        """Allows a role, and the main one, to change a contact that the target file sets aside for the run."""
        self.account.guard.allow_changes(contact, role)

    def clean_up(self, *, needless: bool = False, kept: bool = False) -> Traffic:
        """Removes what the run created, in reverse, proves that nothing is left, and says what was done.

        `needless` says that the account ends with the run, so that there is nothing to remove; `kept`, that it is to be
        looked at, and removed by `sweep` later.
        """
        return keeping.keep(self.account) if kept else cleanup.clean_up(self.account, needless=needless)

    # What checks share

    def random(self, salt: str = "") -> random.Random:
        """Random numbers that depend on the run's seed and the salt alone."""
        return random.Random(f"{self.seed}/{salt}")  # noqa: S311  (for choices, not for secrets)

    def once(self, name: str, make: Callable[[], _Value]) -> _Value:
        """What `make` returned (or raised) the first time that this name was asked for in this generation.

        Its exchanges are evidence for every check that asks. The first pass of each check takes the first generation;
        a second pass has to see fresh data and takes the second one, which all second passes share; and so on.
        """
        key = (name, self.generation)
        while key not in self._done:
            maker = self._making.get(key)
            if maker is None or lanes.current().is_within(maker):
                self._make(key, make)
            else:
                lanes.wait_for(maker, lambda: key not in self._making)
        self.evidence += self._sent_for[key]
        self.client.wrote = max(self.client.wrote, self._wrote[key])
        outcome = self._done[key]
        if isinstance(outcome, NotVerified):
            raise type(outcome)(str(outcome))
        made: _Value = outcome
        return made

    def _make(self, key: tuple[str, int], make: Callable[[], Any]) -> None:
        mark = len(self.recorder)
        self._making[key] = lanes.current()
        try:
            with self.account.set_aside.kept_as_it_was():
                self._done[key] = make()
        except NotVerified as failure:
            self._done[key] = failure
        finally:
            del self._making[key]
            lanes.tell()
        self._sent_for[key] = tuple(e.id for e in self.recorder.since(mark))
        self._wrote[key] = self.client.wrote

    def each(self, acts: Sequence[Callable[[], _Value]]) -> list[_Value]:
        """What each of these yields, in their order, with as many requests under way as the target takes.

        None may rest on what another one does.
        """
        return lanes.each(acts, self.target.limits.lanes)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """While this lasts, the run writes nothing but what is written within: for lists of all that there is.

        Such lists wait for what any lane wrote before.
        """
        with self.account.quiet.kept():
            self.client.wrote = self.client.last_wrote
            yield

    def forget(self) -> None:
        """Lets everything that was done once be done again when it is next asked for."""
        self._done.clear()
        self._kept.clear()
        self._handed_on.clear()

    def keep(self, slot: Slot[_Value], value: _Value) -> None:
        """Leaves a value for the next check that takes it in this generation."""
        self._kept[slot.name, self.generation] = value

    def take(self, slot: Slot[_Value]) -> _Value | None:
        """The value that was left, which is then gone; None where there is none."""
        value: _Value | None = self._kept.pop((slot.name, self.generation), None)
        return value

    def spare(self) -> Contact:
        """A contact for checks that only change something: whatever else it holds is of no matter to them.

        Where modules of checks run side by side, each has one of its own.
        """
        return self.once(f"spare {id(lanes.current().root)}", self.contacts().create)

    def let_go(self) -> None:
        """Leaves to other lanes what the present check has had for itself."""
        self.account.set_aside.let_go()

    def plain(self) -> Contact:
        """A contact that nothing is known of but what it needs; made once in a run."""
        return self.once("plain contact", self.contacts().create)

    # What is there already

    @property
    def only_reads(self) -> bool:
        """Whether the target file does not permit writing, so that checks judge what is there already."""
        return not self.target.writes

    def sample(self, role: str = "") -> Sample:
        """Contacts that are there already, as a role sees them; looked for once in a run."""
        contacts = self.contacts(role)
        return self.once(f"a sample as {contacts.identity}", lambda: walked(contacts))

    def to_read(self) -> Contact:
        """A contact that checks only read: one of the run's own, or, where it may not write, one that is there."""
        return self.found() if self.only_reads else self.plain()

    def found(self) -> Contact:
        """The contact that shows most of those that are there already; NotShown where there is none.

        Where there is no list, it is one that the target file names.
        """
        if not self.contract.has("list"):
            known = (self.target.known[n] for n in self.provider.keys.contacts if n in self.target.known)
            contact = next(known, "")
            if not contact:
                raise NotShown("there is no list, and the target file names no contact to read (known.contact)")
            return Contact(contact, {}, {})
        sample = self.sample()
        return Contact(sample.contacts.ids(sample.richest(1))[0], {}, {})

    def two_to_read(self) -> tuple[Mapping[str, str], Sequence[Contact]]:
        """Two plain contacts that no check changes, and the marks that they share."""
        return self.several("two to read", 2)

    def several(self, name: str, count: int) -> tuple[Mapping[str, str], Sequence[Contact]]:
        """So many plain contacts, and the marks that they share; made once in a run under this name."""

        def make() -> tuple[Mapping[str, str], Sequence[Contact]]:
            contacts = self.contacts()
            marks = contacts.marks()
            return marks, [contacts.create(marks) for _ in range(count)]

        return self.once(name, make)

    def hand_on(self, contact: str) -> None:
        """Leaves a contact of the main role that no check looks at any more to whichever check may use one up."""
        self._handed_on.setdefault(self.generation, []).append(contact)

    def hand_on_created(self, answer: Answer) -> None:
        """Hands on what a plain creation of the main role created, if its answer names it."""
        contact = self.provider.created_id(answer) if answer.succeeded else None
        if contact is not None:
            self.hand_on(contact)

    def expendable(self) -> Contact:
        """A contact to remove or to give away, whatever it holds: one that was handed on, or else a new one."""
        left = self._handed_on.get(self.generation)
        return Contact(left.pop(), {}, {}) if left else self.contacts().create()

    @property
    def shared_exchanges(self) -> frozenset[str]:
        """The ids of the exchanges of everything that was done once for several checks."""
        return frozenset(e for sent in self._sent_for.values() for e in sent)

    # What the run tells and asks

    def offered(self, requirement: str) -> None:
        """NotOffered where the target file declares that the target is without this requirement."""
        for prefix in self.target.offers.without:
            if register.is_below(requirement, prefix):
                raise NotOffered(f"the target declares that it is without {prefix} (offers.without)")

    @contextmanager
    def observing(self) -> Iterator[dict[str, list[Fact]]]:
        """Collects what the exchanges within show by themselves, by requirement."""
        before, self.observed = self.observed, {}
        try:
            yield self.observed
        finally:
            self.observed = before

    def _observe(self, operation: Operation, answer: Answer, legal: bool) -> None:
        self.judged[answer.exchange.id] = operation.id
        if not legal:
            response_checks.collect_refusal(self.observed, self.contract, self.register, answer)
            return
        response_checks.collect(self.observed, self.contract, self.register, operation, answer)
