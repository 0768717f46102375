"""Faults of texts: what is kept of them, how they are counted, and whether they are found again."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement

from contacts_conformance.reference.kit import one_field_faults, text_faults
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import TEXTS
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS


def _fails() -> Refusal:
    return Refusal(500, "Something went wrong")


def _refuses() -> Refusal:
    return Refusal(400, "validation failed", {"text": "is not valid"})


_NUMBERS = ("home_phone", "fax", "spouse_phone")

FAULTS = Catalogue(
    text_faults.of_storing("liondesk", Hooks.text),
    text_faults.of_counting("liondesk", Hooks.limit),
    one_field_faults.of_texts(
        "liondesk", Hooks.text, _fails, ("spouse_name", "tags", "last_name", "first_name", "company")
    ),
    one_field_faults.of_addresses("liondesk", Hooks.text, _refuses, ("email", "spouse_email")),
    one_field_faults.of_numbers("liondesk", Hooks.text, _refuses, ("fax",), _NUMBERS),
)
fault = FAULTS.fault


# Kept as it was sent


@fault(breaks="liondesk.text.round-trip", at=Hooks.text)
def entities_are_resolved(text: str) -> str:
    """Texts are stored with the signs that entities of HTML stand for."""
    return html.unescape(text)


@fault(breaks="liondesk.text.round-trip", at=Hooks.text)
def double_quotes_are_escaped(text: str) -> str:
    """Texts are stored with a backslash before every double quote."""
    return text.replace('"', '\\"')


@fault(breaks="liondesk.text.round-trip", at=Hooks.text)
def percent_signs_are_lost(text: str) -> str:
    """Texts lose their percent signs."""
    return text.replace("%", "")


@fault(breaks="liondesk.text.round-trip", at=Hooks.text)
def foreign_letters_become_question_marks(text: str) -> str:
    """Letters outside ASCII are stored as question marks."""
    return re.sub(r"[\x80-\uffff]", "?", text)


@fault(breaks="liondesk.text.wide-characters", at=Hooks.text)
def text_ends_before_a_wide_character(text: str) -> str:
    """A text ends where its first character outside the basic plane was."""
    return re.split(r"[\U00010000-\U0010ffff]", text, maxsplit=1)[0]


@fault(breaks="liondesk.text.wide-characters", at=Hooks.text)
def wide_character_fails(text: str) -> str:
    """A text with a character outside the basic plane is answered 500."""
    if any(ord(character) > 0xFFFF for character in text):
        raise Refusal(500, "Incorrect string value")
    return text


@fault(breaks="liondesk.text.wide-characters", at=Hooks.text)
def line_breaks_become_blanks(text: str) -> str:
    """A line break inside a text is stored as a blank."""
    return text.replace("\n", " ")


@fault(breaks="liondesk.text.code-like", at=Hooks.sent)
def sql_is_refused(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact with a text that looks like SQL is refused."""
    if any(isinstance(v, str) and "DROP TABLE" in v for v in sent.values()):
        raise Refusal(400, "validation failed", {})
    return sent


@fault(breaks="liondesk.operation.createContact.no-server-error", at=Hooks.text)
def template_fails(text: str) -> str:
    """A text that looks like a template is answered 500."""
    if "{{" in text:
        raise Refusal(500, "unexpected token")
    return text


@fault(breaks="liondesk.text.empty", at=Hooks.sent)
def empty_text_is_refused(sent: dict[str, Any]) -> dict[str, Any]:
    """A field that is sent empty is refused."""
    if "" in sent.values():
        raise Refusal(400, "validation failed", {k: "is empty" for k, v in sent.items() if v == ""})
    return sent


@fault(breaks="liondesk.text.empty", at=Hooks.text)
def empty_text_becomes_a_word(text: str) -> str:
    """A field that is sent empty is stored as the word null."""
    return text or "null"


# Counted


@fault(breaks="liondesk.text.refused-is-not-stored", at=Hooks.refusal)
def too_long_is_refused_but_stored(refusal: Refusal, call: Call) -> Refusal:
    """A new contact with a text above its limit is refused, and stored without that text."""
    too_long = [name for name, why in refusal.errors.items() if "longer than" in why]
    if call.operation == "createContact" and too_long:
        sent = json.loads(call.body)
        values = {name: sent.get(name) for name in TEXTS if name not in too_long}
        call.store.add({"owner_user_id": call.user, "created_at": call.now(), "modified_at": call.now()} | values)
    return refusal


