"""Filtering Contacts: equality, inclusion, exclusion and their combinations, on every text field.

Each check creates contacts whose values nearly match: longer and shorter ones, and ones that begin or end alike. The
list must contain every contact that matches and no other.
"""

import random
from collections.abc import Sequence
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect
from contacts_conformance.checks.marking import TEXTS, is_mark
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.seeded import generating
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.http import Answer
from contacts_conformance.oracle import operators
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers import ANY_OF
from contacts_conformance.providers.liondesk.queries import query_of
from contacts_conformance.verdicts.outcomes import Judge

from . import alone, ordered

pytestmark = in_cohort("lists")

SIZE = 9
_STEMS = ("am.b_r", "am.bar", "am-b_r")
_TAIL = " of the upper mill by the river"
AMBER, LIKE_A_PATTERN, ANY_STOP = (f"{stem}{_TAIL}" for stem in _STEMS)
"""A text whose signs stand for any sign in patterns, and two that differ from it in one of these; all of them are long,
so that others can differ from them in their last letters alone."""
NO_BLANK = AMBER.replace(" ", "", 1)
NO_HYPHEN = ANY_STOP.replace("-", "")
"""Two texts that are nearly one of these."""
NUMBER = "007"
STARRED, LIKE_A_STAR = f"am*%r{_TAIL}", f"am-%r{_TAIL}"
"""The same for signs that stand for several: the text, and one that is like it as a pattern."""


def _values(field: Field) -> list[str]:
    """One value, a longer one that begins alike, one like it as a pattern, one that ends alike, and one of its own.

    Of numbers and days the third one is a shorter one, or differs in its middle.
    """
    match field.shape:
        case "email":
            amber, _, like = _STEMS
            names = (amber, f"{amber}ly", like, f"c{amber}")
            return [f"{n}@filter.example.com" for n in names] + ["birch@filter.example.net"]
        case "phone":
            return ["1 (202) 555-0110", "1 (202) 555-0111", "1 (202) 555-0100", "1 (303) 555-0110", "1 (404) 555-0199"]
        case "date":
            return ["1955-10-28", "1955-10-29", "1955-01-28", "1956-10-28", "1970-01-01"]
        case _:
            amber, like = (STARRED, LIKE_A_STAR) if field.name == "spouse_name" else (AMBER, ANY_STOP)
            return [amber, f"{amber}ly", like, f"c{amber}", NUMBER]


SEPARATED = "am.b_r,007&007=cam.b_r+am-b_r"
"""A text that holds what separates parameters, and values."""


def _held(session: Session, field: Field) -> list[str]:
    """What contacts hold in a field that they are filtered by: words that have an order where it is their mark."""
    if session.is_quick:
        return list(dict.fromkeys(str(r.get(field.name)) for r in cohort(session, field.name).records))
    return list(TEXTS) if is_mark(session, field.name) else _values(field)


def _more(field: Field, order: random.Random) -> list[str]:
    """Four values more: those of other texts repeat one, are like one to a pattern or as a number, and `SEPARATED`.

    Addresses and numbers do not repeat, since a service may want them to be unique.
    """
    match field.shape:
        case "email":
            return [f"{n}@filter.example.com" for n in (_STEMS[1], "iris", "juniper", "kelp")]
        case "phone":
            return [f"1 (505) 555-012{n}" for n in range(1, 5)]
        case "date":
            return order.sample(_values(field), 4)
        case _:
            like = f"am*b_r{_TAIL}" if field.name == "spouse_name" else LIKE_A_PATTERN
            apart = NO_BLANK if field.name == "tags" else SEPARATED
            return [order.choice(_values(field)[:3]), apart, like, NUMBER.lstrip("0")]


def _cohort(session: Session) -> Cohort:
    """Contacts that hold every value of every field but their mark, in another order for each field."""
    order = session.random("filter cohort")
    fields = [f for f in session.contract.text_fields if not is_mark(session, f.name)]
    columns = {f.name: order.sample([*_values(f), *_more(f, order)], SIZE) for f in fields}
    rows: list[dict[str, Any]] = [{n: column[i] for n, column in columns.items()} for i in range(SIZE)]
    return alone.seeded(session, rows)


