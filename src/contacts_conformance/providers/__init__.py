"""What the harness has to know of a provider, and cannot read in its contract: one module for each.

A provider's module has an object `PROVIDER`. The four that ship are modules of this package; that of an announced
provider is the module `provider` of the package that announces it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast, runtime_checkable

from contacts_conformance.contract import Contract, Field, packages, resources
from contacts_conformance.errors import UsageError
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.target import Identity, IdentityKeys, Target

ORDER, ANY_OF, IDS = "an order", "one of several values", "ids"
"""What lists can rest on beside the attributes that they are filtered by."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the contacts on it and, where the answer states them, how many match, limit and skip."""

    records: tuple[Record, ...]
    total: int | None = None
    limit: int | None = None
    skip: int | None = None


class Provider(Protocol):
    """How one provider speaks: credentials, envelopes, ids, and how contacts of a run are marked and found."""

    name: str
    keys: IdentityKeys
    suites: tuple[str, ...]
    """The folders of `suites` whose checks judge it, beside its own."""
    main_role: str
    """The role that checks act as, where they say nothing else."""
    markers: tuple[str, ...]
    """Attributes that can carry the run's mark; the first one that a check does not need for itself is taken."""

    def authorization(self, identity: Identity) -> Mapping[str, str]:
        """The headers that say who is calling."""
        ...

    def wrong_authorization(self) -> Mapping[str, str]:
        """Well-formed headers of nobody."""
        ...

    def body(self, kind: str, values: Mapping[str, Json]) -> Json:
        """The JSON body of a `create` or `change` with these values."""
        ...

    def values(self, body: Json) -> Mapping[str, Json] | None:
        """The values in a body; the reverse of `body`."""
        ...

    def record(self, answer: Answer) -> Record | None:
        """The contact in an answer about one contact, or None."""
        ...

    def id_of(self, record: Record) -> str | None:
        """The id of a contact, as a text, or None."""
        ...

    def created_id(self, answer: Answer) -> str | None:
        """The id of the contact that an answer says was created, or None."""
        ...

    def page(self, answer: Answer) -> Page | None:
        """The page in the answer to a list, or None where it is none."""
        ...

    def mark_filter(self, marks: Mapping[str, str]) -> Query:
        """The query that leaves the contacts that carry these marks."""
        ...

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """The query that leaves the contacts that carry one of these marks; empty where there is none."""
        ...

    def limiting(self, limit: int, skip: int = 0) -> Query:
        """The query for one page."""
        ...

    def sample(self, field: Field, number: int) -> Json:
        """A legal value of a field that no other number yields, as short as its shape allows."""
        ...

    def wrong_value(self, field: Field, target: Target) -> Json:
        """A value for a read-only field that a server could take if it were not read-only, and has not by chance."""
        ...

    def example_path(self, template: str) -> str:
        """A path of this template that belongs to no contact."""
        ...

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Whether a value that was read is the one that was sent."""
        ...


@runtime_checkable
class QueryShaping(Protocol):
    """A provider whose lists take parameters that are not legal with every value that fits their schema.

    Generated queries use those parameters as it says. Parameters that the contract marks with `x-self-contained` need
    no shaping; a provider that has only such, or for which no cases are generated, leaves this out.
    """

    paging_parameters: frozenset[str]
    """Those that limit a list and skip a part of it: every run generates them."""

    def may_generate(self, contract: Contract, name: str) -> bool:
        """Whether the provider's page leaves no doubt about what a parameter does, paging left aside."""
        ...

    def exclude_each_other(self, one: str, other: str) -> bool:
        """Whether no query may have both parameters."""
        ...

    def fair_value(self, contract: Contract, name: str, value: str) -> str:
        """A legal value for a parameter, made from a generated one; the same for the same."""
        ...


@runtime_checkable
class Wordy(Protocol):
    """A provider of which a run may send so many changes that texts meet every word that a program may misread."""

    wordy: frozenset[str]
    """The texts that may be any word."""


@runtime_checkable
class Daring(Protocol):
    """A provider of which a run may send so many changes that each text meets words in these, too.

    `words_of_changes` is how many, beside unusual values or in their place; the provider's own checks send the other
    words. `words_of_creations` is how many texts are sure to meet in creations, beside unusual kinds. `plain_changes`
    keeps the unusual kinds of values out of changes.
    """

    words_of_changes: int
    words_of_creations: int
    plain_changes: bool


@runtime_checkable
class Attributing(Protocol):
    """A provider whose contacts name users."""

    people: Sequence[str]
    """The members that do; the first one names the owner."""


@runtime_checkable
class Identifying(Protocol):
    """A provider whose contacts need more than their required fields: something to recognise them by."""

    def identification(self, values: Mapping[str, Json], mark: str) -> Mapping[str, Json]:
        """What makes a contact of these values complete; made from a mark that no other contact carries."""
        ...


@runtime_checkable
class Distinguishing(Protocol):
    """A provider whose service may refuse a contact that is like another one, or take both for one.

    `distinct` matches what no two runs have in common in the names and addresses of its samples.
    """

    distinct: re.Pattern[str]


@runtime_checkable
class Counting(Protocol):
    """A provider whose lists state how many contacts there are only where they are asked to."""

    def counting(self) -> Query:
        """The query for the first contact and the number of all."""
        ...


@runtime_checkable
class Relying(Protocol):
    """A provider whose lists are filtered and ordered, so that checks of one thing can rely on another."""

    def order(self) -> Query:
        """The query for an order that any list can have."""
        ...

    def by_ids(self, ids: Sequence[str]) -> Query:
        """The query that leaves the contacts with these ids; empty where the page documents none."""
        ...

    def relies_on(self, name: str, value: str) -> frozenset[str]:
        """What a parameter relies on: attributes that it filters by, or the names above."""
        ...


@runtime_checkable
class Limiting(Protocol):
    """A provider whose page can be read so that a list without any parameter is refused."""

    least_query: Query
    """The parameters of a list that asks for nothing in particular."""


def load(name: str) -> Provider:
    """The provider of this name.

    Raises UsageError where there is none, where its module cannot be imported, or where its `PROVIDER` lacks something.
    """
    package = packages.find(name)
    candidate = getattr(package.load(package.module), "PROVIDER", None)
    mistake = _mistake(candidate, name)
    if mistake:
        raise UsageError(f"provider {name!r}: {package.module} {mistake}")
    return cast(Provider, candidate)


def _mistake(candidate: object, name: str) -> str:
    """What is wrong with an object that has to be the provider of this name; empty where nothing is."""
    if candidate is None:
        return "has no object PROVIDER"
    members = {*inspect.get_annotations(Provider), *(n for n in vars(Provider) if not n.startswith("_"))}
    lacking = sorted(n for n in members if not hasattr(candidate, n))
    if lacking:
        return f"has a PROVIDER without {', '.join(lacking)}"
    provider = cast(Provider, candidate)
    if provider.name != name:
        return f"has a PROVIDER whose name is {provider.name!r}"
    if not isinstance(provider.keys, IdentityKeys):
        return "has a PROVIDER whose keys are no IdentityKeys"
    unknown = [s for s in provider.suites if not (resources.suites() / s).is_dir()]
    return f"has a PROVIDER that shares suites that there are not: {', '.join(unknown)}" if unknown else ""
