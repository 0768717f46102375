"""Limiting and Pagination, Sorting: order, limit, skip and total of lists, over contacts that the checks create."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts_conformance.account.contacts import Cohort, Contacts, seed
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.model import Query, Record
from contacts_conformance.oracle import instants, operators, order
from contacts_conformance.providers import Page
from contacts_conformance.providers.liondesk.queries import query_of, spelled

WORDS = ("elm", "birch", "fir", "amber", "grove", "dogwood", "cedar")
SIZE = len(WORDS)


def _value(field: Field, index: int) -> str:
    """Texts whose order every collation agrees on: lower-case letters that differ in the first, or as many digits."""
    match field.shape:
        case "email":
            return f"{WORDS[index]}@sort.example.com"
        case "phone":
            return f"202-555-01{10 + index * 3 % SIZE}"
        case "date":
            return f"19{60 + index * 3 % SIZE}-05-17"
        case _:
            return WORDS[index]


def _instant(year: int, hours: int, notation: int) -> str:
    """So many hours after a day of that year began, in one of the notations of the page."""
    instant = datetime(year, 4, 3, tzinfo=UTC) + timedelta(hours=hours)
    return (instants.utc(instant), instants.at_offset(instant, -7), instants.at_offset(instant, 5.5))[notation % 3]


def _cohort(session: Session, without: str) -> Cohort:
    """Contacts that differ in every field, in another order for each; the marriages come in pairs.

    Of the times, several lie on the same day; written as they are sent they stand in another order.
    """
    shuffled = session.random("sort cohort")
    if without == "tags":
        return seed(session.contacts(), [{"company": w} for w in WORDS[:4]])
    columns = {
        f.name: shuffled.sample([_value(f, i) for i in range(SIZE)], SIZE)
        for f in session.contract.text_fields
        if f.name != without
    }
    columns["spouse_name"] = [("oak", "pine", "teak")[i % 3] for i in range(SIZE)]
    hours = [5 * n for n in shuffled.sample(range(SIZE), SIZE)]
    columns["created_at"] = [_instant(2017, h, i) for i, h in enumerate(hours)]
    columns["modified_at"] = [_instant(2018, 100 - h, i) for i, h in enumerate(hours)]
    return seed(session.contacts(), [{n: column[i] for n, column in columns.items()} for i in range(SIZE)])


def _about(session: Session, field: str = "") -> Cohort:
    mark = "tags" if field == "company" else "company"
    found: Cohort = session.once(f"sort cohort but {mark}", lambda: _cohort(session, mark))
    return found


def _page(session: Session, query: Query, field: str = "") -> Page:
    return _ask(_about(session, field), query)


def _ask(about: Cohort, query: Query) -> Page:
    """The page that a legal query answers; a refusal fails."""
    answer = about.contacts.send_list(about.narrowed(query))
    assert answer.succeeded, answer
    return about.contacts.page(answer)


def _all(page: Page, about: Cohort) -> None:
    found = about.contacts.ids(page.records)
    assert sorted(found) == sorted(about.ids), f"the list has {len(found)} of {len(about.ids)} contacts: {found}"


def _sorted(session: Session, field: Field, direction: int) -> None:
    page = _page(session, ((f"$sort[{field}]", str(direction)),), field.name)
    _all(page, _about(session, field.name))
    wrong = order.disorder(session.contract, page.records, [(field.name, direction)])
    assert not wrong, f"$sort[{field}]={direction}: {wrong}"


def _rows(about: Cohort, keys: order.Keys) -> list[str]:
    account = about.contacts.account
    return about.contacts.ids(order.ordered(account.contract, about.records, keys))


@each(field=Contract.sortable_fields)
@requirement("sort.ascending")
def test_a_list_goes_upwards(field: Field, session: Session) -> None:
    _sorted(session, field, 1)


@each(field=Contract.sortable_fields)
@requirement("sort.descending")
def test_a_list_goes_downwards(field: Field, session: Session) -> None:
    _sorted(session, field, -1)


@requirement("sort.several")
def test_a_later_key_orders_what_the_earlier_leaves_equal(session: Session) -> None:
    about = _about(session)
    for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        query = (("$sort[spouse_name]", str(first)), ("$sort[last_name]", str(second)))
        page = _ask(about, query)
        _all(page, about)
        wrong = order.disorder(session.contract, page.records, [("spouse_name", first), ("last_name", second)])
        assert not wrong, f"{query}: {wrong}"


@requirement("sort.before-limit")
def test_contacts_are_ordered_before_they_are_limited(session: Session) -> None:
    about = _about(session)
    for field, direction in (("last_name", 1), ("last_name", -1), ("created_at", -1), ("email", 1)):
        if field == "created_at" and len({r.get(field) for r in about.records}) < SIZE:
            continue
        page = _ask(about, (("$limit", "3"), (f"$sort[{field}]", str(direction))))
        found = about.contacts.ids(page.records)
        expected = _rows(about, [(field, direction)])[:3]
        assert found == expected, f"the first three by {field} ({direction}) are {expected}, not {found}"


@pytest.mark.parametrize("operator", operators.COMPARISONS)
@requirement("filter.comparison-on-text")
def test_comparisons_of_text_follow_the_alphabet(session: Session, operator: str) -> None:
    about = _about(session)
    for bound in ("birch", "echo"):
        condition = operators.Condition("last_name", operator, (bound,))
        expected = set(about.contacts.ids(operators.matching(session.contract, about.records, [condition])))
        found = set(about.contacts.ids(_ask(about, query_of([condition])).records))
        assert found == expected, f"{spelled([condition])}: missing {expected - found}, too many {found - expected}"


@requirement("page.limit")
def test_a_limit_answers_so_many(session: Session) -> None:
    for limit in (1, 5, SIZE + 1):
        page = _page(session, (("$limit", str(limit)),))
        expected = min(limit, SIZE)
        assert len(page.records) == expected, f"$limit={limit} of {SIZE} answers {len(page.records)} contacts"
    page = _page(session, (("$limit", "2"), ("$skip", "3")))
    assert len(page.records) == 2, f"$limit=2&$skip=3 of {SIZE} answers {len(page.records)} contacts"


@requirement("page.skip")
def test_a_skip_leaves_out_so_many(session: Session) -> None:
    about = _about(session)
    expected = _rows(about, [("last_name", 1)])
    for skip in (0, 1, 3, SIZE - 1):
        page = _page(session, (("$skip", str(skip)), ("$sort[last_name]", "1")))
        found = about.contacts.ids(page.records)
        assert found == expected[skip:], f"$skip={skip} answers {found} of {expected}"


@requirement("page.walk")
def test_pages_hold_every_contact_once(session: Session) -> None:
    about = _about(session)
    for size, direction in ((3, 1), (2, -1)):
        walked: list[str] = []
        for skip in range(0, SIZE, size):
            query = (("$limit", str(size)), ("$skip", str(skip)), ("$sort[email]", str(direction)))
            walked += about.contacts.ids(_page(session, query).records)
        expected = _rows(about, [("email", direction)])
        assert walked == expected, f"pages of {size} hold {walked}, in order it is {expected}"


@requirement("filter.with-page")
def test_a_filter_a_limit_and_a_skip_work_together(session: Session) -> None:
    about = _about(session)
    other = [operators.Condition("spouse_name", "ne", ("oak",))]
    one = next(str(r["last_name"]) for r in about.records if r["spouse_name"] == "teak")
    either = [
        operators.Condition("spouse_name", "in", ("oak", "teak")),
        operators.Condition("last_name", "ne", (one,)),
    ]
    for conditions in (other, either):
        matching = operators.matching(session.contract, about.records, conditions)
        expected = about.contacts.ids(order.ordered(session.contract, matching, [("email", 1)]))
        for skip in (0, 2):
            query = (
                *query_of(conditions),
                ("$limit", "2"),
                ("$skip", str(skip)),
                ("$sort[email]", "1"),
            )
            page = _ask(about, query)
            found = about.contacts.ids(page.records)
            assert found == expected[skip : skip + 2], f"{query} answers {found} of {expected}"
            assert page.total == len(expected), f"{query}: the total is {page.total}, not {len(expected)}"


@requirement("operation.listContacts.accepts")
def test_plain_queries_are_carried_out(session: Session) -> None:
    for query in (
        (("$limit", "1"),),
        (("$limit", "10"), ("$skip", "1")),
        (("$sort[created_at]", "-1"), ("$limit", "2")),
        (("last_name", "elm"), ("first_name", "elm")),
        (("last_name[$in]", "elm"), ("last_name[$in]", "birch"), ("last_name[$in]", "fir")),
    ):
        _page(session, query)


@requirement("page.past-the-end")
def test_a_page_past_the_end_is_empty(session: Session) -> None:
    page = _page(session, (("$skip", str(SIZE + 3)), ("$limit", "5")))

    assert not page.records, f"past the end there are {len(page.records)} contacts"
    assert page.total == SIZE, f"past the end the total is {page.total}, not {SIZE}"


@requirement("page.limit-zero")
def test_a_limit_of_zero_counts(session: Session) -> None:
    page = _page(session, (("$limit", "0"),))

    assert not page.records, f"$limit=0 answers {len(page.records)} contacts"
    assert page.total == SIZE, f"the total is {page.total}, not {SIZE}"


@requirement("list.total")
def test_the_total_counts_every_match(session: Session) -> None:
    for query in (
        (),
        (("$limit", "2"),),
        (("$limit", "2"), ("$skip", "2")),
        (("$skip", "3"),),
        (("$limit", "1"), ("$skip", "6")),
    ):
        page = _page(session, query)
        assert page.total == SIZE, f"with {dict(query)} the total is {page.total}, not {SIZE}"
    one: list[Record] = list(_about(session).records[:1])
    page = _page(session, (("last_name", str(one[0]["last_name"])), ("$limit", "5")))
    assert page.total == 1, f"with a filter that one contact matches the total is {page.total}"


@requirement("list.total")
def test_the_total_counts_more_than_a_page_holds(session: Session, contacts: Contacts) -> None:
    least = len(_about(session).ids) + len(_about(session, "company").ids)

    page = contacts.list(session.provider.limiting(1))

    assert (page.total or 0) >= least, f"of at least {least} contacts the total counts {page.total}"


@requirement("list.echo")
def test_the_page_states_what_was_asked_for(session: Session) -> None:
    for limit, skip in ((2, 0), (3, 2), (10, 1), (5, SIZE)):
        page = _page(session, (("$limit", str(limit)), ("$skip", str(skip))))
        assert (page.limit, page.skip) == (limit, skip), (
            f"$limit={limit}&$skip={skip} is answered with limit {page.limit} and skip {page.skip}"
        )


@requirement("list.defaults")
def test_the_page_states_its_defaults(session: Session) -> None:
    about = _about(session)

    page = about.contacts.list(session.provider.mark_filter(about.marks))

    assert (page.limit, page.skip) == (10, 0), f"without a limit and a skip these are {page.limit} and {page.skip}"
