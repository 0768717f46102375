"""Standard search and paging, Standard selection: limits, pages, order and selected fields of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer, Request
from contacts_conformance.model import Query, Record
from contacts_conformance.providers.sparkapi import code_of, envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking

WORDS = ("elm", "elder", "fir", "amber", "ash", "dogwood", "cedar", "cherry", "hazel", "iris")
SIZE = len(WORDS)
PARENTS = ("oak", "pine", "teak")
LARGEST = 25
ORDERED = ("DisplayName", "GivenName", "FamilyName", "Organization", "PrimaryEmail")
SINGLY = (("PrimaryEmail", 1), ("DisplayName", -1), ("FamilyName", -1))
AT_ONCE = SIZE - 1  # attributes order one list; each of them sets another contact before those that follow
PLAIN, AHEAD = {"": "teak", "phone": "202-555-0120"}, {"": "yew", "phone": "202-555-0180"}
"""By shape: the value that most contacts have, and one that comes after it."""


def _rest(session: Session) -> tuple[str, ...]:
    """The other texts that lists can be ordered by, as far as a plain value of them is kept."""
    tame = round_trip.created_whole(session)
    return tuple(
        f.name
        for f in session.contract.searchable_fields
        if f.is_text and f.shape in PLAIN and not (f.enum or f.either or f.known)
        if f.name not in (*ORDERED, "ReferredBy") and f.name in tame and tame[f.name].kept
    )


def _cohort(session: Session) -> Cohort:
    """Contacts that differ in every attribute that is ordered by, in another order for each; parents come in groups.
    Of the rest, the first is the same for all; in each of the others one contact is ahead."""

    def make() -> Cohort:
        shuffled = session.random("pages")
        columns = {n: shuffled.sample(WORDS, SIZE) for n in ORDERED}
        columns["PrimaryEmail"] = [f"{w}.{session.mark()}@example.com" for w in columns["PrimaryEmail"]]
        columns["ReferredBy"] = [PARENTS[i % 3] for i in range(SIZE)]
        for number, name in enumerate(_rest(session)):
            shape = session.contract.field(name).shape
            columns[name] = [PLAIN[shape]] * SIZE
            if number:
                columns[name][SIZE - 1 - (number - 1) % AT_ONCE] = AHEAD[shape]
        cohort = seed(session.contacts(), [{n: column[i] for n, column in columns.items()} for i in range(SIZE)])
        asking.wait_until_listed(cohort.contacts, cohort.marks, SIZE)
        return cohort

    cohort: Cohort = session.once("pages cohort", make)
    return cohort


def _ask(session: Session, query: Query = (), *, legal: bool = True) -> Answer:
    cohort = _cohort(session)
    return cohort.contacts.send_list(cohort.narrowed(query), legal=legal)


def _ids(session: Session, query: Query = ()) -> tuple[list[str], Answer]:
    """The Ids that a query lists of the cohort, in their order, and the answer, which has to be a success.

    Where a query asks for all, and the target's pages are too short for that, it is asked page by page.
    """
    cohort = _cohort(session)
    asks_for_all = set(_everything()) <= set(query)
    answer = cohort.contacts.send_list(cohort.asking(query) if asks_for_all else cohort.narrowed(query))
    if asks_for_all:
        page = asking.expect_page(cohort.contacts, answer, "&".join(n for n, _ in query))
        return cohort.contacts.ids(cohort.whole(cohort.asking(query), page).records), answer
    return _listed(session, query, answer), answer


def _listed(session: Session, query: Query, answer: Answer) -> list[str]:
    """The Ids that the answer to a query lists, in their order; the answer has to be a success."""
    contacts = _cohort(session).contacts
    return contacts.ids(asking.expect_page(contacts, answer, "&".join(n for n, _ in query)).records)


def _expect_order(session: Session, query: Query, expected: list[str], about: str) -> None:
    """Expects that a query lists these contacts of the cohort, in this order."""
    listed, answer = _ids(session, query)
    expect.same_order(listed, expected, about, answer)


def _expect_pagination(answer: Answer, about: str, expected: Mapping[str, int]) -> None:
    """Expects that an answer has a Pagination object with these members."""
    pagination = (envelope(answer.json) or {}).get("Pagination")
    expect.of_type(pagination, "object", about=f"Pagination of {about}", shown_by=answer)
    for name, value in expected.items():
        expect.equal((pagination or {}).get(name), value, f"{name} of {about}", answer)


def _in_order(session: Session, *keys: tuple[str, int]) -> list[str]:
    """The Ids in the order of these attributes, the first of which weighs most; 1 upwards, -1 downwards."""
    cohort = _cohort(session)
    records = list(cohort.records)
    for name, direction in reversed(keys):
        records.sort(key=lambda r: str(r.get(name)), reverse=direction < 0)
    return cohort.contacts.ids(records)


def _orderby(*keys: tuple[str, int]) -> Query:
    return (("_orderby", ",".join(f"{'+' if d > 0 else '-'}{n}" for n, d in keys)),)


def _everything(*more: tuple[str, str]) -> Query:
    return (("_limit", str(LARGEST)), *more)


@requirement("list.plain", "list.without-parameters", "list.default-limit", "pagination.off")
def test_a_list_that_asks_for_nothing_is_answered(session: Session, judge: Judge) -> None:
    contacts = _cohort(session).contacts

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
        for plain in (answer, _ask(session, (("_pagination", "0"),))):
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
    for limit in (1, LARGEST):
        listed, answer = _ids(session, (("_limit", str(limit)),))
        expect.equal(len(listed), min(limit, SIZE), f"the number of contacts, _limit={limit}", answer)
        expect.equal(len(set(listed)), len(listed), f"the number of different contacts, _limit={limit}", answer)


@requirement("page.above-the-limit", "page.limit")
def test_no_page_holds_more_than_the_largest(session: Session, judge: Judge) -> None:
    cohort = _cohort(session)
    own: Query = (("_filter", f"Tags Eq '{session.tag}*'"),)
    total = asking.total_rows(cohort.contacts.send_list((*own, ("_pagination", "1")))) or 0
    if not total:  # wildcards may not work on lists: the whole account, then
        own = ()
        total = asking.total_rows(cohort.contacts.send_list((("_pagination", "1"),))) or 0
    session.several("a page and more", max(0, LARGEST + 2 - total))

    answer = cohort.contacts.send_list((*own, ("_limit", "100")), legal=False)
    largest = cohort.contacts.send_list((*own, ("_limit", str(LARGEST))))

    with judge("page.above-the-limit"):
        if answer.succeeded:
            page = cohort.contacts.page(answer)
            asking.expect_contacts(page, answer, "_limit=100")
            asking.expect_at_most(LARGEST, page, answer, "_limit=100")
        else:
            expect.refusal(answer, "_limit=100")
    with judge("page.limit"):
        listed = cohort.contacts.ids(cohort.contacts.page(largest).records)
        expect.equal(len(set(listed)), LARGEST, f"the number of contacts, _limit={LARGEST}", largest)


@requirement("page.limit-zero")
def test_a_limit_of_zero_answers_nothing(session: Session) -> None:
    answer = _ask(session, (("_limit", "0"),), legal=False)

    _expect_no_contacts(session, answer)


def _expect_no_contacts(session: Session, answer: Answer) -> None:
    """Expects a refusal, or a page without contacts."""
    if answer.succeeded:
        contacts = _cohort(session).contacts
        expect.same_contacts(contacts.ids(contacts.page(answer).records), [], shown_by=answer)
    else:
        expect.refusal(answer)


@requirement("page.limit-text")
def test_a_limit_that_is_no_number_is_refused(session: Session) -> None:
    answer = _ask(session, (("_limit", "many"),), legal=False)

    expect.status(answer, 400)


@pytest.mark.parametrize(("size", "name", "direction"), [(3, "DisplayName", 1), (5, "PrimaryEmail", -1)])
@requirement("page.walk", "order.before-page", "pagination.on", "pagination.arithmetic")
def test_pages_hold_every_contact_once_in_order_and_count(
    session: Session, judge: Judge, size: int, name: str, direction: int
) -> None:
    pages, key = -(-SIZE // size), (name, direction)
    ordered = _orderby(key)
    start = (("_limit", str(size)), ("_page", "1"), ("_pagination", "1"))
    answer = _ask(session, (*ordered, *start))
    if answer.refused:
        ordered = ()  # what refuses an order is judged where the order is
        answer = _ask(session, start)
    walked: list[str] = []
    for number in range(1, pages + 1):
        query = (*ordered, ("_limit", str(size)), ("_page", str(number)), ("_pagination", "1"))
        with judge("page.walk"):
            if number > 1:
                answer = _ask(session, query)
            listed = _listed(session, query, answer)
            walked += listed
            expect.equal(len(listed), min(size, SIZE - (number - 1) * size), f"the number on page {number}", answer)
        about = f"page {number} of {size}"
        with judge("pagination.on"):
            _expect_pagination(answer, about, {"TotalRows": SIZE})
        with judge("pagination.arithmetic"):
            _expect_pagination(answer, about, {"TotalPages": pages, "PageSize": size, "CurrentPage": number})
    with judge("page.walk"):
        expect.same_contacts(walked, _cohort(session).ids, f"pages of {size}", answer)
    with judge("order.before-page"):
        if not ordered:
            raise NotVerified(f"a list in the order of {key[0]} is refused")
        expect.same_order(walked, _in_order(session, key), f"pages of {size}", answer)


@requirement("page.past-the-end")
def test_a_page_past_the_end_is_empty(session: Session) -> None:
    answer = _ask(session, (("_limit", "5"), ("_page", str(SIZE // 5 + 1))), legal=False)

    _expect_no_contacts(session, answer)


@requirement("pagination.on")
def test_the_pagination_object_counts_without_a_limit(session: Session) -> None:
    answer = _ask(session, (("_pagination", "1"),))

    _expect_pagination(answer, "_pagination=1", {"TotalRows": SIZE})


@requirement("pagination.count")
def test_a_count_answers_no_contacts(session: Session) -> None:
    answer = _ask(session, (("_pagination", "count"),))

    inner = envelope(answer.json) or {}
    expect.equal(inner.get("Success"), True, "Success", answer)
    expect.absent(inner.get("Results"), "Results", answer)
    expect.equal(asking.total_rows(answer), SIZE, "TotalRows", answer)


@pytest.mark.parametrize(("name", "direction"), SINGLY)
@requirement("order.ascending", "order.descending")
def test_a_list_is_ordered(session: Session, judge: Judge, name: str, direction: int) -> None:
    with judge("order.ascending" if direction > 0 else "order.descending"):
        key = (name, direction)
        _expect_order(session, _everything(*_orderby(key)), _in_order(session, key), _orderby(key)[0][1])


@requirement("order.several")
def test_a_later_attribute_orders_what_the_earlier_leaves_equal(session: Session) -> None:
    for first, second, name in ((1, -1, "GivenName"), (-1, 1, "Organization"), (1, 1, "FamilyName")):
        keys = (("ReferredBy", first), (name, second))
        _expect_order(session, _everything(*_orderby(*keys)), _in_order(session, *keys), _orderby(*keys)[0][1])


@requirement("order.descending", "order.several", "select.only")
def test_every_text_is_ordered_by_and_selected(session: Session, judge: Judge) -> None:
    cohort, (flat, *rest) = _cohort(session), _rest(session) or ("",)
    for start in range(0, len(rest), AT_ONCE):
        names = rest[start : start + AT_ONCE]
        keys = tuple((n, -1) for n in (flat, *names))
        selected = ("Id", "DisplayName", *names)
        ordered, selecting = _everything(*_orderby(*keys)), ("_select", ",".join(selected))

        answer = cohort.contacts.send_list(cohort.asking((*ordered, selecting)))
        listed: list[str] = []  # where no list shows the order of all together, each is asked for by itself
        with judge("order.several"):
            if answer.refused:
                raise NotVerified("a list that is ordered by many attributes, and selects them, is refused")
            page = cohort.whole(cohort.asking((*ordered, selecting)), asking.expect_page(cohort.contacts, answer))
            listed = cohort.contacts.ids(page.records)
            expect.same_order(listed, _in_order(session, *keys), ordered[-1][1], answer)
        with judge("order.descending"):
            for name in names if listed != _in_order(session, *keys) else ():
                _expect_order(
                    session, _everything(("_orderby", f"-{name}")), _in_order(session, (name, -1)), f"-{name}"
                )
        with judge("select.only"):
            if answer.refused:
                answer = cohort.contacts.send_list(cohort.asking(_everything(selecting)))
            page = cohort.whole(cohort.asking(_everything(selecting)), asking.expect_page(cohort.contacts, answer))
            expect.equal(len(page.records), SIZE, "the number of contacts", answer)
            for record in page.records:
                _expect_only_selected(record, selected, answer)
                _expect_selected(record, cohort, selected[1:], answer)


@requirement("select.only", "select.keeps-id", "select.on-read")
def test_a_selection_answers_what_is_selected(session: Session, judge: Judge) -> None:
    cohort = _cohort(session)
    selected = (*ORDERED, "ReferredBy")
    query = (("_select", ",".join(selected)),)
    one = cohort.records[0]
    everything = _everything(*query)
    listed = cohort.contacts.send_list(cohort.asking(everything))
    read = cohort.contacts.send_read(cohort.ids[0], query=query)

    records = cohort.whole(cohort.asking(everything), cohort.contacts.page(listed)).records
    with judge("select.only"):
        expect.equal(len(records), SIZE, "the number of contacts", listed)
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
        expect.equal(record.get(name), whole.get(name), name, shown_by)


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
    cohort = _cohort(session)
    key, selected = ("Organization", -1), ("GivenName", "FamilyName", "ReferredBy")
    window = (("_limit", "3"), ("_page", "3"), ("_pagination", "1"), ("_select", ",".join(selected)))

    listed, answer = _ids(session, (*_orderby(key), *window))

    expect.same_order(listed, _in_order(session, key)[6:9], "the third page in order, selected", answer)
    expect.equal(asking.total_rows(answer), SIZE, "TotalRows", answer)
    for record in cohort.contacts.page(answer).records:
        _expect_only_selected(record, selected, answer)
        for name in selected:
            expect.present(record.get(name), name, answer)


@requirement("tag.listing")
def test_a_tag_has_a_path_of_its_own(session: Session) -> None:
    cohort = _cohort(session)
    if "Tags" not in cohort.marks:
        cohort = session.once("tagged cohort", lambda: seed(session.contacts(), [{"Tags": [session.mark()]}]))
        cohort = replace(cohort, marks={"Tags": str(cohort.records[0]["Tags"][0])})
    path = f"{session.contract.operation('list').path}/tags/{cohort.marks['Tags']}"

    answer = session.client.send(Request("GET", path, cohort.contacts.identity, _everything(), legal=False))

    expect.success(answer)
    expect.same_contacts(cohort.contacts.ids(cohort.contacts.page(answer).records), cohort.ids, shown_by=answer)
