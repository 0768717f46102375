"""Sorting, Limiting and Pagination, of contacts that an account holds already: for runs that may not write."""

from collections.abc import Callable

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.account.sample import Sample, walked
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, reading, requirement
from contacts_conformance.checks.sampled import (
    asking,
    expect_each_once,
    expect_order,
    expect_total,
    quoted,
    renewed,
    steadily,
)
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers import Page
from contacts_conformance.providers.liondesk.queries import query_of
from contacts_conformance.verdicts.outcomes import Judge

from . import past
from .existing import Keys, anchor, compared, found, texts

TIMES = ("created_at", "modified_at")


def _sorts(keys: Keys) -> Query:
    return tuple((f"$sort[{name}]", str(direction)) for name, direction in keys)


@pytest.mark.parametrize("direction", [1, -1], ids=["ascending", "descending"])
@each(field=Contract.sortable_fields)
@reading
@requirement("sort.ascending", "sort.descending", "sort.before-limit")
def test_existing_contacts_are_sorted(field: Field, direction: int, session: Session, judge: Judge) -> None:
    keys = [(field.name, direction)]
    every = asking(_sorts(keys), lambda r: True, f"$sort[{field}]={direction}")
    with judge("sort.ascending" if direction > 0 else "sort.descending"):
        expect_order(found(session), every, compared(session, keys))
    if judge.broken:
        return
    most = len(found(session).ids) - 2
    first = asking((*_sorts(keys), ("$limit", str(most))), lambda r: True, f"$sort[{field}]={direction}&$limit")
    with judge("sort.before-limit"):
        expect_order(found(session), first, compared(session, keys), most=most)


@reading
@requirement("sort.several")
def test_a_later_key_orders_existing_contacts_that_the_earlier_leaves_equal(session: Session) -> None:
    names = [f.name for f in session.contract.sortable_fields]
    for first in names:
        for second in names:
            keys = [(first, 1), (second, -1)]
            decided = compared(session, keys)
            tied = compared(session, keys[:1])
            records = found(session).records
            if first != second and any(tied(a, b) == 0 and decided(a, b) for a in records for b in records):
                expect_order(found(session), asking(_sorts(keys), lambda r: True), decided)
                return
    raise NotShown("no two contacts that are there are alike in one text and differ in another")


def _steadily(session: Session, compare: Callable[[Cohort], None]) -> None:
    steadily(lambda: found(session), compare, lambda: renewed(found(session)))


def _page(cohort: Cohort, query: Query) -> tuple[Page, Answer]:
    asked = cohort.narrowed(query)
    answer = cohort.contacts.send_list(asked, quotes=quoted(asked))
    expect.success(answer, "&".join(dict.fromkeys(n for n, _ in query)))
    return cohort.contacts.page(answer), answer


def _in_order(session: Session) -> Query:
    """An order in which no two of the contacts are alike."""
    return _sorts([(anchor(session), 1)])


@reading
@requirement("page.limit", "list.echo", "list.total")
def test_a_limit_answers_so_many_existing_contacts(session: Session, judge: Judge) -> None:
    def compare(cohort: Cohort) -> None:
        for limit in (1, 3, len(cohort.ids) + 1):
            page, answer = _page(cohort, (("$limit", str(limit)),))
            with judge("page.limit"):
                expect.equal(len(page.records), min(limit, len(cohort.ids)), f"contacts with $limit={limit}", answer)
            with judge("list.echo"):
                expect.equal(page.limit, limit, "limit", answer)
            with judge("list.total"):
                expect.equal(page.total, len(cohort.ids), f"total with $limit={limit}", answer)

    _steadily(session, compare)


@reading
@requirement("page.skip", "list.echo", "list.total")
def test_a_skip_leaves_out_so_many_existing_contacts(session: Session, judge: Judge) -> None:
    def compare(cohort: Cohort) -> None:
        whole, _ = _page(cohort, _in_order(session))
        expected = cohort.contacts.ids(whole.records)
        for skip in (1, len(expected) - 1):
            page, answer = _page(cohort, (("$skip", str(skip)), *_in_order(session)))
            with judge("page.skip"):
                expect.same_order(cohort.contacts.ids(page.records), expected[skip:], f"$skip={skip}", answer)
            with judge("list.echo"):
                expect.equal(page.skip, skip, "skip", answer)
            with judge("list.total"):
                expect.equal(page.total, len(expected), f"total with $skip={skip}", answer)

    _steadily(session, compare)


