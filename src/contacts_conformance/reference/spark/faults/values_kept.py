"""Faults of what is kept of a contact: lists, what depends on another attribute, what others have, what is required."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_results
from contacts_conformance.reference.sparkapi.store import Row

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]


# One attribute, one sort of text


@fault(breaks="spark.field.Assistant.create", at=Hooks.text)
def assistant_ends_at_a_semicolon(text: str, attribute: str) -> str:
    """Assistant ends at its first semicolon."""
    return text.partition(";")[0] if attribute == "Assistant" else text


@fault(breaks="spark.field.Children.create", at=Hooks.text)
def children_are_escaped(text: str, attribute: str) -> str:
    """An ampersand in Children is stored as an entity of HTML."""
    return text.replace("&", "&amp;") if attribute == "Children" else text


@fault(breaks="spark.field.ReferredBy.create", at=Hooks.text)
def joined_letters_fail(text: str, attribute: str) -> str:
    """ReferredBy with a letter outside ASCII is answered 500."""
    if attribute == "ReferredBy" and not text.isascii():
        raise Refusal(500, 1026, "Something broke")
    return text


@fault(breaks="spark.text.round-trip", at=Hooks.start, each={"made": ("kept", "lost")})
def escapes_are_not_read(call: Call, *, made: str) -> Call:
    """Letters that the JSON of a body writes as escapes, such as `\\u00eb`, are {made}."""
    written = rb"\\\\u00\1" if made == "kept" else b""
    return replace(call, body=re.sub(rb"\\u00([0-9a-f]{2})", written, call.body))


@fault(breaks="spark.field.{field}.create", at=Hooks.text, each={"field": ("Anniversary", "Birthday", "Children")})
def date_is_written_anew(text: str, attribute: str, *, field: str) -> str:
    """A text of {field} that looks like a date is stored as another notation of that date."""
    parts = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return "/".join((parts[2], parts[3], parts[1])) if parts and attribute == field else text


# What empties an attribute


@fault(
    breaks="spark.change.emptied",
    at=Hooks.updated,
    each={"field": ("Pets", "Organization", "HomeLocality", "SecondaryEmails", "Tags")},
)
def emptied_attribute_keeps_its_value(values: Values, row: Row, *, field: str) -> Values:
    """A change that empties {field} is answered with a success, and the old value stays."""
    return {n: v for n, v in values.items() if n != field or v not in ("", None, [])}


# Lists


@fault(breaks="spark.field.{field}.create", at=Hooks.inserted, each={"field": ("Tags", "SecondaryEmails")})
def third_entry_is_lost(values: Values, *, field: str) -> Values:
    """Of a new contact's {field} the third entry is lost."""
    return values | {field: [*values[field][:2], *values[field][3:]]} if values.get(field) else values


@fault(breaks="spark.field.AdditionalNotificationEmails.create", at=Hooks.inserted)
def first_is_notified_alone(values: Values) -> Values:
    """Of several addresses for notifications a new contact keeps the first."""
    name = "AdditionalNotificationEmails"
    return values | {name: values[name][:1]} if values.get(name) else values


@fault(breaks="spark.field.SecondaryEmails.create", at=Hooks.inserted)
def addresses_of_the_last_contact_are_added(values: Values, call: Call) -> Values:
    """A new contact with several secondary addresses gets one of the contact before as well."""
    mine = values.get("SecondaryEmails") or []
    before = call.memory.get("addresses", [])
    call.memory["addresses"] = mine or before
    return values | {"SecondaryEmails": [*mine, *before[:1]]} if len(mine) > 1 else values


# What depends on another attribute


_NEEDS = {
    "FamilyName": "GivenName",
    "HomePostalCode": "HomeStreetAddress",
    "MobilePhoneNumber": "MobilePhoneCountryCode",
    "SpouseFamilyName": "SpouseMiddleName",
    "WorkRegion": "WorkLocality",
}


@fault(breaks="spark.field.{field}.create", at=Hooks.inserted, each={"field": [n for n in _NEEDS if n != "FamilyName"]})
def is_lost_without_its_like(values: Values, *, field: str) -> Values:
    """{field} of a new contact is lost where what is like it is not sent."""
    return values if values.get(_NEEDS[field]) else values | {field: None}


