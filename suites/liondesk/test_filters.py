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

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field, samples
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.oracle import operators
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers import ANY_OF
from contacts_conformance.providers.liondesk.queries import query_of

SIZE = 8


def _values(field: Field) -> list[str]:
    """One value, a longer one that begins alike, a shorter one, one that ends alike, and one of its own."""
    match field.shape:
        case "email":
            return [f"{n}@filter.example.com" for n in ("amber", "amberly", "amb", "camber")] + [
                "birch@filter.example.net"
            ]
        case "phone":
            return ["202-555-0110", "202-555-0111", "202-555-0100", "303-555-0110", "404-555-0199"]
        case "date":
            return ["1955-10-28", "1955-10-29", "1955-01-28", "1956-10-28", "1970-01-01"]
        case _:
            return ["amber", "amberly", "amb", "camber", "birch"]


def _more(field: Field, order: random.Random) -> list[str]:
    """Three values more: repeated ones, but for addresses and numbers, which a service may want to be unique."""
    match field.shape:
        case "email":
            return [f"{n}@filter.example.com" for n in ("iris", "juniper", "kelp")]
        case "phone":
            return ["505-555-0121", "505-555-0122", "505-555-0123"]
        case _:
            return order.sample(_values(field)[:3], 3)


def _cohort(session: Session, fields: Sequence[Field], size: int) -> Cohort:
    """So many contacts that hold every value of every field, in another order for each."""
    order = session.random("filter cohort")
    columns = {f.name: [*order.sample(_values(f), 5), *_more(f, order)] for f in fields}
    rows: list[dict[str, Any]] = [{n: column[i] for n, column in columns.items()} for i in range(size)]
    return seed(session.contacts(), rows)


def cohort(session: Session, *fields: str) -> Cohort:
    """The shared contacts, which hold every text but their mark; fewer ones where that is filtered on itself."""
    (mark,) = session.contacts().marks()
    if mark in fields:
        narrow: Cohort = session.once(
            "filter cohort of the mark", lambda: _cohort(session, [session.contract.field(mark)], 5)
        )
        return narrow
    others = [f for f in session.contract.text_fields if f.name != mark]
    seeded: Cohort = session.once("filter cohort", lambda: _cohort(session, others, SIZE))
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
    expect_filtered(session, [Condition(field.name, "eq", (_values(field)[0],))])


@each(field=Contract.text_fields)
@requirement("filter.ne")
def test_inequality_leaves_what_has_another_value(field: Field, session: Session) -> None:
    expect_filtered(session, [Condition(field.name, "ne", (_values(field)[0],))])


@each(field=Contract.text_fields)
@requirement("filter.in")
def test_inclusion_leaves_what_has_one_of_the_values(field: Field, session: Session) -> None:
    _, _, shorter, _, other = _values(field)

    expect_filtered(session, [Condition(field.name, "in", (shorter, other))])


@each(field=Contract.text_fields)
@requirement("filter.nin")
def test_exclusion_leaves_what_has_none_of_the_values(field: Field, session: Session) -> None:
    one, *_, other = _values(field)

    expect_filtered(session, [Condition(field.name, "nin", (one, other))])


@requirement("filter.in")
def test_inclusion_takes_three_values_and_one_that_nobody_has(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "in", ("amb", "nobody", "birch", "amberly"))])


@requirement("filter.nin")
def test_exclusion_takes_three_values_and_one_that_nobody_has(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "nin", ("amb", "nobody", "amberly"))])


@requirement("filter.eq")
def test_equality_with_what_nobody_has_leaves_nothing(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "eq", ("ambe",))])


@requirement("filter.in-single")
def test_inclusion_takes_a_single_value(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "in", ("amber",))], legal=False)


@requirement("filter.nin-single")
def test_exclusion_takes_a_single_value(session: Session) -> None:
    expect_filtered(session, [Condition("last_name", "nin", ("amber",))], legal=False)


@requirement("filter.eq-and")
def test_two_fields_both_have_to_hold(session: Session) -> None:
    expect_filtered(session, [Condition("first_name", "eq", ("amber",)), Condition("last_name", "eq", ("amber",))])
    row = cohort(session).records[0]
    expect_filtered(session, [Condition(n, "eq", (str(row[n]),)) for n in ("first_name", "last_name", "email")])


def _are(*conditions: tuple[str, str, *tuple[str, ...]]) -> list[Condition]:
    return [Condition(field, operator, tuple(values)) for field, operator, *values in conditions]