def cohort(session: Session, *fields: str) -> Cohort:
    """The shared contacts, which hold every text but their mark; other ones where that is filtered on itself.

    In a quick run these are the contacts that lists are ordered by, too.
    """
    if any(is_mark(session, field) for field in fields):
        return alone.marking(session)
    if session.is_quick:
        return ordered.cohort(session)
    seeded: Cohort = session.once("filter cohort", lambda: _cohort(session))
    return seeded


def expect_matching_contacts(
    session: Session, cohort: Cohort, conditions: Sequence[Condition], answer: Answer, *, about: str = ""
) -> None:
    """A list holds the contacts of the cohort for which all conditions hold, each once, and counts as many."""
    matching = cohort.contacts.ids(operators.matching(session.contract, cohort.records, conditions))
    about = about or parameters(conditions)
    values = {
        i: {c.field: record.get(c.field) for c in conditions}
        for i, record in zip(cohort.ids, cohort.records, strict=True)
    }
    expect.success(answer, about)
    page = cohort.whole(cohort.asking(query_of(conditions)), cohort.contacts.page(answer))
    expect.same_contacts(cohort.contacts.ids(page.records), matching, about, answer, names=values)
    if cohort.is_found_alone:
        expect.equal(page.total, len(matching), "total", answer)


def parameters(conditions: Sequence[Condition]) -> str:
    """The parameters that state the conditions, without their values, which differ from run to run."""
    return "&".join(dict.fromkeys(name for name, _ in query_of(conditions)))


def expect_filtered(session: Session, conditions: Sequence[Condition], *, about: str = "", **options: Any) -> None:
    """Asks for the contacts of the cohort for which all conditions hold, and judges the answer."""
    seeded = cohort(session, *(c.field for c in conditions))
    if len(conditions) > 1:
        seeded.contacts.need(query_of(conditions))
    answer = seeded.contacts.send_list(seeded.asking(query_of(conditions)), **options)
    expect_matching_contacts(session, seeded, conditions, answer, about=about)


@each(field=Contract.text_fields)
@requirement("filter.eq")
def test_equality_leaves_what_has_the_value(field: Field, session: Session) -> None:
    expect_filtered(session, [Condition(field.name, "eq", (_held(session, field)[0],))])


def _groups(session: Session, size: int) -> list[list[Field]]:
    """The text fields by so many; the company, which needs contacts of its own, by itself, but not in a quick run."""
    fields = [f for f in session.contract.text_fields if f.name not in ("company", "tags")]
    session.random(f"groups of {size}").shuffle(fields)
    fields.append(session.contract.field("tags"))
    groups = [fields[i : i + size] for i in range(0, len(fields), size)]
    return groups if session.is_quick else [*groups, [session.contract.field("company")]]


def _near(value: str, other: str) -> bool:
    """Whether a service that compares beginnings, endings, parts or patterns takes one value for the other."""
    if len(value) == len(other):
        return sum(a != b for a, b in zip(value, other, strict=True)) == 1
    return value != other and (value in other or other in value)


def _left_out(session: Session, group: Sequence[Field], number: int) -> list[Condition]:
    """Conditions that each leave out the contacts with so many values of one field, while near misses stay to be seen.

    Of what could be drawn, the choice in which most near misses are kept out by no other condition.
    """
    seeded = cohort(session, group[0].name)
    draw = session.random(f"left out {[f.name for f in group]} {number}")

    def drawn() -> list[Condition]:
        several = [(f, draw.sample(_held(session, f), number)) for f in group]
        return [Condition(f.name, "nin" if number > 1 else "ne", tuple(values)) for f, values in several]

    def seen(conditions: list[Condition]) -> tuple[int, int]:
        """How many values are left out by one condition alone, and how many near misses are to be in the list."""
        alone = 0
        for condition in conditions:
            others = [c for c in conditions if c is not condition]
            left = operators.matching(session.contract, seeded.records, others)
            alone += sum(any(r.get(condition.field) == value for r in left) for value in condition.values)
        left = operators.matching(session.contract, seeded.records, conditions)
        return alone, sum(
            any(_near(str(r.get(c.field)), value) for r in left) for c in conditions for value in c.values
        )

    return max((drawn() for _ in range(100)), key=seen)


