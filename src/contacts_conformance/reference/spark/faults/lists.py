"""Faults of lists: order, selection, expansions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.expansions import MEMBERS, NAMES
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_results
from contacts_conformance.reference.sparkapi.listing import names
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page, Window

FAULTS = Catalogue()
fault = FAULTS.fault

Values = dict[str, Any]
Keys = list[tuple[str, int]]


@fault(breaks="spark.list.plain", at=Hooks.start)
def plain_list_fails(call: Call) -> Call:
    """A list without parameters is answered 500."""
    if call.operation == "listContacts" and not call.parameters:
        raise Refusal(500, 1026, "Something broke")
    return call


@fault(breaks="spark.list.default-limit", at=Hooks.window)
def default_is_9(window: Window, call: Call) -> Window:
    """A page holds 9 contacts where nothing else is asked for."""
    return window if call.parameter("_limit") else replace(window, limit=9)


@fault(
    breaks="spark.list.same-as-read",
    at=Hooks.shown,
    each={"attribute": ("DisplayName", "GivenName", "HomePostalCode", "CreatedTimestamp")},
)
def list_shows_otherwise(contact: Values, _: Row, call: Call, *, attribute: str) -> Values:
    """The attribute {attribute} is not the same in a list."""
    value = contact.get(attribute)
    return contact | {attribute: value[:3]} if value and call.operation == "listContacts" else contact


@fault(breaks="spark.list.same-as-read", at=Hooks.shown)
def list_shows_the_first_of_several(contact: Values, _: Row, call: Call) -> Values:
    """Lists show only the first of SecondaryEmails."""
    value = contact.get("SecondaryEmails")
    return contact | {"SecondaryEmails": value[:1]} if value and call.operation == "listContacts" else contact


@fault(breaks="spark.envelope.resource-uri-leads", at=Hooks.shown)
def list_has_the_path_of_another_contact(contact: Values, row: Row, call: Call) -> Values:
    """ResourceUri in lists ends with a number that is not the Id."""
    return contact | {"ResourceUri": f"/v1/contacts/{row['number']}"} if call.operation == "listContacts" else contact


@fault(breaks="spark.envelope.resource-uri-leads", at=Hooks.shown)
def path_is_that_of_the_portal_account(contact: Values, row: Row, call: Call) -> Values:
    """ResourceUri in lists is that of the contact's portal account."""
    uri = contact.get("ResourceUri")
    return contact | {"ResourceUri": f"{uri}/portal"} if uri and call.operation == "listContacts" else contact


# Order


@fault(breaks="spark.order.ascending", at=Hooks.order)
def ascending_is_ignored(keys: Keys) -> Keys:
    """`_orderby` with a plus sign is ignored."""
    return [k for k in keys if k[1] < 0]


@fault(breaks="spark.order.ascending", at=Hooks.order)
def ascending_goes_down(keys: Keys) -> Keys:
    """`_orderby` with a plus sign goes downwards."""
    return [(name, -1) for name, _ in keys]


@fault(breaks="spark.order.descending", at=Hooks.order)
def descending_goes_up(keys: Keys) -> Keys:
    """`_orderby` with a minus sign goes upwards."""
    return [(name, 1) for name, _ in keys]


@fault(breaks="spark.order.descending", at=Hooks.order)
def instants_are_not_ordered(keys: Keys) -> Keys:
    """`_orderby` with an instant is ignored."""
    return [k for k in keys if not k[0].endswith("Timestamp")]


@fault(breaks="spark.order.ascending", at=Hooks.page)
def initials_alone_are_ordered(page: Page, call: Call) -> Page:
    """`_orderby` looks at the first letter alone."""
    name = (call.parameter("_orderby") or "").lstrip("+ ")
    if not name.isalnum():
        return page
    return replace(page, rows=tuple(sorted(page.rows, key=lambda r: (str(r[name])[:1], -int(r["number"])))))


@fault(breaks="spark.order.several", at=Hooks.order)
def first_key_alone(keys: Keys) -> Keys:
    """Only the first attribute of `_orderby` counts."""
    return keys[:1]


@fault(breaks="spark.order.several", at=Hooks.order)
def last_key_weighs_most(keys: Keys) -> Keys:
    """The last attribute of `_orderby` weighs most."""
    return keys[::-1]


@fault(breaks="spark.order.several", at=Hooks.order)
def later_key_goes_as_the_first(keys: Keys) -> Keys:
    """Every attribute of `_orderby` goes the way of the first."""
    return [(name, keys[0][1]) for name, _ in keys]


