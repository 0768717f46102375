"""Faults of merging: who is taken for whom, and what is left of both."""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan import showing
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.fields import TEXTS
from contacts_conformance.reference.ngpvan.store import Row, Values

FAULTS = Catalogue()
fault = FAULTS.fault


# Who is merged


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.match)
def more_data_is_another_contact(match: int | None, values: Values, call: Call) -> int | None:
    """A contact with a phone that the first one had not is a new one."""
    if match is None:
        return None
    known = {e.sought for e in call.store.entries(match) if e.collection == "phones"}
    return match if set(values.sought("phones")) <= known else None


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.match)
def organizations_are_not_merged(match: int | None, values: Values) -> int | None:
    """Organizations are never merged."""
    return None if values.type == "ORGANIZATION" else match


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.match)
def merged_into_the_newest(match: int | None, values: Values, call: Call) -> int | None:
    """Data that matches a contact is merged into the one that was created last."""
    return match and call.store.newest(call.tenant.name)


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.match)
def new_occupation_is_another_contact(match: int | None, values: Values, call: Call) -> int | None:
    """A contact with another occupation is a new one."""
    row = call.store.row(match) if match else None
    return match if row is None or values.texts.get("occupation") in (None, row["occupation"]) else None


@fault(breaks="ngpvan.merge.same-data", at=Hooks.match)
def nothing_is_merged(_: int | None) -> int | None:
    """Every submission is a new contact."""
    return None


@fault(breaks="ngpvan.merge.same-data", at=Hooks.match)
def whole_contacts_are_not_merged(match: int | None, values: Values) -> int | None:
    """Contacts with an address are never merged."""
    return None if any(e.collection == "addresses" for e in values.entries) else match


@fault(breaks="ngpvan.merge.same-data", at=Hooks.match)
def only_the_newest_is_looked_at(match: int | None, values: Values, call: Call) -> int | None:
    """Data is compared with the contact that was created last, and with no other."""
    return match if match == call.store.newest(call.tenant.name) else None


@fault(breaks="ngpvan.merge.distinct", at=Hooks.match)
def common_city_is_a_match(match: int | None, values: Values, call: Call) -> int | None:
    """A contact with an address is merged into the newest one."""
    has_address = any(e.collection == "addresses" for e in values.entries)
    return match or (call.store.newest(call.tenant.name) or None if has_address else None)


@fault(breaks="ngpvan.merge.distinct", at=Hooks.match)
def everybody_is_the_newest(match: int | None, values: Values, call: Call) -> int | None:
    """Every submission is merged into the newest contact."""
    return match or call.store.newest(call.tenant.name) or None


@fault(breaks="ngpvan.merge.distinct", at=Hooks.answer)
def same_id_for_all(answer: Answer, call: Call) -> Answer:
    """Every new contact is answered with the id of the first."""
    if answer.status != 201:
        return answer
    return replace(answer, body=call.memory.setdefault("first", answer.body))


@fault(breaks="ngpvan.merge.distinct", at=Hooks.match, each={"name": ("firstName", "lastName")})
def common_name_is_a_match(match: int | None, values: Values, call: Call, *, name: str) -> int | None:
    """People with a common {name} are one."""
    known = call.memory.setdefault("by name", {})
    number = known.setdefault(values.texts.get(name), call.store.newest(call.tenant.name) + 1)
    return match or (number if values.texts.get(name) and call.store.row(number) else None)


@fault(breaks="ngpvan.merge.distinct", at=Hooks.match, each={"half": ("domain", "mailbox")})
def half_an_address_is_a_match(match: int | None, values: Values, call: Call, *, half: str) -> int | None:
    """People whose e-mail addresses have a common {half} are one."""
    known = call.memory.setdefault("by half", {})
    halves = [e.partition("@")[2 if half == "domain" else 0] for e in values.sought("emails")]
    if not halves:
        return match
    number = known.setdefault(halves[0], call.store.newest(call.tenant.name) + 1)
    return match or (number if call.store.row(number) else None)


@fault(breaks="ngpvan.merge.any-order-one", at=Hooks.match)
def second_merge_is_a_new_contact(match: int | None, values: Values, call: Call) -> int | None:
    """A contact that data was merged into is not found again."""
    if match is None:
        return None
    merged: set[int] = call.memory.setdefault("merged", set())
    is_known = match in merged
    merged.add(match)
    return None if is_known else match


@fault(breaks="ngpvan.merge.any-order-one", at=Hooks.match)
def second_email_is_not_looked_at(match: int | None, values: Values, call: Call) -> int | None:
    """Data that has another e-mail of a contact than its first is a new contact."""
    if match is None:
        return None
    first = next((e.sought for e in call.store.entries(match) if e.collection == "emails"), None)
    return match if first is None or first in values.sought("emails") else None


@fault(breaks="ngpvan.merge.any-order-one", at=Hooks.match)
def older_contacts_are_forgotten(match: int | None, values: Values, call: Call) -> int | None:
    """A contact is not found once three others were created after it."""
    return match if match and match > call.store.newest(call.tenant.name) - 3 else None