def _expect_all_filtered(session: Session, judge: Judge, operator: str, conditions: list[Condition]) -> None:
    """Asks for all conditions at once; where that is answered wrongly, for each by itself, which says what is broken.

    If each holds by itself, it is their combination that is not carried out.
    """
    row = f"filter.{operator}"
    seeded = cohort(session, conditions[0].field)
    answer = seeded.contacts.send_list(seeded.narrowed(query_of(conditions)))
    try:
        expect_matching_contacts(session, seeded, conditions, answer)
    except AssertionError:
        before = len(judge.broken)
        for condition in conditions if len(conditions) > 1 else ():
            with judge(row):
                expect_filtered(session, [condition])
        if len(judge.broken) > before:
            return
        with judge(row if len(conditions) == 1 else "filter.combined"):
            expect_matching_contacts(session, seeded, conditions, answer)
    else:
        for held in {row, "filter.combined"} if len(conditions) > 1 else {row}:
            with judge(held):
                expect_matching_contacts(session, seeded, conditions, answer)


@requirement("filter.ne", "filter.combined")
def test_inequality_leaves_what_has_another_value(session: Session, judge: Judge) -> None:
    for group in _groups(session, 5 if session.is_quick else 3):
        _expect_all_filtered(session, judge, "ne", _left_out(session, group, 1))


@requirement("filter.in", "filter.combined")
def test_inclusion_leaves_what_has_one_of_the_values(session: Session, judge: Judge) -> None:
    for group in _groups(session, 5 if session.is_quick else 3):
        seeded = cohort(session, group[0].name)
        conditions = []
        for left_out in _left_out(session, group, 1):
            values = dict.fromkeys(str(r.get(left_out.field)) for r in seeded.records)
            others = tuple(v for v in values if v not in left_out.values)
            conditions.append(Condition(left_out.field, "in", others))
        _expect_all_filtered(session, judge, "in", conditions)


@requirement("filter.nin", "filter.combined")
def test_exclusion_leaves_what_has_none_of_the_values(session: Session, judge: Judge) -> None:
    size, number = (3, 2) if session.is_quick else (2, 3)
    for group in _groups(session, size):
        _expect_all_filtered(session, judge, "nin", _left_out(session, group, number))


MANY = 24
"""More values than a parser of query strings takes for a list unless it is told to (20 in the vendor's framework)."""


def _many(*last: str) -> tuple[str, ...]:
    """So many values of which nobody has one, some of which are nearly those of contacts, and then these."""
    nearly = (NO_BLANK, SEPARATED.replace("-", ""), AMBER[1:], AMBER[:-1], f"{AMBER}s", "07")
    return (*(f"nobody-{n}" for n in range(MANY - len(nearly) - len(last))), *nearly, *last)


@pytest.mark.parametrize("operator", ["in", "nin"])
@requirement("filter.{operator}", "operation.{list}.no-server-error")
def test_a_list_of_values_may_be_long(session: Session, judge: Judge, operator: str) -> None:
    seeded = cohort(session)
    condition = Condition("last_name", operator, _many(ANY_STOP, NUMBER, ANY_STOP))  # one of them twice

    answer = seeded.contacts.send_list(seeded.narrowed(query_of([condition])))

    about = f"{MANY} values for ${operator}"
    with judge(f"operation.{session.contract.operation('list')}.no-server-error"):
        expect.no_server_error(answer, about=about)
    with judge(f"filter.{operator}"):
        expect_matching_contacts(session, seeded, [condition], answer, about=about)


@requirement("filter.eq", "filter.in", "filter.ne", "filter.nin")
def test_values_may_hold_what_separates_others(session: Session, judge: Judge) -> None:
    with judge("filter.eq"):
        expect_filtered(session, [Condition("spouse_name", "eq", (SEPARATED,))])
    with judge("filter.in"):
        expect_filtered(session, [Condition("first_name", "in", (SEPARATED, LIKE_A_PATTERN))])
    with judge("filter.ne"):
        expect_filtered(session, [Condition("first_name", "ne", (SEPARATED,))])
    with judge("filter.nin"):
        expect_filtered(session, [Condition("last_name", "nin", (SEPARATED, LIKE_A_PATTERN))])