@fault(breaks="spark.order.before-page", at=Hooks.page)
def page_is_ordered_by_itself(page: Page, call: Call) -> Page:
    """Contacts are paged in their own order, and each page is ordered by itself."""
    key = call.parameter("_orderby")
    if not key or not page.rows:
        return page
    contacts = call.store.tables.contacts
    skip = (page.window.page - 1) * page.window.limit
    rows = call.store.find(page.clauses, [contacts.c.number.asc()], page.window.limit, skip)
    order = {row["Id"]: place for place, row in enumerate(page.ask(None, 0))}
    return replace(page, rows=tuple(sorted(rows, key=lambda row: order[row["Id"]])))


# Selection


@fault(breaks="spark.select.only", at=Hooks.parameters)
def selection_is_ignored(parameters: Any, call: Call) -> Any:
    """`_select` is ignored in lists."""
    return tuple(p for p in parameters if p[0] != "_select" or call.operation != "listContacts")


@fault(breaks="spark.select.only", at=Hooks.shown)
def selection_comes_with_the_address(contact: Values, row: Row) -> Values:
    """PrimaryEmail is answered whatever is selected."""
    return contact | {"PrimaryEmail": row["PrimaryEmail"]}


@fault(breaks="spark.select.only", at=Hooks.shown)
def first_selected_alone(contact: Values, row: Row, call: Call) -> Values:
    """Of several selected attributes only the first is answered."""
    left = names(call, "_select")[1:]
    return {n: v for n, v in contact.items() if n not in left}


@fault(breaks="spark.select.keeps-id", at=Hooks.shown)
def selection_loses_the_id(contact: Values, row: Row, call: Call) -> Values:
    """Id is left out where it is not selected."""
    chosen = names(call, "_select")
    return {n: v for n, v in contact.items() if n != "Id"} if chosen and "Id" not in chosen else contact


@fault(breaks="spark.select.on-read", at=Hooks.parameters)
def single_contact_ignores_a_selection(parameters: Any, call: Call) -> Any:
    """`_select` is ignored where one contact is read."""
    return tuple(p for p in parameters if p[0] != "_select" or call.operation != "readContact")


@fault(breaks="spark.select.on-read", at=Hooks.start)
def single_contact_refuses_a_selection(call: Call) -> Call:
    """`_select` is refused where one contact is read."""
    if call.operation == "readContact" and call.parameter("_select"):
        raise Refusal(400, 1053, "Nothing can be selected here")
    return call


# Expansions


@fault(
    breaks="spark.expand.{expansion}", at=Hooks.expanded, each={"expansion": tuple(n for n in NAMES if n != "Notes")}
)
def expansion_is_ignored(shown: list[str], row: Row, call: Call, *, expansion: str) -> list[str]:
    """The expansion {expansion} shows nothing."""
    return [n for n in shown if n.removesuffix("Check") != expansion]


@fault(breaks="spark.expand.{expansion}", at=Hooks.start, each={"expansion": NAMES})
def expansion_is_refused(call: Call, *, expansion: str) -> Call:
    """The expansion {expansion} is refused."""
    if any(n.removesuffix("Check") == expansion for n in names(call, "_expand")):
        raise Refusal(400, 1053, f"There is no expansion {expansion}")
    return call


@fault(
    breaks="spark.expand.{expansion}",
    at=Hooks.expansion,
    each={"expansion": ("VowActive",)},
)
def flag_is_a_word(members: Values, name: str, *, expansion: str) -> Values:
    """The expansion {expansion} shows a text in the place of a boolean."""
    return {n: str(v).lower() for n, v in members.items()} if name.removesuffix("Check") == expansion else members


@fault(breaks="spark.expand.VowActive", at=Hooks.expansion)
def every_contact_is_active(members: Values, name: str) -> Values:
    """VowActive is true of every contact."""
    return {"VowActive": True} if name == "VowActive" else members


@fault(breaks="spark.expand.VowActive", at=Hooks.expansion)
def account_is_active_for_a_year(members: Values, name: str, row: Row, call: Call) -> Values:
    """VowActive is true of whoever was in the portal at any time."""
    last = (call.store.portal(row["number"]) or {}).get("last_active")
    return {"VowActive": last is not None} if name == "VowActive" else members


