"""Bodies: from bytes to the values that the database holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.sparkapi.attributes import Attribute
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Refusal

_LETTER = re.compile("[A-Za-z]")


def envelope(call: Call) -> dict[str, Any]:
    """The object `D` of a body.

    Raises Refusal: 1035 where the body is not JSON or not labelled as JSON, 1050 where it has no such object.
    """
    label = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if label != "application/json":
        raise Refusal(400, 1035, "The content type is not application/json")
    try:
        sent = json.loads(call.body)
    except (ValueError, RecursionError):
        raise Refusal(400, 1035, "The body is not JSON") from None
    d = sent.get("D") if isinstance(sent, dict) else None
    if not isinstance(d, dict):
        raise Refusal(400, 1050, "The body has no object D")
    return d


def checked(sent: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """The values to store, by attribute; what cannot be written is left out, and an empty text is stored as unset.

    Raises Refusal (1053) that says what is wrong, attribute by attribute.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in sent.items():
        attribute = call.api.attributes.get(name)
        try:
            if attribute is None:
                if call.options.unknown_members == "refused":
                    errors[name] = "is no attribute"
            elif not attribute.writeable:
                if call.options.read_only == "refused":
                    errors[name] = "cannot be written"
            elif attribute.members:
                values |= _members(attribute, value, call)
            else:
                values[name] = _value(attribute, value, call)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise Refusal(400, 1053, "Some attributes break their constraints", errors)
    return {k: v for k, v in values.items() if call.api.attributes[k].stored}


def _value(attribute: Attribute, value: Any, call: Call) -> Any:
    match attribute.kind:
        case "list":
            return _list(attribute, value, call)
        case "flag":
            if not isinstance(value, bool | None):
                raise ValueError("is neither true nor false")
            return value
        case _:
            if value is None:
                return None
            text = _text(attribute, value, call)
            return text if text or (call.options.empty_texts == "values" and attribute.required) else None


def _list(attribute: Attribute, value: Any, call: Call) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ValueError("is no list of texts")
    texts = [_text(attribute, v, call) for v in value]
    if attribute.name == "Tags" and call.options.repeated_tags == "merged":
        texts = list(dict.fromkeys(texts))
    return [t for t in texts if t]


def _members(attribute: Attribute, value: Any, call: Call) -> dict[str, Any]:
    if not isinstance(value, dict | None):
        raise ValueError("is no object")
    members = {}
    for member in attribute.members:
        inner = (value or {}).get(member)
        if not isinstance(inner, bool | None):
            raise ValueError(f"{member} is neither true nor false")
        if inner and call.options.settings == "off":
            raise ValueError(f"{member} is not supported here")
        if value is None or member in value:
            members[member] = inner
    return members


def _text(attribute: Attribute, text: Any, call: Call) -> str:
    if not isinstance(text, str):
        raise ValueError("is no text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is no text") from None
    if any(c in call.options.signs for c in text):
        raise ValueError(f"holds one of {call.options.signs}")
    if call.options.phones == "without letters" and attribute.name.endswith("PhoneNumber") and _LETTER.search(text):
        raise ValueError("is no telephone number")
    codes = call.options.country_codes
    if attribute.name == "MobilePhoneCountryCode" and codes == "digits" and text and not text.isdecimal():
        raise ValueError("is no country code")
    limit = call.hooks.limit(attribute.limit, attribute.name, text, call)
    size = len(text.encode()) if call.options.counted == "bytes" else len(text)
    if limit is not None and size > limit:
        if call.options.over_long == "refused":
            raise ValueError(f"is longer than {limit} characters")
        text = text[:limit]
    return call.hooks.text(text, attribute.name, call)