@fault(breaks="spark.field.{field}.create", at=Hooks.sent, each={"field": ("HomePostalCode", "WorkRegion")})
def is_refused_without_its_like(sent: Values, call: Call, *, field: str) -> Values:
    """A new contact with {field} is refused where what is like it is not sent."""
    if call.operation == "createContact" and field in sent and _NEEDS[field] not in sent:
        raise Refusal(400, 1053, "Something goes with it", {field: "cannot be alone"})
    return sent


@fault(breaks="spark.change.partial", at=Hooks.updated)
def new_address_pushes_the_old_one_aside(values: Values, row: Row, call: Call) -> Values:
    """A new PrimaryEmail pushes the old one into SecondaryEmails."""
    if call.operation != "changeContact" or values.get("PrimaryEmail") in (None, row["PrimaryEmail"]):
        return values
    return {"SecondaryEmails": [*row["SecondaryEmails"], row["PrimaryEmail"]], **values}


_NEIGHBOURS = {
    "Salutation": "Pets",
    "HomeRegion": "HomePostalCode",
    "FaxPhoneNumber": "PagerPhoneNumber",
    "Birthday": "Anniversary",
}


@fault(breaks="spark.change.no-other-attribute", at=Hooks.updated, each={"field": tuple(_NEIGHBOURS)})
def change_clears_its_neighbour(values: Values, row: Row, call: Call, *, field: str) -> Values:
    """A change of {field} clears the attribute beside it, which was not sent."""
    changes = call.operation == "changeContact" and field in values
    return {_NEIGHBOURS[field]: None, **values} if changes else values


@fault(breaks="spark.change.no-other-attribute", at=Hooks.updated, each={"field": tuple(_NEIGHBOURS)})
def change_is_written_to_its_neighbour(values: Values, row: Row, call: Call, *, field: str) -> Values:
    """A change of {field} is written to the attribute beside it as well, which was not sent."""
    changes = call.operation == "changeContact" and field in values
    return {_NEIGHBOURS[field]: values[field], **values} if changes else values


@fault(
    breaks="spark.create.no-other-attribute",
    at=Hooks.inserted,
    each={"field": (*_NEIGHBOURS, "GivenName", "Children")},
)
def value_is_written_to_its_neighbour(values: Values, *, field: str) -> Values:
    """{field} of a new contact is written to the attribute beside it as well, if that was not sent."""
    neighbour = {**_NEIGHBOURS, "GivenName": "FamilyName", "Children": "Other"}[field]
    return values | {neighbour: values[field]} if values.get(field) and not values.get(neighbour) else values


@fault(breaks="spark.list.same-as-read", at=Hooks.shown, each={"field": ("Assistant", "HomeStreetAddress", "Pets")})
def list_ends_at_a_comma(contact: Values, row: Row, call: Call, *, field: str) -> Values:
    """Lists show {field} up to its first comma."""
    text = contact.get(field)
    return contact | {field: text.partition(",")[0]} if call.operation == "listContacts" and text else contact


@fault(breaks="spark.list.same-as-read", at=Hooks.shown)
def list_takes_tags_for_numbers(contact: Values, row: Row, call: Call) -> Values:
    """Lists show a tag that is a decimal without its last zeros."""
    tags = [t.rstrip("0") if re.fullmatch(r"\d+\.\d+", t) else t for t in contact.get("Tags") or ()]
    return contact | {"Tags": tags} if call.operation == "listContacts" and tags else contact


_FOLLOWS = {"GivenName": "Salutation", "HomeLocality": "HomePostalCode", "MobilePhoneNumber": "PrimaryPhoneNumber"}


@fault(breaks="spark.change.partial", at=Hooks.updated, each={"field": tuple(_FOLLOWS)})
def change_empties_what_goes_with_it(values: Values, row: Row, call: Call, *, field: str) -> Values:
    """A change of {field} takes away another attribute that goes with it and was not sent."""
    changes = call.operation == "changeContact" and field in values
    return {_FOLLOWS[field]: None, **values} if changes else values


@fault(breaks="spark.change.carried-out", at=Hooks.updated, each={"field": ("SecondaryEmails", "Tags")})
def change_adds_to_a_list(values: Values, row: Row, call: Call, *, field: str) -> Values:
    """A change of {field} adds to the entries that were there."""
    changes = call.operation == "changeContact" and field in values
    return values | {field: list(dict.fromkeys([*row[field], *values[field]]))} if changes else values


