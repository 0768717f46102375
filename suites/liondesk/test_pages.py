"""Limiting and Pagination, Sorting: order, limit, skip and total of lists, over contacts that the checks create."""

from collections.abc import Sequence

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.checks import expect
from contacts_conformance.checks.marking import is_mark
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.oracle import operators, order
from contacts_conformance.providers import ORDER, Page
from contacts_conformance.providers.liondesk.queries import query_of
from contacts_conformance.verdicts.outcomes import Judge

from . import alone, ordered, past
from .ordered import SIZE
from .test_filters import cohort as filtered

pytestmark = in_cohort("lists")


def _seeded(session: Session, field: str = "") -> Cohort:
    """The shared contacts, which differ in every text but their mark; other ones where lists are ordered by that."""
    if is_mark(session, field):
        return alone.marking(session)
    return ordered.cohort(session)


def _lacks_order(session: Session) -> bool:
    """Whether the target was seen to answer no list in an order: what only wants one order does without."""
    return ORDER in session.account.lacks.missing


def _by_default(seeded: Cohort) -> list[str]:
    """The ids in the order in which a list shows them that asks for none."""
    first = seeded.contacts.list(seeded.asking(()))
    return seeded.contacts.ids(seeded.whole(seeded.asking(()), first).records)


def _page(session: Session, query: Query, field: str = "") -> tuple[Page, Answer]:
    return _page_of(_seeded(session, field), query)


def _page_of(seeded: Cohort, query: Query) -> tuple[Page, Answer]:
    """The page that a legal query answers, which has to succeed."""
    return _answered(seeded, query, seeded.narrowed(query))


def _answered(seeded: Cohort, query: Query, asked: Query) -> tuple[Page, Answer]:
    answer = seeded.contacts.send_list(asked)
    expect.success(answer, _parameters(query))
    return seeded.contacts.page(answer), answer


def _whole(seeded: Cohort, query: Query) -> tuple[Page, Answer]:
    """All of these contacts that a legal query lists, on so many pages as it takes."""
    asked = seeded.asking(query)
    page, answer = _answered(seeded, query, asked)
    return seeded.whole(asked, page), answer


def _parameters(query: Query) -> str:
    """The parameters of a query without their values."""
    return "&".join(dict.fromkeys(name for name, _ in query))


def _expect_sorted(seeded: Cohort, keys: order.Keys) -> None:
    """The whole list, sorted by these keys, holds every contact of the cohort in their order."""
    query = tuple((f"$sort[{field}]", str(direction)) for field, direction in keys)
    page, answer = _whole(seeded, query)
    sorts = "&".join(f"{name}={direction}" for name, direction in query)
    expect.same_contacts(seeded.contacts.ids(page.records), seeded.ids, sorts, answer)
    ordered.expect_order(seeded.contacts.account.contract, page.records, keys, sorts, answer)


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
def test_a_list_goes_upwards(field: Field, session: Session, judge: Judge) -> None:
    """A list that was asked for times shows it, too; where none did, or in another order, all are asked for, first."""
    shown = session.take(ordered.upwards(field.name))
    if shown is None or order.disorder(session.contract, shown.records, [(field.name, 1)]):
        _expect_sorted(_seeded(session, field.name), [(field.name, 1)])
    if shown is not None:
        judge.cite(shown.answer.exchange.id)
        about = f"$sort[{field}]=1, beside filters"
        ordered.expect_order(session.contract, shown.records, [(field.name, 1)], about, shown.answer)


@each(field=Contract.sortable_fields)
@requirement("sort.descending", "sort.before-limit")
def test_a_list_goes_downwards(field: Field, session: Session, judge: Judge) -> None:
    """It is asked for the first of them only; where that is answered wrongly, for all, which says what is broken."""
    seeded = _seeded(session, field.name)
    keys = [(field.name, -1)]
    if not seeded.is_found_alone:
        _expect_sorted(seeded, keys)
        return
    limit = len(seeded.ids) - 2
    query = (("$limit", str(limit)), (f"$sort[{field}]", "-1"))
    page, answer = _page_of(seeded, query)
    size = limit if page.limit is None else min(limit, page.limit)  # a service may have a largest page
    expected = ordered.values(order.ordered(session.contract, seeded.records, keys)[:size], keys)
    listed = {i: r for i, r in zip(seeded.ids, seeded.records, strict=True) if i in seeded.contacts.ids(page.records)}
    shown = ordered.values([listed.get(i, {}) for i in seeded.contacts.ids(page.records)], keys)
    if shown != expected:
        with judge("sort.descending"):
            _expect_sorted(seeded, keys)
    rows = ("sort.descending", "sort.before-limit") if shown == expected else ("sort.before-limit",)
    for row in rows if not judge.broken else ():
        with judge(row):
            expect.same_order(shown, expected, _parameters(query), answer)


