"""Faults of data that comes again: a contact that is named twice, or found by less than all, or matched by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan import bodies, showing
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.fields import TYPED
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Values

FAULTS = Catalogue()
fault = FAULTS.fault


# A contact that a submission names


@fault(breaks="ngpvan.redirect.answered", at=Hooks.named)
def second_naming_is_ignored(named: str | None, call: Call) -> str | None:
    """A contactId in a body is ignored when it comes for the second time."""
    seen: set[str] = call.memory.setdefault("named", set())
    if named is None or named in seen:
        return None
    seen.add(named)
    return named


@fault(breaks="ngpvan.redirect.no-write", at=Hooks.location, each={"key": ("employer", "facebookProfileUrl")})
def redirected_text_is_taken(location: str, named: str, call: Call, *, key: str) -> str:
    """The {key} of a redirected call is written to the contact that it names."""
    call.store.change(showing.stored_id(named, call.options), {key: call.sent.get(key)})
    return location


@fault(breaks="ngpvan.redirect.no-write", at=Hooks.location, each={"collection": ("addresses", "phones")})
def redirected_entries_are_taken(location: str, named: str, call: Call, *, collection: str) -> str:
    """The {collection} of a redirected call are given to the contact that it names."""
    for entry in call.sent.get(collection, ()):
        call.store.put(showing.stored_id(named, call.options), bodies.entry_of(collection, entry))
    return location


@fault(breaks="ngpvan.redirect.no-write", at=Hooks.location)
def redirected_contact_is_lost(location: str, named: str, call: Call) -> str:
    """The contact that a redirected call names is there no more."""
    call.store.change(showing.stored_id(named, call.options), {"tenant": ""})
    return location


# By what a contact is found


@fault(breaks="ngpvan.merge.any-order-one", at=Hooks.match)
def first_email_alone_finds(match: int | None, values: Values, call: Call) -> int | None:
    """A contact is found by the first e-mail of what is sent alone."""
    if match is None:
        return None
    known = {e.sought for e in call.store.entries(match) if e.collection == "emails"}
    return None if values.sought("emails") and values.sought("emails")[0] not in known else match


@fault(breaks="ngpvan.merge.any-order-one", at=Hooks.match)
def email_of_another_type_finds_nobody(match: int | None, values: Values, call: Call) -> int | None:
    """A contact is not found by an e-mail that it has under another type."""
    if match is None or not values.sought("emails"):
        return match
    known = {(e.slot, e.sought) for e in call.store.entries(match) if e.collection == "emails"}
    return match if any((e.slot, e.sought) in known for e in values.entries if e.collection == "emails") else None


@fault(breaks="ngpvan.merge.same-name-and-phone", at=Hooks.match)
def phone_finds_nobody(match: int | None, values: Values) -> int | None:
    """A contact without an e-mail is not found by its phone."""
    return None if values.sought("phones") and not values.sought("emails") else match


# What is wrong, and matches a contact


@fault(breaks="ngpvan.{collection}.one-of-a-type", at=Hooks.beside, each={"collection": TYPED})
def equal_entries_stand_beside(stays: bool, entry: Entry, where: str, call: Call, *, collection: str) -> bool:
    """Two {collection} of one type are both kept where they are equal."""
    if where != "body" or entry.collection != collection:
        return stays
    return stays or sum(e == entry.body for e in call.sent[collection]) > 1


@fault(breaks="ngpvan.{broken}.one-of-a-type-merged", at=Hooks.beside, each={"broken": TYPED})
def two_of_a_type_come_with_a_merge(stays: bool, entry: Entry, where: str, call: Call, *, broken: str) -> bool:
    """Two entries of one type that come to a contact which is there are not refused, and two {broken} are kept."""
    types = [e.get("type") for e in call.sent.get(entry.collection, ())]
    if len(types) == len(set(types)) or _matched(call) is None:
        return stays
    return stays or where == "body" or entry.collection == broken


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def refused_text_is_merged(refusal: Refusal, call: Call) -> Refusal:
    """A submission that is refused gives its occupation to the contact that it matches."""
    match = _matched(call) if call.operation == "createContact" and isinstance(call.sent.get("type"), str) else None
    if match is not None and isinstance(call.sent.get("occupation"), str):
        call.store.change(match, {"occupation": call.sent["occupation"]})
    return refusal


def _matched(call: Call) -> int | None:
    """The contact that a body matches as it is, if it does."""
    return call.store.like(call.tenant.name, bodies.values(call.sent, call))


# Bodies that few callers send


@fault(breaks="ngpvan.json.malformed", at=Hooks.body, each={"kind": ("empty", "list")})
def other_body_is_taken(body: bytes, *, kind: str) -> bytes:
    """A body that is no object ({kind}) is taken for a contact."""
    if kind == "empty":
        return body or b'{"type": "INDIVIDUAL", "firstName": "No", "lastName": "Body"}'
    return body.strip().removeprefix(b"[").removesuffix(b"]") if body.strip().startswith(b"[") else body


@fault(breaks="ngpvan.answer.created", at=Hooks.body)
def type_has_to_stand_first(body: bytes, call: Call) -> bytes:
    """A submission is refused unless its type stands first."""
    if call.operation == "createContact" and b'"type"' in body and not re.match(rb'\s*\{\s*"(type|contactId)"', body):
        raise Refusal(400, "The type has to stand first")
    return body


@fault(breaks="ngpvan.answer.created", at=Hooks.body)
def escaped_letters_are_refused(body: bytes) -> bytes:
    """A body in which a letter is escaped is refused."""
    if b"\\u" in body:
        raise Refusal(400, "A letter is escaped")
    return body


# Members of entries


@fault(
    breaks="ngpvan.collection.no-object",
    at=Hooks.sent,
    each={"key": ("emails", "addresses", "phones", "contactCodes")},
)
def bare_entries_are_taken(sent: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Entries of {key} that are no objects are taken."""
    entries = sent.get(key)
    if not isinstance(entries, list):
        return sent
    return {**sent, key: [e for e in entries if isinstance(e, dict)]}


