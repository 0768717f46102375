"""Bodies: from bytes to the values that the database holds."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from contacts_conformance.contract import Field
from contacts_conformance.reference.liondesk import instants, users
from contacts_conformance.reference.liondesk.context import Call
from contacts_conformance.reference.liondesk.fields import FIELDS, WRITEABLE
from contacts_conformance.reference.liondesk.lookups import LOOKUPS
from contacts_conformance.reference.liondesk.refusals import Refusal

_SHAPES = {
    "email": re.compile(r"(?=.{1,254}$)[^@\s]+@[^@\s]+"),
    "phone": re.compile(r"[-+ ().\d]+"),
    "date": re.compile(r"\d{4}-\d\d-\d\d([T ].*)?"),
}
_NORTH_AMERICAN = re.compile(r"\+?1?[-. ]*\(?(\d{3})\)?[-. ]*(\d{3})[-. ]*(\d{4})")
_KEPT = object()


def parsed(body: bytes, call: Call) -> dict[str, Any]:
    """The JSON object of a body.

    Raises Refusal where it is not JSON, or no object.
    """
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(call.options.malformed, "The body is not JSON") from None
    if not isinstance(sent, dict):
        raise Refusal(400, "The body is not a JSON object")
    return sent


def checked(sent: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """The values to store, by attribute; what a contact cannot be given is left out.

    Raises Refusal that says what is wrong, attribute by attribute.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in sent.items():
        if name in WRITEABLE:
            try:
                stored = _value(WRITEABLE[name], value, call)
            except ValueError as error:
                errors[name] = str(error)
            else:
                if stored is not _KEPT:
                    values[name] = stored
        elif name in FIELDS:
            if call.options.read_only == "refused":
                errors[name] = "cannot be written"
        elif call.options.unknown_members == "refused":
            errors[name] = "unknown"
    created, edited = values.get("created_at"), values.get("modified_at")
    if call.options.edits == "after the creation" and created is not None and edited is not None and edited < created:
        errors["modified_at"] = "lies before the creation"
    if errors:
        raise Refusal(call.options.invalid, "validation failed", errors)
    return values


def _value(field: Field, value: Any, call: Call) -> Any:
    if field.kind == "id":
        return _id(field, value, call)
    if value is None:
        return _KEPT if field.kind == "instant" else None
    if not isinstance(value, str):
        raise ValueError("not a text")
    return _instant(field, value, call) if field.kind == "instant" else _text(field, value, call)


def _instant(field: Field, text: str, call: Call) -> Any:
    if not text or getattr(call.options, field.name) == "the server's":
        return _KEPT
    instant = instants.parsed(text, midnight=call.options.bare_date)
    if instant is None or not instants.is_shown(instant):
        raise ValueError("not a date and time in ISO 8601")
    if call.options.future_times == "refused" and instant > call.now():
        raise ValueError("lies in the future")
    return instant - instant % instants.step(call.options.notation)


def _id(field: Field, value: Any, call: Call) -> Any:
    if value in (None, "", 0, "0") and value is not False:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(r"\d{1,18}", str(value)):
        raise ValueError("not an id")
    number = int(value)
    if field.name == "assigned_user_id":
        if call.hooks.in_team(number in users.team(call.user), number, call):
            return number
        if call.options.outsider_assigned == "ignored":
            return _KEPT
        raise ValueError("belongs to none of your teams")
    if number not in LOOKUPS[field.name.removesuffix("_id")]:
        raise ValueError("does not exist")
    return number


def _text(field: Field, text: str, call: Call) -> str:
    options = call.options
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("not a text") from None
    if any(c in options.signs for c in text):
        raise ValueError(f"holds one of {options.signs}")
    if options.wide_characters == "refused" and any(ord(c) > 0xFFFF for c in text):
        raise ValueError("holds a character that cannot be stored")
    if options.blanks == "trimmed":
        text = text.strip()
    if options.empty_text == "refused" and not text:
        raise ValueError("may not be empty")
    if options.phones == "as printed" and field.shape == "phone" and (number := _NORTH_AMERICAN.fullmatch(text)):
        text = "1 ({}) {}-{}".format(*number.groups())
    if options.letters == "composed":
        text = unicodedata.normalize("NFC", text)
    if options.shapes == "strict" and text and field.shape and not _SHAPES[field.shape].fullmatch(text):
        raise ValueError(f"not of the shape of a {field.shape}")
    limit = call.hooks.limit(field.max_length or options.own_limit, field.name, text, call)
    if limit is not None and _size(text, call) > limit:
        if options.over_long == "refused":
            raise ValueError(f"longer than {limit} characters")
        text = text[:limit]
    return call.hooks.text(text, field.name, call)


def _size(text: str, call: Call) -> int:
    return len(text.encode()) if call.options.counted == "bytes" else len(text)
