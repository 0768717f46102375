"""Kinds of texts that operators tell apart, each with texts that the pages plainly allow."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from contacts_conformance.model import Level


@dataclass(frozen=True, slots=True)
class Kind:
    """Texts that have something in common; `examples` has one by shape of field, the empty word being any text."""

    name: str
    told: str
    holds: Callable[[str], bool]
    examples: Mapping[str, str]
    level: Level = Level.MUST


def _with(sign: str) -> Callable[[str], bool]:
    return lambda text: sign in text


def _signs(name: str, sign: str, **examples: str) -> Kind:
    level = Level.SHOULD if sign in "<" else Level.MUST
    shapes = {"" if k == "text" else k: v for k, v in examples.items()}
    return Kind(name, f"a text with `{sign}`", _with(sign), shapes, level)


SIGNS: Mapping[str, tuple[str, Kind]] = {
    kind.name: (sign, kind)
    for sign, kind in (
        (",", _signs("comma", ",", text="Lund, Ada")),
        (";", _signs("semicolon", ";", text="Mon; Tue")),
        ("'", _signs("apostrophe", "'", text="Ada O'Hara")),
        (
            "&",
            _signs("ampersand", "&", text="Smith & Jones", url="https://www.facebook.com/profile.php?id=100&sk=about"),
        ),
        ("#", _signs("hash", "#", text="Apt #4")),
        (":", _signs("colon", ":", text="Re: garden")),
        ('"', _signs("quotation-mark", '"', text='Ada "Ace" Lund')),
        ("<", _signs("less-than", "<", text="a < b")),
        ("%", _signs("percent", "%", text="100% linen")),
        ("\\", _signs("backslash", "\\", text="left\\right")),
        ("(", _signs("parenthesis", "(", text="Ada (work)", phone="1 (202) 555-0143")),
        ("+", _signs("plus", "+", text="A+ rated", email="ada+work@example.com")),
        (".", _signs("dot", ".", text="St. John", email="ada.m.lund@example.com")),
        ("-", _signs("hyphen", "-", text="Smith-Jones", phone="202-555-0143", email="ada-lund@example.com")),
        ("/", _signs("slash", "/", text="and/or")),
        ("_", _signs("underscore", "_", text="ada_lund", email="ada_lund@example.com")),
        ("=", _signs("equals", "=", text="a=b", url="https://www.facebook.com/profile.php?id=100&sk=about")),
        (
            "?",
            _signs("question-mark", "?", text="Who? Ada", url="https://www.facebook.com/profile.php?id=100&sk=about"),
        ),
        ("@", _signs("at", "@", text="Ada @ Home")),
        ("!", _signs("exclamation-mark", "!", text="Ada! Lund")),
        ("|", _signs("bar", "|", text="one|two")),
        ("[", _signs("bracket", "[", text="Ada [office]")),
        ("{", _signs("brace", "{", text="Ada {office}")),
        ("$", _signs("dollar", "$", text="5$ bill")),
        ("~", _signs("tilde", "~", text="about ~5")),
    )
}
"""By name: one sign, and the texts with it."""

OTHERS: tuple[Kind, ...] = (
    Kind("digits", "a text of digits", str.isdecimal, {"": "40123", "postal-code": "20005"}),
    Kind("leading-zero", "a text that begins with 0", lambda t: t[:1] == "0", {"": "007", "postal-code": "02134"}),
    Kind("accent", "a text with an accent", lambda t: any(unicodedata.decomposition(c) for c in t), {"": "Zoë Núñez"}),
    Kind("double-blank", "a text with two blanks in a row", _with("  "), {"": "Ada  Lund"}, Level.SHOULD),
    Kind("the-word-null", "the text `null`", lambda t: t == "null", {"": "null"}),
    Kind("the-word-true", "the text `true`", lambda t: t == "true", {"": "true"}),
    Kind("one-letter", "a text of one letter", lambda t: len(t) == 1, {"": "B"}),
    Kind("capitals", "a text in capitals", lambda t: len(t) > 1 and t.isalpha() and t.isupper(), {"": "NASA"}),
    Kind("other-script", "Cyrillic letters", lambda t: any("Ѐ" <= c <= "ӿ" for c in t), {"": "Анна"}, Level.SHOULD),
    Kind(
        "wide", "a sign outside the basic plane", lambda t: max(t, default="") > "\uffff", {"": "Ada 🌻"}, Level.SHOULD
    ),
)
"""Further kinds, which are no matter of one sign."""