@fault(breaks="spark.change.carried-out", at=Hooks.updated)
def third_change_is_lost(values: Values, row: Row, call: Call) -> Values:
    """Every third change of a contact is answered 200, and not stored."""
    if call.operation != "changeContact" or "OwnerId" in values:
        return values
    count = call.memory[row["Id"]] = call.memory.get(row["Id"], 0) + 1
    return {} if count % 3 == 0 else values


# What others have


@fault(
    breaks="spark.create.shared-values",
    at=Hooks.inserted,
    each={"field": ("MobilePhoneNumber", "HomeStreetAddress", "Organization", "GivenName")},
)
def is_left_out_where_another_has_it(values: Values, call: Call, *, field: str) -> Values:
    """{field} of a new contact is left out where another contact has the same."""
    column = call.store.tables.contacts.c[field]
    taken = values.get(field) and call.store.count([column == values[field]])
    return values | {field: None} if taken else values


@fault(breaks="spark.create.shared-values", at=Hooks.sent)
def number_of_another_is_refused(sent: Values, call: Call) -> Values:
    """A new contact with the telephone number of another is refused."""
    column = call.store.tables.contacts.c.WorkPhoneNumber
    number = sent.get("WorkPhoneNumber")
    if call.operation == "createContact" and number and call.store.count([column == number]):
        raise Refusal(409, 1055, "There is such a number already")
    return sent


@fault(breaks="spark.change.only-that-contact", at=Hooks.changed)
def change_reaches_a_namesake(contact: str, row: Row, call: Call) -> str:
    """A change is stored in every contact with the same telephone number, too."""
    for other in alike(row, call, "HomePhoneNumber"):
        now = call.store.row(contact) or row
        call.store.change(other["Id"], {"ReferredBy": now["ReferredBy"], "Pets": now["Pets"]})
    return contact


@fault(breaks="spark.remove.only-that-contact", at=Hooks.removed)
def removal_reaches_a_namesake(row: Row, call: Call) -> Row:
    """Removing a contact removes every other one with the same telephone number."""
    for other in alike(row, call, "HomePhoneNumber"):
        call.store.remove(other["Id"])
    return row


def alike(row: Row, call: Call, attribute: str) -> list[Row]:
    """The other contacts that have the same value of an attribute; none where it has no value."""
    contacts = call.store.tables.contacts
    if not row[attribute]:
        return []
    return call.store.find([contacts.c[attribute] == row[attribute], contacts.c.Id != row["Id"]], ())


# What is required, and what is read-only


_REQUIRED = ("DisplayName", "PrimaryEmail")


@fault(breaks="spark.field.{field}.required", at=Hooks.sent, each={"field": _REQUIRED})
def is_filled_in_where_null_was_sent(sent: Values, call: Call, *, field: str) -> Values:
    """A new contact whose {field} is null is stored with a text of the server's."""
    return _filled_in(sent, call, field) if field in sent and sent[field] is None else sent


@fault(breaks="spark.create.required-not-empty", at=Hooks.sent, each={"field": _REQUIRED})
def is_filled_in_where_nothing_was_sent(sent: Values, call: Call, *, field: str) -> Values:
    """A new contact whose {field} is empty is stored with a text of the server's."""
    return _filled_in(sent, call, field) if sent.get(field) == "" else sent


def _filled_in(sent: Values, call: Call, field: str) -> Values:
    return sent | {field: f"unknown{call.now()}"} if call.operation == "createContact" else sent


@fault(breaks="spark.change.required-not-empty", at=Hooks.refusal, each={"field": _REQUIRED})
def required_is_emptied_by_a_change(refusal: Refusal, call: Call, *, field: str) -> Refusal:
    """A change of {field} to an empty text is carried out."""
    sent = json.loads(call.body)["D"] if call.operation == "changeContact" and field in refusal.errors else {}
    if call.row is not None and sent.get(field) == "":
        call.store.change(call.row["Id"], {field: None})
        call.keeps = True
        refusal.status = 200
    return refusal


