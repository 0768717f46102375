"""Faults that show with some values, or beside some parameters, and with no others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

import sqlalchemy as sa

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.kit.text_faults import is_alike
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import TEXTS
from contacts_conformance.reference.liondesk.query import Condition, Page
from contacts_conformance.reference.liondesk.store import CONTACTS, Row

FAULTS = Catalogue()
fault = FAULTS.fault

_COMPARED = 32
_SORTED = 12
_SMALL = 7
_COUNTED = 10
_IDS = frozenset({"hotness_id", "source_id"})


def _asked(call: Call) -> str:
    return unquote_plus(call.query_string)


@fault(breaks="liondesk.filter.eq", at=Hooks.condition)
def equality_compares_beginnings(clause: sa.ColumnElement[bool], condition: Condition) -> sa.ColumnElement[bool]:
    """A filter for equality compares the first 32 characters of a text."""
    if condition.operator != "$eq" or condition.field not in TEXTS:
        return clause
    return sa.func.substr(CONTACTS.c[condition.field], 1, _COMPARED) == condition.texts[0][:_COMPARED]


_PASSED_OVER = {"blanks": " ", "hyphens": "-"}


@fault(
    breaks="liondesk.filter.{operator}",
    at=Hooks.condition,
    each={"signs": tuple(_PASSED_OVER), "operator": ("eq", "in", "nin")},
)
def filters_pass_over_signs(
    clause: sa.ColumnElement[bool], condition: Condition, *, signs: str, operator: str
) -> sa.ColumnElement[bool]:
    """A filter with ${operator} compares texts without their {signs}."""
    if condition.operator != f"${operator}" or condition.field not in TEXTS:
        return clause
    sign = _PASSED_OVER[signs]
    bare = sa.func.replace(CONTACTS.c[condition.field], sign, "")
    texts = [text.replace(sign, "") for text in condition.texts]
    return bare.not_in(texts) if operator == "nin" else bare.in_(texts)


@fault(breaks="liondesk.sort.ascending", at=Hooks.page)
def order_heeds_the_beginning_of_addresses(page: Page, call: Call) -> Page:
    """An order by e-mail address heeds its first twelve characters."""
    if "$sort[email]=1" not in _asked(call):
        return page
    rows = sorted(page.rows, key=lambda row: row["id"])
    return replace(page, rows=tuple(sorted(rows, key=lambda row: (row["email"] or "")[:_SORTED])))


@fault(breaks="liondesk.sort.ascending", at=Hooks.page)
def order_beside_two_filters_is_turned(page: Page, call: Call) -> Page:
    """An order goes the other way where two fields are filtered on, too."""
    asked = dict.fromkeys(part.partition("=")[0] for part in _asked(call).split("&"))
    filters = {name.partition("[")[0] for name in asked if not name.startswith("$")}
    turned = len(filters) > 1 and any(name.startswith("$sort") for name in asked)
    return replace(page, rows=page.rows[::-1]) if turned else page


@fault(breaks="liondesk.page.limit", at=Hooks.page)
def large_pages_hold_one_too_many(page: Page) -> Page:
    """A page of seven or more holds one contact more than its limit."""
    return replace(page, rows=page.ask(page.limit + 1, page.skip)) if page.limit >= _SMALL else page


@fault(breaks="liondesk.list.total", at=Hooks.page)
def total_is_at_most_10_without_a_limit(page: Page, call: Call) -> Page:
    """The total of a list that states no limit counts ten contacts at most."""
    return page if "$limit" in _asked(call) else replace(page, total=min(page.total, _COUNTED))


@fault(breaks="liondesk.access.other.no-list", at=Hooks.visible)
def lists_by_address_show_every_contact(clause: sa.ColumnElement[bool], call: Call) -> sa.ColumnElement[bool]:
    """A list of an e-mail address shows the contacts of everybody."""
    return sa.or_(clause, CONTACTS.c.id > 0) if "email=" in _asked(call) else clause


@fault(breaks="liondesk.remove.gone", at=Hooks.answer)
def removed_contacts_are_counted_in_ordered_lists(answer: Answer, call: Call) -> Answer:
    """The total of an ordered list counts contacts that were removed."""
    if call.operation == "removeContact" and answer.status == 200:
        call.memory["removed"] = call.memory.get("removed", 0) + 1
    if call.operation != "listContacts" or answer.status != 200 or "$sort" not in _asked(call):
        return answer
    return Answer(200, answer.body | {"total": answer.body["total"] + call.memory.get("removed", 0)})


@fault(breaks="liondesk.time.modified-at-moves", at=Hooks.updated, each={"what": ("null", "ids")})
def change_of_no_text_leaves_the_time(values: dict[str, Any], row: Row, call: Call, *, what: str) -> dict[str, Any]:
    """A change to {what} does not move the time of the last edit."""
    sent = json.loads(call.body)
    is_it = None in sent.values() if what == "null" else bool(sent) and sent.keys() <= _IDS
    return values | {"modified_at": row["modified_at"]} if is_it and "modified_at" not in sent else values


@fault(breaks="liondesk.change.only-given", at=Hooks.updated, each={"what": ("case", "accents")})
def change_of_little_is_none(values: dict[str, Any], row: Row, call: Call, *, what: str) -> dict[str, Any]:
    """A text is not changed to one that differs from it in {what} alone."""
    return {n: row[n] if n in TEXTS and is_alike(v, row[n], but=what) else v for n, v in values.items()}


@fault(breaks="liondesk.change.only-given", at=Hooks.updated)
def assignment_moves_the_time_of_creation(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A change of the assigned user sets the time of creation to that of the change."""
    sent = json.loads(call.body)
    if "assigned_user_id" not in sent or "created_at" in sent:
        return values
    return values | {"created_at": values.get("modified_at", row["modified_at"])}


@fault(breaks="liondesk.change.only-given", at=Hooks.updated)
def null_empties_the_rest(values: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """A change to null empties the texts that it does not give, too."""
    sent = json.loads(call.body)
    return {**dict.fromkeys(n for n in TEXTS if n not in sent), **values} if None in sent.values() else values


@fault(breaks="liondesk.field.email.max-length", at=Hooks.limit)
def change_takes_shorter_addresses(limit: int | None, field: str, text: str, call: Call) -> int | None:
    """A change takes an e-mail address of 254 characters at most."""
    return 254 if field == "email" and call.operation == "changeContact" else limit


@fault(breaks="liondesk.read.unknown-id-status", at=Hooks.path)
def id_ends_at_its_first_letter(path: str) -> str:
    """Letters behind the digits of an id are passed over, as by a database that casts them."""
    return re.sub(r"(/contacts/\d+)[a-z]+$", r"\1", path)
