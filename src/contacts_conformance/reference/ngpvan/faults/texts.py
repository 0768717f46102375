"""Faults of one text field and one sort of text each; all other fields and texts are right."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote, unquote_plus

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Values

FAULTS = Catalogue()
fault = FAULTS.fault


def _ascii(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


_SPOILED: Mapping[str, Callable[[str], str]] = {
    "firstName-ends-at-its-apostrophe": lambda t: t.partition("'")[0],
    "firstName-is-written-in-small-letters": str.lower,
    "middleName-loses-its-zeros": lambda t: t.lstrip("0") if t.isdecimal() else t,
    "middleName-loses-its-accents": _ascii,
    "lastName-is-written-as-a-title": str.title,
    "lastName-null-is-missing": lambda t: "" if t.casefold() == "null" else t,
    "nickName-loses-its-quotation-marks": lambda t: t.replace('"', ""),
    "nickName-ends-at-its-semicolon": lambda t: t.partition(";")[0],
    "suffix-true-is-missing": lambda t: "" if t.casefold() == "true" else t,
    "suffix-ends-at-its-comma": lambda t: t.partition(",")[0],
    "salutation-is-percent-decoded": unquote,
    "salutation-is-escaped": lambda t: html.escape(t, quote=False),
    "mailName-takes-plus-for-a-blank": unquote_plus,
    "mailName-loses-its-markup": lambda t: re.sub(r"<[^>]*>", "", t),
    "spouseName-loses-its-backslashes": lambda t: t.replace("\\", ""),
    "spouseName-keeps-letters-of-latin-alone": lambda t: "".join(c if ord(c) < 0x250 else "?" for c in t),
    "commonName-ends-at-its-ampersand": lambda t: t.partition("&")[0].strip(),
    "commonName-loses-its-accents": _ascii,
    "officialName-ends-at-its-slash": lambda t: t.partition("/")[0],
    "officialName-null-is-missing": lambda t: "" if t.casefold() == "null" else t,
    "primaryContactFirstName-doubles-apostrophes": lambda t: t.replace("'", "''"),
    "primaryContactFirstName-is-decoded-from-html": html.unescape,
    "primaryContactLastName-is-written-in-capitals": str.upper,
    "primaryContactLastName-loses-its-zeros": lambda t: t.lstrip("0") if t.isdecimal() else t,
    "employer-ends-at-its-comma": lambda t: t.partition(",")[0],
    "employer-is-written-as-a-title": str.title,
    "employer-loses-its-square-brackets": lambda t: t.replace("[", "").replace("]", ""),
    "spouseName-ends-at-its-number-sign": lambda t: t.partition("#")[0],
    "officialName-has-one-apostrophe-for-two": lambda t: t.replace("''", "'"),
    "occupation-loses-its-plus": lambda t: t.replace("+", ""),
    "occupation-ends-at-its-percent-sign": lambda t: t.partition("%")[0],
    "facebookProfileUrl-ends-at-its-query": lambda t: t.partition("?")[0],
    "facebookProfileUrl-is-percent-decoded": unquote,
    "facebookProfileUrl-is-written-in-small-letters": str.lower,
}
"""By the field and what becomes of it."""

_FIELDS = {name: name.partition("-")[0] for name in _SPOILED}


def _declare(name: str, spoil: Callable[[str], str]) -> None:
    field = _FIELDS[name]

    def act(values: Values) -> Values:
        text = values.texts.get(field)
        return values if text is None else replace(values, texts={**values.texts, field: spoil(text)})

    act.__name__ = name.replace("-", "_")
    act.__doc__ = f"`{field}` {name.partition('-')[2].replace('-', ' ')}."
    fault(breaks=f"ngpvan.field.{field}.create", at=Hooks.values)(act)


for _name, _spoil in _SPOILED.items():
    _declare(_name, _spoil)


@fault(
    breaks="ngpvan.operation.createContact.no-server-error",
    at=Hooks.values,
    each={"key": ("lastName", "occupation", "officialName")},
)
def backslash_fails(values: Values, call: Call, *, key: str) -> Values:
    """A backslash in `{key}` is answered 500."""
    if "\\" in values.texts.get(key, ""):
        raise Refusal(500, "Something went wrong")
    return values


@fault(
    breaks="ngpvan.field.{key}.create",
    at=Hooks.problems,
    each={"key": ("firstName", "employer", "primaryContactLastName")},
)
def apostrophe_is_refused(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """An apostrophe in `{key}` is refused."""
    return [*problems, Problem("text", key, "has a sign")] if "'" in str(call.sent.get(key)) else problems


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.problems, each={"key": ("occupation", "suffix", "employer")})
def text_of_digits_is_refused(problems: list[Problem], call: Call, *, key: str) -> list[Problem]:
    """A `{key}` of digits is refused."""
    is_it = str(call.sent.get(key)).isdecimal()
    return [*problems, Problem("text", key, "is a number")] if is_it else problems


@fault(breaks="ngpvan.text.blanks-and-wide", at=Hooks.values, each={"key": ("firstName", "mailName", "officialName")})
def blanks_are_joined(values: Values, *, key: str) -> Values:
    """`{key}` has one blank for two."""
    return _rewritten(values, key, lambda t: re.sub("  +", " ", t))


@fault(breaks="ngpvan.text.blanks-and-wide", at=Hooks.values, each={"key": ("lastName", "occupation", "commonName")})
def wide_signs_are_lost(values: Values, *, key: str) -> Values:
    """`{key}` loses what is beyond the Basic Multilingual Plane."""
    return _rewritten(values, key, lambda t: "".join(c for c in t if c <= "\uffff"))


def _rewritten(values: Values, key: str, rewrite: Callable[[str], str]) -> Values:
    text = values.texts.get(key)
    return values if text is None else replace(values, texts={**values.texts, key: rewrite(text)})


# Fields that depend on one another


def _lost_without(values: Values, key: str, other: str) -> Values:
    return values if values.texts.get(other) else replace(values, texts={**values.texts, key: ""})


@fault(
    breaks="ngpvan.field.{key}.create",
    at=Hooks.inserted,
    each={"key": ("occupation", "nickName", "mailName")},
)
def lost_without_an_employer(values: Values, *, key: str) -> Values:
    """`{key}` is lost where a contact has no employer."""
    return _lost_without(values, key, "employer")


@fault(breaks="ngpvan.field.{key}.create", at=Hooks.inserted, each={"key": ("middleName", "suffix", "employer")})
def lost_without_a_salutation(values: Values, *, key: str) -> Values:
    """`{key}` of an individual is lost where there is no salutation."""
    return _lost_without(values, key, "salutation") if values.type == "INDIVIDUAL" else values


@fault(breaks="ngpvan.field.occupation.create", at=Hooks.problems)
def occupation_needs_an_employer(problems: list[Problem], call: Call) -> list[Problem]:
    """An occupation without an employer is refused."""
    is_bare = call.sent.get("occupation") and not call.sent.get("employer")
    return [*problems, Problem("text", "occupation", "needs an employer")] if is_bare else problems
