"""What can become of a text, each with texts that it changes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, unquote

from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.kinds import SIGNS
from contacts_conformance.reference.kit.text_faults import without_accents


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What becomes of a text; None where it is taken for missing. `examples` are texts, by shape, that it changes."""

    name: str
    told: str
    rewrite: Callable[[str], str | None]
    examples: Mapping[str, str]
    level: Level = Level.MUST
    family: str = ""

    def acts(self, text: str) -> bool:
        """Whether it makes another text of this one."""
        return self.rewrite(text) != text


def _cut(sign: str) -> Callable[[str], str | None]:
    def rewrite(text: str) -> str:
        local, at, domain = text.partition("@")
        if at and sign != "@" and " " not in text:
            return local.partition(sign)[0] + at + domain
        return text.partition(sign)[0].rstrip() or text

    return rewrite


def _lose(sign: str) -> Callable[[str], str | None]:
    other = {"(": ")", "[": "]", "{": "}"}.get(sign, "")

    def rewrite(text: str) -> str:
        local, at, domain = text.partition("@")
        if at and sign != "@" and " " not in text:
            return (local.replace(sign, "") or local) + at + domain
        return text.replace(sign, "").replace(other, "") if other else text.replace(sign, "")

    return rewrite


def _of_signs() -> Iterator[Rewriting]:
    for name, (sign, kind) in SIGNS.items():
        cuttable = {s: e for s, e in kind.examples.items() if _cut(sign)(e) != e}
        yield Rewriting(
            f"cut-at-{name}", f"cut at its first `{sign}`", _cut(sign), cuttable, kind.level, "cut at a sign"
        )
        yield Rewriting(f"lose-{name}", f"without its `{sign}`", _lose(sign), kind.examples, kind.level, "a sign lost")


def _words(text: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), text)


def _exponent(text: str) -> str:
    return str(int(float(text))) if re.fullmatch(r"\d{1,3}e\d{1,2}", text) else text


def _missing(word: str) -> Callable[[str], str | None]:
    return lambda text: None if text == word else text


_NOTHING = {
    "null": "null",
    "null-in-capitals": "NULL",
    "0": "0",
    "false": "false",
    "none": "None",
    "na": "N/A",
    "undefined": "undefined",
    "nil": "nil",
}
"""Words that programs take for nothing, by the names of the operators."""

