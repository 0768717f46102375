"""The points of a server at which a fault can act, in the order in which a request passes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit import faults
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Key

if TYPE_CHECKING:
    from contacts_conformance.reference.sparkapi.context import Call, Pairs
    from contacts_conformance.reference.sparkapi.listing import Page, Window


class Points(faults.Points):
    """Each method gives back its first argument, as the fault changes it; the others are what the fault may look at."""

    def path(self, path: str) -> str:
        """The path of a request, decoded."""
        return self._pass("path", path)

    def key(self, key: Key | None, call: Call) -> Key | None:
        """What the caller may act as; None where the credentials are missing or wrong."""
        return self._pass("key", key, call)

    def signed(self, right: bool, call: Call) -> bool:
        """Whether a call of a session bears the right signature."""
        return self._pass("signed", right, call)

    def allowed(self, allowed: bool, call: Call) -> bool:
        """Whether the role may carry out the operation."""
        return self._pass("allowed", allowed, call)

    def start(self, call: Call) -> Call:
        """The call of somebody who may make it, before anything is done; a fault may refuse it."""
        return self._pass("start", call)

    # lists

    def parameters(self, parameters: Pairs, call: Call) -> Pairs:
        """The parameters of the query, decoded."""
        return self._pass("parameters", parameters, call)

    def window(self, window: Window, call: Call) -> Window:
        """Which part of a list is asked for."""
        return self._pass("window", window, call)

    def reading(self, reading: Reading, call: Call) -> Reading:
        """The tree of the filter."""
        return self._pass("reading", reading, call)

    def condition(self, clause: ColumnElement[bool], comparison: Comparison, call: Call) -> ColumnElement[bool]:
        """The SQL of one comparison."""
        return self._pass("condition", clause, comparison, call)

    def combined(
        self, clause: ColumnElement[bool], parts: list[tuple[str, ColumnElement[bool]]], call: Call
    ) -> ColumnElement[bool]:
        """The SQL of a group, made of that of its parts."""
        return self._pass("combined", clause, parts, call)

    def visible(self, clause: ColumnElement[bool], call: Call) -> ColumnElement[bool]:
        """The SQL that says which contacts a list may show."""
        return self._pass("visible", clause, call)

    def order(self, keys: list[tuple[str, int]], call: Call) -> list[tuple[str, int]]:
        """The attributes to sort by, each with 1 for upwards and -1 for downwards."""
        return self._pass("order", keys, call)

    def page(self, page: Page, call: Call) -> Page:
        """The rows of a page and its numbers."""
        return self._pass("page", page, call)

    def pagination(self, pagination: dict[str, Any], page: Page, call: Call) -> dict[str, Any]:
        """The numbers of a page as they are answered."""
        return self._pass("pagination", pagination, page, call)

    # one contact

    def sees(self, sees: bool, row: Row | None, call: Call) -> bool:
        """Whether the caller may reach the contact."""
        return self._pass("sees", sees, row, call)

    def in_scope(self, in_scope: bool, row: Row, owner: str, call: Call) -> bool:
        """Whether the caller may transfer the contact to this owner."""
        return self._pass("in_scope", in_scope, row, owner, call)

    # bodies

    def sent(self, sent: dict[str, Any], call: Call) -> dict[str, Any]:
        """The attributes of a contact as they were sent, unchecked."""
        return self._pass("sent", sent, call)

    def limit(self, limit: int | None, attribute: str, text: str, call: Call) -> int | None:
        """The most characters that this text may have."""
        return self._pass("limit", limit, attribute, text, call)

    def text(self, text: str, attribute: str, call: Call) -> str:
        """A text that is short enough and about to be stored."""
        return self._pass("text", text, attribute, call)

    def inserted(self, values: dict[str, Any], call: Call) -> dict[str, Any]:
        """The values of a new contact."""
        return self._pass("inserted", values, call)

    def permitted(self, permitted: bool, attribute: str, call: Call) -> bool:
        """Whether an attribute may be changed at /my/contact."""
        return self._pass("permitted", permitted, attribute, call)

    def updated(self, values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """The values that a change, a transfer included, gives the contact that was `row`."""
        return self._pass("updated", values, row, call)

    # afterwards

    def created(self, contact: str, call: Call) -> str:
        """The id of the contact that was just created, and is about to be answered."""
        return self._pass("created", contact, call)

    def changed(self, contact: str, row: Row, call: Call) -> str:
        """The id of the contact that was `row` and was just changed."""
        return self._pass("changed", contact, row, call)

    def removed(self, row: Row, call: Call) -> Row:
        """The contact that was just removed."""
        return self._pass("removed", row, call)

    def expanded(self, names: list[str], row: Row, call: Call) -> list[str]:
        """The expansions that a contact is shown with."""
        return self._pass("expanded", names, row, call)

    def expansion(self, members: dict[str, Any], name: str, row: Row, call: Call) -> dict[str, Any]:
        """The members that an expansion adds to a contact."""
        return self._pass("expansion", members, name, row, call)

    def shown(self, contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """One contact as the answer shows it."""
        return self._pass("shown", contact, row, call)

    def refusal(self, refusal: Refusal, call: Call) -> Refusal:
        """A refusal that is about to be answered."""
        return self._pass("refusal", refusal, call)

    def answer(self, answer: Answer, call: Call) -> Answer:
        """The whole answer, refusals included."""
        return self._pass("answer", answer, call)
