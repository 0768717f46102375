"""One request on its way through the server, and the hooks that it passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

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

    `now` tells the present instant. `user` is the user to whom the token belongs, and `row` the contact in the path as
    it was before the call; both are set while the request is answered.
    """

    token: str
    query_string: str
    now: Callable[[], int]
    user: int = 0
    row: Row | None = None


class Hooks(hooks.Hooks):
    """The hooks of the LionDesk server, in the order in which a request passes them.

    Each takes the value that a fault may change, and what the fault may look at beside it.
    """

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
    """The SQL of one condition."""
    where = Hook[list[ColumnElement[bool]], [Query, Call]]()
    """The SQL of all conditions, each of which has to hold."""
    visible = Hook[ColumnElement[bool], [Call]]()
    """The SQL that says which contacts a list may show."""
    page = Hook[Page, [Call]]()
    """The rows of a page and its numbers."""

    # one contact

    sees = Hook[bool, [Row | None, Call]]()
    """Whether the caller may see the contact."""
    may_remove = Hook[bool, [Row, Call]]()
    """Whether the caller may remove the contact, which he may see."""

    # bodies

    sent = Hook[dict[str, Any], [Call]]()
    """The JSON object of a body, unchecked."""
    limit = Hook[int | None, [str, str, Call]]()
    """The most characters that this text may have."""
    text = Hook[str, [str, Call]]()
    """A text that is short enough and about to be stored."""
    in_team = Hook[bool, [int, Call]]()
    """Whether a user whom a contact is to be assigned to belongs to the caller's team."""
    inserted = Hook[dict[str, Any], [Call]]()
    """The values of a new contact."""
    updated = Hook[dict[str, Any], [Row, Call]]()
    """The values that a change gives the contact that was `row`."""

    # afterwards

    created = Hook[int, [Call]]()
    """The id of the contact that was just created, and is about to be answered."""
    changed = Hook[int, [Row, Call]]()
    """The id of the contact that was `row`, was just changed, and is about to be answered."""
    removed = Hook[Row, [Call]]()
    """The contact that was just removed, and is about to be answered."""
    shown = Hook[dict[str, Any], [Row, Call]]()
    """One contact as the answer shows it."""
    refusal = Hook[Refusal, [Call]]()
    """A refusal that is about to be answered."""
    answer = Hook[Answer, [Call]]()
    """The whole answer, refusals included."""
