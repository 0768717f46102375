"""Faults of what is kept of a contact, and of what one answer, one page or one way to call has alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import with_results
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]


# One field, one sort of text


@fault(breaks="flexmls.field.HomeLocality.create", at=Hooks.text)
def town_ends_at_a_semicolon(text: str, attribute: str) -> str:
    """HomeLocality ends at its first semicolon."""
    return text.partition(";")[0] if attribute == "HomeLocality" else text


@fault(breaks="flexmls.field.HomeStreetAddress.create", at=Hooks.text)
def street_outside_ascii_fails(text: str, attribute: str) -> str:
    """HomeStreetAddress with a letter outside ASCII is answered 500."""
    if attribute == "HomeStreetAddress" and not text.isascii():
        raise Refusal(500, 1026, "Something broke")
    return text


# Tags told apart


@fault(breaks="flexmls.tag.several", at=Hooks.inserted)
def third_of_three_tags_is_lost(values: Values) -> Values:
    """A contact loses the third of its tags."""
    tags = values.get("Tags") or []
    return values | {"Tags": [*tags[:2], *tags[3:]]}


@fault(breaks="flexmls.tag.none-else", at=Hooks.inserted)
def tag_of_the_last_contact_is_added(values: Values, call: Call) -> Values:
    """A contact gets the first tag of the one that was added before, too."""
    tags = values.get("Tags") or []
    before = call.memory.get("tags", [])
    call.memory["tags"] = tags
    return values | {"Tags": [*tags, *before[:1]]}


@fault(breaks="flexmls.tag.several", at=Hooks.shown)
def tags_are_sorted_into_one(contact: Values) -> Values:
    """A contact with several tags shows them as one, joined by commas."""
    tags = contact.get("Tags") or []
    return contact | {"Tags": [", ".join(tags)]} if len(tags) > 1 else contact


# What depends on another field, and what others have


_NEEDS = {"HomePostalCode": "HomeRegion", "HomeRegion": "HomeLocality", "HomeLocality": "HomeStreetAddress"}


@fault(breaks="flexmls.field.{field}.create", at=Hooks.inserted, each={"field": tuple(_NEEDS)})
def is_lost_without_its_like(values: Values, *, field: str) -> Values:
    """{field} is lost where what is like it is not sent."""
    return values if values.get(_NEEDS[field]) else values | {field: None}


@fault(
    breaks="flexmls.create.shared-values",
    at=Hooks.inserted,
    each={"field": ("PrimaryPhoneNumber", "HomeStreetAddress", "HomePostalCode")},
)
def is_left_out_where_another_has_it(values: Values, call: Call, *, field: str) -> Values:
    """{field} of a new contact is left out where another contact has the same."""
    taken = values.get(field) and call.store.count([call.store.tables.contacts.c[field] == values[field]])
    return values | {field: None} if taken else values


@fault(breaks="flexmls.create.shared-values", at=Hooks.sent)
def number_of_another_is_refused(sent: Values, call: Call) -> Values:
    """A new contact with the telephone number of another is refused."""
    column = call.store.tables.contacts.c.PrimaryPhoneNumber
    number = sent.get("PrimaryPhoneNumber")
    if number and call.store.count([column == number]):
        raise Refusal(409, 1055, "There is such a number already")
    return sent


# What is required, and what is read-only


@fault(breaks="flexmls.create.required-not-empty", at=Hooks.sent)
def empty_name_is_made_up(sent: Values, call: Call) -> Values:
    """A contact whose DisplayName is empty is stored with a name of the server's."""
    return sent | {"DisplayName": f"unknown{call.now()}"} if sent.get("DisplayName") == "" else sent


@fault(breaks="flexmls.field.DisplayName.required", at=Hooks.sent, each={"nothing": ("null", "another")})
def name_is_made_up(sent: Values, call: Call, *, nothing: str) -> Values:
    """A contact whose DisplayName is {nothing} is stored with a name of the server's."""
    said = sent.get("DisplayName", "nothing")
    missing = {"null": said is None, "another": said == "nothing" and "PrimaryEmail" in sent}
    return sent | {"DisplayName": f"unknown{call.now()}"} if missing[nothing] else sent


@fault(breaks="flexmls.field.{field}.read-only", at=Hooks.answer, each={"field": ("Id", "ResourceUri")})
def is_taken_in_another_type(answer: Answer, call: Call, *, field: str) -> Answer:
    """{field} is taken from the body as a number or null, and read so."""
    if call.operation == "createContact" and answer.results and b'"Contacts"' in call.body:
        sent = json.loads(call.body)["D"]["Contacts"][0]
        if field in sent and not isinstance(sent[field], str):
            call.memory[answer.results[0]["Id"]] = sent[field]
        return answer
    known = call.memory
    asked = call.operation == "readContact" and call.contact in known
    return with_results(answer, lambda r: {**r, field: known[call.contact]}) if asked else answer


# Both ways to call, and several at once


@fault(breaks="flexmls.session.writes", at=Hooks.sent)
def signed_contact_loses_its_home(sent: Values, call: Call) -> Values:
    """A contact that is added by a signed call is stored without its town."""
    return {n: v for n, v in sent.items() if n != "HomeLocality" or "authorization" in call.headers}


@fault(breaks="flexmls.field.HomeRegion.create", at=Hooks.sent)
def second_of_several_loses_its_state(sent: Values, call: Call) -> Values:
    """Of several contacts in the array all but the first lose their state."""
    call.passed.append(sent)
    return {n: v for n, v in sent.items() if n != "HomeRegion"} if len(call.passed) > 1 else sent