@fault(breaks="ngpvan.collection.no-object", at=Hooks.problems, each={"member": ("city", "number", "contactCodeId")})
def member_of_any_kind_is_taken(problems: list[Problem], *, member: str) -> list[Problem]:
    """Anything is taken for the member {member} of an entry."""
    return [p for p in problems if not p.path.endswith(f".{member}")]


@fault(breaks="ngpvan.text.no-structures", at=Hooks.sent, each={"key": ("occupation", "nickName", "officialName")})
def list_becomes_a_text(sent: dict[str, Any], *, key: str) -> dict[str, Any]:
    """A list of texts is joined where `{key}` is one."""
    value = sent.get(key)
    is_list = isinstance(value, list) and all(isinstance(v, str) for v in value)
    return {**sent, key: ", ".join(value or ())} if is_list else sent


# Refusals


@fault(breaks="ngpvan.error.body", at=Hooks.answer, each={"how": ("letters", "words")})
def error_code_has(answer: Answer, *, how: str) -> Answer:
    """The code of an error has small letters, or is a sentence ({how})."""
    code = {"letters": "invalid_parameter", "words": "The request is wrong"}[how]
    return _with_errors(answer, lambda e: {**e, "code": code})


@fault(breaks="ngpvan.error.body", at=Hooks.answer)
def error_properties_are_a_text(answer: Answer) -> Answer:
    """The properties of an error are one text."""
    return _with_errors(answer, lambda e: {**e, "properties": ", ".join(e["properties"])} if "properties" in e else e)


@fault(breaks="ngpvan.error.body", at=Hooks.answer, each={"what": ("401", "404", "identification", "pairs")})
def refusal_has_no_errors_for(answer: Answer, *, what: str) -> Answer:
    """A refusal of one sort ({what}) has a message in place of errors."""
    said = {"identification": "is needed", "pairs": "two of the type"}.get(what)
    is_it = said in str(answer.body) if said else str(answer.status) == what
    return replace(answer, body={"message": "No"}) if answer.status >= 400 and is_it else answer


def _with_errors(answer: Answer, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    if answer.status < 400 or not isinstance(answer.body, dict) or "errors" not in answer.body:
        return answer
    return replace(answer, body={"errors": [change(e) for e in answer.body["errors"]]})
