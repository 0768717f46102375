"""Standard search, Searching by DisplayName, of contacts that an account holds already: for runs that may not write."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from contacts_conformance.checks import expect, seeded
from contacts_conformance.checks.marks import each, reading, requirement
from contacts_conformance.checks.sampled import expect_found
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.sparkql import FieldType, strategies
from contacts_conformance.providers.spark import literal
from contacts_conformance.providers.spark.kinds import field_types
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from .existing import filtered, found, need_most_various, need_texts, own, sure, texts, various
from .set_aside import expect_login, expect_match

TIMES = ("CreatedTimestamp", "ModificationTimestamp")
GENERATED = 12
NAME = "DisplayName"


def _expect(session: Session, text: str, about: str) -> None:
    expect_found(found(session), filtered(session, text, about))


def _tell(session: Session, text: str) -> bool:
    """Whether a filter is certain to find some of the contacts, and certain not to find others."""
    truths = {sure(session, text)(r) for r in found(session).records}
    return {True, False} <= truths


def _expect_first(session: Session, filters: Iterator[str], about: str) -> None:
    """Sends the first of these filters that tells contacts apart; NotShown where none does."""
    text = next((t for t in filters if _tell(session, t)), None)
    if text is None:
        raise NotShown(f"of {about} it is certain of no contacts that are there which it finds")
    _expect(session, text, about)


def _is(name: str, *values: str, sign: str = "Eq") -> str:
    return f"{name} {sign} {','.join(map(literal, values))}"


def _pairs(session: Session) -> Iterator[tuple[str, str, str, str]]:
    """Two attributes, and a value of each: those of one contact first, then those of two."""
    one, other = various(session, 2)
    records = found(session).records
    for first in records:
        for second in records:
            a, b = first.get(one), second.get(other)
            if a in texts(session, one) and b in texts(session, other):
                yield one, str(a), other, str(b)


FORMS = {
    "filter.and": "{a} And {b}",
    "filter.or": "{a} Or {b}",
    "filter.not": "Not {a}",
    "filter.precedence": "{a} Or {b} And {c}",
    "filter.groups": "({a} Or {b}) And {c}",
    "filter.case-of-words": "{e} or {f}",
}


@pytest.mark.parametrize(("row", "form"), FORMS.items(), ids=FORMS)
@reading
@requirement("{row}")
def test_filters_are_put_together_for_existing_contacts(session: Session, row: str, form: str) -> None:
    def made() -> Iterator[str]:
        for one, a, other, b in _pairs(session):
            for c in texts(session, one):
                terms = {
                    "a": _is(one, a), "b": _is(other, b), "c": _is(one, c, sign="Ne"), "e": _is(one, a, sign="eq"),
                    "f": _is(other, b, sign="EQ"),
                }  # fmt: skip
                yield form.format(**terms)

    for seed in range(2):
        drawn = list(dict.fromkeys(made()))
        session.random(f"{row} {seed}").shuffle(drawn)
        _expect_first(session, iter(drawn), row)


@each(field=Contract.searchable_fields)
@reading
@requirement("field.{field}.searchable", "filter.eq")
def test_existing_contacts_are_found_by_an_attribute(field: Field, session: Session) -> None:
    if field_types(session.contract)[field.name] in (FieldType.TIMESTAMP, FieldType.BOOLEAN):
        raise NotShown("other checks compare what is no text")
    held = [t for t in need_texts(session, field.name, 1) if t.replace(" ", "").isalnum()] or texts(session, field.name)
    _expect(session, _is(field.name, held[0]), f"{field} Eq")


@each(field=Contract.searchable_fields)
@reading
@requirement("filter.ne", "filter.list")
def test_existing_contacts_are_left_out_by_an_attribute(field: Field, session: Session) -> None:
    if field_types(session.contract)[field.name] is not FieldType.TEXT:
        raise NotShown("what is no text has no such filter")
    need_most_various(session, field.name)
    one, *others = need_texts(session, field.name)
    several = (one, *others[: max(1, len(others) // 2)])
    for text, about in (
        (_is(field.name, one, sign="Ne"), f"{field} Ne"),
        (_is(field.name, *several), f"{field} Eq, a list"),
        (_is(field.name, *several[:2], "nobody of this name", sign="Ne"), f"{field} Ne, a list"),
    ):
        if any(sure(session, text)(r) for r in found(session).records):
            _expect(session, text, about)


@reading
@requirement("filter.list")
def test_a_list_of_tags_finds_existing_contacts(session: Session) -> None:
    held = need_texts(session, "Tags")
    _expect(session, _is("Tags", *held[:2]), "Tags Eq, a list")


@reading
@requirement("filter.text")
def test_existing_contacts_are_found_by_texts_with_signs(session: Session) -> None:
    names = [f.name for f in session.contract.searchable_fields if f.is_text and f.name != "Id"]
    signs = [(n, t) for n in names for t in texts(session, n) if not t.replace(" ", "").isalnum() and "'" not in t]
    _expect_first(session, (_is(n, t) for n, t in signs), "texts with signs")


@reading
@requirement("filter.quote")
def test_existing_contacts_are_found_by_texts_with_quotes(session: Session) -> None:
    names = [f.name for f in session.contract.searchable_fields if f.is_text and f.name != "Id"]
    _expect_first(session, (_is(n, t) for n in names for t in texts(session, n) if "'" in t), "texts with quotes")


@reading
@requirement("filter.null")
def test_existing_contacts_are_found_by_what_they_lack(session: Session) -> None:
    names = [f.name for f in session.contract.searchable_fields if f.is_text and f.name != "Id"]
    for sign in ("Eq", "Ne"):
        _expect_first(session, (f"{n} {sign} NULL" for n in names), f"{sign} NULL")


def _beginnings(session: Session, name: str) -> Iterator[str]:
    for text in texts(session, name):
        for word in (w for w in text.split() if w.isalpha()):
            yield from (word[:size] for size in range(2, len(word)))


@reading
@requirement("filter.wildcards")
def test_existing_contacts_are_found_by_wildcards(session: Session) -> None:
    names = [f.name for f in session.contract.searchable_fields if f.is_text and f.name not in ("Id", NAME)]
    _expect_first(session, (_is(n, f"{b}*") for n in names for b in _beginnings(session, n)), "a beginning and *")
    ends = ((n, t) for n in names for t in texts(session, n) if t.isalpha() and len(t) > 3)
    _expect_first(session, (_is(n, f"*{t[-3:]}") for n, t in ends), "* and an end")


@reading
@requirement("name.word")
def test_existing_contacts_are_found_by_words_of_their_names(session: Session) -> None:
    _expect_first(session, (_is(NAME, f"{b}*") for b in _beginnings(session, NAME)), "a word of DisplayName")
    last = (w for t in texts(session, NAME) for w in t.split()[1:] if w.isalpha() and len(w) > 3)
    _expect_first(session, (_is(NAME, f"{w[:3]}*") for w in last), "a later word of DisplayName")


def _words(session: Session) -> list[tuple[str, list[str]]]:
    """The name of each contact, and its words in small letters."""
    cohort = found(session)
    named = [(i, str(r.get(NAME) or "")) for i, r in zip(cohort.ids, cohort.records, strict=True)]
    return [(i, n.casefold().split()) for i, n in named if n.replace(" ", "").isalpha() and n.isascii()]


def _expect_listed(session: Session, text: str, expected: Sequence[str], about: str) -> None:
    """Of the contacts, whose names are plain words, a filter finds these; others may have other names."""
    asked, by_id = filtered(session, text, about), session.provider.id_of
    plain = {i for i, _ in _words(session)}
    known = replace(asked, sure=lambda r: (by_id(r) in expected) if by_id(r) in plain else None)
    expect_found(found(session), known)


@reading
@requirement("name.blank")
def test_existing_contacts_are_found_by_a_name_with_a_blank(session: Session) -> None:
    named = _words(session)
    for contact, words in named:
        if len(words) == 2 and [w for _, w in named].count(words) == 1:
            full = next(str(r[NAME]) for r in found(session).records if session.provider.id_of(r) == contact)
            first, last = full.split()
            pattern = f"{first} {last[:2]}*"
            expected = [i for i, w in named if " ".join(w).startswith(f"{words[0]} {words[1][:2]}")]
            _expect_listed(session, _is(NAME, pattern), expected, "a beginning of DisplayName with a blank")
            return
    raise NotShown("no names of two words are there")


@reading
@requirement("name.case")
def test_the_case_of_a_word_of_a_name_does_not_matter(session: Session) -> None:
    named = _words(session)
    for _, words in named:
        word = words[-1]
        expected = [i for i, w in named if any(x.startswith(word[:4]) for x in w)]
        if len(word) > 4 and len(expected) < len(named):
            _expect_listed(session, _is(NAME, f"{word[:4].upper()}*"), expected, "a word of DisplayName in capitals")
            return
    raise NotShown("no names are there that tell contacts apart")


@reading
@requirement("name.not-inside")
def test_a_part_within_a_word_of_a_name_is_not_found(session: Session) -> None:
    named = _words(session)
    for contact, words in named:
        for inside in (w[1:5] for w in words if len(w) > 4):
            begun = [i for i, w in named if any(x.startswith(inside) for x in w)]
            other = next((i for i, _ in named if i != contact), "")
            if not begun and other:
                text = f"{_is(NAME, f'{inside}*')} Or Id Eq {literal(other)}"
                _expect_listed(session, text, [other], "a part within a word of DisplayName")
                return
    raise NotShown("no names are there whose words hold what none begins with")


# Times


def _instants(session: Session, name: str) -> list[str]:
    known = {i: str(r[name]) for r in found(session).records if (i := instants.parse(r.get(name))) is not None}
    if len(known) < 4:
        raise NotShown(f"no four contacts that are there differ in {name}")
    return [known[i] for i in sorted(known)]


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("sign", ["Gt", "Ge", "Lt", "Le"])
@reading
@requirement("filter.comparisons", "field.{name}.searchable")
def test_a_bound_divides_existing_contacts(session: Session, sign: str, name: str) -> None:
    ordered = _instants(session, name)
    middle = instants.parse(ordered[len(ordered) // 2])
    before = instants.parse(ordered[len(ordered) // 2 - 1])
    assert middle is not None
    assert before is not None
    bound = instants.utc(before + (middle - before) / 2)
    _expect(session, f"{name} {sign} {bound}", f"{name} {sign}")


@pytest.mark.parametrize("name", TIMES)
@reading
@requirement("filter.between", "filter.offset")
def test_existing_contacts_lie_between_two_bounds(session: Session, judge: Judge, name: str) -> None:
    ordered = [i for t in _instants(session, name) if (i := instants.parse(t)) is not None]
    low, high = ordered[0] + (ordered[1] - ordered[0]) / 2, ordered[-2] + (ordered[-1] - ordered[-2]) / 2
    with judge("filter.between"):
        _expect(session, f"{name} Bt {instants.utc(low)},{instants.utc(high)}", f"{name} Bt")
    with judge("filter.offset"):
        _expect(session, f"{name} Gt {instants.at_offset(low, 5.5)}", f"{name} Gt, with an offset")
        _expect(session, f"{name} Lt {instants.at_offset(high, -7)}", f"{name} Lt, with an offset")


@reading
@requirement("filter.days")
def test_existing_contacts_are_compared_with_days_from_now(session: Session) -> None:
    days = (f"{n} {s} days({-d})" for n in TIMES for d in (2, 7, 30, 100, 365, 1000) for s in ("Gt", "Lt"))
    _expect_first(session, days, "days")


# What a filter finds


@reading
@requirement("filter.nothing-found")
def test_nothing_is_found_where_no_existing_contact_has_a_value(session: Session) -> None:
    text = f"{own(found(session))} And GivenName Eq 'nobody of this name'"
    for more in ((), (("_pagination", "1"),)):
        answer = session.contacts().send_list((("_filter", text), *more), quotes=(own(found(session)),))
        asking.expect_success_envelope(answer)
        expect.equal((envelope(answer.json) or {}).get("Results"), [], "Results", answer)


def _expect_of(session: Session, text: str, expected: Sequence[str]) -> None:
    asked = filtered(session, text, "a text with ?")
    expect_found(found(session), replace(asked, sure=lambda r: session.provider.id_of(r) in expected))


@reading
@requirement("filter.question-mark")
def test_existing_contacts_are_found_by_a_question_mark(session: Session) -> None:
    """`?` stands for one character or none: of plain words, those of which all but that one are the same."""
    names = [f.name for f in session.contract.searchable_fields if f.is_text and f.name not in ("Id", NAME)]
    for name in names:
        held = [(i, str(r.get(name) or "")) for i, r in zip(found(session).ids, found(session).records, strict=True)]
        for text in (t for _, t in held if t.isalpha() and t.isascii() and len(t) > 3):
            like = re.compile(re.escape(text[:2]) + ".?" + re.escape(text[3:]), re.IGNORECASE)
            expected = [i for i, t in held if like.fullmatch(t)]
            if len(expected) < len(held):
                _expect_of(session, _is(name, f"{text[:2]}?{text[3:]}"), expected)
                return
    raise NotShown("no plain words are there")


@reading
@requirement("filter.unknown-attribute", "filter.unknown-attribute-refused", "filter.unsearchable-attribute")
def test_existing_contacts_are_not_found_by_what_no_filter_takes(session: Session, judge: Judge) -> None:
    contacts = session.contacts()
    for text, rows in (("Nickname Eq 'x'", ("filter.unknown-attribute", "filter.unknown-attribute-refused")),):
        answer = contacts.send_list((("_filter", text),), legal=False)
        for row in rows:
            with judge(row):
                if row.endswith("refused"):
                    expect.refusal(answer, "an unknown attribute")
                elif answer.succeeded:
                    raise NotShown("the filter is not refused, and other checks see what was dropped")
                else:
                    expect.status(answer, 400, about="an unknown attribute")


@reading
@requirement("filter.boolean", "field.VowActive.searchable", "field.PortalLoginName.searchable")
def test_existing_contacts_are_found_by_their_portal(session: Session, judge: Judge) -> None:
    active = asking.fixture(session, "active")
    with judge("field.VowActive.searchable"):
        for condition, expected in (("VowActive Eq true", True), ("VowActive Eq false", False)):
            expect_match(session, active, condition, expected, condition)
        expect_match(session, asking.fixture(session, "dormant"), "VowActive Eq true", False, "the contact dormant")
    with judge("filter.boolean"):
        expect_match(session, active, "VowActive Eq true", True, "VowActive Eq true")
    with judge("field.PortalLoginName.searchable"):
        expect_login(session, active, asking.fixture(session, "active_login"))


@reading
@requirement("filter.generated")
def test_generated_filters_find_existing_contacts(session: Session) -> None:
    texts_alone = (FieldType.TEXT, FieldType.TEXTS)
    kinds = {n: k for n, k in field_types(session.contract).items() if k in texts_alone and texts(session, n)}
    shown = [{n: r[n] for n in kinds if r.get(n)} for r in found(session).records]
    drawn = seeded.several(strategies.filters(kinds, shown), f"{session.seed} existing filters", 6 * GENERATED)
    told = [t for t in drawn if _tell(session, t)][:GENERATED]
    if not told:
        raise NotShown("no generated filter tells contacts apart that are there")
    for text in told:
        _expect(session, text, "a generated filter")
