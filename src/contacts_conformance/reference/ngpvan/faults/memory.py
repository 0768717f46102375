"""Faults of what a merge remembers: names, third merges, what one side has alone, values that differ, and moments."""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.fields import COLLECTIONS, TYPED
from contacts_conformance.reference.ngpvan.store import Row, Values

FAULTS = Catalogue()
fault = FAULTS.fault

_RECENT = 1.0
"""Seconds for which a creation waits for another one of the same words."""

_TEXTS = ("middleName", "salutation", "spouseName", "officialName", "primaryContactLastName", "facebookProfileUrl")
_TELLS = {"emails": "address", "addresses": "line1", "phones": "number"}
_TOLD = {"apostrophe": "'", "accent": "ëöå", "comma": ","}


def _name(values: Values) -> str:
    return "".join(values.name or ())


# Who is merged


@fault(breaks="ngpvan.merge.same-data", at=Hooks.overlap)
def equal_bodies_at_once_are_two_contacts(_: float) -> float:
    """The same data twice at the same moment makes two contacts."""
    return _RECENT


@fault(breaks="ngpvan.merge.same-data", at=Hooks.match, each={"sign": tuple(_TOLD)})
def name_with_a_sign_is_never_found(match: int | None, values: Values, *, sign: str) -> int | None:
    """A contact whose name has a sign ({sign}) is never found again."""
    return None if any(s in _name(values) for s in _TOLD[sign]) else match


@fault(breaks="ngpvan.merge.same-data", at=Hooks.match)
def name_of_another_script_is_never_found(match: int | None, values: Values) -> int | None:
    """A contact whose name has letters of another script is never found again."""
    return None if any(ord(c) > 0x24F for c in _name(values)) else match


@fault(breaks="ngpvan.merge.same-data", at=Hooks.match)
def third_time_is_a_new_contact(match: int | None, values: Values, call: Call) -> int | None:
    """Data that comes for the third time is a new contact."""
    if match is None:
        return None
    times: dict[int, int] = call.memory.setdefault("times", {})
    times[match] = times.get(match, 0) + 1
    return None if times[match] == 2 else match


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.match)
def contact_with_three_emails_is_not_found(match: int | None, values: Values, call: Call) -> int | None:
    """A contact whose e-mails are three or more is not found again."""
    if match is None:
        return None
    return None if sum(e.collection == "emails" for e in call.store.entries(match)) > 2 else match


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.match)
def third_email_is_not_looked_at(match: int | None, values: Values, call: Call) -> int | None:
    """Data that has the third e-mail of a contact alone is a new contact."""
    if match is None:
        return None
    known = [e.sought for e in call.store.entries(match) if e.collection == "emails"][:2]
    return match if set(known) & set(values.sought("emails")) else None


@fault(breaks="ngpvan.merge.same-name-and-email", at=Hooks.merged)
def updated_contact_is_not_found(values: Values, row: Row, call: Call) -> Values:
    """A contact that was updated is not found again."""
    if call.operation != "updateContact":
        return values
    for entry in call.store.entries(row["id"]):
        call.store.take(row["id"], entry.collection, entry.slot)
        call.store.put(row["id"], replace(entry, sought=""))
    return replace(values, entries=tuple(replace(e, sought="") for e in values.entries))


# What only one side has


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged, each={"key": (*_TEXTS, "externalLinks", "contactCodes", "emails")})
def merge_does_not_add(values: Values, row: Row, *, key: str) -> Values:
    """A merge does not add `{key}`."""
    texts = {k: v for k, v in values.texts.items() if k != key}
    return replace(values, texts=texts, entries=tuple(e for e in values.entries if e.collection != key))


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged, each={"collection": TYPED})
def merge_adds_the_first_alone(values: Values, row: Row, *, collection: str) -> Values:
    """Of several {collection} a merge adds the first."""
    mine = [e for e in values.entries if e.collection == collection]
    return replace(values, entries=tuple(e for e in values.entries if e not in mine[1:]))


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged)
def merge_adds_nothing_to_organizations(values: Values, row: Row) -> Values:
    """A merge adds nothing to an organization."""
    return replace(values, texts={}, entries=()) if row["type"] == "ORGANIZATION" else values


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged)
def third_merge_adds_nothing(values: Values, row: Row, call: Call) -> Values:
    """The third time that data is merged into a contact, it is lost."""
    times: dict[int, int] = call.memory.setdefault("merges", {})
    times[row["id"]] = times.get(row["id"], 0) + 1
    return replace(values, texts={}, entries=()) if times[row["id"]] == 3 else values


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged, each={"key": _TEXTS})
def merge_clears(values: Values, row: Row, *, key: str) -> Values:
    """A merge clears `{key}`."""
    return replace(values, texts={**values.texts, key: values.texts.get(key, "")})


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged, each={"collection": COLLECTIONS})
def third_merge_takes_away(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """The third merge takes the {collection} away."""
    times: dict[int, int] = call.memory.setdefault("merges", {})
    times[row["id"]] = times.get(row["id"], 0) + 1
    if times[row["id"]] == 3:
        call.store.take(row["id"], collection)
    return values


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged)
def merge_keeps_two_emails(values: Values, row: Row, call: Call) -> Values:
    """A merge keeps the first two e-mails of a contact."""
    for entry in [e for e in call.store.entries(row["id"]) if e.collection == "emails"][2:]:
        call.store.take(row["id"], "emails", entry.slot)
    return values


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged, each={"key": ("middleName", "salutation", "officialName")})
def merge_cuts(values: Values, row: Row, *, key: str) -> Values:
    """A merge adds `{key}` as far as its first comma."""
    texts = {k: t.partition(",")[0] if k == key else t for k, t in values.texts.items()}
    return replace(values, texts=texts)


