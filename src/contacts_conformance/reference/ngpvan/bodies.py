"""Bodies: from bytes to what a contact is given, and everything that can be wrong on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from contacts_conformance.reference.ngpvan import fields
from contacts_conformance.reference.ngpvan.context import Call
from contacts_conformance.reference.ngpvan.fields import COLLECTIONS, KEYS, PREFERENCES, TEXTS, TYPED
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Values

_OF_NAMES = re.compile(r"[0-9A-Za-zÀ-ɏ .,;:/()\"'&_+-]*")
_OF_PEOPLE = re.compile(r"(?:[^\W\d_]|[ .'-])*")
_PEOPLE = ("firstName", "middleName", "lastName", "nickName", "spouseName")
_JSON = {"string": str, "boolean": bool, "integer": int, "array": list}


def parsed(call: Call) -> dict[str, Any]:
    """The JSON object of a body.

    Raises Refusal where it is not JSON, or no object.
    """
    try:
        sent = json.loads(call.hooks.body(call.body, call))
    except (ValueError, RecursionError):
        raise Refusal(call.options.malformed, "The body is not JSON", "INVALID_JSON") from None
    if not isinstance(sent, dict):
        raise Refusal(call.options.invalid, "The body is not a JSON object", "INVALID_JSON")
    return call.hooks.sent(sent, call)


def checked(sent: Mapping[str, Any], call: Call) -> Values:
    """What the body gives a contact; what its type cannot have is left out, if it is not refused.

    Raises Refusal that says what is wrong, problem by problem.
    """
    problems = call.hooks.problems(list(_problems(sent, call)), call)
    if problems:
        raise Refusal(call.options.invalid, "The contact is not valid", problems=tuple(problems))
    return call.hooks.values(values(sent, call), call)


def _problems(sent: Mapping[str, Any], call: Call) -> Iterator[Problem]:
    is_update = call.operation == "updateContact"
    kind = sent.get("type")
    if (not isinstance(kind, str) or kind not in KEYS) and not (
        is_update and call.options.update_needs == "nothing" and kind is None
    ):
        yield Problem("type", "type", "'type' has to be INDIVIDUAL or ORGANIZATION")
    for name, value in sent.items():
        if value is None or name in ("type", "contactId"):
            continue
        yield from _of_key(name, value, call)
        is_foreign = (
            isinstance(kind, str) and kind in KEYS and name in fields.FIELDS and name not in _own(str(kind), call)
        )
        if is_foreign and call.options.exclusive == "refused":
            yield Problem("exclusive", name, f"'{name}' does not belong to the type {kind}")
    if not is_update:
        yield from _identification(sent, call)


def _of_key(name: str, value: Any, call: Call) -> Iterator[Problem]:
    if name in fields.LOST and call.options.lost_names != "kept":
        if call.options.lost_names == "refused":
            yield Problem("unknown", name, f"'{name}' is unknown")
    elif name in TEXTS:
        yield from _of_text(name, value, call)
    elif name in COLLECTIONS:
        if isinstance(value, list):
            yield from _of_collection(name, value, call)
        else:
            yield Problem("collection", name, f"'{name}' has to be a collection")
    elif name == PREFERENCES:
        if not isinstance(value, dict):
            yield Problem("preferences", name, f"'{name}' has to be an object")
    elif call.options.unknown_members == "refused":
        yield Problem("unknown", name, f"'{name}' is unknown")


def _of_text(name: str, value: Any, call: Call) -> Iterator[Problem]:
    longest, signs = call.options.largest_text, call.options.signs
    is_url = name == "facebookProfileUrl"
    if not isinstance(value, str):
        yield Problem("text", name, f"'{name}' has to be a text")
    elif longest is not None and len(value) > longest and not is_url:
        yield Problem("text", name, f"'{name}' is longer than {longest} characters")
    elif signs == "of names" and not is_url and not _OF_NAMES.fullmatch(value):
        yield Problem("text", name, f"'{name}' has a sign that no name has")
    elif name == "prefix" and value not in _prefixes(call) and call.options.bad_prefix == "refused":
        yield Problem("prefix", name, f"'{name}' is none of the available prefixes")
    elif signs == "of people" and name in _PEOPLE and not _OF_PEOPLE.fullmatch(value):
        yield Problem("text", name, f"'{name}' has a sign that nobody's name has")
    elif is_url and value and not _is_profile(value, call):
        yield Problem("url", name, f"'{name}' has to be a fully qualified URL")


def _of_collection(name: str, entries: list[Any], call: Call) -> Iterator[Problem]:
    members = fields.member_types(name)
    used: set[str] = set()
    for index, entry in enumerate(entries):
        path = f"{name}[{index}]"
        if not isinstance(entry, dict):
            yield Problem("entry", path, "has to be an object")
            continue
        for member in fields.required_members(name):
            if entry.get(member) in (None, ""):
                yield Problem("entry", f"{path}.{member}", "is missing")
        for member, value in entry.items():
            if value is not None and not _fits(member, value, members.get(member)):
                yield Problem("entry", f"{path}.{member}", "is not of its type")
        yield from _of_ids(path, entry, call)
        if name in TYPED:
            kind = entry.get("type") if isinstance(entry.get("type"), str) else None
            known = fields.PRINTED_TYPES[name] if call.options.types == "printed" else fields.types(name)
            if kind is not None and kind not in known:
                yield Problem("entry", f"{path}.type", f"'{kind}' is no type")
            is_second = kind in used and not call.hooks.beside(False, entry_of(name, entry), "body", call)
            if is_second and call.options.same_type == "refused":
                yield Problem("one of a type", path, f"there are two of the type {kind}")
            used.add(str(kind))


def _of_ids(path: str, entry: Mapping[str, Any], call: Call) -> Iterator[Problem]:
    """Ids that the tenant has not; those of e-mail lists lie one level deeper."""
    for name, known in call.tenant.ids.items():
        if name in entry and str(entry[name]) not in known:
            yield Problem("ids", f"{path}.{name}", f"{entry[name]} does not exist")
    lists = entry.get("appliedEmailLists")
    for index, inner in enumerate(lists if isinstance(lists, list) else ()):
        below = f"{path}.appliedEmailLists[{index}]"
        if not isinstance(inner, dict):
            yield Problem("entry", below, "has to be an object")
        elif str(inner.get("emailListId")) not in call.tenant.ids["emailListId"]:
            yield Problem("ids", f"{below}.emailListId", f"{inner.get('emailListId')} does not exist")


def _identification(sent: Mapping[str, Any], call: Call) -> Iterator[Problem]:
    named = _is_named(sent)
    reached = any(_filled(sent.get(c), m) for c, m in (("emails", "address"), ("phones", "number")))
    if not named and not reached:
        yield Problem("identification", "type", "a name, an e-mail or a phone is needed")
    elif not named and call.options.names == "mandatory":
        yield Problem("mandatory names", "type", "the names of the type are needed")


def _is_named(sent: Mapping[str, Any]) -> bool:
    names = {"INDIVIDUAL": ("firstName", "lastName"), "ORGANIZATION": ("commonName",)}.get(str(sent.get("type")), ())
    return bool(names) and all(isinstance(sent.get(n), str) and sent[n].strip() for n in names)


def _filled(entries: Any, member: str) -> bool:
    return isinstance(entries, list) and any(isinstance(e, dict) and str(e.get(member) or "").strip() for e in entries)


def _fits(member: str, value: Any, kind: str | None) -> bool:
    if kind is None:
        return True
    if kind in ("integer", "string") and member.endswith("Id"):
        return isinstance(value, int | str) and not isinstance(value, bool)
    return isinstance(value, _JSON[kind]) and (kind != "integer" or not isinstance(value, bool))


def _is_profile(text: str, call: Call) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    here = call.options.profiles == "any host" or host.removeprefix("www.") == "facebook.com"
    return parts.scheme in ("http", "https") and "." in host and here


def values(sent: Mapping[str, Any], call: Call) -> Values:
    """What the body gives a contact, as far as it can be taken."""
    kind = str(sent.get("type") or "")
    mine = _own(kind, call) if kind in KEYS else frozenset().union(*KEYS.values())
    texts = {n: _text(sent[n], call) for n in TEXTS if n in mine and isinstance(sent.get(n), str | int)}
    if texts.get("prefix") and texts["prefix"] not in _prefixes(call):
        del texts["prefix"]
    entries: list[Entry] = []
    for name in COLLECTIONS:
        collection = sent.get(name)
        entries += [
            entry_of(name, e) for e in (collection if isinstance(collection, list) else ()) if isinstance(e, dict)
        ]
    preferences = sent.get(PREFERENCES)
    if call.options.lost_names != "kept":
        texts = {n: t for n, t in texts.items() if n not in fields.LOST}
        preferences = None
    return Values(kind, texts, tuple(entries), preferences if isinstance(preferences, dict) else None)


def _own(kind: str, call: Call) -> frozenset[str]:
    return call.hooks.keys(KEYS[kind], kind, call)


def _prefixes(call: Call) -> frozenset[str]:
    return call.hooks.prefixes(call.tenant.prefixes, call)


def _text(value: Any, call: Call) -> str:
    return str(value).strip() if call.options.blanks == "trimmed" else str(value)


def entry_of(collection: str, body: Mapping[str, Any]) -> Entry:
    """An entry of a collection; those of one slot take each other's place."""
    if collection in TYPED:
        slot = str(body.get("type"))
    else:
        slot = "/".join(
            str(body.get(n)) for n in fields.required_members(collection) if n not in ("value", "externalId")
        )
    match collection:
        case "emails":
            sought = str(body.get("address", "")).casefold()
        case "phones":
            sought = "".join(c for c in str(body.get("number", "")) if c.isdecimal())[-10:]
        case _:
            sought = ""
    return Entry(collection, slot, sought, dict(body))
