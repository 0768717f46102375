"""Limiting and Pagination, Sorting: order, limit, skip and total of lists, over contacts that the checks create."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from contacts_conformance.account.contacts import Cohort, Contacts, seed
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.oracle import instants, operators, order
from contacts_conformance.providers import Page
from contacts_conformance.providers.liondesk.queries import query_of
from contacts_conformance.verdicts.outcomes import Judge

from .companies import companies

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


def _cohort(session: Session) -> Cohort:
    """Contacts that differ in every field, in another order for each; the marriages come in pairs.

    Of the times, several lie on the same day; written as they are sent they stand in another order.
    """
    shuffled = session.random("sort cohort")
    columns = {
        f.name: shuffled.sample([_value(f, i) for i in range(SIZE)], SIZE)
        for f in session.contract.text_fields
        if f.name != "company"
    }
    columns["spouse_name"] = [("oak", "pine", "teak")[i % 3] for i in range(SIZE)]
    hours = [5 * n for n in shuffled.sample(range(SIZE), SIZE)]
    columns["created_at"] = [_instant(2017, h, i) for i, h in enumerate(hours)]
    columns["modified_at"] = [_instant(2018, 100 - h, i) for i, h in enumerate(hours)]
    return seed(session.contacts(), [{n: column[i] for n, column in columns.items()} for i in range(SIZE)])


def _seeded(session: Session, field: str = "") -> Cohort:
    if field == "company":
        return companies(session)
    seeded: Cohort = session.once("sort cohort", lambda: _cohort(session))
    return seeded


def _page(session: Session, query: Query, field: str = "") -> tuple[Page, Answer]:
    return _page_of(_seeded(session, field), query)


def _page_of(seeded: Cohort, query: Query) -> tuple[Page, Answer]:
    """The page that a legal query answers, which has to succeed."""
    answer = seeded.contacts.send_list(seeded.narrowed(query))
    expect.success(answer, _parameters(query))
    return seeded.contacts.page(answer), answer


def _parameters(query: Query) -> str:
    """The parameters of a query without their values."""
    return "&".join(dict.fromkeys(name for name, _ in query))


def _expect_sorted(seeded: Cohort, keys: order.Keys) -> None:
    """The whole list, sorted by these keys, holds every contact of the cohort in their order."""
    query = tuple((f"$sort[{field}]", str(direction)) for field, direction in keys)
    page, answer = _page_of(seeded, query)
    sorts = "&".join(f"{name}={direction}" for name, direction in query)
    expect.same_contacts(seeded.contacts.ids(page.records), seeded.ids, sorts, answer)
    contract = seeded.contacts.account.contract
    expect.that(
        not order.disorder(contract, page.records, keys),
        f"in order, {expect.shown(_values(order.ordered(contract, page.records, keys), keys))}",
        expect.shown(_values(page.records, keys)),
        about=sorts,
        kind="order",
        observed="other order",
        shown_by=answer,
    )


def _values(records: Sequence[Record], keys: order.Keys) -> list[Json]:
    """What contacts have in the fields that they are sorted by."""
    names = [name for name, _ in keys]
    return [r.get(names[0]) if len(names) == 1 else [r.get(n) for n in names] for r in records]


def _ordered_ids(seeded: Cohort, keys: order.Keys) -> list[str]:
    return seeded.contacts.ids(order.ordered(seeded.contacts.account.contract, seeded.records, keys))


def _expect_in_order(
    seeded: Cohort, field: str, listed: Sequence[str], expected: Sequence[str], asked: str, answer: Answer
) -> None:
    """A list holds these contacts (ids) in this order; they are shown with their values of the field."""
    known = {i: r.get(field) for i, r in zip(seeded.ids, seeded.records, strict=True)}

    def with_values(ids: Sequence[str]) -> list[Json]:
        return [[i, known.get(i)] for i in ids]

    expect.same_order(with_values(listed), with_values(expected), asked, answer)


@each(field=Contract.sortable_fields)
@requirement("sort.ascending")
def test_a_list_goes_upwards(field: Field, session: Session) -> None:
    _expect_sorted(_seeded(session, field.name), [(field.name, 1)])


@each(field=Contract.sortable_fields)
@requirement("sort.descending")
def test_a_list_goes_downwards(field: Field, session: Session) -> None:
    _expect_sorted(_seeded(session, field.name), [(field.name, -1)])


@requirement("sort.several")
def test_a_later_key_orders_what_the_earlier_leaves_equal(session: Session) -> None:
    seeded = _seeded(session)
    for first, second in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        _expect_sorted(seeded, [("spouse_name", first), ("last_name", second)])


@requirement("sort.before-limit")
def test_contacts_are_ordered_before_they_are_limited(session: Session) -> None:
    seeded = _seeded(session)
    for field, direction in (("last_name", 1), ("last_name", -1), ("created_at", -1), ("email", 1)):
        if field == "created_at" and len({str(r.get(field)) for r in seeded.records}) < SIZE:
            continue
        page, answer = _page_of(seeded, (("$limit", "3"), (f"$sort[{field}]", str(direction))))
        expected = _ordered_ids(seeded, [(field, direction)])[:3]
        asked = f"$limit=3&$sort[{field}]={direction}"
        _expect_in_order(seeded, field, seeded.contacts.ids(page.records), expected, asked, answer)


@pytest.mark.parametrize("operator", operators.COMPARISONS)
@requirement("filter.comparison-on-text")
def test_comparisons_of_text_follow_the_alphabet(session: Session, operator: str) -> None:
    seeded = _seeded(session)
    condition = operators.Condition("last_name", operator, ("birch",))
    matching = seeded.contacts.ids(operators.matching(session.contract, seeded.records, [condition]))
    page, answer = _page_of(seeded, query_of([condition]))
    listed = list(dict.fromkeys(seeded.contacts.ids(page.records)))
    names = {i: r.get("last_name") for i, r in zip(seeded.ids, seeded.records, strict=True)}
    expect.same_contacts(listed, matching, f"last_name[{operator}]=birch", answer, names=names)


@requirement("page.limit")
def test_a_limit_answers_so_many(session: Session) -> None:
    for limit in (1, 5, SIZE + 1):
        page, answer = _page(session, (("$limit", str(limit)),))
        expect.equal(len(page.records), min(limit, SIZE), f"contacts with $limit={limit}", answer)
    page, answer = _page(session, (("$limit", "2"), ("$skip", "3")))
    expect.equal(len(page.records), 2, "contacts with $limit=2&$skip=3", answer)


@requirement("page.skip")
def test_a_skip_leaves_out_so_many(session: Session) -> None:
    seeded = _seeded(session)
    expected = _ordered_ids(seeded, [("last_name", 1)])
    for skip in (1, SIZE - 1):
        page, answer = _page(session, (("$skip", str(skip)), ("$sort[last_name]", "1")))
        listed = seeded.contacts.ids(page.records)
        _expect_in_order(seeded, "last_name", listed, expected[skip:], f"$skip={skip}", answer)


@requirement("page.walk", "list.total", "list.echo")
def test_pages_hold_every_contact_once(session: Session, judge: Judge) -> None:
    seeded = _seeded(session)
    for size, direction in ((3, 1), (2, -1)):
        walked: list[str] = []
        pages: list[tuple[int, Page, Answer]] = []
        for skip in range(0, SIZE, size):
            query = (("$limit", str(size)), ("$skip", str(skip)), ("$sort[email]", str(direction)))
            page, answer = _page(session, query)
            pages.append((skip, page, answer))
            walked += seeded.contacts.ids(page.records)
        expected = _ordered_ids(seeded, [("email", direction)])
        with judge("page.walk"):
            _expect_in_order(seeded, "email", walked, expected, f"pages of {size}", answer)
        with judge("list.total"):
            for skip, page, answer in pages:
                expect.equal(page.total, SIZE, f"total of page {skip // size + 1} with $limit={size}", answer)
        with judge("list.echo"):
            for skip, page, answer in pages:
                expect.equal(page.limit, size, f"limit of page {skip // size + 1}", answer)
                expect.equal(page.skip, skip, f"skip of page {skip // size + 1}", answer)


CROWD = 12
"""Contacts that fill more than a page of the default size, however few others this run has created yet."""


def _crowd(session: Session) -> dict[str, str]:
    """Contacts of the run that are as they were created, at least so many: by id, the company that marks them."""

    def alive() -> dict[str, str]:
        marked = [c for c in session.journal.creations if "company" in c.find]
        changed = {
            c.find["company"]
            for c in marked
            if c.identity != session.main_role or c.state != "created" or c.altered or len(c.find) > 1
        }
        crowd: dict[str, str] = {}
        for creation in marked:
            if creation.find["company"] not in changed and (
                len(crowd) < CROWD or creation.find["company"] in crowd.values()
            ):
                crowd[creation.id] = creation.find["company"]
        return crowd

    _seeded(session)
    while len(crowd := alive()) < CROWD:
        session.contacts().create()
    return crowd


@requirement("page.limit", "list.total")
def test_a_page_may_be_larger_than_that_of_the_default(session: Session, contacts: Contacts, judge: Judge) -> None:
    crowd = _crowd(session)
    companies = tuple(("company[$in]", company) for company in dict.fromkeys(crowd.values()))
    for limit, skip in ((len(crowd) + 1, 0), (len(crowd) - 1, 1)):
        paging = (("$limit", str(limit)), ("$skip", str(skip)), ("$sort[created_at]", "1"))

        answer = contacts.send_list((*companies, *paging))

        expect.success(answer, _parameters(paging))
        page = contacts.page(answer)
        with judge("list.total"):
            expect.equal(page.total, len(crowd), f"total with $limit={limit}", answer)
        with judge("page.limit"):
            left = len(crowd) - skip
            most = min(limit, page.limit if page.limit is not None else limit)  # a service may have a largest page
            expect.equal(len(page.records), min(left, most), f"contacts on a page of {most}", answer)
            expect.same_contacts(
                contacts.ids(page.records), [i for i in contacts.ids(page.records) if i in crowd], shown_by=answer
            )


@requirement("filter.with-page")
def test_a_filter_a_limit_and_a_skip_work_together(session: Session) -> None:
    seeded = _seeded(session)
    other = [operators.Condition("spouse_name", "ne", ("oak",))]
    one = next(str(r["last_name"]) for r in seeded.records if r["spouse_name"] == "teak")
    either = [
        operators.Condition("spouse_name", "in", ("oak", "teak")),
        operators.Condition("last_name", "ne", (one,)),
    ]
    for conditions in (other, either):
        matching = operators.matching(session.contract, seeded.records, conditions)
        expected = seeded.contacts.ids(order.ordered(session.contract, matching, [("email", 1)]))
        for skip in (0, 2):
            query = (
                *query_of(conditions),
                ("$limit", "2"),
                ("$skip", str(skip)),
                ("$sort[email]", "1"),
            )
            page, answer = _page_of(seeded, query)
            listed = seeded.contacts.ids(page.records)
            _expect_in_order(seeded, "email", listed, expected[skip : skip + 2], _parameters(query), answer)
            expect.equal(page.total, len(expected), "total", answer)


@requirement("operation.listContacts.accepts")
def test_plain_queries_are_carried_out(session: Session) -> None:
    for query in (
        (("$limit", "1"),),
        (("$sort[created_at]", "-1"), ("$limit", "2")),
        (("last_name", "elm"), ("first_name", "elm")),
        (("last_name[$in]", "elm"), ("last_name[$in]", "birch"), ("last_name[$in]", "fir")),
    ):
        _page(session, query)


@requirement("page.past-the-end")
def test_a_page_past_the_end_is_empty(session: Session) -> None:
    page, answer = _page(session, (("$skip", str(SIZE + 3)), ("$limit", "5")))

    expect.equal(len(page.records), 0, "contacts past the end", answer)
    expect.equal(page.total, SIZE, "total past the end", answer)


@requirement("page.limit-zero")
def test_a_limit_of_zero_counts(session: Session) -> None:
    page, answer = _page(session, (("$limit", "0"),))

    expect.equal(len(page.records), 0, "contacts with $limit=0", answer)
    expect.equal(page.total, SIZE, "total with $limit=0", answer)


@requirement("list.total")
def test_the_total_counts_every_match(session: Session) -> None:
    for query in ((), (("$skip", "3"),)):
        page, answer = _page(session, query)
        expect.equal(page.total, SIZE, f"total with {_parameters(query) or 'no parameters'}", answer)
    one: list[Record] = list(_seeded(session).records[:1])
    page, answer = _page(session, (("last_name", str(one[0]["last_name"])), ("$limit", "5")))
    expect.equal(page.total, 1, "total with last_name", answer)


@requirement("list.total")
def test_the_total_counts_more_than_a_page_holds(session: Session, contacts: Contacts) -> None:
    least = len(_seeded(session).ids) + len(_seeded(session, "company").ids)

    answer = contacts.send_list(session.provider.limiting(1))

    total = contacts.page(answer).total
    wanted = f"at least {least}, as many contacts as were created"
    enough = (total or 0) >= least
    expect.that(enough, wanted, expect.shown(total), about="total", observed="too small", shown_by=answer)


@requirement("list.echo")
def test_the_page_states_what_was_asked_for(session: Session) -> None:
    for limit, skip in ((10, 1), (5, SIZE)):
        page, answer = _page(session, (("$limit", str(limit)), ("$skip", str(skip))))
        expect.equal(page.limit, limit, "limit", answer)
        expect.equal(page.skip, skip, "skip", answer)


@requirement("list.defaults")
def test_the_page_states_its_defaults(session: Session) -> None:
    seeded = _seeded(session)

    answer = seeded.contacts.send_list(session.provider.mark_filter(seeded.marks))

    page = seeded.contacts.page(answer)
    expect.equal(page.limit, 10, "limit", answer)
    expect.equal(page.skip, 0, "skip", answer)