@fault(breaks="flexmls.create.several", at=Hooks.sent)
def third_of_several_has_the_name_of_the_second(sent: Values, call: Call) -> Values:
    """Of three contacts in the array the last is stored with the name of the second."""
    call.passed.append(sent.get("DisplayName"))
    return {**sent, "DisplayName": f"{call.passed[1]}."} if len(call.passed) == 3 else sent


# Refused, yet done


@fault(breaks="flexmls.refusal.no-effect", at=Hooks.refusal)
def refused_for_want_of_a_name_but_created(refusal: Refusal, call: Call) -> Refusal:
    """A new contact that is refused for want of a DisplayName is stored with its address as its name."""
    if call.operation == "createContact" and "DisplayName" in refusal.errors:
        _store(_sent(call), call)
    return refusal


@fault(breaks="flexmls.role.portal.createContact", at=Hooks.refusal)
def forbidden_but_created(refusal: Refusal, call: Call) -> Refusal:
    """A new contact of a key with portal permission is refused, and stored as the agent's."""
    if refusal.code == 1500 and call.operation == "createContact":
        _store(_sent(call), call)
    return refusal


@fault(breaks="flexmls.create.several", at=Hooks.refusal)
def those_before_the_refused_one_are_created(refusal: Refusal, call: Call) -> Refusal:
    """Several contacts are refused for one of them, and those before it are stored."""
    if call.operation == "createContact" and "DisplayName" in refusal.errors:
        for contact in _all_sent(call):
            if not contact.get("DisplayName"):
                break
            _store(contact, call)
    return refusal


def _all_sent(call: Call) -> list[Values]:
    contacts: list[Values] = json.loads(call.body)["D"].get("Contacts") or []
    return contacts


def _sent(call: Call) -> Values:
    return next(iter(_all_sent(call)), {})


def _store(sent: Values, call: Call) -> None:
    """Stores a contact although the call is refused."""
    now, kept = call.now(), {n: v for n, v in sent.items() if n in call.store.tables.contacts.c}
    own = {"OwnerId": call.user, "RecordStatus": "Connected", "CreatedTimestamp": now, "ModificationTimestamp": now}
    name = sent.get("DisplayName") or sent.get("PrimaryEmail")
    call.store.add({**own, **kept, "DisplayName": name, "Tags": sent.get("Tag") or []})
    call.keeps = True


# Written elsewhere, too

_LIKE = {"HomeRegion": "HomePostalCode", "HomeLocality": "HomeRegion", "PrimaryEmail": "HomeStreetAddress"}


@fault(breaks="flexmls.create.only-given", at=Hooks.inserted, each={"field": tuple(_LIKE)})
def is_written_to_its_like(values: Values, *, field: str) -> Values:
    """{field} of a new contact is written to another field as well, where that is not sent."""
    return values | {_LIKE[field]: values.get(_LIKE[field]) or values.get(field)}


# Pages and paths


@fault(breaks="flexmls.page.walk", at=Hooks.window)
def third_page_is_the_second(window: Window) -> Window:
    """The third page repeats the second."""
    return replace(window, page=2) if window.page == 3 else window


@fault(breaks="flexmls.page.limit", at=Hooks.page)
def fourth_page_is_empty(page: Page) -> Page:
    """The fourth page is empty."""
    return replace(page, rows=()) if page.window.page == 4 else page


@fault(
    breaks="flexmls.pagination.on",
    at=Hooks.pagination,
    each={"number": ("CurrentPage", "TotalPages", "TotalRows", "PageSize")},
)
def counter_is_wrong_from_the_second_page_on(numbers: Values, page: Page, *, number: str) -> Values:
    """{number} is one too few from the second page on."""
    return numbers | {number: numbers[number] - 1} if page.window.page > 1 else numbers


@fault(breaks="flexmls.tag.signs", at=Hooks.path)
def tag_is_decoded_twice(path: str) -> str:
    """The name of a tag is decoded twice."""
    return path.replace("%25", "%")


@fault(breaks="flexmls.tag.signs", at=Hooks.path)
def plus_in_a_path_is_a_blank(path: str) -> str:
    """A plus sign in the name of a tag stands for a blank."""
    return path.replace("%2B", "%20")


@fault(breaks="flexmls.tag.all", at=Hooks.path)
def tag_ends_at_its_second_blank(path: str) -> str:
    """The name of a tag ends at its second blank."""
    return "%20".join(path.split("%20")[:2])


@fault(breaks="flexmls.read.unknown-id", at=Hooks.path)
def id_ends_at_its_first_letter(path: str) -> str:
    """Letters behind the digits of an Id are passed over, as by a database that casts them."""
    return re.sub(r"(/contacts/\d+)[a-z]+$", r"\1", path)


# One answer alone


@fault(breaks="flexmls.field.Id.type", at=Hooks.answer, each={"operation": ("readMyContact", "listTagged")})
def id_is_a_number_in(answer: Answer, call: Call, *, operation: str) -> Answer:
    """{operation} alone shows Id as a number."""
    return with_results(answer, lambda r: {**r, "Id": int(r["Id"])}) if call.operation == operation else answer


@fault(breaks="flexmls.field.Tags.type", at=Hooks.shown)
def tags_are_a_text_in_the_own_record(contact: Values, row: Row, call: Call) -> Values:
    """The own record shows Tags as one text."""
    own = call.operation == "readMyContact" and "Tags" in contact
    return contact | {"Tags": ",".join(contact["Tags"])} if own else contact


@fault(breaks="flexmls.list.forbidden", at=Hooks.refusal, each={"status": ("400", "404", "422")})
def list_is_refused_otherwise(refusal: Refusal, call: Call, *, status: str) -> Refusal:
    """A list that is not permitted is answered {status}."""
    if refusal.code == 1500 and call.operation == "listContacts":
        refusal.status = int(status)
    return refusal
