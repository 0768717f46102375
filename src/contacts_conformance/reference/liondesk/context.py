"""One request on its way through the server, and the hooks that it passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from starlette.types import ASGIApp

from contacts_conformance.reference.kit import hooks
from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.context import RequestContext
from contacts_conformance.reference.kit.hooks import Hook
from contacts_conformance.reference.liondesk.options import Options
from contacts_conformance.reference.liondesk.query import Condition, Page, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row, Store


@dataclass(slots=True, kw_only=True)
class Call(RequestContext[Store, "Hooks", Options]):
    """One request: what was sent, who sent it, and what the server answers it from.

    `authorization` and `content_type` are headers as they were sent. `now` tells the present instant. `user` is the
    user to whom the token belongs, and `row` the contact in the path as it was before the call; both are set while the
    request is answered.
    """

    authorization: str
    content_type: str
    token: str
    query_string: str
    now: Callable[[], int]
    user: int = 0
    row: Row | None = None


class Hooks(hooks.Hooks):
    """The hooks of the LionDesk server, in the order in which a request passes them.

    Each line says what the value of a hook is, and then what else a fault can look at; most can look at the call.
    """

    exchange = Hook[ASGIApp, [dict[str, Any]]]()
    """The application that answers one request, before the path is read; then what a fault remembers of others."""
    path = Hook[str, []]()
    """The path as it was sent, before slashes are merged."""
    user = Hook[int | None, [Call]]()
    """Whom the token belongs to; None where it is missing or wrong."""
    start = Hook[Call, []]()
    """The call of a known user, before anything is done; a fault may refuse it."""

    # lists

    query_string = Hook[str, [Call]]()
    """The query as it was sent."""
    query = Hook[Query, [Call]]()
    """What is asked for, typed."""
    condition = Hook[ColumnElement[bool], [Condition]]()
    """The SQL of one condition; then the condition."""
    where = Hook[list[ColumnElement[bool]], [Query, Call]]()
    """The SQL of all conditions, each of which has to hold; then the query."""
    visible = Hook[ColumnElement[bool], [Call]]()
    """The SQL that says which contacts a list may show."""
    page = Hook[Page, [Call]]()
    """The rows of a page and its numbers."""

    # one contact

    sees = Hook[bool, [Row | None, Call]]()
    """Whether the caller may see the contact; then the contact, if there is one."""
    may_remove = Hook[bool, [Row, Call]]()
    """Whether the caller may remove a contact that the caller may see; then the contact."""

    # bodies

    sent = Hook[dict[str, Any], [Call]]()
    """The JSON object of a body, unchecked."""
    limit = Hook[int | None, [str, str, Call]]()
    """The most characters that a text may have; then its field, and the text."""
    text = Hook[str, [str, Call]]()
    """A text that is short enough and about to be stored; then its field."""
    in_team = Hook[bool, [int, Call]]()
    """Whether the user to whom a contact is assigned belongs to the caller's team; then the user."""
    inserted = Hook[dict[str, Any], [Call]]()
    """The values of a new contact."""
    updated = Hook[dict[str, Any], [Row, Call]]()
    """The values that a change gives a contact; then the contact as it was."""

    # afterwards

    created = Hook[int, [Call]]()
    """The id of the contact that was just created, and is about to be answered."""
    changed = Hook[int, [Row, Call]]()
    """The id of the contact that was just changed and is about to be answered; then the contact as it was."""
    removed = Hook[Row, [Call]]()
    """The contact that was just removed, and is about to be answered."""
    shown = Hook[dict[str, Any], [Row, Call]]()
    """One contact as the answer shows it; then the contact as it is stored."""
    refusal = Hook[Refusal, [Call]]()
    """A refusal that is about to be answered."""
    answer = Hook[Answer, [Call]]()
    """The whole answer, refusals included."""
