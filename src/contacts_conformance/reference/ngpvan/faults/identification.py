"""Faults of the two types, and of what identifies a contact."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan import bodies, tenants
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal

FAULTS = Catalogue()
fault = FAULTS.fault

_NAMES = {"firstName", "lastName", "commonName"}


def _enough(problems: list[Problem], is_enough: bool) -> list[Problem]:
    """The problems without that of identification, where what was sent is taken as enough."""
    return [p for p in problems if not (is_enough and p.rule == "identification")]


def _names(call: Call) -> set[str]:
    return {n for n in _NAMES if call.sent.get(n)}


# The two types


@fault(breaks="ngpvan.type.{kind}", at=Hooks.problems, each={"kind": ("individual", "organization")})
def type_is_refused(problems: list[Problem], call: Call, *, kind: str) -> list[Problem]:
    """A contact of the type {kind} is refused."""
    is_it = call.sent.get("type") == kind.upper()
    return [*problems, Problem("type", "type", "is not supported")] if is_it else problems


@fault(breaks="ngpvan.type.unknown", at=Hooks.sent, each={"kind": ("PERSON", "HOUSEHOLD", "INDIVIDUALS", "")})
def unknown_type_is_taken(sent: dict[str, Any], *, kind: str) -> dict[str, Any]:
    """The type '{kind}' is taken for an individual."""
    return sent | {"type": "INDIVIDUAL"} if sent.get("type") == kind else sent


@fault(breaks="ngpvan.type.unknown", at=Hooks.sent)
def type_is_known_by_its_beginning(sent: dict[str, Any]) -> dict[str, Any]:
    """A type that begins with the name of one is taken for it."""
    begun = next((t for t in ("INDIVIDUAL", "ORGANIZATION") if str(sent.get("type")).startswith(t)), None)
    return sent | {"type": begun} if begun is not None else sent


@fault(breaks="ngpvan.field.type.required", at=Hooks.sent)
def type_is_guessed_beside_a_phone(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact with a phone and without a type is an individual, or an organization if it has the name of one."""
    if "type" in sent or not sent.get("phones"):
        return sent
    return sent | {"type": "ORGANIZATION" if "commonName" in sent else "INDIVIDUAL"}


@fault(breaks="ngpvan.type.unknown", at=Hooks.sent)
def type_null_is_taken(sent: dict[str, Any]) -> dict[str, Any]:
    """The type null is taken for an individual."""
    return sent | {"type": "INDIVIDUAL"} if sent.get("type", "") is None else sent


@fault(breaks="ngpvan.type.unknown", at=Hooks.refusal)
def unknown_type_fails(refusal: Refusal) -> Refusal:
    """An unknown type is answered 500."""
    return Refusal(500, "No such type") if any(p.rule == "type" for p in refusal.problems) else refusal


# What is enough


