"""Faults of what is required, in the ways of being missing: null, empty entries, and another field in its place."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.refusals import Problem

FAULTS = Catalogue()
fault = FAULTS.fault

_NAMES = ("firstName", "lastName", "commonName")


def _excused(problems: list[Problem], is_excused: object, *rules: str) -> list[Problem]:
    """The problems without that of identification, and those of these rules, where something takes its place."""
    return [p for p in problems if not (is_excused and p.rule in ("identification", *rules))]


def _has_no_names(call: Call) -> bool:
    return not any(call.sent.get(n) for n in _NAMES)


@fault(breaks="ngpvan.identification.none", at=Hooks.problems, each={"key": ("emails", "phones")})
def null_is_enough(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """A contact is identified by {key} that are null."""
    return _excused(problems, key in call.sent and call.sent[key] is None)


@fault(breaks="ngpvan.identification.none", at=Hooks.problems)
def null_names_are_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual is identified by names that are null."""
    return _excused(problems, {"firstName", "lastName"} <= call.sent.keys() and call.sent["lastName"] is None)


@fault(breaks="ngpvan.identification.none", at=Hooks.problems)
def null_common_name_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An organization is identified by a commonName that is null."""
    return _excused(problems, "commonName" in call.sent and call.sent["commonName"] is None)


@fault(breaks="ngpvan.identification.first-name-only", at=Hooks.problems)
def last_name_may_be_null(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual is identified by a firstName and a lastName that is null."""
    return _excused(problems, call.sent.get("firstName") and "lastName" in call.sent and not call.sent["lastName"])


@fault(
    breaks="ngpvan.identification.none",
    at=Hooks.problems,
    each={"key": ("salutation", "mailName", "spouseName", "facebookProfileUrl", "externalLinks", "suffix")},
)
def other_field_is_enough(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """An individual is identified by its {key}."""
    return _excused(problems, call.sent.get(key) and call.sent.get("type") == "INDIVIDUAL")


@fault(
    breaks="ngpvan.identification.none",
    at=Hooks.problems,
    each={"key": ("officialName", "primaryContactFirstName", "primaryContactLastName", "contactCodes", "employer")},
)
def other_field_of_an_organization_is_enough(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """An organization is identified by its {key}."""
    return _excused(problems, call.sent.get(key) and call.sent.get("type") == "ORGANIZATION")


@fault(breaks="ngpvan.identification.last-name-only", at=Hooks.problems, each={"key": ("nickName", "middleName")})
def takes_the_place_of_the_first_name(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """An individual is identified by a lastName and a {key}."""
    return _excused(problems, call.sent.get("lastName") and call.sent.get(key))


@fault(breaks="ngpvan.identification.no-{key}", at=Hooks.problems, each={"key": ("emails", "phones")})
def both_empty_are_enough(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """A contact with two empty collections is identified by its {key}."""
    return _excused(problems, call.sent.get("emails") == [] == call.sent.get("phones") and _has_no_names(call))


def _bare(call: Call, key: str, member: str) -> bool:
    entries = call.sent.get(key)
    return isinstance(entries, list) and any(
        isinstance(e, dict) and not str(e.get(member) or "").strip() for e in entries
    )


@fault(breaks="ngpvan.identification.blank-email", at=Hooks.problems)
def email_without_an_address_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An entry of emails without the member address identifies a contact."""
    return _excused(problems, any("address" not in e for e in _entries(call, "emails")), "entry")


@fault(breaks="ngpvan.identification.blank-email", at=Hooks.problems)
def null_address_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An e-mail whose address is null identifies a contact."""
    return _excused(problems, any(e.get("address", "") is None for e in _entries(call, "emails")), "entry")


@fault(breaks="ngpvan.identification.blank-phone", at=Hooks.problems)
def phone_without_a_number_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An entry of phones without the member number identifies a contact."""
    return _excused(problems, any("number" not in e for e in _entries(call, "phones")), "entry")


@fault(breaks="ngpvan.identification.blank-phone", at=Hooks.problems)
def blank_number_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """A phone without a digit identifies a contact."""
    return _excused(problems, _bare(call, "phones", "number"), "entry")


@fault(breaks="ngpvan.identification.blank-names", at=Hooks.problems)
def blanks_are_the_name_of_a_person(problems: list[Problem], call: Call) -> list[Problem]:
    """Names of blanks identify an individual."""
    return _excused(problems, call.sent.get("firstName") and call.sent.get("lastName"))


# The type


@fault(breaks="ngpvan.type.unknown", at=Hooks.sent, each={"kind": ("number", "array", "blank", "object")})
def type_of_another_kind_is_taken(sent: dict[str, Any], *, kind: str) -> dict[str, Any]:
    """A type that is a {kind} is taken for an individual."""
    value = sent.get("type")
    found = {
        "number": isinstance(value, int),
        "array": isinstance(value, list),
        "object": isinstance(value, dict),
        "blank": isinstance(value, str) and value.isspace(),
    }
    return sent | {"type": "INDIVIDUAL"} if found[kind] else sent


@fault(breaks="ngpvan.type.unknown", at=Hooks.sent)
def organization_of_another_type_is_taken(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact of an unknown type with a commonName is taken for an organization."""
    known = sent.get("type") in ("INDIVIDUAL", "ORGANIZATION", None, "")
    return sent if known or not sent.get("commonName") else sent | {"type": "ORGANIZATION"}


def _entries(call: Call, key: str) -> list[dict[str, Any]]:
    entries = call.sent.get(key)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
