"""The points of the LionDesk server at which a fault can act, in the order in which a request passes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit import faults
from contacts_conformance.reference.liondesk.answers import Answer, Page
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row

if TYPE_CHECKING:
    from contacts_conformance.reference.liondesk.context import Call


class Points(faults.Points):
    """Each method gives back its first argument, as the fault changes it; the others are what the fault may look at."""

    def path(self, path: str) -> str:
        """The path as it was sent, before slashes are merged."""
        return self._pass("path", path)

    def user(self, user: int | None, call: Call) -> int | None:
        """Whom the token belongs to; None where it is missing or wrong."""
        return self._pass("user", user, call)

    def start(self, call: Call) -> Call:
        """The call of a known user, before anything is done; a fault may refuse it."""
        return self._pass("start", call)

    # lists

    def query_string(self, text: str, call: Call) -> str:
        """The query as it was sent."""
        return self._pass("query_string", text, call)

    def query(self, query: Query, call: Call) -> Query:
        """What is asked for, typed."""
        return self._pass("query", query, call)

    def condition(self, clause: ColumnElement[bool], condition: Condition) -> ColumnElement[bool]:
        """The SQL of one condition."""
        return self._pass("condition", clause, condition)

    def where(self, clauses: list[ColumnElement[bool]], query: Query, call: Call) -> list[ColumnElement[bool]]:
        """The SQL of all conditions, each of which has to hold."""
        return self._pass("where", clauses, query, call)

    def visible(self, clause: ColumnElement[bool], call: Call) -> ColumnElement[bool]:
        """The SQL that says which contacts a list may show."""
        return self._pass("visible", clause, call)

    def page(self, page: Page, call: Call) -> Page:
        """The rows of a page and its numbers."""
        return self._pass("page", page, call)

    # one contact

    def sees(self, sees: bool, row: Row | None, call: Call) -> bool:
        """Whether the caller may see the contact."""
        return self._pass("sees", sees, row, call)

    def may_remove(self, may: bool, row: Row, call: Call) -> bool:
        """Whether the caller may remove the contact, which he may see."""
        return self._pass("may_remove", may, row, call)

    # bodies

    def sent(self, sent: dict[str, Any], call: Call) -> dict[str, Any]:
        """The JSON object of a body, unchecked."""
        return self._pass("sent", sent, call)

    def limit(self, limit: int | None, field: str, text: str, call: Call) -> int | None:
        """The most characters that this text may have."""
        return self._pass("limit", limit, field, text, call)

    def text(self, text: str, field: str, call: Call) -> str:
        """A text that is short enough and about to be stored."""
        return self._pass("text", text, field, call)

    def in_team(self, member: bool, user: int, call: Call) -> bool:
        """Whether a user whom a contact is to be assigned to belongs to the caller's team."""
        return self._pass("in_team", member, user, call)

    def inserted(self, values: dict[str, Any], call: Call) -> dict[str, Any]:
        """The values of a new contact."""
        return self._pass("inserted", values, call)

    def updated(self, values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """The values that a change gives the contact that was `row`."""
        return self._pass("updated", values, row, call)

    # afterwards

    def created(self, contact: int, call: Call) -> int:
        """The id of the contact that was just created, and is about to be answered."""
        return self._pass("created", contact, call)

    def changed(self, contact: int, row: Row, call: Call) -> int:
        """The id of the contact that was `row`, was just changed, and is about to be answered."""
        return self._pass("changed", contact, row, call)

    def removed(self, row: Row, call: Call) -> Row:
        """The contact that was just removed, and is about to be answered."""
        return self._pass("removed", row, call)

    def shown(self, contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """One contact as the answer shows it."""
        return self._pass("shown", contact, row, call)

    def refusal(self, refusal: Refusal, call: Call) -> Refusal:
        """A refusal that is about to be answered."""
        return self._pass("refusal", refusal, call)

    def answer(self, answer: Answer, call: Call) -> Answer:
        """The whole answer, refusals included."""
        return self._pass("answer", answer, call)
