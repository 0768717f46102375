"""The values that the whole suite speaks in. Nothing here reads or writes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = Any
"""Whatever a JSON text can hold; what it really holds is for the contract to say."""

Record: TypeAlias = dict[str, Any]
"""One contact as an answer shows it: attribute to value."""

Query: TypeAlias = tuple[tuple[str, str], ...]
"""Query parameters in the order in which they are sent; a name may occur more than once."""


class Level(StrEnum):
    """How binding a promise is, by the words of the page."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Verdict(StrEnum):
    """What a run says about a requirement; the better ones first."""

    PASS = "pass"  # noqa: S105  (a verdict, not a password)
    NOT_APPLICABLE = "not-applicable"
    KNOWN_DEVIATION = "known-deviation"
    WARN = "warn"
    NOT_VERIFIED = "not-verified"
    FAIL = "fail"
    SUITE_ERROR = "suite-error"


class Outcome(StrEnum):
    """What one check saw of one requirement, whatever its level.

    `UNSEEN`: the requirement is about something in answers, and no answer showed it.
    """

    HELD = "held"
    BROKEN = "broken"
    NOT_OFFERED = "not-offered"
    UNVERIFIED = "unverified"
    UNSEEN = "unseen"
    ERROR = "error"


class ExitCode:
    """Exit codes of the command."""

    CONFORMANT = 0
    NOT_CONFORMANT = 1
    WRONG_USE = 2
    INCOMPLETE = 3
    UNREACHABLE = 4
    SUITE_ERROR = 5


NO_PAGE = "no page"
"""The section of what rests on no page of the vendor's."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a promise stands: a section of a page of the vendor's, or `NO_PAGE`.

    `page` is the page's short name and empty where there is none; `title` and `address` are for readers. `also` are
    further sections that it rests on. `note` says what a row without a page rests on, or how the page at `address`
    calls its link to this one, whose own address is not known.
    """

    page: str
    section: str
    title: str = ""
    address: str = ""
    also: tuple[Source, ...] = ()
    note: str = ""

    @property
    def each(self) -> tuple[Source, ...]:
        """This section and the further ones."""
        return (self, *self.also)

    @property
    def place(self) -> str:
        """Page and section in words, without an address."""
        if not self.page:
            return f"{self.section}: {self.note}" if self.note else self.section
        return ": ".join(part for part in (self.title, self.section) if part)

    @property
    def way(self) -> str:
        """How to open it: its address, or the link that leads to it and where that is; empty where nothing is known."""
        return f"the link “{self.note}” at {self.address}" if self.page and self.note else self.address

    @property
    def by_page(self) -> tuple[tuple[str, Source], ...]:
        """Each page in the order in which they are named: all its sections in words, and the first of them."""
        pages: dict[str, list[Source]] = {}
        for source in self.each:
            pages.setdefault(source.page, []).append(source)
        several = pages.values()
        return tuple(("; ".join((first.place, *(s.section for s in more))), first) for first, *more in several)

    def __str__(self) -> str:
        return "; ".join(f"{words} ({first.way})" if first.way else words for words, first in self.by_page)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One promise of a provider's page.

    `judged` says how a fair suite decides where the page is silent; `excluded`, why no check judges it.
    """

    id: str
    level: Level
    statement: str
    source: Source
    judged: str = ""
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that was sent and what came back, without secrets.

    Bodies are texts, cut to what a report can carry; `request_size` and `response_size` count the bytes that there
    were. `status` is 0 and `error` says why where no answer came. `legal` is false where the request breaks the
    contract on purpose, so that its answer is judged by the check alone. `page` says that the answer is a page of HTML
    as a proxy may show in the service's stead.
    """

    id: str
    started: str
    milliseconds: float
    identity: str
    operation: str
    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    request_size: int
    status: int
    reason: str
    response_headers: tuple[tuple[str, str], ...]
    response_body: str
    response_size: int
    error: str = ""
    notes: tuple[str, ...] = ()
    legal: bool = True
    page: bool = False


@dataclass(frozen=True, slots=True)
class Breach:
    """One observed difference between what was promised and what happened.

    `expected` and `got` are for people; values in them are shown as JSON. `exchange` is the id of the exchange that
    shows the difference; empty where none is known.

    The other members stay the same from run to run and make the fingerprint. `kind` is the kind of failure (`status`,
    `value`, `contacts`, `order`, …). `subject` names the field, parameter, header or case that it is about; it is
    empty where it is about the requirement as a whole. `observed` is what was seen: a status, or how a value differs.
    """

    kind: str
    expected: str
    got: str
    subject: str = ""
    observed: str = ""
    exchange: str = ""

    def __str__(self) -> str:
        about = f"{self.subject}: " if self.subject else ""
        if not self.expected:
            return f"{about}{self.got}"
        return f"{about}expected {self.expected}; got {self.got}"