COMBINED = {
    "ne-and-ne": _are(("first_name", "ne", "amber"), ("last_name", "ne", "birch")),
    "ne-and-in": _are(("first_name", "ne", "amber"), ("last_name", "in", "amber", "amb")),
    "in-and-nin": _are(
        ("email", "in", "amber@filter.example.com", "amb@filter.example.com"),
        ("fax", "nin", "202-555-0110", "404-555-0199"),
    ),
    "in-and-ne-on-one-field": _are(("last_name", "in", "amber", "amb"), ("last_name", "ne", "amb")),
    "nin-and-eq": _are(("spouse_name", "nin", "amber", "amb"), ("spouse_email", "eq", "birch@filter.example.net")),
    "three-fields": _are(
        ("home_phone", "ne", "202-555-0110"),
        ("office_phone", "ne", "202-555-0110"),
        ("mobile_phone", "in", "202-555-0110", "202-555-0100", "404-555-0199"),
    ),
}


@pytest.mark.parametrize("conditions", COMBINED.values(), ids=COMBINED.keys())
@requirement("filter.combined")
def test_operators_combine(session: Session, conditions: list[Condition]) -> None:
    expect_filtered(session, conditions)


@requirement("filter.unencoded")
def test_brackets_and_dollar_signs_may_be_sent_as_they_are(session: Session) -> None:
    operator = "nin" if ANY_OF in session.account.lacks.missing else "in"
    expect_filtered(session, [Condition("last_name", operator, ("amber", "amb"))], plain="$[]@")


def _by_user(session: Session, condition: Condition) -> None:
    def assigned() -> Cohort:
        users = [shares.user_id(session, r) for r in ("assignee", "teammate")]
        return seed(session.contacts(), [{"assigned_user_id": round_trip.as_id(u)} for u in (*users, users[0])])

    seeded = session.once("assigned cohort", assigned)
    answer = seeded.contacts.send_list(seeded.asking(query_of([condition])))
    expect_matching_contacts(session, seeded, [condition], answer)


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "nin"])
@requirement("filter.{operator}")
def test_users_are_filtered_by_their_ids(session: Session, operator: str) -> None:
    user = shares.user_id(session, "assignee")
    values = (user, shares.user_id(session, "outsider")) if operator in ("in", "nin") else (user,)

    _by_user(session, Condition("assigned_user_id", operator, values))


@requirement("filter.eq")
def test_the_owner_is_filtered_by_id(session: Session, contacts: Contacts) -> None:
    seeded = cohort(session)
    owner = str(seeded.records[0].get("owner_user_id"))
    if owner in ("None", ""):
        raise NotVerified("the contacts show no owner to filter by")
    answer = contacts.send_list(seeded.asking((("owner_user_id", owner),)))
    expect_matching_contacts(session, seeded, [Condition("owner_user_id", "eq", (owner,))], answer)


@requirement("text.found")
def test_a_contact_is_found_by_each_of_its_texts(session: Session, contacts: Contacts) -> None:
    without = {*contacts.marks(without=["company"]), *session.account.lacks.missing}
    fields = [f for f in session.contract.text_fields if f.name not in without]
    values: dict[str, Any] = {
        f.name: samples.text(f, session.number()) + ("" if f.shape else " Zoë 林徽因") for f in fields
    }
    contact = contacts.create(contacts.marks(without=values), **values)

    answer = contacts.send_list((*session.provider.mark_filter(contact.marks), *values.items()))

    expect.same_contacts(contacts.ids(contacts.page(answer).records), [contact.id], shown_by=answer)


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


def _generated(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        phases=[hypothesis.Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


@requirement("filter.combined")
def test_random_queries_agree_with_the_oracle(session: Session) -> None:
    @_generated(12)
    @hypothesis.given(conditions=_random_conditions(session.contract))
    def test(conditions: list[Condition]) -> None:
        if not session.contacts().lacking(query_of(conditions)):
            expect_filtered(session, conditions, about="a random query")

    test()


@requirement("filter.combined")
def test_random_contacts_and_queries_agree_with_the_oracle(session: Session) -> None:
    def column(name: str) -> st.SearchStrategy[str]:
        return st.sampled_from(_values(session.contract.field(name)))

    names = [n for n in FIELDS if not session.contract.field(n).shape]
    rows = st.lists(st.fixed_dictionaries({n: column(n) for n in names}), min_size=3, max_size=5)
    queries = st.lists(_random_conditions(session.contract, names), min_size=4, max_size=6)

    @_generated(1)
    @hypothesis.given(rows=rows, queries=queries)
    def test(rows: list[dict[str, str]], queries: list[list[Condition]]) -> None:
        seeded = seed(session.contacts(), rows)
        for conditions in queries:
            if seeded.contacts.lacking(query_of(conditions)):
                continue
            answer = seeded.contacts.send_list(seeded.asking(query_of(conditions)))
            expect_matching_contacts(session, seeded, conditions, answer, about="a random query")

    test()
