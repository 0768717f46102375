"""One request on its way through a server, what that server is, and the hooks that the request passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit import hooks
from contacts_conformance.reference.kit.context import RequestContext
from contacts_conformance.reference.kit.hooks import Hook
from contacts_conformance.reference.kit.query_strings import Pairs
from contacts_conformance.reference.sparkapi.attributes import Attributes
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading
from contacts_conformance.reference.sparkapi.options import Options
from contacts_conformance.reference.sparkapi.store import Row, Store, Tables
from contacts_conformance.reference.sparkapi.users import Directory, Key, Role
from contacts_conformance.reference.sparkapi.window import Page, Window


@dataclass(slots=True, kw_only=True)
class Call(RequestContext[Store, "Hooks", Options]):
    """One request: what was sent, who sent it, and what the server answers it from.

    `contact` and `tag` come from the path, and `now` tells the present instant. `parameters`, `key` and `row`, which is
    the contact in the path as it was before the call, are set while the request is answered.
    """

    api: Api
    method: str
    path: str
    tag: str
    query_string: str
    headers: Mapping[str, str]
    now: Callable[[], int]
    parameters: Pairs = ()
    key: Key = None  # type: ignore[assignment]  # it is known before any operation begins
    row: Row | None = None
    together: dict[str, Any] | None = None
    """What the requests at one path that came at the same moment share; None where there was one alone."""
    keeps: bool = False
    """Whether what was stored stays so although the call is refused; only a fault wants it."""
    passed: list[Any] = field(default_factory=list)
    """What a fault keeps of the contacts of this call that it has passed; only a fault wants it."""

    @property
    def user(self) -> str:
        """The id of the agent for whom the caller acts."""
        return self.key.agent.id

    def store_refused(self, contact: str, values: Mapping[str, Any]) -> None:
        """Stores values of a contact although the call is refused, as only a fault does."""
        self.store.change(contact, dict(values))
        self.keeps = True

    def parameter(self, name: str) -> str | None:
        """The first value of a query parameter; None where it was not sent."""
        return next((value for key, value in self.parameters if key == name), None)


Operation: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True)
class Api:
    """One generation: its attributes, its paths with their operations, and who may carry them out.

    `methods` maps a path below the version to its operations by method, and `roles` an operation to the roles that may
    carry it out.
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


class Hooks(hooks.Hooks):
    """The hooks of both generations, in the order in which a request passes them.

    Each line says what the value of a hook is, and then what else a fault can look at; most can look at the call.
    """

    path = Hook[str, []]()
    """The path of a request as it was sent, before it is decoded."""
    key = Hook[Key | None, [Call]]()
    """What the caller may act as; None where the credentials are missing or wrong."""
    opens = Hook[bool, [Call]]()
    """Whether a call that opens a session bears the right signature."""
    signed = Hook[bool, [Call]]()
    """Whether a call of a session bears the right signature."""
    allowed = Hook[bool, [Call]]()
    """Whether the role may carry out the operation."""
    start = Hook[Call, []]()
    """The call of somebody who may make it, before anything is done; a fault may refuse it."""

    # lists

    parameters = Hook[Pairs, [Call]]()
    """The parameters of the query, decoded."""
    window = Hook[Window, [Call]]()
    """Which part of a list is asked for."""
    reading = Hook[Reading, [Call]]()
    """The tree of the filter."""
    condition = Hook[ColumnElement[bool], [Comparison, Call]]()
    """The SQL of one comparison."""
    combined = Hook[ColumnElement[bool], [list[tuple[str, ColumnElement[bool]]], Call]]()
    """The SQL of a group; then its parts, each with the word before it and its SQL."""
    visible = Hook[ColumnElement[bool], [Call]]()
    """The SQL that says which contacts a list may show."""
    order = Hook[list[tuple[str, int]], [Call]]()
    """The attributes to sort by, each with 1 for upwards and -1 for downwards."""
    page = Hook[Page, [Call]]()
    """The rows of a page and its numbers."""
    pagination = Hook[dict[str, Any], [Page, Call]]()
    """The numbers of a page as they are answered; then the page."""

    # one contact

    sees = Hook[bool, [Row | None, Call]]()
    """Whether the caller may reach the contact; then the contact, if there is one."""
    in_scope = Hook[bool, [Row, str, Call]]()
    """Whether the caller may transfer the contact; then the contact, and the id of its next owner."""

    # bodies

    sent = Hook[dict[str, Any], [Call]]()
    """The attributes of a contact as they were sent, unchecked."""
    limit = Hook[int | None, [str, str, Call]]()
    """The most characters that a text may have; then its attribute, and the text."""
    text = Hook[str, [str, Call]]()
    """A text that is short enough and about to be stored; then its attribute."""
    inserted = Hook[dict[str, Any], [Call]]()
    """The values of a new contact."""
    permitted = Hook[bool, [str, Call]]()
    """Whether an attribute may be changed at /my/contact; then the attribute."""
    updated = Hook[dict[str, Any], [Row, Call]]()
    """The values that a change or a transfer gives a contact; then the contact as it was."""

    # afterwards

    created = Hook[str, [Call]]()
    """The id of the contact that was just created, and is about to be answered."""
    changed = Hook[str, [Row, Call]]()
    """The id of the contact that was just changed; then the contact as it was."""
    removed = Hook[Row, [Call]]()
    """The contact that was just removed."""
    expanded = Hook[list[str], [Row, Call]]()
    """The expansions that a contact is shown with; then the contact."""
    expansion = Hook[dict[str, Any], [str, Row, Call]]()
    """The members that an expansion adds to a contact; then the expansion and the contact."""
    shown = Hook[dict[str, Any], [Row, Call]]()
    """One contact as the answer shows it; then the contact as it is stored."""
    refusal = Hook[Refusal, [Call]]()
    """A refusal that is about to be answered."""
    answer = Hook[Answer, [Call]]()
    """The whole answer, refusals included."""