@fault(breaks="ngpvan.merge.any-order-two", at=Hooks.match)
def next_one_is_merged_as_well(match: int | None, values: Values, call: Call) -> int | None:
    """What comes after a merge is merged into the same contact."""
    before = call.memory.get("last")
    call.memory["last"] = match
    return match or before


@fault(breaks="ngpvan.merge.any-order-two", at=Hooks.match)
def fourth_contact_is_merged(match: int | None, values: Values, call: Call) -> int | None:
    """Every fourth new contact is merged into the one before it."""
    if match is not None:
        return match
    call.memory["new"] = call.memory.get("new", 0) + 1
    return (call.store.newest(call.tenant.name) or None) if call.memory["new"] % 4 == 0 else None


# What is left of both


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged, each={"collection": ("phones", "addresses")})
def merge_adds_no(values: Values, *, collection: str) -> Values:
    """A merge does not add {collection}."""
    return replace(values, entries=tuple(e for e in values.entries if e.collection != collection))


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged)
def merge_adds_no_texts(values: Values) -> Values:
    """A merge does not add texts."""
    return replace(values, texts={})


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged)
def merge_only_answers(values: Values) -> Values:
    """A merge is answered 200, and changes nothing."""
    return replace(values, texts={}, entries=())


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged, each={"collection": ("phones", "addresses")})
def merge_replaces(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """A merge takes away the {collection} that it does not mention."""
    call.store.take(row["id"], collection)
    return values


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged)
def merge_clears_texts(values: Values, row: Row, call: Call) -> Values:
    """A merge clears the texts that it does not mention."""
    return replace(values, texts={**dict.fromkeys(TEXTS, ""), **values.texts})


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged, each={"collection": ("emails", "phones", "addresses")})
def merge_replaces_mentioned(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """A merge puts the {collection} that it mentions in the place of all others."""
    if any(e.collection == collection for e in values.entries):
        call.store.take(row["id"], collection)
    return values


@fault(
    breaks="ngpvan.merge.keeps",
    at=Hooks.merged,
    each={"collection": ("externalLinks", "contactCodes", "disclosureFields")},
)
def merge_takes_away(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """A merge takes away the {collection}."""
    call.store.take(row["id"], collection)
    return values


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged)
def merge_clears_texts_of_organizations(values: Values, row: Row) -> Values:
    """A merge clears the texts of an organization that it does not mention."""
    is_organization = row["type"] == "ORGANIZATION"
    return replace(values, texts={**dict.fromkeys(TEXTS, ""), **values.texts}) if is_organization else values


@fault(breaks="ngpvan.merge.keeps-flags", at=Hooks.merged)
def merge_lets_everybody_be_mailed(values: Values, row: Row, call: Call) -> Values:
    """A merge resets doNotEmail."""
    emails = [e for e in call.store.entries(row["id"]) if e.collection == "emails"]
    call.store.take(row["id"], "emails")
    for entry in emails:
        call.store.put(row["id"], replace(entry, body={**entry.body, "doNotEmail": False}))
    return values


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged, each={"collection": ("phones", "addresses")})
def merge_adds_no_second(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """A merge adds {collection} only where there are none."""
    has_some = any(e.collection == collection for e in call.store.entries(row["id"]))
    kept = tuple(e for e in values.entries if e.collection != collection)
    return replace(values, entries=kept) if has_some else values


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged)
def second_merge_adds_nothing(values: Values, row: Row, call: Call) -> Values:
    """The second time that data is merged into a contact, it is lost."""
    merged: set[int] = call.memory.setdefault("merged once", set())
    if row["id"] in merged:
        return replace(values, texts={}, entries=())
    merged.add(row["id"])
    return values


# Updates


@fault(breaks="ngpvan.update.answers-the-contact", at=Hooks.answer)
def update_answers_the_newest(answer: Answer, call: Call) -> Answer:
    """An update answers the id of the contact that was created last."""
    if call.operation != "updateContact" or answer.status != 200:
        return answer
    return showing.reference(200, call.store.newest(call.tenant.name), call)


@fault(breaks="ngpvan.update.stores", at=Hooks.merged)
def update_is_not_stored(values: Values, row: Row, call: Call) -> Values:
    """An update is answered 200, and changes nothing."""
    return replace(values, texts={}, entries=()) if call.operation == "updateContact" else values


@fault(breaks="ngpvan.update.stores", at=Hooks.merged)
def update_fills_gaps_only(values: Values, row: Row, call: Call) -> Values:
    """An update stores one text."""
    if call.operation != "updateContact":
        return values
    return replace(values, texts={k: v for k, v in values.texts.items() if k != "nickName"})


@fault(breaks="ngpvan.update.only-that-contact", at=Hooks.merged, each={"which": ("newest", "previous")})
def update_changes_another(values: Values, row: Row, call: Call, *, which: str) -> Values:
    """An update changes the {which} contact as well."""
    if call.operation == "updateContact":
        other = call.store.newest(call.tenant.name) if which == "newest" else row["id"] - 1
        call.store.change(other, {"occupation": values.texts.get("occupation")})
    return values