@requirement("sort.several")
def test_a_later_key_orders_what_the_earlier_leaves_equal(session: Session) -> None:
    seeded = _seeded(session)
    for first, second in ((1, -1), (-1, 1)):
        _expect_sorted(seeded, [("spouse_name", first), ("last_name", second)])


@pytest.mark.parametrize("operator", operators.COMPARISONS)
@requirement("filter.comparison-on-text")
def test_comparisons_of_text_follow_the_alphabet(session: Session, operator: str) -> None:
    seeded = _seeded(session)
    word = f"{ordered.BEGINNING}birch"  # which one of them has
    condition = operators.Condition("last_name", operator, (word,))
    matching = seeded.contacts.ids(operators.matching(session.contract, seeded.records, [condition]))
    page, answer = _whole(seeded, query_of([condition]))
    listed = list(dict.fromkeys(seeded.contacts.ids(page.records)))
    names = {i: r.get("last_name") for i, r in zip(seeded.ids, seeded.records, strict=True)}
    expect.same_contacts(listed, matching, f"last_name[{operator}]={word}", answer, names=names)


@requirement("page.limit")
def test_a_limit_answers_so_many(session: Session) -> None:
    page, answer = _page(session, (("$limit", str(SIZE + 1)),))
    expect.equal(len(page.records), SIZE, f"contacts with $limit={SIZE + 1}", answer)
    page, answer = _page(session, (("$limit", "1"), ("$skip", "3")))
    expect.equal(len(page.records), 1, "contacts with $limit=1&$skip=3", answer)


@requirement("page.skip")
def test_a_skip_leaves_out_so_many(session: Session) -> None:
    seeded = _seeded(session)
    sort: Query = () if _lacks_order(session) else (("$sort[last_name]", "1"),)
    expected = _ordered_ids(seeded, [("last_name", 1)]) if sort else _by_default(seeded)
    for skip in (1, SIZE - 1):
        page, answer = _page(session, (("$skip", str(skip)), *sort))
        listed = seeded.contacts.ids(page.records)
        on_page = expected[skip : skip + session.account.lacks.page_size]
        _expect_in_order(seeded, "last_name", listed, on_page, f"$skip={skip}", answer)


@requirement("page.walk", "list.total", "list.echo")
def test_pages_hold_every_contact_once(session: Session, judge: Judge) -> None:
    seeded = _seeded(session)
    for size, direction in ((2, 1), (4, -1)):  # so that the third page has an order
        walked: list[str] = []
        sort: Query = () if _lacks_order(session) else (("$sort[email]", str(direction)),)
        pages: list[tuple[int, Page, Answer]] = []
        for skip in range(0, SIZE, size):
            page, answer = _page(session, (("$limit", str(size)), ("$skip", str(skip)), *sort))
            pages.append((skip, page, answer))
            walked += seeded.contacts.ids(page.records)
        expected = _ordered_ids(seeded, [("email", direction)])
        if not sort:
            walked, expected = sorted(walked), sorted(expected)
        with judge("page.walk"):
            _expect_in_order(seeded, "email", walked, expected, f"pages of {size}", answer)
        with judge("list.total"):
            for skip, page, answer in pages:
                expect.equal(page.total, SIZE, f"total of page {skip // size + 1} with $limit={size}", answer)
        with judge("list.echo"):
            for skip, page, answer in pages:
                expect.equal(page.limit, size, f"limit of page {skip // size + 1}", answer)
                expect.equal(page.skip, skip, f"skip of page {skip // size + 1}", answer)


def _crowd(session: Session) -> dict[str, str]:
    """Contacts that fill more than a page of the default size: by id, the company that marks them."""
    return {i: seeded.marks["company"] for seeded in (_seeded(session), filtered(session)) for i in seeded.ids}


