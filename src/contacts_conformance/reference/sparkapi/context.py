"""One request on its way through a server, and what that server is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from contacts_conformance.reference.sparkapi.attributes import Attributes
from contacts_conformance.reference.sparkapi.envelope import Answer
from contacts_conformance.reference.sparkapi.hooks import Points
from contacts_conformance.reference.sparkapi.options import Manners
from contacts_conformance.reference.sparkapi.store import Row, Store, Tables
from contacts_conformance.reference.sparkapi.users import Directory, Key, Role

Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class Call:
    """One request: what was sent, who sent it, and what the server answers it from.

    `contact` and `tag` come from the path, `row` is what the contact was before the call; `memory` is what a fault or
    a session has to remember from one request to the next.
    """

    api: Api
    operation: str
    method: str
    path: str
    contact: str
    tag: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    store: Store
    points: Points
    manners: Manners
    now: Callable[[], int]
    memory: dict[str, Any]
    parameters: Pairs = ()
    key: Key = None  # type: ignore[assignment]  # it is known before any operation begins
    row: Row | None = None
    keeps: bool = False
    """Whether what was stored stays so although the call is refused; only a fault wants it."""

    @property
    def user(self) -> str:
        """The id of the agent for whom the caller acts."""
        return self.key.agent.id

    def parameter(self, name: str) -> str | None:
        """The first value of a query parameter; None where it was not sent."""
        return next((value for key, value in self.parameters if key == name), None)


Operation: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True)
class Api:
    """One generation: its attributes, its paths with what each method does there, and who may do it.

    `methods` maps a path below the version to its operations by method; `roles` an operation to the roles that may
    carry it out; `refused` says how the others are turned away, with an HTTP status and a code.
    """

    provider: str
    attributes: Attributes
    methods: Mapping[str, Mapping[str, str]]
    operations: Mapping[str, Operation]
    roles: Mapping[str, frozenset[Role]]
    directory: Directory
    documented: frozenset[str]
    """The operations of its contacts page; the others stand on neighbouring pages."""
    expansions: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What a new contact is stored with, unless something else was sent."""
    tables: Tables = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", Tables(self.attributes))
