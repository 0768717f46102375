"""Standard paging, order and selection, of contacts that an account holds already: for runs that may not write."""

from collections.abc import Callable

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.account.sample import Sample, walked
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, reading, requirement
from contacts_conformance.checks.sampled import (
    Asking,
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
from contacts_conformance.model import Query, Record
from contacts_conformance.providers import Page
from contacts_conformance.providers.sparkapi import code_of, envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import paged
from .existing import LARGEST, alike, compared, found, need_most_various, texts
from .test_pages import _expect_only_selected

MOST = 25


def _steadily(session: Session, compare: Callable[[Cohort], None]) -> None:
    steadily(lambda: found(session), compare, lambda: renewed(found(session)))


def _narrow(cohort: Cohort, query: Query) -> Query:
    """The filter that finds the contacts, with other parameters beside it."""
    return (*((n, v) for n, v in cohort.found_by if n == "_filter"), *query)


def _ask(cohort: Cohort, query: Query) -> tuple[Page, Answer]:
    asked = _narrow(cohort, query)
    answer = cohort.contacts.send_list(asked, quotes=quoted(asked))
    return asking.expect_page(cohort.contacts, answer, "&".join(n for n, _ in query)), answer


@reading
@requirement("list.plain", "list.without-parameters", "list.default-limit", "pagination.off")
def test_a_list_that_asks_for_nothing_shows_existing_contacts(session: Session, judge: Judge) -> None:
    contacts = session.contacts()
    answer = contacts.send("list")
    with judge("list.plain"):
        refused = answer.status == 400 and code_of(answer) == 1050
        expect.that(
            answer.succeeded or refused, "a success (2xx), or 400 with Code 1050", answer.status_line, kind="status",
            observed=str(answer.status), shown_by=answer,
        )  # fmt: skip
        if answer.succeeded and session.sample().records:
            asking.expect_contacts(contacts.page(answer), answer)
    with judge("list.without-parameters"):
        expect.success(answer)
    if not answer.succeeded:
        answer = contacts.send_list((("_page", "1"),))
    with judge("list.default-limit"):
        if len(session.sample().records) < 2 * PAGE_SIZE:
            raise NotShown("there are too few contacts to see how many a page holds")
        expect.equal(len(contacts.page(answer).records), PAGE_SIZE, "the number of contacts on the page", answer)
    with judge("pagination.off"):
        for plain in (answer, contacts.send_list((("_pagination", "0"),))):
            shown = (envelope(plain.json) or {}).get("Pagination")
            expect.that(
                shown is None, "no Pagination", expect.shown(shown), about="Pagination", observed="present",
                shown_by=plain,
            )  # fmt: skip


@reading
@requirement("page.limit", "page.above-the-limit", "page.limit-text", "page.limit-zero")
def test_a_limit_answers_so_many_existing_contacts(session: Session, judge: Judge) -> None:
    contacts = session.contacts()

    def compare(sample: Sample) -> None:
        for limit in (1, 7, MOST):
            if len(sample.records) < limit:
                continue
            answer = contacts.send_list((("_limit", str(limit)),))
            listed = contacts.ids(asking.expect_page(contacts, answer, "_limit").records)
            expect.equal(len(listed), limit, f"the number of contacts, _limit={limit}", answer)
            expect.equal(len(set(listed)), limit, f"the number of different contacts, _limit={limit}", answer)

    with judge("page.limit"):
        steadily(session.sample, compare, lambda: walked(contacts))
    above = contacts.send_list((("_limit", "100"),), legal=False)
    with judge("page.above-the-limit"):
        if above.succeeded:
            asking.expect_at_most(MOST, contacts.page(above), above, "_limit=100")
        else:
            expect.refusal(above, "_limit=100")
    with judge("page.limit-text"):
        expect.status(contacts.send_list((("_limit", "many"),), legal=False), 400)
    zero = contacts.send_list((("_limit", "0"),), legal=False)
    with judge("page.limit-zero"):
        _expect_no_contacts(session, zero)


def _expect_no_contacts(session: Session, answer: Answer) -> None:
    if answer.succeeded:
        page = session.contacts().page(answer)
        expect.same_contacts(session.contacts().ids(page.records), [], shown_by=answer)
    else:
        expect.refusal(answer)


@pytest.mark.parametrize(("size", "name", "direction"), [(3, "DisplayName", 1), (2, "PrimaryEmail", -1)])
@reading
@requirement("page.walk", "pagination.on", "pagination.arithmetic", "page.past-the-end", "pagination.count")
def test_pages_hold_existing_contacts_once(
    session: Session, judge: Judge, size: int, name: str, direction: int
) -> None:
    key = (name, direction)

    def compare(cohort: Cohort) -> None:
        count = len(cohort.ids)
        pages = -(-count // size)
        walked_ids: list[str] = []
        for number in range(1, pages + 1):
            window = (("_limit", str(size)), ("_page", str(number)), ("_pagination", "1"))
            page, answer = _ask(cohort, (*paged.orderby(key), *window))
            walked_ids += cohort.contacts.ids(page.records)
            about = f"page {number} of {size}"
            with judge("pagination.on"):
                paged.expect_pagination(answer, about, {"TotalRows": count})
            with judge("pagination.arithmetic"):
                paged.expect_pagination(answer, about, {"TotalPages": pages, "PageSize": size, "CurrentPage": number})
        with judge("page.walk"):
            expect.same_contacts(walked_ids, cohort.ids, f"pages of {size}", answer)
        past = _narrow(cohort, (("_limit", str(size)), ("_page", str(pages + 1))))
        with judge("page.past-the-end"):
            _expect_no_contacts(session, cohort.contacts.send_list(past, legal=False, quotes=quoted(past)))
        only = _narrow(cohort, (("_pagination", "count"),))
        counted = cohort.contacts.send_list(only, quotes=quoted(only))
        with judge("pagination.count"):
            expect.absent((envelope(counted.json) or {}).get("Results"), "Results", counted)
            expect.equal(asking.total_rows(counted), count, "TotalRows", counted)

    _steadily(session, compare)


@reading
@requirement("page.walk")
def test_the_pages_of_the_whole_list_hold_no_contact_twice(session: Session) -> None:
    query = paged.orderby(("PrimaryEmail", 1))
    expect_each_once(session.once("ordered sample", lambda: walked(session.contacts(), query, most=50)))


@reading
@requirement("pagination.on")
def test_the_total_counts_all_existing_contacts(session: Session) -> None:
    expect_total(session.sample())


# Order


@pytest.mark.parametrize("direction", [1, -1], ids=["ascending", "descending"])
@each(field=Contract.searchable_fields)
@reading
@requirement("order.ascending", "order.descending", "order.before-page")
def test_existing_contacts_are_ordered(field: Field, direction: int, session: Session, judge: Judge) -> None:
    if not field.is_text or field.name in ("Id", "PortalLoginName") or len(texts(session, field.name)) < 2:
        raise NotShown(f"no two contacts that are there differ in {field}, in texts that have an order")
    need_most_various(session, field.name)
    key = (field.name, direction)
    order = compared(key)
    with judge("order.ascending" if direction > 0 else "order.descending"):
        query = _narrow(found(session), (*paged.orderby(key), *LARGEST))
        expect_order(found(session), Asking(query, lambda r: True, paged.orderby(key)[0][1], {}, is_narrow=True), order)
    if judge.broken:
        return
    most = len(found(session).ids) - 2
    with judge("order.before-page"):
        query = _narrow(found(session), (*paged.orderby(key), ("_limit", str(most))))
        asked = Asking(query, lambda r: True, f"{paged.orderby(key)[0][1]} and _limit", {}, is_narrow=True)
        expect_order(found(session), asked, order, most=most)


@reading
@requirement("order.several")
def test_a_later_attribute_orders_existing_contacts_that_the_earlier_leaves_equal(session: Session) -> None:
    names = [f.name for f in session.contract.searchable_fields if f.is_text and f.name != "Id"]
    records = alike(session).records
    for first in names:
        for second in names:
            tied, decided = compared((first, 1)), compared((first, 1), (second, -1))
            if first != second and any(tied(a, b) == 0 and decided(a, b) for a in records for b in records):
                order = paged.orderby((first, 1), (second, -1))
                query = _narrow(alike(session), (*order, *LARGEST))
                asked = Asking(query, lambda r: True, order[0][1], {}, is_narrow=True)
                expect_order(alike(session), asked, decided)
                return
    raise NotShown("no two contacts that are there are alike in one attribute and differ in another")


# Selection


@reading
@requirement("select.only", "select.keeps-id", "select.on-read", "list.together")
def test_existing_contacts_show_what_is_selected(session: Session, judge: Judge) -> None:
    selected = ("GivenName", "DisplayName", "Tags")
    select = ("_select", ",".join(selected))

    def compare(cohort: Cohort) -> None:
        known = dict(zip(cohort.ids, cohort.records, strict=True))
        page, answer = _ask(cohort, (select, *LARGEST))
        with judge("select.only"):
            _expect_selected(page.records, known)
            for record in page.records:
                _expect_only_selected(record, selected, answer)
        with judge("select.keeps-id"):
            for record in page.records:
                expect.present(session.provider.id_of(record), "Id", answer)
        contact = cohort.ids[0]
        read = cohort.contacts.send_read(contact, query=(select,))
        with judge("select.on-read"):
            shown = session.provider.record(read) or {}
            whole = cohort.contacts.read(contact)
            for name in selected:
                expect.equal(shown.get(name), whole.get(name), name, read)
            _expect_only_selected(shown, selected, read)
        together = (select, ("_limit", "3"), ("_page", "2"), ("_pagination", "1"), *paged.orderby(("DisplayName", 1)))
        page, answer = _ask(cohort, together)
        with judge("list.together"):
            expect.equal(len(page.records), min(3, len(cohort.ids) - 3), "the number on the second page", answer)
            expect.equal(asking.total_rows(answer), len(cohort.ids), "TotalRows", answer)
            for record in page.records:
                _expect_only_selected(record, selected, answer)

    def _expect_selected(records: tuple[Record, ...], known: dict[str, Record]) -> None:
        for record in records:
            whole = known.get(session.provider.id_of(record) or "", record)
            for name in (n for n in selected if n in whole):  # without a selection, a list may show less
                expect.equal(record.get(name), whole[name], name)

    _steadily(session, compare)