@fault(breaks="ngpvan.merge.keeps", at=Hooks.merged, each={"key": ("employer", "occupation")})
def merge_without_it_loses(values: Values, *, key: str) -> Values:
    """A merge that does not bring `{key}` loses it."""
    return values if values.texts.get(key) else replace(values, texts={**values.texts, key: ""})


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged, each={"key": ("employer", "occupation")})
def merge_adds_no_second_text(values: Values, row: Row, *, key: str) -> Values:
    """A merge adds no `{key}` to a contact that has another text beside its names."""
    other = "occupation" if key == "employer" else "employer"
    return replace(values, texts={n: t for n, t in values.texts.items() if n != key}) if row[other] else values


@fault(breaks="ngpvan.merge.adds", at=Hooks.merged)
def merge_adds_addresses_beside_phones_alone(values: Values) -> Values:
    """A merge adds addresses where it brings phones, too."""
    if any(e.collection == "phones" for e in values.entries):
        return values
    return replace(values, entries=tuple(e for e in values.entries if e.collection != "addresses"))


# Values that differ


@fault(
    breaks="ngpvan.merge.one-of-two",
    at=Hooks.merged,
    each={"key": ("nickName", "middleName", "employer", "occupation", "officialName", "primaryContactFirstName")},
)
def value_that_differs_is_emptied(values: Values, row: Row, *, key: str) -> Values:
    """A merge empties `{key}` where both sides have one, and they differ."""
    is_other = row[key] and values.texts.get(key) not in (None, "", row[key])
    return replace(values, texts={**values.texts, key: ""}) if is_other else values


@fault(breaks="ngpvan.merge.one-of-two", at=Hooks.merged, each={"collection": TYPED})
def entries_that_differ_are_taken_away(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """A merge keeps neither of two {collection} of one type that differ."""
    there = {(e.collection, e.slot): e.body for e in call.store.entries(row["id"])}
    told = _TELLS[collection]
    mine = [e for e in values.entries if (e.collection, e.slot) in there and e.collection == collection]
    doubled = [e for e in mine if there[e.collection, e.slot].get(told) != e.body.get(told)]
    for entry in doubled:
        call.store.take(row["id"], collection, entry.slot)
    return replace(values, entries=tuple(e for e in values.entries if e not in doubled))


@fault(breaks="ngpvan.update.stores", at=Hooks.merged)
def update_of_an_organization_is_not_stored(values: Values, row: Row, call: Call) -> Values:
    """An update of an organization is answered 200, and changes nothing."""
    is_it = call.operation == "updateContact" and row["type"] == "ORGANIZATION"
    return replace(values, texts={}, entries=()) if is_it else values


@fault(breaks="ngpvan.update.stores", at=Hooks.merged, each={"key": ("salutation", "facebookProfileUrl", "phones")})
def update_does_not_store(values: Values, row: Row, call: Call, *, key: str) -> Values:
    """An update does not store `{key}`."""
    if call.operation != "updateContact":
        return values
    texts = {k: v for k, v in values.texts.items() if k != key}
    return replace(values, texts=texts, entries=tuple(e for e in values.entries if e.collection != key))


@fault(breaks="ngpvan.update.stores", at=Hooks.merged, each={"key": ("occupation", "nickName", "salutation")})
def update_loses_accents(values: Values, row: Row, call: Call, *, key: str) -> Values:
    """An update stores `{key}` without accents."""
    text = values.texts.get(key)
    if call.operation != "updateContact" or text is None:
        return values
    return replace(values, texts={**values.texts, key: text.encode("ascii", "replace").decode()})


@fault(breaks="ngpvan.update.stores", at=Hooks.merged)
def third_update_is_not_stored(values: Values, row: Row, call: Call) -> Values:
    """The third update of a contact is answered 200, and changes nothing."""
    if call.operation != "updateContact":
        return values
    times: dict[int, int] = call.memory.setdefault("updates", {})
    times[row["id"]] = times.get(row["id"], 0) + 1
    return replace(values, texts={}, entries=()) if times[row["id"]] == 3 else values


# Redirects


@fault(breaks="ngpvan.redirect.location-host", at=Hooks.location, each={"where": ("host", "scheme")})
def location_is_internal(location: str, named: str, call: Call, *, where: str) -> str:
    """A redirect leads to another {where} than that of the API."""
    host = call.base_url.partition("://")[2]
    return f"http://contacts-7.internal:8080{location}" if where == "host" else f"https://{host}{location}"


@fault(breaks="ngpvan.redirect.answered", at=Hooks.answer)
def organizations_are_not_redirected(answer: Answer, call: Call) -> Answer:
    """A contactId in the body of an organization is answered 200."""
    is_it = answer.status == 301 and call.sent.get("type") == "ORGANIZATION"
    return Answer(200, {"contactId": call.sent["contactId"]}) if is_it else answer