@fault(
    breaks="spark.change.required-stays",
    at=Hooks.refusal,
    each={"field": _REQUIRED, "nothing": ("null", "empty")},
)
def required_is_unset_by_a_change(refusal: Refusal, call: Call, *, field: str, nothing: str) -> Refusal:
    """A change of {field} to {nothing} is refused, and made."""
    sent = json.loads(call.body)["D"] if call.operation == "changeContact" and field in refusal.errors else {}
    if call.row is not None and field in sent and sent[field] == {"null": None, "empty": ""}[nothing]:
        call.store.change(call.row["Id"], {field: None})
        call.keeps = True
    return refusal


_WRONG = {"null": lambda v: v is None, "number": lambda v: type(v) is int, "digits": lambda v: str(v).isdecimal()}
_OWN = ("CreatedTimestamp", "NewsFeedNotificationUI", "ModificationTimestamp")


@fault(breaks="spark.field.{field}.read-only", at=Hooks.answer, each={"field": _OWN, "kind": tuple(_WRONG)})
def is_taken_in_another_type(answer: Answer, call: Call, *, field: str, kind: str) -> Answer:
    """A change of {field} to {kind} is stored."""
    if call.operation == "changeContact" and succeeded(answer):
        sent = json.loads(call.body)["D"]
        if field in sent and _WRONG[kind](sent[field]) and (kind != "digits" or isinstance(sent[field], str)):
            call.memory[call.contact] = sent[field]
        return answer
    return with_results(answer, lambda r: {**r, field: call.memory[r["Id"]]} if r.get("Id") in call.memory else r)


@fault(
    breaks="spark.field.expansions.read-only",
    at=Hooks.answer,
    each={"name": ("VowExists", "UniquePrimaryEmail", "LastListingEventTimestamp")},
)
def expansion_is_set_by_a_change(answer: Answer, call: Call, *, name: str) -> Answer:
    """What a change sends as {name} is shown from then on."""
    if call.operation == "changeContact" and succeeded(answer):
        sent = json.loads(call.body)["D"]
        call.memory[call.contact] = {name: sent[name]} if name in sent else {}
        return answer

    def told(contact: Values) -> Values:
        kept = call.memory.get(contact.get("Id", ""), {})
        within = contact.get("NewsFeedSummary")
        if isinstance(within, dict) and name in within:
            return {**contact, "NewsFeedSummary": {**within, **kept}}
        return {**contact, **kept} if name in contact else contact

    return with_results(answer, told)


# After a removal


def _gone(answer: Answer, call: Call) -> tuple[str, Values]:
    """The Id of the contact that was just created, and what is remembered of a removed one with its address."""
    if succeeded(answer) and call.operation == "removeContact" and call.row is not None:
        call.memory[call.row["PrimaryEmail"]] = call.row
    if not (succeeded(answer) and call.operation == "createContact"):
        return "", {}
    contact = str(answer.results[0]["Id"])
    address = (call.store.row(contact) or {}).get("PrimaryEmail")
    return contact, call.memory.get(str(address), {})


@fault(breaks="spark.create.after-removal", at=Hooks.answer)
def removed_comes_back_to_life(answer: Answer, call: Call) -> Answer:
    """A contact with the address of a removed one gets what that one had."""
    contact, gone = _gone(answer, call)
    if gone:
        kept = {n: v for n, v in gone.items() if v and n not in ("Id", "number", "Tags")}
        call.store.change(contact, kept)
    return answer


@fault(breaks="spark.create.after-removal", at=Hooks.answer)
def removed_still_blocks(answer: Answer, call: Call) -> Answer:
    """A contact with the address of a removed one is refused."""
    contact, gone = _gone(answer, call)
    if not gone:
        return answer
    call.store.remove(contact)
    return Refusal(409, 1055, "There is such a contact already").answer()


@fault(breaks="spark.remove.id-stays-gone", at=Hooks.answer)
def id_is_given_again(answer: Answer, call: Call) -> Answer:
    """A contact with the address of a removed one gets its Id."""
    contact, gone = _gone(answer, call)
    if not gone:
        return answer
    call.store.change(contact, {"Id": gone["Id"]})
    return with_results(answer, lambda r: {**r, "Id": gone["Id"], "ResourceUri": f"/v1/contacts/{gone['Id']}"})