@requirement("filter.eq")
def test_equality_with_what_nobody_has_leaves_nothing(session: Session) -> None:
    """Two contacts have the same number, written otherwise."""
    for field in session.contract.text_fields:
        if not field.shape and not is_mark(session, field.name):
            expect_filtered(session, [Condition(field.name, "eq", ("07",))])


@requirement("filter.in-single")
def test_inclusion_takes_a_single_value(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "in", (AMBER,))], legal=False)


@requirement("filter.nin-single")
def test_exclusion_takes_a_single_value(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "nin", (AMBER,))], legal=False)


@requirement("filter.eq-and", "filter.eq")
def test_two_fields_both_have_to_hold(session: Session, judge: Judge) -> None:
    """The contact with the last name nearly has the first name that is asked for, too: it lacks a hyphen."""
    seeded = cohort(session)
    first = seeded.records[0]
    near = next((r for r in seeded.records if r.get("first_name") == ANY_STOP), first)
    names = [Condition("last_name", "eq", (str(near.get("last_name")),)), Condition("first_name", "eq", (NO_HYPHEN,))]
    seeded.contacts.need(query_of(names))
    answer = seeded.contacts.send_list(seeded.asking(query_of(names)))
    for row in ("filter.eq-and", "filter.eq"):
        with judge(row):
            expect_matching_contacts(session, seeded, names, answer)
    with judge("filter.eq-and"):
        three = ("first_name", "last_name", "email")
        expect_filtered(session, [Condition(n, "eq", (str(first[n]),)) for n in three])


def _are(*conditions: tuple[str, str, *tuple[str, ...]]) -> list[Condition]:
    return [Condition(field, operator, tuple(values)) for field, operator, *values in conditions]


COMBINED = {
    "in-and-ne-on-one-field": _are(("last_name", "in", AMBER, ANY_STOP), ("last_name", "ne", ANY_STOP)),
    "nin-and-eq": _are(
        ("spouse_name", "nin", STARRED, LIKE_A_STAR), ("spouse_email", "eq", "birch@filter.example.net")
    ),
    "three-fields": _are(
        ("home_phone", "ne", "1 (202) 555-0110"),
        ("office_phone", "ne", "1 (202) 555-0110"),
        ("mobile_phone", "in", "1 (202) 555-0110", "1 (202) 555-0100", "1 (404) 555-0199"),
    ),
}


@pytest.mark.parametrize("conditions", COMBINED.values(), ids=COMBINED.keys())
@requirement("filter.combined")
def test_operators_combine(session: Session, conditions: list[Condition]) -> None:
    expect_filtered(session, conditions)


@requirement("filter.unencoded")
def test_brackets_and_dollar_signs_may_be_sent_as_they_are(session: Session) -> None:
    operator = "nin" if ANY_OF in session.account.lacks.missing else "in"
    expect_filtered(session, [Condition("last_name", operator, (AMBER, ANY_STOP))], plain="$[]@")


FIELDS = ("first_name", "last_name", "spouse_name", "email")
OPERATORS = st.sampled_from(["eq", "ne", "in", "nin"])


def _random_conditions(contract: Contract, names: Sequence[str] = FIELDS) -> st.SearchStrategy[list[Condition]]:
    def condition(name: str) -> st.SearchStrategy[Condition]:
        values = st.sampled_from([*_values(contract.field(name)), "nobody"])
        several = st.lists(values, min_size=2, max_size=3, unique=True).map(tuple)
        one = OPERATORS.filter(lambda o: o not in operators.LISTS)
        return st.one_of(
            st.builds(Condition, st.just(name), one, values.map(lambda v: (v,))),
            st.builds(Condition, st.just(name), st.sampled_from(operators.LISTS), several),
        )

    return st.lists(st.sampled_from(names).flatmap(condition), min_size=1, max_size=3, unique_by=lambda c: c.field)


@requirement("filter.combined")
def test_random_queries_agree_with_the_oracle(session: Session) -> None:
    @generating(1)
    @hypothesis.given(conditions=_random_conditions(session.contract))
    def test(conditions: list[Condition]) -> None:
        if not session.contacts().lacking(query_of(conditions)):
            expect_filtered(session, conditions, about="a random query")

    test()
