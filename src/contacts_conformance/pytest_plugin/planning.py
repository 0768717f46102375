"""What a run would do, found out without sending anything: its checks by group, their requests and contacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from contacts_conformance import providers
from contacts_conformance import target as targets
from contacts_conformance.account import forecast
from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin import collect, depth, opening
from contacts_conformance.pytest_plugin.runner import Order
from contacts_conformance.target import Target

AROUND = "first requests and clean-up"
"""What a run sends besides the requests of its checks."""


@dataclass(frozen=True, slots=True)
class Part:
    """A group of checks, or all of them: how many there are, and what they send and create, where that is known."""

    name: str
    checks: int
    requests: int | None
    created: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run of a profile would do to a target; `notes` say what the figures leave out."""

    provider: str
    profile: str
    parts: tuple[Part, ...]
    total: Part
    rate: float | None
    """How many requests the target takes in a second, where it sets a limit."""
    notes: tuple[str, ...] = ()

    @property
    def minutes(self) -> float | None:
        """How long the run takes at the target's rate; None where it sets none, or the requests are not known."""
        return self.total.requests / self.rate / 60 if self.rate and self.total.requests is not None else None


def plan(order: Order) -> Plan:
    """What a run would do, by what comes with the provider. UsageError where the order is wrong."""
    target = _target(order)
    counted = Counter(map(forecast.group_of, collect.selected(replace(order, profile=target.profile, html=False))))
    course = forecast.course(target) if target.writes else None
    groups = course.groups if course is not None else {}
    parts = [_part(name, number, groups.get(name)) for name, number in sorted(counted.items())]
    if not parts:
        raise UsageError("no check was selected: -k, --requirement or the profile leave none")
    notes = [] if order.keyword or order.requirements else _last_run(order, target)
    if any(n < groups[name].checks for name, n in counted.items() if name in groups):
        notes.append("groups of which only some checks are asked for show what all of their checks send, at most")
    if target.profile == "deep":
        notes.append("after its checks, a deep run sends generated requests until its time or requests are used up")
    requests, created = _sum(p.requests for p in parts), _sum(p.created for p in parts)
    if course is not None and requests is not None and created is not None:
        around = course.requests - sum(g.requests for g in groups.values())
        share = min(1.0, created / max(1, course.created)) if counted.keys() < groups.keys() else 1.0
        parts.append(Part(AROUND, 0, round(around * share), 0))
        requests += round(around * share)
    elif not target.writes:
        requests, created = _reads(order, target), 0
        notes.append("the target file does not permit writing (writes = true): contacts that are there are read")
    most = target.limits.max_requests
    if most is not None and requests is not None and requests > most:
        notes.append(f"the target's limits allow {most} of these requests; what they leave out is not verified")
        requests = most
    total = Part("total", sum(counted.values()), requests, created)
    return Plan(order.provider, target.profile, tuple(parts), total, target.limits.requests_per_second, tuple(notes))


def _target(order: Order) -> Target:
    """The target of a run, with the profile and limits that the command asks for."""
    keys = providers.load(order.provider).keys
    if order.target is not None:
        return depth.chosen(targets.load(order.target, keys), order)
    return depth.chosen(opening.Embedding(order.provider, None).open(start=False), order)


def _part(name: str, checks: int, known: forecast.Group | None) -> Part:
    return Part(name, checks, known.requests, known.created) if known is not None else Part(name, checks, None, None)


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum of numbers; None where one is not known."""
    known = list(numbers)
    return sum(n for n in known if n is not None) if None not in known else None


def _reads(order: Order, target: Target) -> int | None:
    known = forecast.shipped(target.provider)
    return known.reads if known is not None and not (order.keyword or order.requirements) else None


def _last_run(order: Order, target: Target) -> list[str]:
    report = order.reports / order.provider / "report.json" if order.reports is not None else None
    figures = forecast.of_last_run(report, target) if report is not None else None
    if figures is None or target.profile == "quick":
        return []
    return [f"{figures.requests} requests and {figures.created} contacts created, {figures.source}"]
