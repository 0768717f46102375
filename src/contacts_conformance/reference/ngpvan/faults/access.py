"""Faults of keys and tenants, and of reading what is not there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.faults.identification import create
from contacts_conformance.reference.ngpvan.fields import OPERATION_IDS, TEXTS
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.showing import stored_id
from contacts_conformance.reference.ngpvan.store import Values
from contacts_conformance.reference.ngpvan.tenants import TENANTS, Tenant

FAULTS = Catalogue()
fault = FAULTS.fault

_EACH = {"operation": OPERATION_IDS}


@fault(breaks="ngpvan.operation.{operation}.no-token", at=Hooks.tenant, each=_EACH)
def no_key_is_needed(tenant: Tenant | None, call: Call, *, operation: str) -> Tenant | None:
    """A call of {operation} without a key is carried out."""
    return TENANTS[0] if not call.key and call.operation == operation else tenant


@fault(breaks="ngpvan.operation.{operation}.wrong-token", at=Hooks.tenant, each=_EACH)
def any_key_is_taken(tenant: Tenant | None, call: Call, *, operation: str) -> Tenant | None:
    """A call of {operation} with any key is carried out."""
    return TENANTS[0] if tenant is None and call.key and call.operation == operation else tenant


@fault(breaks="ngpvan.auth.basic", at=Hooks.tenant)
def basic_is_refused(tenant: Tenant | None, call: Call) -> Tenant | None:
    """A key as password is refused."""
    return None if call.scheme == "basic" and call.operation == "createContact" else tenant


@fault(breaks="ngpvan.auth.header", at=Hooks.tenant)
def header_is_refused(tenant: Tenant | None, call: Call) -> Tenant | None:
    """A key in its header is refused."""
    return None if call.scheme == "header" else tenant


@fault(breaks="ngpvan.auth.key-case", at=Hooks.tenant)
def case_of_a_key_matters(tenant: Tenant | None, call: Call) -> Tenant | None:
    """A key in capitals is refused."""
    return tenant if tenant is not None and tenant.key == call.key else None


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.refusal, each={"status": ("400", "404")})
def missing_key_is_answered(refusal: Refusal, *, status: str) -> Refusal:
    """A call without a valid key is answered {status}."""
    return Refusal(int(status), refusal.text) if refusal.status == 401 else refusal


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.refusal)
def wrong_key_is_answered_422(refusal: Refusal, call: Call) -> Refusal:
    """A call with a wrong key is answered 422, one without a key 401."""
    return Refusal(422, refusal.text) if refusal.status == 401 and call.key else refusal


@fault(breaks="ngpvan.auth.refusal-status", at=Hooks.tenant)
def empty_key_is_taken(tenant: Tenant | None, call: Call) -> Tenant | None:
    """An empty key is let in."""
    return TENANTS[0] if call.scheme == "basic" and not call.key else tenant


@fault(breaks="ngpvan.auth.no-effect", at=Hooks.refusal)
def refused_without_a_key_and_carried_out(refusal: Refusal, call: Call) -> Refusal:
    """A submission without a key is answered 401, and carried out."""
    if refusal.status == 401 and not call.key:
        _carry_out(call)
    return refusal


@fault(breaks="ngpvan.auth.no-effect", at=Hooks.refusal)
def refused_with_a_wrong_key_and_carried_out(refusal: Refusal, call: Call) -> Refusal:
    """A submission with a wrong key is answered 401, and carried out."""
    if refusal.status == 401 and call.key:
        _carry_out(call)
    return refusal


@fault(breaks="ngpvan.auth.no-effect", at=Hooks.refusal)
def update_is_refused_without_a_key_and_carried_out(refusal: Refusal, call: Call) -> Refusal:
    """An update without a key is answered 401, and its texts are kept."""
    if refusal.status == 401 and not call.key and call.operation == "updateContact":
        body: dict[str, Any] = json.loads(call.body)
        texts = {n: v for n, v in body.items() if n in TEXTS and isinstance(v, str)}
        call.store.change(stored_id(call.contact, call.options), texts)
    return refusal


@fault(breaks="ngpvan.tenant.not-merged", at=Hooks.match)
def tenants_are_merged(match: int | None, values: Values, call: Call) -> int | None:
    """Data is merged with the contacts of every tenant."""
    return match or call.store.like(None, values)


@fault(breaks="ngpvan.tenant.not-read", at=Hooks.start)
def tenants_read_each_other(call: Call) -> Call:
    """A contact is read by every tenant."""
    if call.operation == "readContact" and call.tenant is TENANTS[1]:
        call.tenant = TENANTS[0]
    return call


@fault(breaks="ngpvan.read.unknown", at=Hooks.answer)
def unknown_contact_is_empty(answer: Answer, call: Call) -> Answer:
    """A contact that does not exist reads as an empty object."""
    return replace(answer, status=200, body={}) if (call.operation, answer.status) == ("readContact", 404) else answer


def _carry_out(call: Call) -> None:
    if call.operation == "createContact":
        body: dict[str, Any] = json.loads(call.body)
        create(call, body, TENANTS[0])
