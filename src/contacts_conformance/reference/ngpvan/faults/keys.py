"""Faults of single keys: whether they are needed, taken, kept, and where they have their place."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.fields import COLLECTIONS, EXCLUSIVE, OPTIONAL, PREFERENCES, TEXTS
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Row, Values

FAULTS = Catalogue()
fault = FAULTS.fault

_SIGNS = {"latin": "ë", "cyrillic": "в", "apostrophe": "'", "ampersand": "&"}
_WHOLE = 9  # so many keys has none but a contact with everything that its type can have


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.inserted, each={"key": (*TEXTS, *COLLECTIONS)})
def not_stored(values: Values, *, key: str) -> Values:
    """`{key}` is taken for a new contact, but not stored."""
    texts = {k: v for k, v in values.texts.items() if k != key}
    return replace(values, texts=texts, entries=tuple(e for e in values.entries if e.collection != key))


@fault(breaks="ngpvan.field.communicationPreferences.create", at=Hooks.inserted)
def preferences_are_not_stored(values: Values) -> Values:
    """The preferences are taken for a new contact, but not stored."""
    return replace(values, preferences=None)


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.problems, each={"key": (*TEXTS, *COLLECTIONS, PREFERENCES)})
def refused(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """A contact with `{key}` is refused."""
    return [*problems, Problem("unknown", key, "is unknown")] if key in call.sent else problems


@fault(breaks="ngpvan.field.type.create", at=Hooks.shown)
def type_reads_otherwise(contact: dict[str, Any]) -> dict[str, Any]:
    """An organization reads as an individual."""
    return contact | {"type": "INDIVIDUAL"}


@fault(
    breaks="ngpvan.collection.shown",
    at=Hooks.shown,
    each={"key": ("externalLinks", "contactCodes", "disclosureFields", PREFERENCES)},
)
def never_shown(contact: dict[str, Any], *, key: str) -> dict[str, Any]:
    """No contact shows its `{key}`."""
    return {n: v for n, v in contact.items() if n != key}


@fault(breaks="ngpvan.collection.shown", at=Hooks.shown)
def lists_are_never_shown(contact: dict[str, Any]) -> dict[str, Any]:
    """No e-mail shows the lists that it is on."""
    emails = [{n: v for n, v in e.items() if n != "appliedEmailLists"} for e in contact.get("emails") or ()]
    return contact | ({"emails": emails} if emails else {})


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.values, each={"key": ("salutation", "officialName", "occupation")})
def cut_to_five(values: Values, *, key: str) -> Values:
    """`{key}` keeps five characters."""
    text = values.texts.get(key)
    return replace(values, texts={**values.texts, key: text[:5]}) if text else values


_OF_ADDRESSES = {"plus": "+", "underscore": "_"}
_WAYS: Mapping[str, Callable[[str], str]] = {
    "cut-at-a-comma": lambda text: text.partition(",")[0],
    "decoded": unquote,
    "escaped-for-html": html.escape,
    "capitalised": str.title,
    "without-plus": lambda text: text.replace("+", " "),
    "without-backslash": lambda text: text.replace("\\", ""),
    "taken-for-a-number": lambda text: str(int(text)) if text.isdecimal() else text,
    "empty-for-null": lambda text: "" if text == "null" else text,
}


@fault(
    breaks="ngpvan.field.{key}.create",
    at=Hooks.values,
    each={"key": ("spouseName", "primaryContactLastName", "lastName"), "way": tuple(_WAYS)},
)
def one_key_is(values: Values, *, key: str, way: str) -> Values:
    """`{key}` is {way}."""
    text = values.texts.get(key)
    return replace(values, texts={**values.texts, key: _WAYS[way](text)}) if text else values


@fault(breaks="ngpvan.field.emails.create", at=Hooks.problems, each={"sign": tuple(_OF_ADDRESSES)})
def address_with_a_sign_is_refused(problems: list[Problem], call: Call, *, sign: str) -> list[Problem]:
    """An e-mail address with the sign {sign} is refused."""
    emails = call.sent.get("emails")
    has_it = isinstance(emails, list) and any(
        _OF_ADDRESSES[sign] in str(e.get("address")) for e in emails if isinstance(e, dict)
    )
    return [*problems, Problem("entry", "emails", "is no address")] if has_it else problems


@fault(breaks="ngpvan.field.phones.create", at=Hooks.problems)
def number_of_digits_alone_is_refused(problems: list[Problem], call: Call) -> list[Problem]:
    """A phone whose number is digits alone is refused."""
    phones = call.sent.get("phones")
    plain = isinstance(phones, list) and any(str(p.get("number")).isdecimal() for p in phones if isinstance(p, dict))
    return [*problems, Problem("entry", "phones", "is no number")] if plain else problems


@fault(breaks="ngpvan.text.round-trip", at=Hooks.values, each={"kind": tuple(_SIGNS)})
def sign_becomes_a_question_mark(values: Values, *, kind: str) -> Values:
    """A sign ({kind}) is kept as a question mark."""
    return replace(values, texts={n: t.replace(_SIGNS[kind], "?") for n, t in values.texts.items()})


@fault(breaks="ngpvan.field.type.required", at=Hooks.sent)
def type_is_guessed(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact without a type is taken for an individual."""
    return sent if "type" in sent else {"type": "INDIVIDUAL", **sent}


