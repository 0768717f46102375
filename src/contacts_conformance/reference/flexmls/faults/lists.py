"""Faults of lists, of tags, and of what both show of a contact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, true

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Key
from contacts_conformance.reference.sparkapi.window import Page

FAULTS = Catalogue()
fault = FAULTS.fault

# What was added


@fault(breaks="flexmls.create.in-list", at=Hooks.answer)
def list_hides_what_was_added(answer: Answer, call: Call) -> Answer:
    """The list shows only what lay in the account before."""
    if call.operation != "listContacts":
        return answer
    return with_d(answer, Results=[r for r in answer.results if r["Id"] == users.CLIENT])


@fault(breaks="flexmls.create.in-list", at=Hooks.page)
def list_ends_before_the_newest(page: Page, call: Call) -> Page:
    """The list lacks the newest contact."""
    newest = max((r["number"] for r in page.ask(None, 0)), default=0)
    kept = tuple(r for r in page.rows if r["number"] != newest)
    return replace(page, rows=kept) if call.operation == "listContacts" else page


@fault(breaks="flexmls.create.in-list", at=Hooks.page, each={"attribute": ("PrimaryEmail", "Tags")})
def list_lacks_contacts_without(page: Page, call: Call, *, attribute: str) -> Page:
    """The list lacks contacts that have no {attribute}."""
    kept = tuple(r for r in page.rows if r[attribute])
    return replace(page, rows=kept) if call.operation == "listContacts" else page


@fault(breaks="flexmls.create.in-list", at=Hooks.page)
def list_shows_every_contact_twice(page: Page, call: Call) -> Page:
    """The list shows every contact twice."""
    return replace(page, rows=tuple(r for r in page.rows for _ in "ab")) if call.operation == "listContacts" else page


# Tags


@fault(breaks="flexmls.tag.all", at=Hooks.page)
def tag_loses_its_oldest(page: Page, call: Call) -> Page:
    """The oldest contact of a tag is not listed under it."""
    lists = call.operation == "listTagged" and page.window.page == 1
    return replace(page, rows=page.rows[1:]) if lists else page


@fault(breaks="flexmls.tag.all", at=Hooks.answer)
def tag_lists_nothing(answer: Answer, call: Call) -> Answer:
    """No contact is listed under any tag."""
    return success([]) if call.operation == "listTagged" and succeeded(answer) else answer


@fault(breaks="flexmls.tag.none-else", at=Hooks.page)
def tag_lists_every_contact(page: Page, call: Call) -> Page:
    """Every contact is listed under every tag."""
    if call.operation != "listTagged":
        return page
    contacts = call.store.tables.contacts
    return replace(page, rows=tuple(call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.desc()], 25)))


@fault(breaks="flexmls.tag.none-else", at=Hooks.page)
def tag_lists_what_begins_alike(page: Page, call: Call) -> Page:
    """Contacts whose tag only begins with the name are listed, too."""
    return _with_tags(page, call, pattern=f"{call.tag}%")


@fault(breaks="flexmls.tag.none-else", at=Hooks.page)
def tag_lists_what_ends_alike(page: Page, call: Call) -> Page:
    """Contacts whose tag only ends with the name are listed, too."""
    return _with_tags(page, call, pattern=f"%{call.tag}")


@fault(breaks="flexmls.tag.blanks", at=Hooks.path)
def blank_ends_a_path(path: str) -> str:
    """The name of a tag ends at its first blank."""
    return path.partition("%20")[0]


@fault(breaks="flexmls.tag.blanks", at=Hooks.path)
def blank_stays_encoded(path: str) -> str:
    """The name of a tag is looked up as it is encoded."""
    return path.replace("%20", "%2520")


@fault(breaks="flexmls.tag.several", at=Hooks.inserted)
def first_tag_alone_is_stored(values: dict[str, Any]) -> dict[str, Any]:
    """A contact keeps only the first of its tags."""
    return values | {"Tags": values["Tags"][:1]} if values.get("Tags") else values


@fault(breaks="flexmls.tag.several", at=Hooks.shown)
def first_tag_alone_is_shown(contact: dict[str, Any], _: Row, call: Call) -> dict[str, Any]:
    """A contact is listed under its tags with the first of them alone."""
    tags = contact.get("Tags")
    return contact | {"Tags": tags[:1]} if tags and call.operation == "listTagged" else contact


@fault(breaks="flexmls.tag.unknown", at=Hooks.answer)
def unknown_tag_is_a_bad_request(answer: Answer, call: Call) -> Answer:
    """A tag that nobody bears is answered 400."""
    empty = call.operation == "listTagged" and succeeded(answer) and not answer.results
    return Refusal(400, 1053, "There is no such tag").answer() if empty else answer


@fault(breaks="flexmls.tag.letters", at=Hooks.path, each={"code": ("%27", "%C3")})
def letter_ends_a_path(path: str, *, code: str) -> str:
    """The name of a tag ends before {code}."""
    return path.partition(code)[0]


@fault(breaks="flexmls.tag.signs", at=Hooks.path, each={"sign": ("%25", "%26", "%2B", "%23", "%3F")})
def sign_is_lost(path: str, *, sign: str) -> str:
    """The sign {sign} is left out of the name of a tag."""
    return path.replace(sign, "")


@fault(breaks="flexmls.{kind}.current-user", at=Hooks.visible, each={"kind": ("list", "tag")})
def colleagues_are_listed(clause: ColumnElement[bool], call: Call, *, kind: str) -> ColumnElement[bool]:
    """The {kind} shows contacts of every user."""
    operation = "listContacts" if kind == "list" else "listTagged"
    return true() if call.operation == operation else clause


# Lists and pages


@fault(breaks="flexmls.list.same-as-read", at=Hooks.shown, each={"attribute": ("DisplayName", "ResourceUri", "Tags")})
def list_shows_otherwise(contact: dict[str, Any], _: Row, call: Call, *, attribute: str) -> dict[str, Any]:
    """The attribute {attribute} is not the same in a list."""
    value = contact.get(attribute)
    if not value or not call.operation.startswith("list"):
        return contact
    return contact | {attribute: value[:3] if isinstance(value, str) else [*value, "more"]}


@fault(breaks="flexmls.list.format", at=Hooks.shown, each={"attribute": ("PrimaryEmail", "Tags")})
def list_is_without(contact: dict[str, Any], _: Row, call: Call, *, attribute: str) -> dict[str, Any]:
    """The attribute {attribute} is left out of lists."""
    return {k: v for k, v in contact.items() if k != attribute or not call.operation.startswith("list")}


@fault(breaks="flexmls.page.size", at=Hooks.page)
def everything_is_on_one_page(page: Page) -> Page:
    """The first page holds every contact."""
    return replace(page, rows=page.ask(None, 0)) if page.rows else page


def _with_tags(page: Page, call: Call, pattern: str) -> Page:
    if call.operation != "listTagged":
        return page
    tables = call.store.tables
    entries = tables.entries
    like: ColumnElement[bool] = entries.c.text.like(pattern)
    numbers = entries.select().with_only_columns(entries.c.number).where(entries.c.attribute == "Tags", like)
    clauses = [tables.contacts.c.OwnerId == call.user, tables.contacts.c.number.in_(numbers)]
    return replace(page, rows=tuple(call.store.find(clauses, [tables.contacts.c.number.asc()], 25)))


# One operation, one sign, or one size alone


@fault(
    breaks="flexmls.auth.expired",
    at=Hooks.key,
    each={"operation": ("readContact", "createContact", "listTagged")},
)
def expired_token_is_good_for_one_operation(key: Key | None, call: Call, *, operation: str) -> Key | None:
    """An expired token is as good as a fresh one for {operation}."""
    return key if key is None or call.operation != operation else replace(key, expired=False)


@fault(breaks="flexmls.tag.none-else", at=Hooks.page, each={"sign": ("underscore", "percent-sign", "asterisk")})
def sign_in_a_tag_is_a_wildcard(page: Page, call: Call, *, sign: str) -> Page:
    """The {sign} in the name of a tag stands for any character."""
    wild = {"underscore": "_", "percent-sign": "%", "asterisk": "*"}[sign]
    pattern = (call.tag or "").replace(wild, "_")
    return _with_tags(page, call, pattern) if wild in (call.tag or "") else page


@fault(breaks="flexmls.page.limit", at=Hooks.page, each={"size": ("1", "4")})
def list_of_all_has_one_too_many(page: Page, call: Call, *, size: str) -> Page:
    """The list of all contacts shows one more than its limit of {size}."""
    if call.operation != "listContacts" or call.parameter("_limit") != size:
        return page
    return replace(page, rows=page.ask(int(size) + 1, (page.window.page - 1) * int(size)))


@fault(breaks="flexmls.pagination.on", at=Hooks.pagination)
def list_of_all_is_always_on_its_first_page(pagination: dict[str, Any], page: Page, call: Call) -> dict[str, Any]:
    """The Pagination object of the list of all contacts says that this is the first page."""
    return pagination | {"CurrentPage": 1} if call.operation == "listContacts" else pagination


@fault(breaks="flexmls.session.writes", at=Hooks.inserted)
def signed_contact_is_somebody_elses(values: dict[str, Any], call: Call) -> dict[str, Any]:
    """A contact that a signed call adds belongs to another user."""
    return values if "authorization" in call.headers else values | {"OwnerId": users.OTHER.id}


@fault(breaks="flexmls.list.same-as-read", at=Hooks.shown)
def list_of_a_tag_shows_the_number_before(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
    """In the list of a tag, a contact without a telephone number has that of the contact before it."""
    if call.operation != "listTagged":
        return contact
    number = row["PrimaryPhoneNumber"] or (call.passed[-1] if call.passed else None)
    call.passed.append(number)
    return contact | ({"PrimaryPhoneNumber": number} if number else {})
