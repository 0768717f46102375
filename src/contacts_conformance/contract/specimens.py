"""Kinds of values by the shape of a field: legal by the pages, harmless, and unlike what a tame example holds.

A kind has a grade. What is `PLAIN` a page allows without a doubt: it is judged as the row of its field is. The other
grades warn at most: `WIDE` (signs that a service may be unable to store), `CODE` (text that a service may guard itself
against) and `FORM` (well-formed values in a form that the page does not print).

Kinds of text are short fragments, so that one value holds many of them; a value that is refused, or not kept, is taken
apart until its kind is named. Some stand alone, since only the whole text makes them what they are (`null`, `00501`).
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from contacts_conformance.contract import samples
from contacts_conformance.contract.elements import Field
from contacts_conformance.model import Json


class Grade(StrEnum):
    """How sure it is that a page allows a kind."""

    PLAIN = "plain"
    WIDE = "wide"
    CODE = "code"
    FORM = "form"


FRAGMENTS = {
    "mixed-case": "McDuff",
    "particle": "van der",
    "apostrophe": "O'Hara",
    "doubled-quote": "l''or",
    "quotation-marks": '"q"',
    "percent": "9%s 100%",
    "percent-code": "%20b%41",
    "underscore": "c_d",
    "backslash": "e\\n",
    "plus": "g+h",
    "ampersand": "i&j",
    "entity": "&lt;",
    "signs": "k < l > m",
    "comma": "n,o",
    "semicolon": "p;q",
    "slash": "r/s",
    "question-and-hash": "?t=u#v",
    "braces": "{w}",
    "brackets": "[x](y)",
    "dashes": "-- d\u2019A\u2013b",
    "dollar-name": "$ref",
    "colon-and-bar": "x: y|z",
    "at-and-tilde": "~a @b!",
    "stops": "d. e-F",
    "latin": "Zoë Å",
    "cyrillic": "Ковалевская",
    "chinese": "林徽因",
    "arabic": "فاطمة",
}
"""Kinds of text that a value can hold beside others, by their names."""

WHOLES = {"word-null": "null", "word-true": "true", "leading-zeros": "00501", "number-like": "1e5"}
"""Kinds of text that are a whole value."""

WORDS = {
    "word-NULL": "NULL",
    "word-None": "None",
    "word-nil": "nil",
    "word-undefined": "undefined",
    "word-not-applicable": "N/A",
    "word-false": "false",
    "zero": "0",
    "decimal": "1.50",
    "digits": "40123",
    "initial": "B",
    "two-letters": "NG",
}
"""Further whole values, which programs take for nothing, for a switch, for a number or for too short a name."""

NOTHING = frozenset({"word-null", "word-NULL", "word-None", "word-nil", "word-undefined", "word-not-applicable"}) | {
    "word-false",
    "zero",
}
"""The whole values of which a program that misreads them keeps nothing."""

WIDE = {
    "emoji": "😀",
    "astral-letter": "\U0001d49cda",
    "joined-emoji": "👩‍💻",
    "decomposed": "Zoe\u0308",
    "joined-script": "क्षमा",
    "tab": "w\tx",
    "line-break": "y\nz",
    "inner-blanks": "two  blanks\u00a0r",
}
CODE = {"markup": "<b>bold</b> face", "template": "{{7*7}} ${7*7} #{7*7}", "sql": "x'); DROP TABLE contacts;--"}


def composed(value: object) -> object:
    """A text in the normal form of Unicode in which many services store it (NFC); anything else as it is."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


_SENTENCE = "Ada Lund of Exampleton "
_SHORT = 45
"""Characters of a text that every service takes, where the page has no limit."""
_LONG = 160
"""Characters of the longest text that is put together where the page allows more."""
_ENTRIES = 3
_MANY = 25
_LONG_LOCAL = 64  # RFC 5321, 4.5.3.1.1

Maker: TypeAlias = Callable[[str], str]
"""Makes a value from a word that nothing else of the run has."""