@reading
@requirement("page.walk")
def test_pages_hold_existing_contacts_once(session: Session) -> None:
    def compare(cohort: Cohort) -> None:
        for size, sort in ((3, _in_order(session)), (2, _sorts([("created_at", -1)]))):
            walked_ids: list[str] = []
            for skip in range(0, len(cohort.ids), size):
                page, answer = _page(cohort, (("$limit", str(size)), ("$skip", str(skip)), *sort))
                walked_ids += cohort.contacts.ids(page.records)
            expect.same_contacts(walked_ids, cohort.ids, f"pages of {size}", answer)

    _steadily(session, compare)


@reading
@requirement("page.walk")
def test_the_pages_of_a_sorted_list_hold_no_contact_twice(session: Session) -> None:
    sort = _sorts([(anchor(session), 1)])
    expect_each_once(session.once("sorted sample", lambda: walked(session.contacts(), sort, most=50)))


@reading
@requirement("list.total")
def test_the_total_counts_all_existing_contacts(session: Session) -> None:
    expect_total(session.sample())


@reading
@requirement("list.echo", "page.limit")
def test_the_pages_state_what_was_asked_for(session: Session, judge: Judge) -> None:
    for turned in session.sample().pages:
        with judge("list.echo"):
            expect.equal(turned.page.limit, PAGE_SIZE, "limit", turned.answer)
            expect.equal(turned.page.skip, turned.skip, "skip", turned.answer)
        with judge("page.limit"):
            fits = len(turned.page.records) <= PAGE_SIZE
            expect.that(fits, f"{PAGE_SIZE} contacts at most", str(len(turned.page.records)), shown_by=turned.answer)


@reading
@requirement("page.limit")
def test_a_page_of_existing_contacts_may_be_larger(session: Session) -> None:
    def compare(sample: Sample) -> None:
        if len(sample.records) < PAGE_SIZE + 2:
            raise NotShown("there are too few contacts for a larger page")
        answer = sample.contacts.send_list((("$limit", str(PAGE_SIZE + 2)),))
        expect.success(answer, "$limit")
        page = sample.contacts.page(answer)
        most = min(PAGE_SIZE + 2, page.limit if page.limit is not None else PAGE_SIZE + 2)
        expect.equal(len(page.records), most, f"contacts on a page of {most}", answer)

    steadily(session.sample, compare, lambda: walked(session.contacts()))


@reading
@requirement("page.past-the-end", "list.echo", "page.limit-zero", "list.defaults")
def test_pages_beside_the_list_of_existing_contacts(session: Session, judge: Judge) -> None:
    def compare(cohort: Cohort) -> None:
        size = len(cohort.ids)
        asked = cohort.narrowed((("$skip", str(size + 3)), ("$limit", "5")))
        answer = cohort.contacts.send_list(asked, quotes=quoted(asked))
        past.expect_empty(judge, cohort.contacts, answer, total=size, limit=5, skip=size + 3)
        page, answer = _page(cohort, (("$limit", "0"),))
        with judge("page.limit-zero"):
            expect.equal(len(page.records), 0, "contacts with $limit=0", answer)
            expect.equal(page.total, size, "total with $limit=0", answer)
        page, answer = _page(cohort, ())
        with judge("list.defaults"):
            expect.equal(page.limit, PAGE_SIZE, "limit", answer)
            expect.equal(page.skip, 0, "skip", answer)

    _steadily(session, compare)


@reading
@requirement("filter.with-page")
def test_a_filter_and_a_page_work_together_on_existing_contacts(session: Session) -> None:
    def compare(cohort: Cohort) -> None:
        names = [f.name for f in session.contract.text_fields if f.name != anchor(session)]
        name = max(names, key=lambda n: len(texts(cohort.records, n)))
        left_out = texts(cohort.records, name)[:1]
        conditions = [Condition(name, "ne", tuple(left_out))]
        if not left_out:
            raise NotShown("no contact that is there has a text beside the one that finds it")
        whole, _ = _page(cohort, (*query_of(conditions), *_in_order(session)))
        expected = cohort.contacts.ids(whole.records)
        for skip in (0, 2):
            query = (*query_of(conditions), ("$limit", "2"), ("$skip", str(skip)), *_in_order(session))
            page, answer = _page(cohort, query)
            about = f"{name}[$ne]&$limit&$skip"
            expect.same_order(cohort.contacts.ids(page.records), expected[skip : skip + 2], about, answer)
            expect.equal(page.total, len(expected), "total", answer)

    _steadily(session, compare)
