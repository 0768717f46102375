"""Faults that one answer, one role or one moment has alone: expansions, members, the unconnected, requests at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.attributes import ATTRIBUTES
from contacts_conformance.reference.spark.expansions import NAMES
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d, with_results
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]


# Expansions


@fault(breaks="spark.expand.list", at=Hooks.expansion, each={"member": ("VowActive", "VowEnabled")})
def list_shows_no_portal(members: dict[str, Any], name: str, row: Row, call: Call, *, member: str) -> dict[str, Any]:
    """{member} is false wherever a list shows it."""
    is_listed = call.operation == "listContacts" and member in members
    return {**members, member: False} if is_listed else members


@fault(breaks="spark.expand.list", at=Hooks.expanded, each={"expansion": NAMES})
def list_ignores(shown: list[str], row: Row, call: Call, *, expansion: str) -> list[str]:
    """Lists ignore the expansion {expansion}."""
    return [n for n in shown if n.removesuffix("Check") != expansion] if call.operation == "listContacts" else shown


@fault(
    breaks="spark.expand.all-roles",
    at=Hooks.expanded,
    each={"expansion": tuple(n for n in NAMES if n not in ("Activity", "Portal")), "role": ("IDX", "Public")},
)
def role_is_not_shown(shown: list[str], row: Row, call: Call, *, expansion: str, role: str) -> list[str]:
    """The role {role} is not shown the expansion {expansion}."""
    return [n for n in shown if n.removesuffix("Check") != expansion] if call.key.role == role else shown


@fault(breaks="spark.my.expand", at=Hooks.expanded, each={"role": ("VOW", "Portal")})
def own_record_has_some_expansions(shown: list[str], row: Row, call: Call, *, role: str) -> list[str]:
    """To the role {role} the own record has no news feeds."""
    own = call.operation == "readMyContact" and call.key.role == role
    return [n for n in shown if not n.startswith("News")] if own else shown


# Members in one answer only


@fault(breaks="spark.field.Id.type", at=Hooks.answer, each={"operation": ("readMyContact", "listUnconnected")})
def id_is_a_number_in(answer: Answer, call: Call, *, operation: str) -> Answer:
    """{operation} alone shows Id as a number."""
    return with_results(answer, lambda r: {**r, "Id": int(r["Id"])}) if call.operation == operation else answer


@fault(breaks="spark.field.Tags.type", at=Hooks.shown)
def tags_are_a_text_in_lists(contact: Values, row: Row, call: Call) -> Values:
    """A list with expansions shows Tags as one text."""
    asked = call.operation == "listContacts" and call.parameter("_expand") and "Tags" in contact
    return contact | {"Tags": ",".join(contact["Tags"])} if asked else contact


@fault(breaks="spark.time.modified-stays", at=Hooks.shown)
def expansion_touches_the_contact(contact: Values, row: Row, call: Call) -> Values:
    """Reading a contact with an expansion moves its ModificationTimestamp."""
    if call.operation == "readContact" and call.parameter("_expand"):
        call.store.change(row["Id"], {"ModificationTimestamp": call.now()})
    return contact


@fault(breaks="spark.field.PortalInvitationTimestamp.type", at=Hooks.shown)
def invitation_is_told_in_words(contact: Values) -> Values:
    """PortalInvitationTimestamp is a day of the week."""
    name = "PortalInvitationTimestamp"
    return contact | {name: "last Tuesday"} if contact.get(name) else contact


@fault(breaks="spark.operation.createContact.body", at=Hooks.answer)
def created_id_is_a_number(answer: Answer, call: Call) -> Answer:
    """The answer to a creation shows Id as a number."""
    return with_results(answer, lambda r: {**r, "Id": int(r["Id"])}) if call.operation == "createContact" else answer


# The unconnected


@fault(breaks="spark.unconnected.lists", at=Hooks.page, each={"place": ("first", "last")})
def one_unconnected_is_missing(page: Page, call: Call, *, place: str) -> Page:
    """The {place} of the unconnected contacts is not listed."""
    if call.operation != "listUnconnected" or not page.rows:
        return page
    return replace(page, rows=page.rows[1:] if place == "first" else page.rows[:-1])


@fault(breaks="spark.record-status.connects", at=Hooks.updated)
def status_connects_nobody(values: Values, row: Row) -> Values:
    """A change of RecordStatus to Connected is answered 200, and not stored."""
    return values if "OwnerId" in values else {n: v for n, v in values.items() if n != "RecordStatus"}


@fault(breaks="spark.transfer.unknown-owner", at=Hooks.refusal, each={"owner": ("null", "empty", "number")})
def owner_that_is_none_takes_it(refusal: Refusal, call: Call, *, owner: str) -> Refusal:
    """A transfer to an OwnerId that is {owner} is refused, and leaves the contact without its owner."""
    sign = {"null": b'"OwnerId": null', "empty": b'"OwnerId": ""', "number": b'"OwnerId": 0'}[owner]
    if sign.replace(b" ", b"") in call.body.replace(b" ", b"") and call.row is not None:
        call.store_refused(call.row["Id"], {"OwnerId": None})
    return refusal


# At the same moment


@fault(breaks="spark.change.at-once", at=Hooks.updated)
def last_change_wins(values: Values, row: Row, call: Call) -> Values:
    """Of changes at the same moment each writes the whole contact as it was before."""
    if call.together is None or call.operation != "changeContact":
        return values
    before = call.together.setdefault("row", row)
    kept = {n: v for n, v in before.items() if n in ATTRIBUTES and ATTRIBUTES[n].writeable}
    return {**kept, **values}


@fault(breaks="spark.create.at-once", at=Hooks.answer)
def second_creation_tells_the_first(answer: Answer, call: Call) -> Answer:
    """Of creations at the same moment each answers the Id of the first."""
    if call.together is None or call.operation != "createContact" or not succeeded(answer):
        return answer
    return with_d(answer, Results=call.together.setdefault("results", answer.results))


@fault(breaks="spark.create.at-once", at=Hooks.inserted)
def creations_share_their_values(values: Values, call: Call) -> Values:
    """Of creations at the same moment each is stored with the first one's GivenName."""
    if call.together is None or "GivenName" not in values:
        return values
    return values | {"GivenName": call.together.setdefault("name", values["GivenName"])}


@fault(breaks="spark.page.while-creating", at=Hooks.page)
def creation_shifts_the_pages(page: Page, call: Call) -> Page:
    """A page that is read while something else goes on begins one contact late."""
    if call.together is None or call.operation != "listContacts":
        return page
    skip = (page.window.page - 1) * page.window.limit
    return replace(page, rows=page.ask(page.window.limit, skip + 1))
