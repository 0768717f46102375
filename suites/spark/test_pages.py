"""Standard search and paging, Standard selection: limits, pages, order and selected fields of a list."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer, Request
from contacts_conformance.model import Query, Record
from contacts_conformance.providers.sparkapi import code_of, envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import paged

pytestmark = in_cohort("lists")

VOW = "VowActive"
SINGLY = (("PrimaryEmail", 1, ""), ("DisplayName", -1, "public"), ("FamilyName", -1, ""))


@requirement("list.plain", "list.without-parameters", "list.default-limit", "pagination.off")
def test_a_list_that_asks_for_nothing_is_answered(session: Session, judge: Judge) -> None:
    contacts = paged.cohort(session).contacts

    answer = contacts.send("list")

    with judge("list.plain"):
        expect.that(
            answer.succeeded or (answer.status == 400 and code_of(answer) == 1050),
            "a success (2xx), or 400 with Code 1050",
            f"{answer.status} with Code {expect.shown(code_of(answer))}",
            kind="status",
            observed=str(answer.status),
            shown_by=answer,
        )
        if answer.succeeded:
            asking.expect_contacts(contacts.page(answer), answer)
    with judge("list.without-parameters"):
        expect.success(answer)
    if not answer.succeeded:
        answer = contacts.send_list((("_page", "1"),))
    with judge("list.default-limit"):
        if (most := session.account.lacks.page_size) < PAGE_SIZE:
            raise NotVerified(f"no page holds more than {most} contacts, so that a default of {PAGE_SIZE} is not seen")
        expect.equal(len(contacts.page(answer).records), 10, "the number of contacts on the page", answer)
    with judge("pagination.off"):
        for plain in (answer, paged.ask(session, (("_pagination", "0"),))):
            inner = envelope(plain.json) or {}
            expect.that(
                "Pagination" not in inner,
                "no Pagination",
                expect.shown(inner.get("Pagination")),
                about="Pagination",
                observed="present",
                shown_by=plain,
            )


@requirement("page.limit")
def test_a_limit_answers_so_many(session: Session) -> None:
    for limit in (1, paged.LARGEST):
        listed, answer = paged.ids(session, (("_limit", str(limit)),))
        expect.equal(len(listed), min(limit, paged.SIZE), f"the number of contacts, _limit={limit}", answer)
        expect.equal(len(set(listed)), len(listed), f"the number of different contacts, _limit={limit}", answer)


@requirement("page.above-the-limit", "page.limit", "page.walk", "pagination.on", "pagination.arithmetic")
def test_no_page_holds_more_than_the_largest(session: Session, judge: Judge) -> None:
    cohort = paged.cohort(session)
    with session.undisturbed():
        _expect_largest(session, judge, cohort)


def _expect_largest(session: Session, judge: Judge, cohort: Cohort) -> None:
    own: Query = (("_filter", f"Tags Eq '{session.tag}*'"),)
    total = asking.total_rows(cohort.contacts.send_list((*own, ("_pagination", "1")))) or 0
    if not total:  # wildcards may not work on lists: the whole account, then
        own = ()
        total = asking.total_rows(cohort.contacts.send_list((("_pagination", "1"),))) or 0
    session.several("a page and more", max(0, paged.LARGEST + 2 - total))

    answer = cohort.contacts.send_list((*own, ("_limit", "100")), legal=False)
    session.wait_for_lists()
    whole: Query = (*own, ("_limit", str(paged.LARGEST)), ("_pagination", "1"))
    largest = cohort.contacts.send_list(whole)

    with judge("page.above-the-limit"):
        if answer.succeeded:
            page = cohort.contacts.page(answer)
            asking.expect_contacts(page, answer, "_limit=100")
            asking.expect_at_most(paged.LARGEST, page, answer, "_limit=100")
        else:
            expect.refusal(answer, "_limit=100")
    with judge("page.limit"):
        listed = cohort.contacts.ids(cohort.contacts.page(largest).records)
        expect.equal(len(set(listed)), paged.LARGEST, f"the number of contacts, _limit={paged.LARGEST}", largest)
    if own:
        _expect_long_list_counted(session, judge, whole, largest)


def _expect_long_list_counted(session: Session, judge: Judge, query: Query, first: Answer) -> None:
    """Expects of a list of the run's own contacts, which fill a page and more, that its pages hold each of them once,
    as many as the first one counts."""
    contacts = paged.cohort(session).contacts
    shown, total = [*contacts.page(first).records], asking.total_rows(first) or 0
    pages = -(-total // paged.LARGEST)
    with judge("pagination.on"):
        expect.that(
            total > paged.LARGEST,
            f"more than {paged.LARGEST}, which fill a page and more",
            str(total),
            about="TotalRows of a long list",
            observed="too small",
            shown_by=first,
        )
    with judge("pagination.arithmetic"):
        paged.expect_pagination(first, "a long list", {"TotalPages": pages, "PageSize": paged.LARGEST})
    last = first
    for number in range(2, pages + 1):
        last = contacts.send_list((*query, ("_page", str(number))))
        shown += contacts.page(last).records
    with judge("page.walk"):
        ids = contacts.ids(shown)
        expect.equal(len(set(ids)), len(ids), "the number of different contacts of a long list", last)
        expect.equal(len(ids), total, "the number of contacts of a long list", last)
        expect.same_contacts(_lacking(session, ids), [], "contacts that a long list lacks", last)


def _lacking(session: Session, listed: Sequence[str]) -> list[str]:
    """Which contacts of the run are not listed though they read as its owner's, with the run's tag."""
    cohort = paged.cohort(session)
    owner = cohort.records[0].get("OwnerId")
    mine = [c for c in session.journal.standing if c.identity == session.main_role and not c.remarked]
    unlisted = [c.id for c in mine if c.find.get("Tags") and c.id not in listed]
    if not owner:
        return [i for i in unlisted if i in cohort.ids]
    read = {i: session.provider.record(cohort.contacts.send_read(i, legal=False)) or {} for i in unlisted}
    tagged = [i for i, r in read.items() if any(str(t).startswith(session.tag) for t in r.get("Tags") or ())]
    return [i for i in tagged if read[i].get("OwnerId") == owner and read[i].get("RecordStatus") != "Unconnected"]


@requirement("page.limit-zero")
def test_a_limit_of_zero_answers_nothing(session: Session) -> None:
    answer = paged.ask(session, (("_limit", "0"),), legal=False)

    _expect_no_contacts(session, answer)


def _expect_no_contacts(session: Session, answer: Answer) -> None:
    """Expects a refusal, or a page without contacts."""
    if answer.succeeded:
        contacts = paged.cohort(session).contacts
        expect.same_contacts(contacts.ids(contacts.page(answer).records), [], shown_by=answer)
    else:
        expect.refusal(answer)


@requirement("page.limit-text")
def test_a_limit_that_is_no_number_is_refused(session: Session) -> None:
    answer = paged.ask(session, (("_limit", "many"),), legal=False)

    expect.status(answer, 400)


@pytest.mark.parametrize(("size", "name", "direction"), [(3, "DisplayName", 1), (5, "PrimaryEmail", -1)])
@requirement("page.walk", "order.before-page", "pagination.on", "pagination.arithmetic")
def test_pages_hold_every_contact_once_in_order_and_count(
    session: Session, judge: Judge, size: int, name: str, direction: int
) -> None:
    pages, key = -(-paged.SIZE // size), (name, direction)
    ordered = paged.orderby(key)
    start = (("_limit", str(size)), ("_page", "1"), ("_pagination", "1"))
    answer = paged.ask(session, (*ordered, *start))
    if answer.refused:
        ordered = ()  # what refuses an order is judged where the order is
        answer = paged.ask(session, start)
    walked: list[str] = []
    for number in range(1, pages + 1):
        query = (*ordered, ("_limit", str(size)), ("_page", str(number)), ("_pagination", "1"))
        with judge("page.walk"):
            if number > 1:
                answer = paged.ask(session, query)
            listed = paged.listed(session, query, answer)
            walked += listed
            expect.equal(
                len(listed), min(size, paged.SIZE - (number - 1) * size), f"the number on page {number}", answer
            )
        about = f"page {number} of {size}"
        with judge("pagination.on"):
            paged.expect_pagination(answer, about, {"TotalRows": paged.SIZE})
        with judge("pagination.arithmetic"):
            paged.expect_pagination(answer, about, {"TotalPages": pages, "PageSize": size, "CurrentPage": number})
    with judge("page.walk"):
        expect.same_contacts(walked, paged.cohort(session).ids, f"pages of {size}", answer)
    with judge("order.before-page"):
        if not ordered:
            raise NotVerified(f"a list in the order of {key[0]} is refused")
        expect.same_order(walked, paged.in_order(session, key), f"pages of {size}", answer)


@requirement("page.past-the-end")
def test_a_page_past_the_end_is_empty(session: Session) -> None:
    answer = paged.ask(session, (("_limit", "5"), ("_page", str(paged.SIZE // 5 + 1))), legal=False)

    _expect_no_contacts(session, answer)


@requirement("pagination.on")
def test_the_pagination_object_counts_without_a_limit(session: Session) -> None:
    answer = paged.ask(session, (("_pagination", "1"),))

    paged.expect_pagination(answer, "_pagination=1", {"TotalRows": paged.SIZE})


@requirement("pagination.count")
def test_a_count_answers_no_contacts(session: Session) -> None:
    answer = paged.ask(session, (("_pagination", "count"),))

    inner = envelope(answer.json) or {}
    expect.equal(inner.get("Success"), True, "Success", answer)
    expect.absent(inner.get("Results"), "Results", answer)
    expect.equal(asking.total_rows(answer), paged.SIZE, "TotalRows", answer)


@pytest.mark.parametrize(("name", "direction", "role"), SINGLY)
@requirement("order.ascending", "order.descending")
def test_a_list_is_ordered(session: Session, judge: Judge, name: str, direction: int, role: str) -> None:
    with judge("order.ascending" if direction > 0 else "order.descending"):
        key = (name, direction)
        query = paged.everything(*paged.orderby(key))
        paged.expect_order(session, query, paged.in_order(session, key), paged.orderby(key)[0][1], role)


@requirement("order.several")
def test_a_later_attribute_orders_what_the_earlier_leaves_equal(session: Session) -> None:
    alike = paged.others(session)[:1] or ("ReferredBy",)
    for keys in (
        (("ReferredBy", 1), ("GivenName", -1)),
        ((alike[0], -1), ("Organization", 1)),
        (("ReferredBy", -1), ("FamilyName", 1)),
    ):
        paged.expect_order(
            session, paged.everything(*paged.orderby(*keys)), paged.in_order(session, *keys), paged.orderby(*keys)[0][1]
        )


@requirement("order.descending", "order.several", "select.only")
def test_every_text_is_ordered_by_and_selected(session: Session, judge: Judge) -> None:
    cohort, rest = paged.cohort(session), paged.others(session)[1:]  # by the first, the check before this one orders
    for start in range(0, len(rest), paged.AT_ONCE):
        names = rest[start : start + paged.AT_ONCE]
        keys = tuple((n, -1) for n in names)
        selected = ("Id", "DisplayName", *names)
        ordered, selecting = paged.everything(*paged.orderby(*keys)), ("_select", ",".join(selected))

        answer = cohort.contacts.send_list(cohort.asking((*ordered, selecting)))
        listed: list[str] = []  # where no list shows the order of all together, each is asked for by itself
        with judge("order.several"):
            if answer.refused:
                raise NotVerified("a list that is ordered by many attributes, and selects them, is refused")
            page = cohort.whole(cohort.asking((*ordered, selecting)), asking.expect_page(cohort.contacts, answer))
            listed = cohort.contacts.ids(page.records)
            expect.same_order(listed, paged.in_order(session, *keys), ordered[-1][1], answer)
        with judge("order.descending"):
            for name in names if listed != paged.in_order(session, *keys) else ():
                paged.expect_order(
                    session, paged.everything(("_orderby", f"-{name}")), paged.in_order(session, (name, -1)), f"-{name}"
                )
        with judge("select.only"):
            if answer.refused:
                answer = cohort.contacts.send_list(cohort.asking(paged.everything(selecting)))
            page = cohort.whole(cohort.asking(paged.everything(selecting)), asking.expect_page(cohort.contacts, answer))
            expect.equal(len(page.records), paged.SIZE, "the number of contacts", answer)
            for record in page.records:
                _expect_only_selected(record, selected, answer)
                _expect_selected(record, cohort, selected[1:], answer)


@requirement("select.only", "select.keeps-id", "select.on-read")
def test_a_selection_answers_what_is_selected(session: Session, judge: Judge) -> None:
    cohort = paged.cohort(session)
    selected = (*paged.ORDERED, "ReferredBy", *(n for n in ("Tags",) if n in cohort.marks))
    query = (("_select", ",".join(selected)),)
    one = cohort.records[0]
    everything = paged.everything(*query)
    listed = paged.ask_as(session, "idx", cohort.asking(everything))
    read = cohort.contacts.send_read(cohort.ids[0], query=query)

    records = cohort.whole(cohort.asking(everything), cohort.contacts.page(listed)).records
    with judge("select.only"):
        expect.equal(len(records), paged.SIZE, "the number of contacts", listed)
        names = sorted(str(r.get("DisplayName")) for r in records)
        expect.equal(names, sorted(str(r["DisplayName"]) for r in cohort.records), "DisplayName", listed)
        for record in records:
            _expect_only_selected(record, selected, listed)
            _expect_selected(record, cohort, selected, listed)
    with judge("select.keeps-id"):
        if not records:
            raise NotShown("the selection listed no contact")
        for record in records:
            expect.present(session.provider.id_of(record), "Id", listed)
    with judge("select.on-read"):
        shown = session.provider.record(read)
        if shown is None:
            expect.broken("a contact", str(read.status), kind="body", observed="no contact", shown_by=read)
        for name in selected:
            expect.equal(shown.get(name), one.get(name), name, read)
        _expect_only_selected(shown, selected, read)


def _expect_selected(record: Record, cohort: Cohort, selected: Sequence[str], shown_by: Answer) -> None:
    """Expects that a contact of the cohort shows the selected attributes as it reads."""
    known = {str(r["DisplayName"]): r for r in cohort.records}
    whole = known.get(str(record.get("DisplayName")), {})
    for name in selected:
        one, other = (sorted(v) if isinstance(v, list) else v for v in (record.get(name), whole.get(name)))
        expect.equal(one, other, name, shown_by)


def _expect_only_selected(record: Record, selected: Sequence[str], shown_by: Answer) -> None:
    """Expects that a contact shows no attribute but the selected ones, its Id and its path."""
    more = sorted(n for n, v in record.items() if v is not None and n not in (*selected, "Id", "ResourceUri"))
    expect.that(
        not more,
        f"{', '.join(selected)} and no more",
        f"{', '.join(more)} as well",
        about="_select",
        observed="extra attributes",
        shown_by=shown_by,
    )


@requirement("list.together")
def test_parameters_work_together(session: Session) -> None:
    cohort = paged.cohort(session)
    key, selected = ("Organization", -1), ("GivenName", "FamilyName", "ReferredBy")
    window = (("_limit", "3"), ("_page", "3"), ("_pagination", "1"), ("_select", ",".join(selected)))
    query = (*paged.orderby(key), *window)

    answer = paged.ask(session, (*query, ("_expand", VOW)))
    if answer.refused:  # that is judged without an expansion, then
        answer = paged.ask(session, query)
    listed = paged.listed(session, query, answer)

    expect.same_order(listed, paged.in_order(session, key)[6:9], "the third page in order, selected", answer)
    expect.equal(asking.total_rows(answer), paged.SIZE, "TotalRows", answer)
    for record in cohort.contacts.page(answer).records:
        _expect_only_selected(record, (*selected, VOW), answer)
        for name in selected:
            expect.present(record.get(name), name, answer)


@requirement("list.together", "expand.list")
def test_order_and_pages_work_beside_an_expansion(session: Session, judge: Judge) -> None:
    """The call is signed, where the target has a key that signs for the same user."""
    cohort, key = paged.cohort(session), ("FamilyName", 1)
    query = (("_expand", VOW), *paged.orderby(key), ("_limit", "4"), ("_page", "2"))

    answer = paged.ask_as(session, "signed", cohort.narrowed(query))

    with judge("list.together"):
        listed = paged.listed(session, query, answer)
        expect.same_order(listed, paged.in_order(session, key)[4:8], "the second page in order, expanded", answer)
    with judge("expand.list"):
        lacking = [r.get("Id") for r in cohort.contacts.page(answer).records if "VowActive" not in r]
        expect.equal(lacking, [], "the contacts of the second page that lack VowActive", answer)


@requirement("page.skip")
def test_contacts_are_skipped(session: Session) -> None:
    key = ("DisplayName", 1)
    query = (*paged.orderby(key), ("_skip", "3"), ("_limit", "4"), ("_pagination", "1"))

    answer = paged.ask(session, query)

    listed = paged.listed(session, query, answer)
    expect.same_order(listed, paged.in_order(session, key)[3:7], "three skipped", answer)
    paged.expect_pagination(answer, "three skipped", {"TotalRows": paged.SIZE, "CurrentOffset": 3})


@requirement("tag.listing")
def test_a_tag_has_a_path_of_its_own(session: Session) -> None:
    cohort = paged.cohort(session)
    if "Tags" not in cohort.marks:
        cohort = session.once("tagged cohort", lambda: seed(session.contacts(), [{"Tags": [session.mark()]}]))
        cohort = replace(cohort, marks={"Tags": str(cohort.records[0]["Tags"][0])})
    path = f"{session.contract.operation('list').path}/tags/{cohort.marks['Tags']}"

    answer = session.client.send(Request("GET", path, cohort.contacts.identity, paged.everything(), legal=False))

    expect.success(answer)
    expect.same_contacts(cohort.contacts.ids(cohort.contacts.page(answer).records), cohort.ids, shown_by=answer)