@dataclass(frozen=True, slots=True)
class Fact:
    """What one check saw of one requirement.

    `check` is the node id of the pytest item, `exchanges` the ids of the exchanges that show it. `breach` says how the
    requirement is broken, where it is; `message` says in words why the requirement is broken or could not be judged.

    `unsteady` says that the requirement was broken once, and held once when the check was run again with fresh data.
    `remark` says in words what repeating the check showed, or why it could not be repeated; the message has it, too.
    `cause` says what kept the check from judging, where that matters to whether it is run again: `network`, `budget`
    or nothing of these. `kinds` names the kinds of values that the requirement was judged with, where it was with
    several. `script` is a shell script that shows the failure again, where the request that shows it needs others.
    """

    requirement: str
    check: str
    outcome: Outcome
    message: str = ""
    exchanges: tuple[str, ...] = ()
    breach: Breach | None = None
    unsteady: bool = False
    remark: str = ""
    cause: str = ""
    kinds: tuple[str, ...] = ()
    script: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A requirement with its verdict and the facts that it rests on."""

    requirement: Requirement
    verdict: Verdict
    facts: tuple[Fact, ...] = ()
    reason: str = ""

    @property
    def unsteady(self) -> bool:
        """Whether all that speaks against the requirement is unsteady: no check saw it broken twice."""
        broken = [f for f in self.facts if f.outcome is Outcome.BROKEN]
        return bool(broken) and all(f.unsteady for f in broken)

    @property
    def label(self) -> str:
        """The verdict as reports show it, as in `fail` or `fail (unsteady)`."""
        fails = self.verdict in (Verdict.FAIL, Verdict.WARN, Verdict.KNOWN_DEVIATION)
        return f"{self.verdict} (unsteady)" if fails and self.unsteady else self.verdict.value


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a run did to its target: requests sent, contacts created, removed, and left behind.

    What was removed is confirmed, but for those creations of which nothing shows what became of them: `unknown` counts
    them. `unmarked` counts contacts that carried no mark by which they could have been found again.
    """

    requests: int = 0
    created: int = 0
    removed: int = 0
    left: tuple[str, ...] = ()
    throttled: int = 0
    unanswered: int = 0
    notes: tuple[str, ...] = field(default=())
    unknown: int = 0
    unmarked: int = 0

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(
            self.requests + other.requests,
            self.created + other.created,
            self.removed + other.removed,
            self.left + other.left,
            self.throttled + other.throttled,
            self.unanswered + other.unanswered,
            _together(self.notes + other.notes),
            self.unknown + other.unknown,
            self.unmarked + other.unmarked,
        )


def _together(notes: Iterable[str]) -> tuple[str, ...]:
    """Each note once; those that go on alike after a number are one, with the sum."""
    numbers: dict[str, int] = {}
    for note in notes:
        number, _, rest = note.partition(" ")
        is_counted = number.isdecimal()
        numbers[rest if is_counted else note] = numbers.get(rest, 0) + int(number) if is_counted else 0
    return tuple(f"{number} {rest}" if number else rest for rest, number in numbers.items())


@dataclass(frozen=True, slots=True)
class Finding:
    """What exploring has found: a requirement that is broken, by the smallest plan that was seen to break it.

    `plan` is the plan as text, `steps` the number of its requests, `source` what made it up. `script` is a shell script
    that shows it again, by itself; `exchanges` are the ids of what was sent and answered. `also` names the rows that
    answers break for the same cause.
    """

    requirement: str
    source: str
    plan: str
    steps: int
    script: str
    exchanges: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cases:
    """How many requests of one kind exploring has sent: by source, operation, and what the page says of the answer."""

    source: str
    operation: str
    expects: str
    number: int


@dataclass(frozen=True, slots=True)
class Explored:
    """What exploring has come to in one run.

    `once` tells what was seen once, and not again; `stopped` why it ended, `coverage` what was exercised of each
    operation. `traffic` is what it did to the target, but for the requests, which count as all others of the run.
    """

    seconds: float
    stopped: str
    cases: tuple[Cases, ...] = ()
    findings: tuple[Finding, ...] = ()
    once: tuple[str, ...] = ()
    coverage: Json = None
    traffic: Traffic = field(default_factory=Traffic)
