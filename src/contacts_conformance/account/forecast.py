"""What a run is about to do to an account: said before the first write to one that is not said to be disposable."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from contacts_conformance import contract as contracts
from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import Look
from contacts_conformance.contract import yaml
from contacts_conformance.http.messages import READS
from contacts_conformance.target import Target

Count = Annotated[int, Field(ge=0)]


class Group(BaseModel):
    """What the checks of one module do: how many there are, what they send and what they create."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checks: Count
    requests: Count
    created: Count = 0


class Course(BaseModel):
    """What a whole run of a profile does to a reference server: its clean-up included, and by groups of checks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests: Count
    created: Count
    removed: Count
    groups: Mapping[str, Group] = {}


class Shipped(Course):
    """A provider's `forecast.yaml`: what a run of every check does to its reference server.

    `quick` is what one of that profile does. `reading` are the ids of requirements whose checks only read; `readable`
    those, or what they lie below, that contacts which are there already show to a run that may not write; that takes
    about as many requests as `reads`.
    """

    quick: Course | None = None
    reads: Count = 0
    reading: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()


def group_of(check: str) -> str:
    """The group of a check, by its node id: the folder and the module that it is in, as `contract/fields`."""
    folder, _, module = check.partition("::")[0].removesuffix(".py").rpartition("/")
    return f"{folder.rpartition('/')[2]}/{module.removeprefix('test_')}"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many requests a run sends and contacts it creates and removes, in how many seconds, and who says so."""

    requests: int
    created: int
    removed: int
    seconds: float
    source: str


@cache
def shipped(provider: str) -> Shipped | None:
    """The figures that come with a provider; None where it has none."""
    path = contracts.provider_path(provider) / "forecast.yaml"
    return Shipped.model_validate(yaml.load(path.read_text(encoding="utf-8"))) if path.is_file() else None


def course(target: Target) -> Course | None:
    """What a run of a target's profile does to the reference server; None where nothing is known of it."""
    known = shipped(target.provider)
    return known.quick if known is not None and target.profile == "quick" else known


def only_reads(provider: str, requirements: Iterable[str]) -> bool:
    """Whether the checks of these requirements are known to write nothing; not where there are none."""
    known = shipped(provider)
    asked = set(requirements)
    return bool(asked) and known is not None and asked <= set(known.reading)


def of_last_run(report: Path, target: Target) -> Figures | None:
    """What the last run against this target did, by its `report.json`.

    None where there is none, where it is of another target or cannot be read, or where its run left out checks.
    """
    try:
        document = json.loads(report.read_text(encoding="utf-8"))
        told, traffic = document["run"], document["traffic"]
        same = (document["provider"], document["target"]["base_url"]) == (target.provider, target.base_url)
        requests, created, removed = (int(traffic[n]) for n in ("requests", "contacts_created", "contacts_removed"))
        complete = same and told["complete"] and document["verdict"]["exit_code"] in (0, 1, 3)
        source = f"as in the last run, of {str(told['started'])[:10]}"
        return Figures(requests, created, removed, float(told["seconds"]), source) if complete else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _as_before(report: Path | None, target: Target) -> Figures | None:
    """What the last run did, where this one is of every check, too."""
    return of_last_run(report, target) if report is not None and target.profile != "quick" else None


def requests(target: Target, report: Path | None) -> int | None:
    """How many requests a run of the target's profile sends: as many as the last one, or to the reference server; None
    where nothing is known, as where nothing may be written."""
    figures = _as_before(report, target)
    if figures is not None:
        return figures.requests
    known = course(target) if target.writes else None
    return known.requests if known is not None else None


def expected(target: Target, look: Look, report: Path | None) -> Figures | None:
    """What a run of the target's profile will do, within the target's limits; None where nothing is known."""
    limits = target.limits
    known = course(target)
    figures = _as_before(report, target)
    if figures is None and known is not None:
        pace = max(1 / limits.requests_per_second if limits.requests_per_second else 0, look.seconds)
        seconds = known.requests * pace
        figures = Figures(known.requests, known.created, known.removed, seconds, "as against the reference server")
    if figures is None:
        return None
    share = min(1, (limits.max_requests or figures.requests) / max(1, figures.requests))
    return Figures(
        round(figures.requests * share),
        min(round(figures.created * share), limits.max_contacts or figures.created),
        min(round(figures.removed * share), limits.max_contacts or figures.removed),
        min(figures.seconds * share, limits.max_seconds),
        figures.source,
    )


def lines(
    account: Account, look: Look, *, file: Path | None, report: Path | None = None, narrowed: bool = False
) -> tuple[str, ...]:
    """The forecast in words, a line each, without the target's secrets.

    `report` is the `report.json` of the last run, `narrowed` says that not every check was asked for.
    """
    told = _lines(account, look, file, report, narrowed=narrowed)
    return tuple(account.client.redactor.text(line) for line in told)


def _lines(account: Account, look: Look, file: Path | None, report: Path | None, *, narrowed: bool) -> Iterator[str]:
    target = account.target
    name = f" ({target.name})" if target.name else ""
    yield f"This run writes to an account that is not said to be disposable: {file or target.provider}{name}"
    yield f"  host:      {urlsplit(target.base_url).netloc} ({target.provider} at {target.base_url})"
    main = target.identities.get(account.main_role)
    user = main.attributes.get("user_id") if main is not None else None
    yield f"  owner:     the identity '{account.main_role}', " + (
        f"user {user}" if user else "whose user id is unknown"
    )
    yield f"  contacts:  {'how many there are is unknown' if look.contacts is None else f'{look.contacts} there now'}"
    yield f"  will do:   {_deeds(account, expected(target, look, report), narrowed=narrowed)}"
    borrowed = [
        f"contact {i.attributes['shared_contact']}"
        for i in target.identities.values()
        if "shared_contact" in i.attributes and target.share is None
    ]
    if any(o.own_record and o.method not in READS for o in account.contract.operations):
        borrowed += [f"the own contact of '{r}'" for r, i in target.identities.items() if "contact_id" in i.attributes]
    if borrowed:
        yield f"  borrowed:  {', '.join(borrowed)}: changed, and set back"


def _deeds(account: Account, figures: Figures | None, *, narrowed: bool) -> str:
    removable = account.contract.has("remove")
    stays = "" if removable else ", which stay: the contract documents no way to remove a contact"
    if not (removable or account.target.leaves_contacts):
        stays = ", since the file does not say leaves_contacts = true"
    if figures is None:
        return f"how many contacts it creates is not known{stays}"
    about = "at most about" if narrowed else "about"
    created = figures.created if removable or account.target.leaves_contacts else 0
    removed = f", {figures.removed} removed" if removable else ""
    minutes = max(1, round(figures.seconds / 60))
    return (
        f"{about} {created} contacts created{removed}{stays}; {figures.requests} requests in {minutes} "
        f"{'minute' if minutes == 1 else 'minutes'} ({figures.source})"
    )


def advice(target: Target, file: Path | str = "the target file") -> tuple[str, ...]:
    """What to add to the file of a target on this machine that is not said to be disposable; nothing for others."""
    if target.disposable or target.embedded or not target.writes or not _is_here(target.base_url):
        return ()
    host = urlsplit(target.base_url).hostname
    return (
        f"{host} is this machine, but tunnels lead from it to real accounts, so it permits nothing by itself; if this "
        f"is a test account that may be emptied, add disposable = true to {file}",
    )


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