@fault(breaks="spark.expand.VowActive", at=Hooks.expansion)
def no_account_is_active(members: Values, name: str) -> Values:
    """VowActive is false of every contact."""
    return {"VowActive": False} if name == "VowActive" else members


@fault(breaks="spark.expand.Activity.private-only", at=Hooks.shown)
def activity_is_for_all(contact: Values, row: Row, call: Call) -> Values:
    """The expansion Activity shows its score to every role."""
    return contact | {"Activity": {"ActivityScore": 42}} if "Activity" in names(call, "_expand") else contact


@fault(breaks="spark.expand.Portal.roles", at=Hooks.shown, each={"role": ("IDX", "Public")})
def portal_is_for_all(contact: Values, row: Row, call: Call, *, role: str) -> Values:
    """The expansion Portal shows the account to the role {role}."""
    told = "Portal" in names(call, "_expand") and call.key.role == role
    account = call.store.portal(row["number"]) or {}
    return contact | {"Portal": [{"LoginName": account.get("login")}]} if told else contact


@fault(breaks="spark.expand.Activity.daily", at=Hooks.expansion)
def days_are_too_many(members: Values, name: str) -> Values:
    """DailyActivity has 31 entries."""
    day = {"Score": 1, "RelativeScore": 1}
    return {"Activity": {**members["Activity"], "DailyActivity": [day] * 31}} if name == "Activity" else members


@fault(breaks="spark.expand.Activity.daily", at=Hooks.expansion)
def days_have_no_relative_score(members: Values, name: str) -> Values:
    """The entries of DailyActivity have no RelativeScore."""
    return (
        {"Activity": {**members["Activity"], "DailyActivity": [{"Score": 1}] * 30}} if name == "Activity" else members
    )


@fault(breaks="spark.expand.UniquePrimaryEmail.polarity", at=Hooks.expansion)
def unique_is_turned_round(members: Values, name: str) -> Values:
    """UniquePrimaryEmail is true where several contacts have the address."""
    return {n: not v for n, v in members.items()} if name.startswith("Unique") else members


@fault(breaks="spark.expand.UniquePrimaryEmail.polarity", at=Hooks.expansion)
def every_address_is_unique(members: Values, name: str) -> Values:
    """UniquePrimaryEmail is true of every contact."""
    return dict.fromkeys(members, True) if name.startswith("Unique") else members


@fault(breaks="spark.expand.UniquePrimaryEmail.polarity", at=Hooks.expansion)
def address_was_once_shared(members: Values, name: str, row: Row, call: Call) -> Values:
    """UniquePrimaryEmail of an address that two contacts had stays false when one of them is removed."""
    shared = call.memory.setdefault("shared", set())
    if name == "UniquePrimaryEmail" and not members[name]:
        shared.add(row["PrimaryEmail"])
    return dict.fromkeys(members, False) if name.startswith("Unique") and row["PrimaryEmail"] in shared else members


@fault(breaks="spark.expand.UniquePrimaryEmail.polarity", at=Hooks.expansion)
def changed_address_is_unique(members: Values, name: str, row: Row) -> Values:
    """UniquePrimaryEmail is true of every contact that was changed."""
    is_changed = name.startswith("Unique") and row["ModificationTimestamp"] != row["CreatedTimestamp"]
    return dict.fromkeys(members, True) if is_changed else members


@fault(breaks="spark.expand.several", at=Hooks.expanded)
def first_expansion_alone(shown: list[str]) -> list[str]:
    """Of several expansions only the first is shown."""
    return shown[:1]


@fault(breaks="spark.expand.several", at=Hooks.start)
def several_expansions_are_refused(call: Call) -> Call:
    """More than one expansion is refused."""
    if len(names(call, "_expand")) > 1:
        raise Refusal(400, 1053, "One expansion at a time")
    return call


@fault(breaks="spark.expand.list", at=Hooks.expanded)
def lists_ignore_expansions(shown: list[str], row: Row, call: Call) -> list[str]:
    """Lists ignore expansions."""
    return [] if call.operation == "listContacts" else shown


@fault(breaks="spark.expand.absent", at=Hooks.answer, each={"expansion": NAMES})
def expansion_is_always_there(answer: Answer, call: Call, *, expansion: str) -> Answer:
    """What the expansion {expansion} shows is there unasked."""
    if not succeeded(answer) or call.method != "GET":
        return answer
    unasked: Values = {n: False if n.startswith(("Vow", "Unique")) else {} for n in MEMBERS[expansion][:1]}
    return with_results(answer, lambda r: {**unasked, **r})