@fault(
    breaks="liondesk.field.{field}.max-length",
    at=Hooks.refusal,
    each={"field": ("first_name", "company", "spouse_name")},
)
def too_long_change_is_refused_but_stored(refusal: Refusal, call: Call, *, field: str) -> Refusal:
    """A change of `{field}` to a text above its limit is refused, and stored."""
    if call.operation == "changeContact" and call.row and "longer than" in refusal.errors.get(field, ""):
        call.store.change(call.row["id"], {field: json.loads(call.body)[field]})
    return refusal


@fault(breaks="liondesk.change.refused-alters-nothing", at=Hooks.refusal)
def refused_change_is_carried_out_in_part(refusal: Refusal, call: Call) -> Refusal:
    """Of a change that is refused for one attribute, the others are stored."""
    if call.operation == "changeContact" and call.row is not None and refusal.errors:
        sent = json.loads(call.body)
        call.store.change(call.row["id"], {n: sent[n] for n in TEXTS if n in sent and n not in refusal.errors})
    return refusal


@fault(breaks="liondesk.text.unlimited", at=Hooks.limit)
def spouse_phone_is_refused_above_45(length: int | None, field: str) -> int | None:
    """`spouse_phone` refuses more than 45 characters."""
    return 45 if field == "spouse_phone" else length


@fault(breaks="liondesk.text.unlimited", at=Hooks.text)
def spouse_phone_is_cut_at_255(text: str, field: str) -> str:
    """`spouse_phone` is cut at 255 characters in silence."""
    return text[:255] if field == "spouse_phone" else text


# Found again


@fault(breaks="liondesk.text.found", at=Hooks.text, each={"field": ("company", "spouse_name")})
def foreign_letters_are_lost_in(text: str, name: str, *, field: str) -> str:
    """`{field}` keeps letters outside of Latin-1 as question marks."""
    return text.encode("latin-1", "replace").decode("latin-1") if name == field else text


@fault(breaks="liondesk.text.found", at=Hooks.query)
def apostrophe_ends_a_filter(query: Query) -> Query:
    """A value of a filter ends at its first apostrophe."""
    return _with_texts(query, lambda text: text.partition("'")[0])


@fault(breaks="liondesk.text.found", at=Hooks.query)
def filter_loses_percent_signs(query: Query) -> Query:
    """A value of a filter loses its percent signs."""
    return _with_texts(query, lambda text: text.replace("%", ""))


@fault(breaks="liondesk.text.found", at=Hooks.query)
def filter_loses_leading_zeros(query: Query) -> Query:
    """A value of a filter that is all digits loses its leading zeros."""
    return _with_texts(query, lambda text: text.lstrip("0") if text.isdecimal() else text)


@fault(breaks="liondesk.text.found", at=Hooks.query)
def filter_escapes_markup(query: Query) -> Query:
    """A value of a filter is compared as HTML writes it."""
    return _with_texts(query, lambda text: html.escape(text, quote=False))


@fault(breaks="liondesk.text.found", at=Hooks.query)
def filter_finds_ascii_alone(query: Query) -> Query:
    """A value of a filter with a letter outside ASCII finds nothing."""
    return _with_texts(query, lambda text: text if text.isascii() else text + "?")


@fault(breaks="liondesk.text.found", at=Hooks.condition)
def percent_sign_is_a_wildcard(clause: ColumnElement[bool], condition: Condition) -> ColumnElement[bool]:
    """A percent sign in a value of a filter stands for any characters."""
    if condition.operator != "$eq" or condition.field not in TEXTS:
        return clause
    return CONTACTS.c[condition.field].like(condition.texts[0])


def _with_texts(query: Query, change: Callable[[str], str]) -> Query:
    conditions = [
        replace(c, values=tuple(change(v) if isinstance(v, str) else v for v in c.values)) for c in query.conditions
    ]
    return replace(query, conditions=tuple(conditions))


@fault(breaks="liondesk.change.only-given", at=Hooks.sent)
def escapes_in_a_change_are_kept(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """A letter that a change writes as an escape of JSON is stored as the escape."""
    if call.operation != "changeContact" or b"\\u" not in call.body:
        return sent
    kept: dict[str, Any] = json.loads(call.body.replace(b"\\u", b"\\\\u"))
    return kept