_EMAILS: Mapping[str, Maker] = {
    "plus": lambda w: f"ada+{w}@example.com",
    "dots": lambda w: f"a.d.a.{w}@example.com",
    "hyphens": lambda w: f"2a-b-{w}@m.eu-w.example.org",
    "underscore": lambda w: f"ada_{w}@example.com",
    "capitals": lambda w: f"Ada.{w.capitalize()}@Example.COM",
    "long-local-part": lambda w: f"{w}{samples.filling(_LONG_LOCAL)}"[:_LONG_LOCAL] + "@example.com",
}
_UNUSUAL_EMAILS: Mapping[str, Maker] = {
    "apostrophe-in-address": lambda w: f"o'hara.{w}@example.com",
    "slash-in-address": lambda w: f"{w}/desk@example.com",
}
_PHONES = {
    "hyphens": "202-555-0101",
    "country-code": "+1 202-555-0101",
    "code-and-parentheses": "1 (202) 555-0101",
    "dots": "202.555.0101",
    "digits": "2025550101",
    "leading-zero": "02025550101",
    "parentheses": "(202) 555-0101",
    "extension": "202-555-0101 x12",
}
_DATES = {
    "leap-day": "1996-02-29",
    "before-1970": "1904-12-31",
    "epoch": "1970-01-01",
    "end-of-year": "1999-12-31",
    "skipped-hour": "2016-03-13",
    "february-28": "1900-02-28",
}
_POSTAL_CODES = {"zip-plus-four": "00501-0042", "letters": "K1A 0B1"}
_STATES = {"written-out": "North Dakota", "small-letters": "nd"}
_EARLY = {
    "leap-day": "2016-02-29T23:59:59Z",
    "midnight": "2016-05-14T00:00:00Z",
    "offset-over-new-year": "2016-12-31T20:15:00-07:00",
    "hour-skipped-in-america": "2016-03-13T02:30:00Z",
    "hour-skipped-in-london": "2016-03-27T01:30:00Z",
    "hour-skipped-in-berlin": "2016-03-27T02:30:00Z",
    "hour-skipped-in-sydney": "2016-10-02T02:30:00Z",
    "hour-doubled-in-america": "2016-11-05T18:30:00-07:00",
    "hour-doubled-in-europe": "2016-10-30T07:00:00+05:30",
    "fraction": "2017-03-12T02:59:59.250Z",
}
_LATE = {
    "leap-day": "2020-02-29T23:59:59Z",
    "midnight": "2018-05-14T00:00:00Z",
    "offset-over-new-year": "2018-12-31T20:15:00-07:00",
    "hour-skipped-in-america": "2018-03-11T02:30:00Z",
    "hour-skipped-in-london": "2018-03-25T01:30:00Z",
    "hour-skipped-in-berlin": "2018-03-25T02:30:00Z",
    "hour-skipped-in-sydney": "2018-10-07T02:30:00Z",
    "hour-doubled-in-america": "2018-11-03T18:30:00-07:00",
    "hour-doubled-in-europe": "2018-10-28T07:00:00+05:30",
    "fraction": "2019-03-10T02:59:59.250Z",
}
_UNUSUAL_EARLY = {"before-1970": "1969-07-20T20:17:40Z", "date-alone": "2016-05-14"}
_UNUSUAL_LATE = {"far-future": "2036-08-15T12:00:00Z", "date-alone": "2018-05-14"}
_LOOSE = frozenset({"capitals", "fraction", "date-alone"})
"""Kinds of which a page leaves open in which form they read: letters of an address in another case, whole seconds,
the hour at which a day begins."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A value that a field is tried with: the kinds that it holds, and the pieces that it is made of, one for each.

    `size` is the number of pieces that one entry of a list holds; 0 where the value is no list.
    """

    kinds: tuple[str, ...]
    pieces: tuple[str, ...]
    grade: Grade = Grade.PLAIN
    size: int = 0
    mark: str = ""

    @property
    def value(self) -> Json:
        """The value, with the mark of the run at its end where it carries one."""
        if not self.size:
            return " ".join([*self.pieces, *([self.mark] if self.mark else [])])
        entries = [" ".join(self.pieces[i : i + self.size]) for i in range(0, len(self.pieces), self.size)]
        return [*entries, *([self.mark] if self.mark else [])]

    @property
    def is_single(self) -> bool:
        """Whether it holds one kind."""
        return len(set(self.kinds)) == 1

    @property
    def is_loose(self) -> bool:
        """Whether the page leaves open in which form the value reads."""
        return any(k in _LOOSE for k in self.kinds)

    def halves(self) -> tuple[Specimen, Specimen]:
        """Two values that hold half of the kinds each, without a mark."""
        half = (len(self.kinds) + 1) // 2
        return (
            replace(self, kinds=self.kinds[:half], pieces=self.pieces[:half], mark=""),
            replace(self, kinds=self.kinds[half:], pieces=self.pieces[half:], mark=""),
        )

    def without(self, kinds: Iterable[str]) -> Specimen | None:
        """The same without these kinds; None where nothing is left."""
        kept = [(k, p) for k, p in zip(self.kinds, self.pieces, strict=True) if k not in kinds]
        return replace(self, kinds=tuple(k for k, _ in kept), pieces=tuple(p for _, p in kept)) if kept else None