@fault(breaks="ngpvan.identification.individual-names", at=Hooks.problems)
def person_needs_an_email(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual without an e-mail is refused."""
    needed = call.sent.get("type") == "INDIVIDUAL" and not call.sent.get("emails")
    return [*problems, Problem("identification", "emails", "is missing")] if needed else problems


@fault(breaks="ngpvan.identification.organization-name", at=Hooks.problems)
def organization_needs_a_phone(problems: list[Problem], call: Call) -> list[Problem]:
    """An organization without e-mail and phone is refused."""
    needed = call.sent.get("type") == "ORGANIZATION" and not (call.sent.get("emails") or call.sent.get("phones"))
    return [*problems, Problem("identification", "phones", "is missing")] if needed else problems


@fault(breaks="ngpvan.identification.{way}", at=Hooks.values, each={"way": ("email", "phone")})
def contact_without_a_name_fails(values: Any, call: Call, *, way: str) -> Any:
    """A contact with a {way} and no name is answered 500."""
    if not _names(call) and call.sent.get(f"{way}s"):
        raise Refusal(500, "A name cannot be null")
    return values


@fault(breaks="ngpvan.identification.{way}", at=Hooks.answer, each={"way": ("email", "phone")})
def contact_without_a_name_is_redirected(answer: Answer, call: Call, *, way: str) -> Answer:
    """A contact with a {way} and no name is answered by a redirect."""
    if answer.status == 201 and not _names(call) and call.sent.get(f"{way}s"):
        return Answer(302, text="", headers={"location": "/contacts"})
    return answer


@fault(breaks="ngpvan.identification.{way}-is-enough", at=Hooks.problems, each={"way": ("email", "phone")})
def is_not_enough(problems: list[Problem], call: Call, *, way: str) -> list[Problem]:
    """A contact with a {way} and no name is refused."""
    is_bare = not _names(call) and call.sent.get(f"{way}s")
    return [*problems, Problem("mandatory names", "type", "needs a name")] if is_bare else problems


@fault(breaks="ngpvan.identification.none", at=Hooks.problems)
def type_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """A contact of which nothing but the type is known is taken."""
    return _enough(problems, set(call.sent) == {"type"})


@fault(breaks="ngpvan.identification.none", at=Hooks.problems)
def any_text_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """A contact is identified by its occupation."""
    return _enough(problems, "occupation" in call.sent)


@fault(breaks="ngpvan.identification.none", at=Hooks.problems, each={"key": ("nickName", "employer", "addresses")})
def key_is_enough(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """A contact is identified by its {key}."""
    return _enough(problems, key in call.sent)


@fault(breaks="ngpvan.identification.none", at=Hooks.refusal)
def nothing_fails(refusal: Refusal) -> Refusal:
    """A contact that nothing identifies is answered 500."""
    return Refusal(500, "No key") if any(p.rule == "identification" for p in refusal.problems) else refusal


@fault(breaks="ngpvan.identification.first-name-only", at=Hooks.problems)
def first_name_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual is identified by its firstName."""
    return _enough(problems, _names(call) == {"firstName"} and "lastName" not in call.sent)


@fault(breaks="ngpvan.identification.first-name-only", at=Hooks.problems)
def first_name_with_empty_emails_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual is identified by its firstName and an empty collection of emails."""
    return _enough(problems, _names(call) == {"firstName"} and "emails" in call.sent)


@fault(breaks="ngpvan.identification.last-name-only", at=Hooks.problems)
def last_name_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual is identified by its lastName."""
    return _enough(problems, _names(call) == {"lastName"})


@fault(breaks="ngpvan.identification.no-{collection}", at=Hooks.problems, each={"collection": ("emails", "phones")})
def empty_collection_is_enough(problems: list[Problem], call: Call, *, collection: str) -> list[Problem]:
    """A contact is identified by an empty collection of {collection}."""
    return _enough(problems, call.sent.get(collection) == [] and not _names(call))


@fault(breaks="ngpvan.identification.no-{collection}", at=Hooks.problems, each={"collection": ("emails", "phones")})
def empty_collection_of_an_organization(problems: list[Problem], call: Call, *, collection: str) -> list[Problem]:
    """An organization is identified by an empty collection of {collection}."""
    return _enough(problems, call.sent.get(collection) == [] and call.sent.get("type") == "ORGANIZATION")


@fault(breaks="ngpvan.identification.blank-names", at=Hooks.problems)
def empty_names_are_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """Names that are there, but empty, identify an individual."""
    return _enough(problems, {"firstName", "lastName"} <= set(call.sent))


@fault(breaks="ngpvan.identification.blank-names", at=Hooks.problems)
def blanks_are_a_name(problems: list[Problem], call: Call) -> list[Problem]:
    """A commonName of blanks identifies an organization."""
    return _enough(problems, bool(call.sent.get("commonName")) and call.sent.get("type") == "ORGANIZATION")


@fault(breaks="ngpvan.identification.blank-email", at=Hooks.problems)
def empty_address_is_enough(problems: list[Problem], call: Call) -> list[Problem]:
    """An e-mail without an address identifies a contact."""
    return [p for p in problems if not call.sent.get("emails") or p.rule not in ("identification", "entry")]


@fault(breaks="ngpvan.identification.names-of-a-person", at=Hooks.problems)
def organization_takes_names_of_a_person(problems: list[Problem], call: Call) -> list[Problem]:
    """An organization is identified by firstName and lastName."""
    return [] if call.sent.get("type") == "ORGANIZATION" and {"firstName", "lastName"} <= _names(call) else problems


@fault(breaks="ngpvan.identification.name-of-an-organization", at=Hooks.problems)
def person_takes_the_name_of_an_organization(problems: list[Problem], call: Call) -> list[Problem]:
    """An individual is identified by a commonName."""
    return [] if call.sent.get("type") == "INDIVIDUAL" and _names(call) == {"commonName"} else problems


# What is refused


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def refused_type_is_created(refusal: Refusal, call: Call) -> Refusal:
    """A contact with an unknown type is refused, and created as an individual."""
    if any(p.rule == "type" for p in refusal.problems) and "type" in call.sent:
        create(call, call.sent | {"type": "INDIVIDUAL"})
    return refusal


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def refused_without_type_is_created(refusal: Refusal, call: Call) -> Refusal:
    """A contact without a type is refused, and created as an individual."""
    if any(p.rule == "type" for p in refusal.problems) and "type" not in call.sent:
        create(call, call.sent | {"type": "INDIVIDUAL"})
    return refusal


def create(call: Call, body: dict[str, Any], tenant: tenants.Tenant | None = None) -> int:
    """Creates a contact of a body, whatever the answer will be; its number."""
    return call.store.add((tenant or call.tenant).name, bodies.values(body, call))
