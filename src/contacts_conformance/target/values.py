"""A target: one server and account under test, with its identities and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from contacts_conformance.errors import NotVerified
from contacts_conformance.target.tables import Limits, Offers, Share, Timeouts, Tls


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value and the environment variable that it came from; its text form shows the variable only."""

    variable: str
    value: str = field(repr=False)

    def __str__(self) -> str:
        return f"${{{self.variable}}}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Credentials of one role on the target, with what is known of its user."""

    role: str
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.role


ANONYMOUS = Identity("anonymous")


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """Which keys an identity of a provider may have in the target file."""

    secrets: frozenset[str]
    attributes: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    stand_ins: tuple[str, ...] = ()
    """Roles that checks act as where the target has no identity of the main role; the best first."""
    unwelcome: tuple[str, ...] = ()
    """Roles whose credentials a target is meant to refuse."""
    apart: tuple[tuple[str, ...], ...] = ()
    """Keys of a target file whose values have to differ from one another, as in `identities.owner.user_id`."""
    contacts: tuple[str, ...] = ()
    """Those of `known` that are contacts which the main role reads."""


@dataclass(frozen=True, slots=True)
class Target:
    """One server and account under test."""

    provider: str
    base_url: str
    identities: Mapping[str, Identity]
    name: str = ""
    writes: bool = False
    leaves_contacts: bool = False
    disposable: bool = False
    """Whether the account is for tests alone and may be emptied; no address says so by itself."""
    known: Mapping[str, str] = field(default_factory=dict)
    share: Share | None = None
    offers: Offers = field(default_factory=Offers)
    limits: Limits = field(default_factory=Limits)
    timeouts: Timeouts = field(default_factory=Timeouts)
    tls: Tls = field(default_factory=Tls)
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = False
    profile: str = "standard"
    """How much a run does, one of `PROFILES`."""
    examples: str = ""
    """Where plans that found something are kept: a folder, or the URL of another store; empty for the usual place."""
    deviations: Path | None = None
    """The file with the deviations that are accepted on it."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret that no artefact may show."""
        return tuple(s for i in self.identities.values() for s in i.secrets.values())

    def shared(self, processes: int) -> Target:
        """The target as one of so many processes sees it that have to share its limits evenly."""
        limits = self.limits
        rate, most, connections = limits.requests_per_second, limits.max_requests, limits.max_connections
        contacts = limits.max_contacts
        share = limits.model_copy(
            update={
                "requests_per_second": rate / processes if rate else None,
                "max_requests": max(1, most // processes) if most else None,
                "max_connections": max(1, connections // processes) if connections else None,
                "max_contacts": contacts // processes or 1 if contacts else None,
            }
        )
        return replace(self, limits=share)

    def identity(self, role: str) -> Identity:
        """The identity of this role; NotVerified where the target file has none."""
        identity = self.identities.get(role)
        if identity is None:
            raise NotVerified(f"the target file has no identity '{role}'; add a table [identities.{role}]")
        return identity

    def known_id(self, name: str) -> str:
        """The id that the target file gives under this name; NotVerified where it gives none."""
        known_id = self.known.get(name)
        if known_id is None:
            raise NotVerified(f"the target file gives no id of '{name}'; add the key {name} to the table [known]")
        return known_id