@requirement("page.limit", "list.total")
def test_a_page_may_be_larger_than_that_of_the_default(session: Session, contacts: Contacts, judge: Judge) -> None:
    crowd = {} if session.account.lacks.missing else _crowd(session)
    if not crowd:
        raise NotVerified("lists cannot be narrowed to more contacts than a page of the default size holds")
    companies = tuple(("company[$in]", company) for company in dict.fromkeys(crowd.values()))
    for limit, skip in ((None, 0), (len(crowd) - 2, 1)):
        size: Query = () if limit is None else (("$limit", str(limit)),)
        paging = (*size, ("$skip", str(skip)), ("$sort[created_at]", "1"))

        answer = contacts.send_list((*companies, *paging))

        expect.success(answer, _parameters(paging))
        page = contacts.page(answer)
        with judge("list.total"):
            expect.equal(page.total, len(crowd), f"total with $limit={limit}", answer)
        with judge("page.limit"):
            left = len(crowd) - skip
            known = [n for n in (limit, page.limit) if n is not None]
            most = min(known or [PAGE_SIZE])  # a service may have a largest page
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
    sort: Query = () if _lacks_order(session) else (("$sort[email]", "1"),)
    for conditions in (other, either):
        seeded.contacts.need(query_of(conditions))
        matching = operators.matching(session.contract, seeded.records, conditions)
        expected = seeded.contacts.ids(order.ordered(session.contract, matching, [("email", 1)]))
        if not sort:
            expected = [i for i in _by_default(seeded) if i in expected]
        for skip in (0, 2):
            query = (*query_of(conditions), ("$limit", "2"), ("$skip", str(skip)), *sort)
            page, answer = _page_of(seeded, query)
            listed = seeded.contacts.ids(page.records)
            _expect_in_order(seeded, "email", listed, expected[skip : skip + 2], _parameters(query), answer)
            expect.equal(page.total, len(expected), "total", answer)


@requirement("page.past-the-end", "list.echo")
def test_a_page_past_the_end_is_empty(session: Session, judge: Judge) -> None:
    limit, skip = min(5, session.account.lacks.page_size), SIZE + 3

    seeded = _seeded(session)

    answer = seeded.contacts.send_list(seeded.narrowed((("$skip", str(skip)), ("$limit", str(limit)))))

    past.expect_empty(judge, seeded.contacts, answer, total=SIZE, limit=limit, skip=skip)


@requirement("page.limit-zero")
def test_a_limit_of_zero_counts(session: Session) -> None:
    page, answer = _page(session, (("$limit", "0"),))

    expect.equal(len(page.records), 0, "contacts with $limit=0", answer)
    expect.equal(page.total, SIZE, "total with $limit=0", answer)


@requirement("list.total")
def test_the_total_counts_every_match(session: Session) -> None:
    page, answer = _without_paging(session)
    expect.equal(page.total, SIZE, "total with no parameters", answer)
    one: list[Record] = list(_seeded(session).records[:1])
    page, answer = _page(session, (("last_name", str(one[0]["last_name"])), ("$limit", "5")))
    expect.equal(page.total, 1, "total with last_name", answer)


def _without_paging(session: Session) -> tuple[Page, Answer]:
    """The page of the shared contacts that states neither a limit nor a skip; asked for once in a run."""

    def ask() -> tuple[Page, Answer]:
        seeded = _seeded(session)
        return _answered(seeded, (), seeded.own)

    return session.once("without paging", ask)


@requirement("list.total")
def test_the_total_counts_more_than_a_page_holds(session: Session, contacts: Contacts) -> None:
    main = _seeded(session)
    least = len(main.ids) + len(_seeded(session, next(iter(main.marks))).ids)

    answer = contacts.send_list(session.provider.limiting(1))

    total = contacts.page(answer).total
    wanted = f"at least {least}, as many contacts as were created"
    enough = (total or 0) >= least
    expect.that(enough, wanted, expect.shown(total), about="total", observed="too small", shown_by=answer)


@requirement("list.defaults")
def test_the_page_states_its_defaults(session: Session) -> None:
    if (most := session.account.lacks.page_size) < PAGE_SIZE:
        raise NotVerified(f"no page holds more than {most} contacts, so that a default of {PAGE_SIZE} cannot be seen")

    page, answer = _without_paging(session)

    expect.equal(page.limit, 10, "limit", answer)
    expect.equal(page.skip, 0, "skip", answer)
