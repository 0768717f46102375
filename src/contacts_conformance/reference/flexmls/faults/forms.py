"""Faults that only one form of a request has: one way to sign, one operation, one place among several contacts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi import sessions
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import with_results
from contacts_conformance.reference.sparkapi.users import Key, signature
from contacts_conformance.reference.sparkapi.window import Page

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]


# Credentials


@fault(breaks="flexmls.auth.nearly", at=Hooks.key)
def case_of_a_token_is_ignored(key: Key | None, call: Call) -> Key | None:
    """A token is good whatever the case of its letters."""
    token = call.headers.get("authorization", "").partition(" ")[2].lower()
    return key or next((k for t, k in call.api.directory.tokens.items() if t.lower() == token), None)


@fault(
    breaks="flexmls.session.wrong-signature",
    at=Hooks.signed,
    each={"operation": ("readContact", "listTagged")},
)
def signature_of_the_list_is_good_for(right: bool, call: Call, *, operation: str) -> bool:
    """What signs the list of all contacts signs {operation}, too."""
    if right or call.operation != operation:
        return right
    key = call.api.directory.signed["reference-key"]
    sent = dict(call.parameters).get("ApiSig")
    return sent == signature(key.secret, sessions.to_sign(call, key.name, "/v1/contacts"))


@fault(breaks="flexmls.auth.status", at=Hooks.refusal, each={"operation": ("readContact", "listTagged")})
def unknown_comes_before_nobody(refusal: Refusal, call: Call, *, operation: str) -> Refusal:
    """To a caller without credentials, {operation} answers 404 where there is no such contact or tag."""
    contacts = call.store.find([], [call.store.tables.contacts.c.number.asc()], None)
    known = call.store.row(call.contact) or any(call.tag in (row["Tags"] or ()) for row in contacts)
    if refusal.status == 401 and call.operation == operation and not known:
        refusal.status = 404
    return refusal


# Roles


@fault(breaks="flexmls.role.portal.readContact", at=Hooks.allowed)
def portal_reads_its_own_contact(allowed: bool, call: Call) -> bool:
    """A key with portal permission reads its own contact by its Id."""
    return allowed or (call.operation == "readContact" and call.contact == getattr(call.key, "contact", ""))


@fault(breaks="flexmls.role.idx.readMyContact", at=Hooks.allowed)
def session_is_allowed_an_own_record(allowed: bool, call: Call) -> bool:
    """A signed call is allowed to read an own record, the client's."""
    if call.operation == "readMyContact" and "authorization" not in call.headers:
        call.key = replace(call.key, contact=users.CLIENT)
        return True
    return allowed


# Refused, yet done


@fault(breaks="flexmls.method.no-effect", at=Hooks.refusal)
def refused_put_creates(refusal: Refusal, call: Call) -> Refusal:
    """PUT at the list is answered 405, and the contact that it sends is stored."""
    if refusal.status == 405 and call.method == "PUT" and call.path.endswith("/contacts") and call.body:
        sent = json.loads(call.body)["D"]["Contacts"][0]
        now = call.now()
        own = {"OwnerId": call.user, "RecordStatus": "Connected", "CreatedTimestamp": now, "ModificationTimestamp": now}
        kept = {n: v for n, v in sent.items() if n in call.store.tables.contacts.c}
        call.store.add({**own, **kept, "Tags": sent.get("Tag") or []})
        call.keeps = True
    return refusal


@fault(breaks="flexmls.method.no-effect", at=Hooks.answer, each={"method": ("PUT", "DELETE")})
def refused_method_hides_tags(answer: Answer, call: Call, *, method: str) -> Answer:
    """{method} at a contact is answered 405, and the contact reads without its tags from then on."""
    touched = call.memory.setdefault("touched", set())
    if answer.status == 405 and call.method == method:
        touched.add(call.contact)
    hides = call.operation == "readContact" and answer.status == 200 and call.contact in touched
    return with_results(answer, lambda r: {**r, "Tags": []}) if hides else answer


@fault(breaks="flexmls.my.own", at=Hooks.answer, each={"field": ("HomeLocality", "GivenName", "WorkPhoneNumber")})
def own_record_reads_otherwise_in(answer: Answer, call: Call, *, field: str) -> Answer:
    """{field} of the own record is another one than that of the contact by its Id."""
    mine = call.operation == "readMyContact"
    return with_results(answer, lambda r: {**r, field: "another"}) if mine else answer