def sort_of(field: Field) -> str:
    """The sort of values that a field takes: the shape of a text, `instant`, `texts`, `emails`; empty where specimens
    are made for none (ids, switches, objects, texts out of a closed list)."""
    if field.enum or field.either or field.known:
        return ""
    if field.kind == "list" and not field.members:
        return "emails" if field.name.endswith("Emails") else "texts"
    if field.kind == "text":
        return field.shape or "text"
    return "instant" if field.kind == "instant" else ""


def kinds(field: Field, printed: Mapping[str, Sequence[str]]) -> dict[str, Grade]:
    """The kinds that a field is tried with, and the grade of each; `printed` has the forms that the page prints."""
    drawn = [make(field, printed, random.Random(0), lambda: 0) for make in (plain, unusual)]  # noqa: S311  (no secret)
    return {kind: specimen.grade for specimens in drawn for specimen in specimens for kind in specimen.kinds}


def words(draw: random.Random, limit: int | None = None) -> list[Specimen]:
    """Each of `WORDS`, and a text as long as the limit of a field, in an order that is drawn."""
    longest = {"longest": (_SENTENCE * (limit // len(_SENTENCE) + 1))[: limit - 1] + "z"} if limit else {}
    return _shuffled(_each({**WORDS, **longest}), draw)


def plain(
    field: Field, printed: Mapping[str, Sequence[str]], draw: random.Random, number: Callable[[], int], run: str = ""
) -> list[Specimen]:
    """Values that together hold every plain kind of a field, in an order that is drawn.

    `number` makes values unique within a run, and `run` among runs.
    """
    room, word = _room(field), _words(number, run)
    made: Iterable[Specimen]
    match sort_of(field):
        case "text":
            made = [*_packed(FRAGMENTS, room, Grade.PLAIN, draw), *_each(WHOLES)]
        case "texts":
            made = _listed(draw)
        case "email":
            made = (s for s in _each({k: make(word()) for k, make in _EMAILS.items()}) if len(s.pieces[0]) <= room)
        case "emails":
            usual = {k: make(word()) for k, make in _EMAILS.items()}
            made = [Specimen(k, p, size=1) for k, p in _chunks(usual, (1, 2, _ENTRIES))]
        case "phone":
            made = _each({f"printed as {form}": like(form, number()) for form in printed.get("phone", ())})
        case "date":
            made = _each(_DATES)
        case "instant":
            made = _each(_LATE if field.name.startswith("modified") else _EARLY)
        case _:
            made = ()
    specimens = list(made)
    draw.shuffle(specimens)
    return specimens


def unusual(
    field: Field, printed: Mapping[str, Sequence[str]], draw: random.Random, number: Callable[[], int], run: str = ""
) -> list[Specimen]:
    """Values that hold the kinds of which the page leaves open whether a service takes them."""
    room, word = _room(field), _words(number, run)
    match sort_of(field):
        case "text":
            return [*_packed(WIDE, room, Grade.WIDE, draw), *_packed(CODE, room, Grade.CODE, draw)]
        case "texts":
            many = tuple(word() for _ in range(_MANY))
            odd = [Specimen(tuple(t), tuple(t.values()), g, 1) for t, g in ((WIDE, Grade.WIDE), (CODE, Grade.CODE))]
            return [*odd, Specimen((f"list of {_MANY}",) * _MANY, many, Grade.FORM, 1)]
        case "emails":
            many = tuple(f"{word()}.many@example.com" for _ in range(_MANY))
            return [Specimen((f"list of {_MANY}",) * _MANY, many, Grade.FORM, 1)]
        case "email":
            made = _each({k: make(word()) for k, make in _UNUSUAL_EMAILS.items()}, Grade.FORM)
            return [s for s in made if len(s.pieces[0]) <= room]
        case "phone":
            shapes = {_shape(form) for form in printed.get("phone", ()) or (samples.phone(0),)}
            other = {k: like(form, number()) for k, form in _PHONES.items() if _shape(form) not in shapes}
            return _shuffled(_each(other, Grade.FORM), draw)
        case "postal-code":
            return _shuffled(_each(_POSTAL_CODES, Grade.FORM), draw)
        case "state":
            return _shuffled(_each(_STATES, Grade.FORM), draw)
        case "instant":
            late = field.name.startswith("modified")
            return _shuffled(_each(_UNUSUAL_LATE if late else _UNUSUAL_EARLY, Grade.FORM), draw)
    return []


def _room(field: Field) -> int:
    return min(field.max_length or _SHORT, _LONG)


def _words(number: Callable[[], int], run: str) -> Callable[[], str]:
    return lambda: f"{samples.word(number())}{run}"


def like(form: str, number: int) -> str:
    """A reserved telephone number that is written as another one is; its last ten digits (of the subscriber) differ."""
    start, digits = form.partition(" x")[0], [c for c in samples.phone(number) if c.isdecimal()]
    written = []
    for sign in reversed(start):
        written.append(digits.pop() if sign.isdecimal() and digits else sign)
    return "".join(reversed(written)) + form[len(start) :]


def _shape(form: str) -> str:
    return "".join("9" if c.isdecimal() else c for c in form)


def _each(texts: Mapping[str, str], grade: Grade = Grade.PLAIN) -> list[Specimen]:
    return [Specimen((kind,), (text,), grade) for kind, text in texts.items()]


def _shuffled(specimens: list[Specimen], draw: random.Random) -> list[Specimen]:
    draw.shuffle(specimens)
    return specimens


def _packed(texts: Mapping[str, str], room: int, grade: Grade, draw: random.Random) -> Iterator[Specimen]:
    """Values of at most so many bytes that hold all of the texts; the order of the texts is drawn."""
    pending = list(texts.items())
    draw.shuffle(pending)
    while pending:
        taken: list[tuple[str, str]] = []
        length = -1
        for kind, text in pending:
            size = len(text.encode())  # a service may count bytes
            if length + 1 + size <= room:
                taken.append((kind, text))
                length += 1 + size
        if not taken:
            return
        pending = [p for p in pending if p not in taken]
        # only at its beginning can a text get a capital; and behind a sign that has to be escaped in a query, a program
        # may have lost its way already
        taken.sort(key=lambda t: (t[0] != "particle", "'" in t[1] or "\\" in t[1]))
        taken = _led(taken)
        yield Specimen(tuple(k for k, _ in taken), tuple(t for _, t in taken), grade)


def _led(texts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The texts, after the first of them that begins with a letter: of what is cut at its first sign, something is
    left."""
    first = next((t for t in texts if t[1][:1].isalpha()), texts[0])
    return [first, *(t for t in texts if t is not first)]


def _listed(draw: random.Random) -> Iterator[Specimen]:
    """Lists of one, two and three entries that hold all fragments, and lists of which each entry is a whole value."""
    together = list(FRAGMENTS.items())
    draw.shuffle(together)
    lengths, start = [1, 2, *[_ENTRIES] * len(together)], 0
    for length in lengths:
        some = together[start : start + length * _ENTRIES]
        some = [t for i in range(0, len(some), _ENTRIES) for t in _led(some[i : i + _ENTRIES])]
        start += length * _ENTRIES
        if some:
            yield Specimen(tuple(k for k, _ in some), tuple(t for _, t in some), size=_ENTRIES)
    once = {k: t for k, t in WORDS.items() if t.casefold() not in WHOLES.values()}
    for alone in (WHOLES, once):  # a service may know each entry in one case alone
        yield Specimen(tuple(alone), tuple(alone.values()), size=1)


def _chunks(texts: Mapping[str, str], lengths: Sequence[int]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    pending = list(texts.items())
    for length in (*lengths, len(pending)):
        some, pending = pending[:length], pending[length:]
        if some:
            yield tuple(k for k, _ in some), tuple(t for _, t in some)
