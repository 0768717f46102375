"""Faults that show where two answers are held together: creation and read, a tag before and after, pages of a list."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d, with_results
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

_LONGEST, _LARGEST, _BAD = 75, 25, 400


# Creation


@fault(breaks="flexmls.create.resource-uri", at=Hooks.answer, each={"member": ("Id", "ResourceUri")})
def creation_tells_no_path(answer: Answer, call: Call, *, member: str) -> Answer:
    """The member {member} in the answer to a creation is not that of the contact."""
    if call.operation != "createContact" or not succeeded(answer):
        return answer
    return with_results(
        answer,
        lambda r: r | ({"Id": r["Id"][::-1]} if member == "Id" else {"ResourceUri": r["Id"]}) if "Id" in r else r,
    )


@fault(breaks="flexmls.create.resource-uri", at=Hooks.answer)
def too_long_is_taken_and_dropped(answer: Answer, call: Call) -> Answer:
    """A contact whose name is too long is answered as added, and is not there."""
    path = {"ResourceUri": "/v1/contacts/201010122342756895999999", "Id": "201010122342756895999999"}
    return success([path], 201) if _is_too_long(answer, call) else answer


@fault(breaks="flexmls.envelope.failure", at=Hooks.answer)
def too_long_fails_with_200(answer: Answer, call: Call) -> Answer:
    """A contact whose name is too long is answered 200 with Success false."""
    return replace(answer, status=200) if _is_too_long(answer, call) else answer


@fault(breaks="flexmls.field.DisplayName.required", at=Hooks.sent)
def other_names_stand_for_the_name(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact without a DisplayName is added where it has a GivenName."""
    return {"DisplayName": str(sent["GivenName"]), **sent} if "GivenName" in sent else sent


@fault(breaks="flexmls.read.unknown-id", at=Hooks.start, each={"how": ("shorter", "longer", "last-digit")})
def id_is_compared_in_part(call: Call, *, how: str) -> Call:
    """An Id that is that of a contact but for its end ({how}) reads that contact."""
    if call.operation != "readContact" or call.store.row(call.contact) is not None:
        return call
    contacts = call.store.tables.contacts
    for row in call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.asc()], None):
        there, asked = row["Id"], call.contact
        if there == {"shorter": asked + there[-1], "longer": asked[:-1], "last-digit": asked[:-1] + there[-1]}[how]:
            call.contact = there
            break
    return call


# Tags


@fault(breaks="flexmls.tag.several", at=Hooks.page)
def tag_is_remembered_as_empty(page: Page, call: Call) -> Page:
    """A tag that was asked for when nobody had it stays empty."""
    if call.operation != "listTagged":
        return page
    if not page.rows:
        call.memory[call.tag] = True
    return replace(page, rows=(), total=0) if call.tag in call.memory else page


@fault(breaks="flexmls.tag.none-else", at=Hooks.page)
def tag_finds_names_as_well(page: Page, call: Call) -> Page:
    """A tag lists contacts that have it in their DisplayName."""
    if call.operation != "listTagged" or not page.rows:
        return page
    contacts = call.store.tables.contacts
    clauses = [contacts.c.OwnerId == call.user, contacts.c.DisplayName.contains(call.tag)]
    named = call.store.find(clauses, [contacts.c.number.asc()], _LARGEST)
    return replace(page, rows=(*page.rows, *named))


# Lists


@fault(breaks="flexmls.page.limit", at=Hooks.window)
def largest_page_is_smaller(window: Window, call: Call) -> Window:
    """A page of the list holds at most 20 contacts."""
    is_large = call.operation == "listContacts" and window.limit == _LARGEST
    return replace(window, limit=20) if is_large else window


@fault(breaks="flexmls.page.walk", at=Hooks.window)
def later_pages_are_the_second(window: Window, call: Call) -> Window:
    """Pages of the list after the second one show the second."""
    return replace(window, page=2) if call.operation == "listContacts" and window.page > 2 else window


@fault(breaks="flexmls.pagination.count", at=Hooks.answer)
def count_of_the_list_shows_contacts(answer: Answer, call: Call) -> Answer:
    """A count of the list shows a contact beside the Pagination object."""
    counts = call.operation == "listContacts" and call.parameter("_pagination") == "count" and succeeded(answer)
    return with_d(answer, Results=[{"Id": users.CLIENT, "DisplayName": "Peter Portal"}]) if counts else answer


@fault(breaks="flexmls.pagination.on", at=Hooks.pagination, each={"member": ("PageSize", "TotalPages")})
def list_has_another_number_of(pagination: dict[str, Any], page: Page, call: Call, *, member: str) -> dict[str, Any]:
    """The member {member} of the Pagination object of the list is wrong where a page has fewer contacts."""
    if call.operation != "listContacts":
        return pagination
    return pagination | ({"PageSize": len(page.rows)} if member == "PageSize" else {"TotalPages": page.total // 10 + 1})


# The own record


@fault(breaks="flexmls.my.own", at=Hooks.shown)
def own_record_has_other_tags(contact: dict[str, Any], _: Row, call: Call) -> dict[str, Any]:
    """The own record is shown with other tags."""
    return contact | {"Tags": ["Others"]} if call.operation == "readMyContact" and contact.get("Tags") else contact


@fault(breaks="flexmls.create.tag-shown-as-tags", at=Hooks.shown)
def own_record_has_tag(contact: dict[str, Any], _: Row, call: Call) -> dict[str, Any]:
    """The own record shows its tags under the name Tag."""
    if call.operation != "readMyContact":
        return contact
    return {("Tag" if name == "Tags" else name): value for name, value in contact.items()}


@fault(breaks="flexmls.text.no-line-feed", at=Hooks.shown)
def line_feed_ends_a_work_address(contact: dict[str, Any], row: Row) -> dict[str, Any]:
    """The work address of a contact that was there already ends with a line feed."""
    return contact | {"WorkStreetAddress": "9 Works Road\n"} if row["Id"] == users.CLIENT else contact


def _is_too_long(answer: Answer, call: Call) -> bool:
    if call.operation != "createContact" or answer.status != _BAD:
        return False
    try:
        return any(len(str(c.get("DisplayName", ""))) > _LONGEST for c in json.loads(call.body)["D"]["Contacts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