@fault(breaks="flexmls.envelope.resource-uri-shape", at=Hooks.answer)
def own_record_has_the_path_of_another(answer: Answer, call: Call) -> Answer:
    """The own record has the ResourceUri of another contact."""
    other = {"ResourceUri": f"/v1/contacts/{users.CLIENT[:-1]}9"}
    return with_results(answer, lambda r: {**r, **other}) if call.operation == "readMyContact" else answer


# What is sent


@fault(breaks="flexmls.field.DisplayName.required", at=Hooks.sent)
def second_of_several_needs_no_name(sent: Values, call: Call) -> Values:
    """Of several contacts in the array all but the first may lack a name."""
    call.passed.append(sent)
    return {"DisplayName": "nameless", **sent} if len(call.passed) > 1 else sent


@fault(
    breaks="flexmls.create.only-given",
    at=Hooks.sent,
    each={"field": ("HomeLocality", "PrimaryPhoneNumber", "HomeStreetAddress")},
)
def is_inherited_from_the_one_before(sent: Values, call: Call, *, field: str) -> Values:
    """Of several contacts in the array one without {field} gets that of the one before it."""
    call.passed.append(sent.get(field))
    before = call.passed[-2] if len(call.passed) > 1 else None
    return {field: before, **sent} if before else sent


@fault(breaks="flexmls.field.PrimaryEmail.optional", at=Hooks.sent, each={"form": ("Notify", "session")})
def address_is_needed(sent: Values, call: Call, *, form: str) -> Values:
    """A contact in the form {form} needs an address."""
    needs = sent.get("Notify") is True if form == "Notify" else "authorization" not in call.headers
    if needs and not sent.get("PrimaryEmail"):
        raise Refusal(400, 1050, "PrimaryEmail is missing", {"PrimaryEmail": "is required"})
    return sent


@fault(breaks="flexmls.create.resource-uri", at=Hooks.created, each={"lines": ("two", "one")})
def is_not_there_with(contact: str, call: Call, *, lines: str) -> str:
    """A contact whose street address has as many lines, {lines}, is said to be added, and is not there."""
    row = call.store.row(contact)
    address = (row["HomeStreetAddress"] if row is not None else None) or ""
    if address and ("\n" in address) == (lines == "two"):
        call.store.remove(contact)
    return contact


# Lists


@fault(breaks="flexmls.page.walk", at=Hooks.page)
def second_page_of_all_begins_too_early(page: Page, call: Call) -> Page:
    """The second page of the list of all contacts begins with the last one of the first."""
    if call.operation != "listContacts" or page.window.page != 2:
        return page
    return replace(page, rows=page.ask(page.window.limit, page.window.limit - 1))


@fault(breaks="flexmls.page.walk", at=Hooks.page)
def pages_of_all_begin_at_tens(page: Page, call: Call) -> Page:
    """The pages of the list of all contacts begin ten contacts apart, whatever their size."""
    limit = call.parameter("_limit") or ""
    if call.operation != "listContacts" or page.window.page == 1 or limit in ("", "25"):
        return page
    return replace(page, rows=page.ask(int(limit), (page.window.page - 1) * 10))


@fault(breaks="flexmls.list.current-user", at=Hooks.page, each={"part": ("one", "all")})
def session_lists_others(page: Page, call: Call, *, part: str) -> Page:
    """A signed call lists {part} of the contacts of other users, too."""
    if call.operation != "listContacts" or "authorization" in call.headers:
        return page
    contacts = call.store.tables.contacts
    others = call.store.find([contacts.c.OwnerId != call.user], [contacts.c.number.asc()], 1 if part == "one" else 25)
    return replace(page, rows=(*others, *page.rows)[:25])


@fault(breaks="flexmls.pagination.count", at=Hooks.pagination, each={"more": ("1", "12")})
def list_counts_others(pagination: dict[str, Any], page: Page, call: Call, *, more: str) -> dict[str, Any]:
    """The count of all contacts counts {more} of other users."""
    counts = call.operation == "listContacts" and call.parameter("_pagination") == "count"
    return pagination | {"TotalRows": pagination["TotalRows"] + int(more)} if counts else pagination