@fault(breaks="ngpvan.field.type.required", at=Hooks.sent)
def type_is_guessed_from_the_name(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact without a type, but with a commonName, is taken for an organization."""
    return {"type": "ORGANIZATION", **sent} if "commonName" in sent else sent


@fault(breaks="ngpvan.field.{key}.optional", at=Hooks.problems, each={"key": OPTIONAL})
def demanded(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """A contact without `{key}` is refused."""
    return problems if key in call.sent else [*problems, Problem("mandatory", key, "is missing")]


@fault(breaks="ngpvan.field.{key}.exclusive", at=Hooks.keys, each={"key": EXCLUSIVE})
def of_both_types(keys: frozenset[str], *, key: str) -> frozenset[str]:
    """`{key}` is kept for either type."""
    return keys | {key}


@fault(
    breaks="ngpvan.text.no-structures",
    at=Hooks.problems,
    each={"key": ("employer", "nickName", "officialName", "prefix")},
)
def structure_is_taken(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """An object or an array is taken for `{key}`."""
    return [p for p in problems if (p.rule, p.path) != ("text", key)]


@fault(breaks="ngpvan.text.no-structures", at=Hooks.sent)
def structure_becomes_a_text(sent: dict[str, Any]) -> dict[str, Any]:
    """Objects are written out where a text belongs."""
    return {k: str(v) if k in TEXTS and isinstance(v, dict) and k != "prefix" else v for k, v in sent.items()}


@fault(breaks="ngpvan.collection.no-object", at=Hooks.problems, each={"key": COLLECTIONS})
def single_entry_is_taken(problems: list[Problem], *, key: str) -> list[Problem]:
    """Anything is taken for the collection `{key}`."""
    return [p for p in problems if (p.rule, p.path) != ("collection", key)]


@fault(breaks="ngpvan.prefix.unknown-not-stored", at=Hooks.prefixes)
def any_prefix_is_stored(prefixes: frozenset[str], call: Call) -> frozenset[str]:
    """A prefix that is not available is stored."""
    return prefixes | {str(call.sent.get("prefix"))}


@fault(breaks="ngpvan.prefix.unknown-not-stored", at=Hooks.prefixes)
def prefix_that_begins_alike_is_stored(prefixes: frozenset[str], call: Call) -> frozenset[str]:
    """A prefix that begins as an available one does is stored."""
    sent = str(call.sent.get("prefix"))
    return prefixes | {sent} if sent.startswith(tuple(prefixes)) else prefixes


@fault(breaks="ngpvan.prefix.unknown-not-stored", at=Hooks.refusal)
def bad_prefix_fails(refusal: Refusal) -> Refusal:
    """A prefix that is not available is answered 500."""
    return Refusal(500, "No such prefix") if any(p.rule == "prefix" for p in refusal.problems) else refusal


@fault(breaks="ngpvan.prefix.unknown-refused", at=Hooks.problems)
def bad_prefix_is_dropped(problems: list[Problem]) -> list[Problem]:
    """A prefix that is not available is dropped in silence."""
    return [p for p in problems if p.rule != "prefix"]


@fault(breaks="ngpvan.facebook-url.relative", at=Hooks.problems)
def any_profile_is_taken(problems: list[Problem]) -> list[Problem]:
    """Any text is taken as the profile."""
    return [p for p in problems if p.rule != "url"]


@fault(breaks="ngpvan.facebook-url.relative", at=Hooks.sent)
def profile_is_completed(sent: dict[str, Any]) -> dict[str, Any]:
    """A profile without a scheme gets one."""
    url = sent.get("facebookProfileUrl")
    if not isinstance(url, str) or "://" in url or "." not in url.partition("/")[0]:
        return sent
    return sent | {"facebookProfileUrl": f"https://{url}"}


@fault(breaks="ngpvan.preferences.empty", at=Hooks.problems)
def empty_preferences_are_refused(problems: list[Problem], call: Call) -> list[Problem]:
    """Preferences without a property are refused."""
    return (
        [*problems, Problem("preferences", PREFERENCES, "are empty")] if call.sent.get(PREFERENCES) == {} else problems
    )


@fault(breaks="ngpvan.preferences.one-object", at=Hooks.problems)
def list_of_preferences_is_taken(problems: list[Problem]) -> list[Problem]:
    """A list of preferences is taken."""
    return [p for p in problems if p.rule != "preferences"]


@fault(breaks="ngpvan.preferences.no-override", at=Hooks.merged)
def preferences_reset_do_not_email(values: Values, row: Row, call: Call) -> Values:
    """Setting preferences clears the flag doNotEmail."""
    if values.preferences is None:
        return values
    entries = (
        replace(e, body={**e.body, "doNotEmail": False}) if e.collection == "emails" else e for e in values.entries
    )
    return replace(values, entries=tuple(entries))


@fault(breaks="ngpvan.preferences.no-override", at=Hooks.merged, each={"collection": ("phones", "addresses")})
def preferences_take_away(values: Values, row: Row, call: Call, *, collection: str) -> Values:
    """Setting preferences takes the contact's {collection} away."""
    if values.preferences is not None:
        call.store.take(row["id"], collection)
    return values


@fault(breaks="ngpvan.example", at=Hooks.problems)
def insecure_profile_is_refused(problems: list[Problem], call: Call) -> list[Problem]:
    """A profile whose URL begins with http is refused."""
    url = str(call.sent.get("facebookProfileUrl"))
    return [*problems, Problem("url", "facebookProfileUrl", "is insecure")] if url.startswith("http://") else problems


@fault(breaks="ngpvan.example", at=Hooks.sent)
def two_phones_fail_in_a_whole_contact(sent: dict[str, Any]) -> dict[str, Any]:
    """A contact with two phones and much else is answered 500."""
    if len(sent) > _WHOLE and len(sent.get("phones") or ()) > 1:
        raise Refusal(500, "Something went wrong")
    return sent
