"""How answers show ids, redirects, refusals and contacts."""

from __future__ import annotations

import time
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from contacts_conformance.reference.ngpvan.context import Answer, Call
from contacts_conformance.reference.ngpvan.fields import COLLECTIONS, KEYS, PREFERENCES, TEXTS, TYPED
from contacts_conformance.reference.ngpvan.options import Options
from contacts_conformance.reference.ngpvan.refusals import Refusal
from contacts_conformance.reference.ngpvan.store import Row

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SPACE = 36**9
_STEP, _START = 48_271_000_003, 31_415_926_535_897
_BACK = pow(_STEP, -1, _SPACE)
_ABBREVIATIONS = {"STREET": "ST", "AVENUE": "AVE", "ROAD": "RD", "SUITE": "STE", "APARTMENT": "APT", "SAINT": "ST"}
_UUIDS = uuid.UUID("7d3a5c0f-94b1-4e6b-8f21-000000000000").int


def reference(status: int, number: int, call: Call) -> Answer:
    """The answer that says which contact was created or merged into."""
    body: dict[str, Any] = {"contactId": shown_id(number, call.options)}
    if call.options.extra:
        body |= {"self": f"{call.base_url}/contacts/{body['contactId']}", "version": 2}
    return Answer(status, body, contact=number)


def redirect(named: str, call: Call) -> Answer:
    """The answer to a submission that names a contact."""
    options = call.options
    path = f"{options.prefix}/contacts/{quote(named, safe='')}"
    match options.location:
        case "absolute":
            path = call.base_url + path
        case "of the host":
            path = call.base_url.partition(":")[2] + path
        case "encoded":
            path = f"{options.prefix}/contacts/" + "".join(f"%{ord(c):02X}" for c in named)
    location = call.hooks.location(path, named, call)
    body = {"contactId": named, "href": location} if options.redirect_body else None
    return Answer(options.redirect, body, text=None if body else "", headers={"location": location})


def refusal(refusal: Refusal, options: Options) -> Answer:
    """The answer that tells a refusal."""
    errors = refusal.errors()
    match options.errors:
        case "bare":
            return Answer(refusal.status, errors)
        case "html":
            return Answer(refusal.status, text=f"<!doctype html><p>{refusal.status}", media_type="text/html")
        case "empty":
            return Answer(refusal.status, text="")
        case "detailed":
            detail = {"referenceCode": "a1b2c3", "hint": "^.+$", "resourceUrl": "/contacts"}
            return Answer(refusal.status, {"errors": [{**e, **detail} for e in errors]})
    return Answer(refusal.status, {"errors": errors})


def contact(row: Row, call: Call) -> dict[str, Any]:
    """A contact as it is read."""
    options = call.options
    shown: dict[str, Any] = {"contactId": shown_id(row["id"], options), "type": row["type"]}
    entries = call.store.entries(row["id"])
    for name in (*TEXTS, *COLLECTIONS, PREFERENCES):
        if name not in KEYS[row["type"]]:
            value: Any = row[name] if name in TEXTS else None
            if value:
                shown[name] = value
            continue
        if name in TEXTS:
            value = row[name]
            if name == "facebookProfileUrl" and value and options.profiles_as == "redirected":
                value = _redirected(value)
        elif name == PREFERENCES:
            value = row["preferences"]
        else:
            value = [_entry(e.body, options) for e in entries if e.collection == name]
            if options.entries_as == "tidied":
                value.sort(key=lambda e: str(e.get("type")))
            if options.entries_as == "turned":
                value = call.turned(value)
            if options.flags == "its own" and name in TYPED:
                value = [{**e, "isPrimary": place == 0} for place, e in enumerate(value)]
        if value or options.unset == "empty":
            shown[name] = value or ([] if name in COLLECTIONS else {} if name == PREFERENCES else "")
        elif options.unset == "null":
            shown[name] = None
    if options.read_extra:
        shown |= {"createdDate": "2024-02-29T12:00:00Z", "links": {"self": f"/contacts/{shown['contactId']}"}}
    if options.types_as == "titled":
        shown["type"] = shown["type"].title()
    if options.read_touched:
        shown["lastSeen"] = time.time_ns()
    return call.hooks.shown(shown, row, call)


def shown_id(number: int, options: Options) -> str | int:
    """The id of a contact, as an answer shows it."""
    if options.ids == "numbers":
        return 100_000_000 + number
    if options.ids == "uuids":
        return str(uuid.UUID(int=_UUIDS | number))
    rest, text = (number * _STEP + _START) % _SPACE, ""
    while len(text) < 9:
        rest, digit = divmod(rest, 36)
        text = _DIGITS[digit] + text
    return f"VN{text}"


def stored_id(text: str, options: Options) -> int:
    """The number that an id stands for, 0 where it can be none."""
    try:
        if options.ids == "numbers":
            return max(0, int(text) - 100_000_000)
        if options.ids == "uuids":
            number = uuid.UUID(text).int
            return number & (2**48 - 1) if number & ~(2**48 - 1) == _UUIDS else 0
        if not text.startswith("VN") or len(text) != 11:
            return 0
        return (int(text[2:], 36) - _START) * _BACK % _SPACE
    except ValueError:
        return 0


def _entry(body: Mapping[str, Any], options: Options) -> dict[str, Any]:
    shown = dict(body)
    if "number" in shown and options.numbers != "as sent":
        digits = "".join(c for c in str(shown["number"]) if c.isdecimal())[-10:]
        international = options.numbers == "international"
        shown["number"] = f"+1{digits}" if international else f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    for name, value in shown.items():
        if name.endswith("Id") and options.ids_as == "texts":
            shown[name] = str(value)
        elif name == "value" and options.values_as == "decimals" and isinstance(value, int):
            shown[name] = f"{value}.00"
        elif name.endswith("TypeId") and options.ids_as == "numbers" and str(value).isdecimal():
            shown[name] = int(value)
    if options.entries_as == "tidied":
        shown = {k: v for k, v in shown.items() if v is not False}
        shown |= {"address": str(shown["address"]).lower()} if "address" in shown else {}
    if options.addresses_as == "standardised" and "line1" in shown:
        shown = {k: v if k == "type" else _standardised(str(v)) for k, v in shown.items()}
        shown["postalCode"] = f"{shown.get('postalCode') or '00000'}-0001"
    if options.types_as == "titled" and "type" in shown:
        shown["type"] = str(shown["type"]).title()
    if options.read_touched:
        shown["lastSeen"] = time.time_ns()
    return shown


def _redirected(url: str) -> str:
    """The URL of a profile as the site redirects to it."""
    parts = urlsplit(url)
    return parts._replace(scheme="https", netloc=f"www.{parts.netloc.lower().removeprefix('www.')}").geturl()


def _standardised(text: str) -> str:
    """A part of an address in capitals, without accents and signs, and with the abbreviations of a post office."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() or c in "/-" else " " for c in plain.replace("'", "").replace(".", "")).split()
    return " ".join(_ABBREVIATIONS.get(w, w) for w in words)
