"""Faults of refusals after which something is stored all the same."""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.faults.identification import create
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.store import Values

FAULTS = Catalogue()
fault = FAULTS.fault


def _stored(refusal: Refusal, call: Call, rule: str, paths: tuple[str, ...] = ()) -> Refusal:
    """The refusal, after what is right with a refused creation was stored."""
    wrong = {p.path.partition("[")[0] for p in refusal.problems if p.rule == rule and (not paths or p.path in paths)}
    if wrong and call.operation == "createContact":
        create(call, {k: v for k, v in call.sent.items() if k not in wrong})
    return refusal


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def bad_prefix_is_refused_and_created(refusal: Refusal, call: Call) -> Refusal:
    """A contact with a prefix that is not available is refused, and stored without the prefix."""
    return _stored(refusal, call, "prefix")


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def relative_profile_is_refused_and_created(refusal: Refusal, call: Call) -> Refusal:
    """A contact with a profile that is no whole URL is refused, and stored without the profile."""
    return _stored(refusal, call, "url")


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def list_of_preferences_is_refused_and_created(refusal: Refusal, call: Call) -> Refusal:
    """A contact with a list of preferences is refused, and stored without them."""
    return _stored(refusal, call, "preferences")


@fault(
    breaks="ngpvan.refused.creates-nothing",
    at=Hooks.refusal,
    each={"key": ("nickName", "employer", "officialName", "occupation")},
)
def structure_is_refused_and_created(refusal: Refusal, call: Call, *, key: str) -> Refusal:
    """A contact with a structure as its {key} is refused, and stored without it."""
    return _stored(refusal, call, "text", (key,))


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal, each={"key": ("phones", "addresses", "contactCodes")})
def object_is_refused_and_created(refusal: Refusal, call: Call, *, key: str) -> Refusal:
    """A contact with something else than a collection of {key} is refused, and stored without it."""
    return _stored(refusal, call, "collection", (key,))


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal, each={"kind": ("INDIVIDUAL", "ORGANIZATION")})
def foreign_keys_are_refused_and_created(refusal: Refusal, call: Call, *, kind: str) -> Refusal:
    """A contact of type {kind} with a field of the other type is refused, and stored without it."""
    return _stored(refusal, call, "exclusive") if call.sent.get("type") == kind else refusal


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def organization_of_an_unknown_type_is_created(refusal: Refusal, call: Call) -> Refusal:
    """A contact of an unknown type with a commonName is refused, and stored as an organization."""
    is_it = any(p.rule == "type" for p in refusal.problems) and call.sent.get("commonName")
    if is_it:
        create(call, call.sent | {"type": "ORGANIZATION"})
    return refusal


# Answers of success after which nothing is stored


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.inserted, each={"key": ("employer", "emails", "phones")})
def third_contact_loses(values: Values, call: Call, *, key: str) -> Values:
    """Every third new contact loses its {key}."""
    if not (key in values.texts or any(e.collection == key for e in values.entries)):
        return values
    call.memory["third"] = call.memory.get("third", 0) + 1
    if call.memory["third"] % 3:
        return values
    texts = {k: v for k, v in values.texts.items() if k != key}
    entries = tuple(e for e in values.entries if e.collection != key)
    return replace(values, texts=texts, entries=entries)