_ANY = ""
REWRITINGS: tuple[Rewriting, ...] = (
    *_of_signs(),
    Rewriting("upper-cased", "in capitals", str.upper, {_ANY: "Ada McArthur"}, family="re-cased"),
    Rewriting("lower-cased", "in small letters", str.lower, {_ANY: "Ada McArthur"}, family="re-cased"),
    Rewriting("title-cased", "with a capital in each word", _words, {_ANY: "Ada de la Cruz"}, family="re-cased"),
    Rewriting(
        "first-letter-capital",
        "with a capital at its beginning",
        lambda t: t[:1].upper() + t[1:],
        {_ANY: "ada lund"},
        family="re-cased",
    ),
    Rewriting("percent-decoded", "decoded as a URL is", unquote, {_ANY: "50%25 off"}, family="decoded or escaped"),
    Rewriting(
        "percent-encoded",
        "encoded as a URL is",
        lambda t: quote(t, safe=" /"),
        {_ANY: "Smith & Jones"},
        family="decoded or escaped",
    ),
    Rewriting(
        "plus-for-blank",
        "with blanks for its `+`",
        lambda t: t.replace("+", " "),
        {_ANY: "A+B"},
        family="decoded or escaped",
    ),
    Rewriting(
        "html-escaped",
        "escaped as in HTML",
        lambda t: html.escape(t, quote=True),
        {_ANY: "Smith & O'Hara"},
        family="decoded or escaped",
    ),
    Rewriting("html-decoded", "decoded as in HTML", html.unescape, {_ANY: "R&amp;D"}, family="decoded or escaped"),
    Rewriting(
        "apostrophes-doubled",
        "with each apostrophe twice",
        lambda t: t.replace("'", "''"),
        {_ANY: "O'Hara"},
        family="decoded or escaped",
    ),
    Rewriting(
        "backslashes-doubled",
        "with each backslash twice",
        lambda t: t.replace("\\", "\\\\"),
        {_ANY: "left\\right"},
        family="decoded or escaped",
    ),
    Rewriting(
        "apostrophes-slashed",
        "with a backslash before an apostrophe",
        lambda t: t.replace("'", "\\'"),
        {_ANY: "O'Hara"},
        family="decoded or escaped",
    ),
    Rewriting(
        "first-word-only",
        "cut at its first blank",
        lambda t: t.split(" ")[0],
        {_ANY: "Ada Mary Lund"},
        family="blanks and words",
    ),
    Rewriting(
        "last-word-lost",
        "without its last word",
        lambda t: t.rpartition(" ")[0] or t,
        {_ANY: "Ada Mary Lund"},
        family="blanks and words",
    ),
    Rewriting(
        "blanks-lost", "without blanks", lambda t: t.replace(" ", ""), {_ANY: "Ada Lund"}, family="blanks and words"
    ),
    Rewriting(
        "blanks-underscored",
        "with underscores for blanks",
        lambda t: t.replace(" ", "_"),
        {_ANY: "Ada Lund"},
        family="blanks and words",
    ),
    Rewriting(
        "blanks-joined",
        "with one blank for two",
        lambda t: re.sub("  +", " ", t),
        {_ANY: "Ada  Lund"},
        Level.SHOULD,
        family="blanks and words",
    ),
    Rewriting("accents-lost", "without its accents", without_accents, {_ANY: "Zoë Núñez"}, family="letters normalised"),
    Rewriting(
        "misread-as-latin-1",
        "with its UTF-8 read as Latin-1",
        lambda t: t.encode().decode("latin-1"),
        {_ANY: "Zoë"},
        family="letters normalised",
    ),
    Rewriting(
        "letters-questioned",
        "with `?` for letters outside ASCII",
        lambda t: re.sub("[^\0-\x7f]", "?", t),
        {_ANY: "Zoë"},
        family="letters normalised",
    ),
    Rewriting(
        "accented-letters-lost",
        "without letters outside ASCII",
        lambda t: re.sub("[^\0-\x7f]", "", t),
        {_ANY: "Zoë"},
        family="letters normalised",
    ),
    Rewriting(
        "other-scripts-lost",
        "without letters outside Latin",
        lambda t: re.sub("[\u0250-\uffff]", "", t) or "?",
        {_ANY: "Анна"},
        Level.SHOULD,
        family="letters normalised",
    ),
    Rewriting(
        "wide-signs-lost",
        "without signs outside the basic plane",
        lambda t: re.sub("[\U00010000-\U0010ffff]", "", t),
        {_ANY: "Ada 🌻"},
        Level.SHOULD,
        family="letters normalised",
    ),
    Rewriting(
        "leading-zeros-lost",
        "without its leading zeros",
        lambda t: (t.lstrip("0") or "0") if t.isdecimal() else t,
        {_ANY: "007", "postal-code": "02134"},
        family="taken for a number",
    ),
    Rewriting(
        "exponent-computed",
        "computed where it looks like a number with an exponent",
        _exponent,
        {_ANY: "12e3"},
        family="taken for a number",
    ),
    Rewriting(
        "trailing-zeros-lost",
        "without the last zeros of a decimal",
        lambda t: t.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", t) else t,
        {_ANY: "1.50"},
        family="taken for a number",
    ),
    *(
        Rewriting(
            f"{name}-is-missing",
            f"taken for missing where it is `{word}`",
            _missing(word),
            {_ANY: word},
            family="taken for missing",
        )
        for name, word in _NOTHING.items()
    ),
    Rewriting(
        "digits-separated",
        "with its thousands separated",
        lambda t: f"{int(t):,}" if t.isdecimal() and t[:1] != "0" else t,
        {_ANY: "40123"},
        family="taken for a number",
    ),
    Rewriting(
        "country-code-lost",
        "without the country's code",
        lambda t: re.sub(r"^(\+1|1) ", "", t),
        {"phone": "1 (202) 555-0143"},
        family="number of a telephone",
    ),
    Rewriting(
        "country-code-added",
        "with a country's code before it",
        lambda t: f"+1 {t}" if re.fullmatch(r"\d{3}-\d{3}-\d{4}", t) else t,
        {"phone": "202-555-0143"},
        family="number of a telephone",
    ),
    Rewriting(
        "digits-only",
        "with its digits alone",
        lambda t: re.sub(r"\D", "", t) or t,
        {"phone": "202-555-0143"},
        family="number of a telephone",
    ),
)
"""What can become of any text, apart from its length."""

_LENGTHS = (10, 20, 32, 40, 50, 100, 128, 254)


def _beginning(text: str, *, length: int) -> str:
    return text[:length]


def shortenings(limit: int | None, shape: str) -> Iterator[Rewriting]:
    """Cuts below the limit of a field; where it has none, a service may have one of its own."""
    for length in _LENGTHS:
        if limit is not None and length < limit and not shape:
            words = "Ada Lund of Exampleton and " * 20
            yield Rewriting(
                f"cut-to-{length}",
                f"cut to {length} characters",
                partial(_beginning, length=length),
                {"": words[:length] + "x"},
                family="cut to a length",
            )
