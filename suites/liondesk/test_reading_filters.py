"""Filtering Contacts, of contacts that an account holds already: for runs that may not write."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from contacts_conformance.checks.marks import each, reading, requirement
from contacts_conformance.checks.sampled import expect_found, expect_listed
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.operators import COMPARISONS, Condition
from contacts_conformance.verdicts.outcomes import Judge

from .existing import anchor, found, having, sure, texts

TIMES = ("created_at", "modified_at")
SIZE = 10


def _of(session: Session, field: Field) -> list[str]:
    """Different texts that contacts hold in a field; NotShown where there are too few, or they are found by it."""
    if field.name == anchor(session):
        raise NotShown(f"the contacts are found by their {field}")
    held = texts(found(session).records, field.name)
    if len(held) < 2:
        raise NotShown(f"no two contacts that are there differ in {field}, in texts that a query can quote")
    session.random(f"existing {field}").shuffle(held)
    return held


def _condition(session: Session, field: Field, operator: str) -> Condition:
    held = _of(session, field)
    several = held[: max(2, len(held) // 2)] if operator in ("in", "nin") else held[:1]
    return Condition(field.name, operator, tuple(several))


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "nin"])
@each(field=Contract.text_fields)
@reading
@requirement("filter.{operator}")
def test_existing_contacts_are_filtered_by_texts(field: Field, operator: str, session: Session) -> None:
    expect_found(found(session), having(session, _condition(session, field, operator)))


@each(field=Contract.text_fields)
@reading
@requirement("filter.eq", "list.total")
def test_equality_finds_every_existing_contact_with_a_value(field: Field, session: Session) -> None:
    """The value that fewest of them hold, among all contacts of the account."""
    sample = session.sample()
    held = [str(r[field.name]) for r in sample.holding(field.name)]
    quotable = texts(sample.records, field.name)
    if not quotable:
        raise NotShown(f"no contact that is there has a {field} that a query can quote")
    rare = min(quotable, key=held.count)
    expect_listed(sample, having(session, Condition(field.name, "eq", (rare,))), size=SIZE)


@reading
@requirement("filter.in")
def test_inclusion_finds_existing_contacts(session: Session) -> None:
    name = anchor(session)
    values = tuple(texts(session.sample().records, name)[:6])
    expect_listed(session.sample(), having(session, Condition(name, "in", values)), size=SIZE)


@pytest.mark.parametrize("operator", ["ne", "nin"])
@reading
@requirement("filter.{operator}", "list.total")
def test_what_is_left_out_stands_on_no_page(session: Session, operator: str) -> None:
    """The commonest value of each of three fields, which the first page would show."""
    sample = session.sample()
    fields = [f for f in session.contract.text_fields if len(texts(sample.records, f.name)) > 1]
    held = {f.name: [str(r[f.name]) for r in sample.holding(f.name)] for f in fields}
    for field in sorted(fields, key=lambda f: len({*held[f.name]}))[:3]:
        common = sorted(texts(sample.records, field.name), key=held[field.name].count, reverse=True)
        values = tuple(common[:2]) if operator == "nin" else (common[0],)
        expect_listed(sample, having(session, Condition(field.name, operator, values)), size=SIZE)


MANY = 24
"""More values than a parser of query strings takes for a list unless it is told to (20 in the vendor's framework)."""


@pytest.mark.parametrize("operator", ["in", "nin"])
@reading
@requirement("filter.{operator}")
def test_a_list_of_values_for_existing_contacts_may_be_long(session: Session, operator: str) -> None:
    others = [f for f in session.contract.text_fields if f.name != anchor(session)]
    field = max(others, key=lambda f: len(texts(found(session).records, f.name)))
    held = _of(session, field)
    values = (*(f"nobody-{n}" for n in range(MANY)), *held[: len(held) // 2])
    expect_found(found(session), having(session, Condition(field.name, operator, values)))


@pytest.mark.parametrize("operator", ["in", "nin"])
@reading
@requirement("filter.{operator}-single")
def test_a_single_value_finds_existing_contacts(session: Session, operator: str) -> None:
    others = [f for f in session.contract.text_fields if f.name != anchor(session)]
    field = max(others, key=lambda f: len(texts(found(session).records, f.name)))
    condition = Condition(field.name, operator, (_of(session, field)[0],))
    expect_found(found(session), having(session, condition, legal=False))


def _pairs(session: Session, number: int) -> tuple[Record, list[str]]:
    """A contact and so many fields with texts of it that a query can quote, but for the one that finds it."""
    cohort = found(session)
    names = [f.name for f in session.contract.text_fields if f.name != anchor(session)]
    held = [(r, [n for n in names if texts([r], n)]) for r in cohort.records]
    record, several = max(held, key=lambda p: len(p[1]))
    if len(several) < number:
        raise NotShown(f"no contact that is there has {number} texts that a query can quote")
    return record, several


@reading
@requirement("filter.eq-and")
def test_two_fields_of_existing_contacts_both_have_to_hold(session: Session) -> None:
    cohort = found(session)
    record, names = _pairs(session, 2)
    both = [Condition(n, "eq", (str(record[n]),)) for n in names[:2]]
    expect_found(cohort, having(session, *both))
    for first in names:
        for other in cohort.records:
            mixed = [Condition(first, "eq", (str(record[first]),))]
            mixed += [Condition(n, "ne", (v,)) for n in names if n != first for v in texts([other], n)[:1]][:1]
            if len(mixed) == 2 and any(sure(session, *mixed)(r) for r in cohort.records):
                expect_found(cohort, having(session, *mixed))
                return


@reading
@requirement("text.found")
def test_an_existing_contact_is_found_by_all_its_texts(session: Session) -> None:
    record, names = _pairs(session, 3)
    expect_found(found(session), having(session, *(Condition(n, "eq", (str(record[n]),)) for n in names)))


@reading
@requirement("filter.combined")
def test_operators_combine_on_existing_contacts(session: Session) -> None:
    others = [f for f in session.contract.text_fields if f.name != anchor(session)]
    fields = [f for f in others if len(texts(found(session).records, f.name)) > 2]
    if not fields:
        raise NotShown("no three contacts that are there differ in a text")
    for field in fields[:3]:
        first, second, *_ = _of(session, field)
        both = Condition(field.name, "in", (first, second)), Condition(field.name, "ne", (second,))
        expect_found(found(session), having(session, *both))
    if len(fields) > 1:
        (a, *_), (b, *_) = _of(session, fields[0]), _of(session, fields[1])
        conditions = Condition(fields[0].name, "nin", (a, "nobody")), Condition(fields[1].name, "ne", (b,))
        expect_found(found(session), having(session, *conditions))


@reading
@requirement("filter.unencoded")
def test_brackets_may_be_sent_as_they_are_for_existing_contacts(session: Session) -> None:
    others = [f for f in session.contract.text_fields if f.name != anchor(session)]
    field = max(others, key=lambda f: len(texts(found(session).records, f.name)))
    expect_found(found(session), having(session, _condition(session, field, "in"), plain="$[]@"))


@pytest.mark.parametrize("operator", COMPARISONS)
@reading
@requirement("filter.comparison-on-text")
def test_existing_texts_compare_by_the_alphabet(session: Session, operator: str) -> None:
    for field in (f for f in session.contract.text_fields if not f.shape and f.name != anchor(session)):
        for bound in texts(found(session).records, field.name):
            condition = Condition(field.name, operator, (bound,))
            truths = [sure(session, condition)(r) for r in found(session).records]
            if True in truths and False in truths:
                expect_found(found(session), having(session, condition, legal=False))
                return
    raise NotShown("of no text of contacts that are there it is certain what comes before and after")


# Times


def _middle(session: Session, name: str) -> str:
    """A time that contacts lie before and after."""
    cohort = found(session)
    known = sorted((i, str(r[name])) for r in cohort.records if (i := instants.parse(r.get(name))) is not None)
    if len(known) < 3 or known[0][0] == known[-1][0]:
        raise NotShown(f"no three contacts that are there differ in {name}")
    return known[len(known) // 2][1]


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("comparison", ["lt", "lte", "gt", "gte"])
@reading
@requirement("filter.{comparison}")
def test_a_comparison_divides_existing_contacts(session: Session, comparison: str, name: str) -> None:
    middle = _middle(session, name)
    expect_found(found(session), having(session, Condition(name, comparison, (middle,))))
    expect_listed(session.sample(), having(session, Condition(name, comparison, (middle,))), size=SIZE)


def _ways(text: str) -> Sequence[str]:
    """A time in other notations."""
    instant = instants.parse(text)
    assert instant is not None
    east, west = instants.at_offset(instant, 5.5), instants.at_offset(instant, -7)
    return (instants.utc(instant), east, west)


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("comparison", ["lt", "lte", "gt", "gte"])
@reading
@requirement("filter.notation")
def test_a_bound_between_existing_contacts_is_an_instant(session: Session, comparison: str, name: str) -> None:
    for way in _ways(_middle(session, name)):
        expect_found(found(session), having(session, Condition(name, comparison, (way,))))


@pytest.mark.parametrize("comparison", ["lt", "lte", "gt", "gte"])
@reading
@requirement("filter.date-only")
def test_a_bare_date_divides_existing_contacts(session: Session, comparison: str) -> None:
    middle = instants.parse(_middle(session, "created_at"))
    assert middle is not None
    for days in (0, -3, 3):
        condition = Condition("created_at", comparison, (instants.moved(middle, timedelta(days)).date().isoformat(),))
        if any(sure(session, condition)(r) for r in found(session).records):
            expect_found(found(session), having(session, condition))


@pytest.mark.parametrize("name", TIMES)
@reading
@requirement("filter.range")
def test_two_bounds_leave_existing_contacts_between_them(session: Session, name: str) -> None:
    cohort = found(session)
    known = sorted((i, str(r[name])) for r in cohort.records if (i := instants.parse(r.get(name))) is not None)
    if len(known) < 4:
        raise NotShown(f"no four contacts that are there have a {name}")
    low, high = known[1][1], known[-2][1]
    expect_found(cohort, having(session, Condition(name, "gte", (low,)), Condition(name, "lte", (high,))))
    expect_found(cohort, having(session, Condition(name, "lt", (high,)), Condition(name, "gt", (low,))))


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "nin"])
@pytest.mark.parametrize("name", TIMES)
@reading
@requirement("filter.{operator}", "filter.notation")
def test_existing_contacts_are_filtered_by_instants(session: Session, judge: Judge, operator: str, name: str) -> None:
    middle = _middle(session, name)
    utc, east, _ = _ways(middle)
    for row, first in ((f"filter.{operator}", middle), ("filter.notation", east)):
        values = (first, "1999-12-31T23:59:59Z") if operator in ("in", "nin") else (first,)
        with judge(row):
            expect_found(found(session), having(session, Condition(name, operator, values)))
    assert utc


# Ids


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "nin"])
@pytest.mark.parametrize("name", ["owner_user_id", "assigned_user_id"])
@reading
@requirement("filter.{operator}")
def test_existing_contacts_are_filtered_by_ids_of_users(session: Session, operator: str, name: str) -> None:
    sample = session.sample()
    ids = sorted({str(r[name]) for r in sample.holding(name)})
    if not ids:
        raise NotShown(f"no contact that is there has an {name}")
    values = (ids[0], ids[0]) if operator == "in" else (ids[-1], ids[-1]) if operator == "nin" else (ids[0],)
    expect_found(found(session), having(session, Condition(name, operator, values)))


@pytest.mark.parametrize("operator", COMPARISONS)
@reading
@requirement("filter.comparison-on-ids")
def test_ids_of_users_of_existing_contacts_compare_as_numbers(session: Session, operator: str) -> None:
    for name in ("assigned_user_id", "owner_user_id"):
        for bound in {str(r[name]) for r in session.sample().holding(name)}:
            condition = Condition(name, operator, (bound,))
            truths = [sure(session, condition)(r) for r in found(session).records]
            if True in truths and False in truths:
                expect_found(found(session), having(session, condition, legal=False))
                return
    raise NotShown("no ids of users are there that compare")
