"""Faults between contacts that have values in common, and between credentials that are alike."""

from __future__ import annotations

import json
from dataclasses import replace

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.fields import TYPED
from contacts_conformance.reference.ngpvan.showing import stored_id
from contacts_conformance.reference.ngpvan.store import Entry, Row, Values
from contacts_conformance.reference.ngpvan.tenants import TENANTS, Tenant

FAULTS = Catalogue()
fault = FAULTS.fault

_TELLS = {"emails": "address", "addresses": "line1", "phones": "number"}
_SHORT, _LONG = 30, 36
"""Signs of a key that is cut, and of a whole one."""


def _holders(call: Call, entry: Entry) -> list[int]:
    """The numbers of the contacts that have such an entry."""
    member = _TELLS[entry.collection]
    told = entry.body.get(member)
    found = []
    for number in range(1, call.store.newest(call.tenant.name) + 1):
        there = [e for e in call.store.entries(number) if e.collection == entry.collection]
        found += [number] * any(e.body.get(member) == told for e in there)
    return found


@fault(breaks="ngpvan.field.{collection}.create", at=Hooks.inserted, each={"collection": TYPED})
def what_another_has_is_left_out(values: Values, call: Call, *, collection: str) -> Values:
    """Of a new contact the {collection} that another contact has are left out."""
    return replace(
        values, entries=tuple(e for e in values.entries if e.collection != collection or not _holders(call, e))
    )


@fault(breaks="ngpvan.field.phones.create", at=Hooks.inserted)
def number_moves_to_the_newer_contact(values: Values, call: Call) -> Values:
    """A number that a new contact has is taken from the contact that had it."""
    for entry in values.entries:
        if entry.collection == "phones":
            for number in _holders(call, entry):
                call.store.take(number, "phones", entry.slot)
    return values


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.inserted, each={"key": ("employer", "occupation", "lastName")})
def text_that_another_has_is_numbered(values: Values, call: Call, *, key: str) -> Values:
    """A `{key}` that another contact has gets a number behind it."""
    seen: set[str] = call.memory.setdefault("texts", set())
    text = values.texts.get(key)
    if not text:
        return values
    is_known = text in seen
    seen.add(text)
    return replace(values, texts={**values.texts, key: f"{text} (2)"}) if is_known else values


@fault(breaks="ngpvan.update.only-that-contact", at=Hooks.merged, each={"key": ("firstName", "lastName", "employer")})
def update_reaches_all_with_the_same(values: Values, row: Row, call: Call, *, key: str) -> Values:
    """An update changes all contacts with the same `{key}`."""
    if call.operation == "updateContact" and row[key]:
        for number in range(1, call.store.newest(call.tenant.name) + 1):
            other = call.store.row(number, call.tenant.name)
            if other is not None and other[key] == row[key]:
                call.store.change(number, {"occupation": values.texts.get("occupation")})
    return values


@fault(breaks="ngpvan.update.only-that-contact", at=Hooks.merged)
def update_takes_phones_of_the_same_employer(values: Values, row: Row, call: Call) -> Values:
    """An update takes the phones away from other contacts of the same employer."""
    if call.operation == "updateContact":
        for number in range(1, call.store.newest(call.tenant.name) + 1):
            other = call.store.row(number)
            if other is not None and number != row["id"] and row["employer"] and other["employer"] == row["employer"]:
                call.store.take(number, "phones")
    return values


# Credentials


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.tenant, each={"scheme": ("basic", "header")})
def beginning_of_a_key_is_enough(tenant: Tenant | None, call: Call, *, scheme: str) -> Tenant | None:
    """A key that is cut is taken ({scheme})."""
    is_it = call.scheme == scheme and len(call.key) >= _SHORT
    return tenant or next((t for t in TENANTS if is_it and t.key.startswith(call.key.lower())), None)


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.tenant, each={"scheme": ("basic", "header")})
def more_behind_a_key_is_taken(tenant: Tenant | None, call: Call, *, scheme: str) -> Tenant | None:
    """A key with something behind it is taken ({scheme})."""
    is_it = call.scheme == scheme and len(call.key) > _LONG
    return tenant or next((t for t in TENANTS if is_it and call.key.lower().startswith(t.key)), None)


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.tenant)
def any_key_in_a_header_is_taken(tenant: Tenant | None, call: Call) -> Tenant | None:
    """Any key in the header apiKey is taken."""
    return TENANTS[0] if tenant is None and call.scheme == "header" and call.key else tenant


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.tenant)
def last_sign_of_a_key_does_not_matter(tenant: Tenant | None, call: Call) -> Tenant | None:
    """A key whose last sign is another one is taken."""
    is_it = len(call.key) == _LONG
    return tenant or next((t for t in TENANTS if is_it and t.key[:-1] == call.key.lower()[:-1]), None)


@fault(breaks="ngpvan.tenant.not-merged", at=Hooks.tenant)
def header_is_always_the_first_tenant(tenant: Tenant | None, call: Call) -> Tenant | None:
    """Whoever sends a key in its header is the first tenant."""
    return TENANTS[0] if tenant is not None and call.scheme == "header" else tenant


@fault(breaks="ngpvan.tenant.not-changed", at=Hooks.start)
def tenants_update_each_other(call: Call) -> Call:
    """A contact is updated by every tenant."""
    if call.operation == "updateContact" and call.tenant is TENANTS[1]:
        call.tenant = TENANTS[0]
    return call


@fault(breaks="ngpvan.tenant.not-changed", at=Hooks.answer)
def update_of_another_tenant_is_refused_and_done(answer: Answer, call: Call) -> Answer:
    """An update by another tenant is answered 404, and its occupation is kept."""
    if (call.operation, answer.status) == ("updateContact", 404) and call.tenant is TENANTS[1]:
        call.store.change(stored_id(call.contact, call.options), {"occupation": json.loads(call.body)["occupation"]})
    return answer


@fault(breaks="ngpvan.read.unknown", at=Hooks.answer)
def unknown_contact_is_the_newest(answer: Answer, call: Call) -> Answer:
    """A contact that does not exist reads as some other one does."""
    if (call.operation, answer.status) != ("readContact", 404):
        return answer
    return replace(answer, status=200, body={"contactId": call.contact, "type": "INDIVIDUAL", "firstName": "Nobody"})
