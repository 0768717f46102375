"""Values that break one constraint of the contract each, and what is wrong with them in words."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.contract import Field, samples
from contacts_conformance.model import Json, Query
from contacts_conformance.providers.plans import MARK

STRANGER = "ccUnheardOf"
"""A name that no contract knows."""
_FAR = 4
"""So many times the limit is far beyond it."""
_DEEP = 400

NO_IDS = (
    "0",
    "-1",
    "1e3",
    "null",
    "undefined",
    "%",
    "a b",
    "\u00fc",
    "\U0001f600",
    "9" * 40,
    "z" * 2000,
    "';--",
    "true",
)
"""Texts that are the id of no contact."""


@dataclass(frozen=True, slots=True)
class Break:
    """One way to break one constraint: the value, the keyword of the constraint, and what is wrong in words."""

    value: Json
    keyword: str
    wrong: str


def of_field(field_: Field, draw: random.Random) -> Iterator[Break]:
    """Values that a field does not take."""
    for value in _OTHER_TYPES.get(field_.kind, ()):
        yield Break(value, "type", f"{field_} is {json.dumps(value)}")
    yield Break(None, "type", f"{field_} is null")
    if field_.max_length is not None and field_.is_text:
        for length in (field_.max_length + 1, field_.max_length * _FAR + draw.randrange(1, 40)):
            text = samples.text_of_length(field_, length, f"{MARK}x" if field_.shape == "email" else "")
            yield Break(text, "maxLength", f"{field_} has {length} characters, which is beyond its limit")
    if field_.enum:
        yield Break("UNHEARD_OF", "enum", f"{field_} is a word that is none of its values")
    if field_.kind == "instant" or field_.shape in ("email", "phone", "date", "url"):
        yield Break("-- ?", "format", f"{field_} is no {field_.shape or 'instant'}")
    if field_.kind == "instant":
        yield Break("2016-02-30T25:61:00Z", "format", f"{field_} is a time that there is not")
    if field_.is_text:
        yield Break("", "minLength", f"{field_} is an empty text")
        yield Break("a\u0000b", "pattern", f"{field_} has a character that no text has")
    if field_.kind == "list":
        yield Break([None], "type", f"{field_} has an entry that is null")
        yield Break([[]], "type", f"{field_} has an entry that is a list")
        yield Break([{"a": 1}], "type", f"{field_} has an entry of another form")


_OTHER_TYPES: Mapping[str, tuple[Json, ...]] = {
    "text": (12345, True, ["a"], {"a": 1}),
    "list": ("a", {"a": 1}, 7),
    "object": ("a", [1], 7),
    "flag": ("perhaps", [True], 2),
    "id": ({"a": 1}, [1], True, "no id", 1.5),
    "instant": (12345, ["2016-05-14T00:00:00Z"], {"a": 1}),
    "number": ("a", [1]),
}


@dataclass(frozen=True, slots=True)
class BrokenBody:
    """A body that is wrong as a whole. `is_malformed` says that it is surely no JSON."""

    text: str
    wrong: str
    is_malformed: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    is_labelled: bool = False


def of_body(body: Json, draw: random.Random) -> Iterator[BrokenBody]:
    """A legal body, spoiled in one way each."""
    text = json.dumps(body, ensure_ascii=False)
    cut = draw.randrange(max(2, len(text) // 3), len(text) - 1)
    yield BrokenBody(text[:cut], "the body is cut off, so that it is not JSON", is_malformed=True)
    yield BrokenBody(f"{text} and more", "text stands behind the JSON of the body")
    yield BrokenBody(text.replace('"', "'"), "the body has single quotation marks, so that it is not JSON")
    yield BrokenBody(f"{text[:-1]},}}", "the body has a comma too many")
    yield BrokenBody(f'{text[:-1]}, "{STRANGER}": "\ud800"}}', "the body is not UTF-8")
    yield BrokenBody(f"\ufeff{text}", "the body begins with a byte order mark")
    yield BrokenBody("", "the body is empty")
    for other in ("null", "[]", '"a"', "12", "true", "{}", "[null]"):
        yield BrokenBody(other, f"the body is {other}")
    yield BrokenBody("[" * _DEEP + "]" * _DEEP, "the body is a list in a list, and so on")
    yield BrokenBody("[" * 100_000, "the body opens many lists, and closes none", is_malformed=True)
    yield BrokenBody(f'{text[:-1]}, "{STRANGER}": NaN}}', "the body has a number that is none")
    for label in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", ""):
        told = f"is labelled as {label}" if label else "has no content type"
        yield BrokenBody(
            text, f"the body {told}", headers=(("Content-Type", label),), is_labelled=label == "text/plain"
        )


@dataclass(frozen=True, slots=True)
class BrokenQuery:
    """A query that is wrong in one way: the parameter, the keyword of the constraint, and what is wrong in words."""

    query: Query
    parameter: str
    keyword: str
    wrong: str
    value: str = field(default="")


def of_parameter(name: str, schema: Mapping[str, Any], legal: str) -> Iterator[BrokenQuery]:
    """Values that a parameter does not take; `schema` is that of one value, `legal` a value that it takes."""

    def broken(value: str, keyword: str, wrong: str) -> BrokenQuery:
        return BrokenQuery(((name, value),), name, keyword, f"{name} {wrong}", value)

    numeric = schema.get("type") == "integer"
    if numeric:
        for value in ("abc", "1.5", "0x1", "true", " "):
            yield broken(value, "type", f"is {json.dumps(value)}, which is no number")
        yield broken("9" * 25, "maximum", "is larger than any number of a service")
        for keyword, by in (("minimum", -1), ("maximum", 1)):
            if keyword in schema:
                yield broken(str(schema[keyword] + by), keyword, f"is beyond its {keyword}")
        yield broken("-5", "minimum", "is negative")
    if "enum" in schema:
        yield broken("unheard_of", "enum", "is none of its values")
    yield broken("", "minLength", "is empty")
    yield broken("a\x07b", "pattern", "has a control character")
    yield broken("x" * 5000, "maxLength", "has 5,000 characters")
    yield broken("\U0001f600", "type", "is a picture")
    yield BrokenQuery(((name, legal), (name, legal)), name, "type", f"{name} is given twice")
    yield BrokenQuery(((f"{name}[]", legal),), name, "type", f"{name} is written as a list")
    yield BrokenQuery(((f"{name}[a][b]", legal),), name, "type", f"{name} is written as an object")
