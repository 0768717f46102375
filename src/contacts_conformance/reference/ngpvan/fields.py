"""The keys of a contact, as the contract names them and says which type has which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance import contract

_CONTRACT = contract.load("ngpvan")
_SCHEMAS = _CONTRACT.document["components"]["schemas"]

FORMS: Mapping[str, str] = {"INDIVIDUAL": "Individual", "ORGANIZATION": "Organization"}
"""The schema of each type."""

KEYS: Mapping[str, frozenset[str]] = {kind: frozenset(_SCHEMAS[form]["properties"]) for kind, form in FORMS.items()}
"""The keys that a contact of each type has."""

FIELDS = {f.name: f for f in _CONTRACT.fields}
TEXTS = tuple(f.name for f in _CONTRACT.fields if f.kind == "text" and f.name != "type")
COLLECTIONS = tuple(f.name for f in _CONTRACT.fields if f.kind == "list")
TYPED = ("emails", "addresses", "phones")
"""The collections that have one entry of each type."""

PREFERENCES = "communicationPreferences"
LOST = frozenset(
    {"middleName", "nickName", "suffix", "salutation", "mailName", "spouseName", "communicationPreferences"}
    | {"officialName", "primaryContactFirstName", "primaryContactLastName"}
)
"""Fields whose names the page has lost."""

PRINTED_TYPES: Mapping[str, frozenset[str]] = {
    "emails": frozenset({"MAIN", "WORK"}),
    "addresses": frozenset({"WORK"}),
    "phones": frozenset({"MOBILE", "HOME"}),
}
"""The types of entries that the page shows for some entry."""

OPTIONAL = tuple(f.name for f in _CONTRACT.optional_fields)
EXCLUSIVE = tuple(f.name for f in _CONTRACT.exclusive_fields)
OPERATION_IDS = tuple(o.id for o in _CONTRACT.operations)
FIND_OR_CREATE = _CONTRACT.operation("create").aliases[0]


def types(collection: str) -> frozenset[str]:
    """The types that an entry of a collection may have."""
    described = _entry(collection)["properties"]["type"]
    return frozenset(contract.resolve(_CONTRACT.document, described)["enum"])


def member_types(collection: str) -> Mapping[str, str]:
    """The JSON type of each member of an entry of a collection."""
    members = _entry(collection)["properties"]
    return {k: contract.resolve(_CONTRACT.document, v)["type"] for k, v in members.items()}


def required_members(collection: str) -> tuple[str, ...]:
    """The members that an entry of a collection needs."""
    return tuple(_entry(collection).get("required", ()))


def _entry(collection: str) -> Mapping[str, Any]:
    name = collection[0].upper() + collection[1:]
    entry: Mapping[str, Any] = contract.resolve(_CONTRACT.document, _SCHEMAS[name]["items"])
    return entry
