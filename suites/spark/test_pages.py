"""Standard search and paging, Standard selection: limits, pages, order and selected fields of a list."""

from typing import Any

import pytest

from contacts_conformance.account.contacts import Cohort, seed
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer, Request
from contacts_conformance.model import Query
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

WORDS = ("elm", "elder", "fir", "amber", "ash", "dogwood", "cedar", "cherry", "hazel", "iris")
SIZE = len(WORDS)
PARENTS = ("oak", "pine", "teak")
LARGEST = 25
ORDERED = ("DisplayName", "GivenName", "FamilyName", "Organization", "PrimaryEmail")


def _cohort(session: Session) -> Cohort:
    """Contacts that differ in every attribute that is ordered by, in another order for each; parents come in groups."""

    def make() -> Cohort:
        shuffled = session.random("pages")
        columns = {n: shuffled.sample(WORDS, SIZE) for n in ORDERED}
        columns["PrimaryEmail"] = [f"{w}.{session.mark()}@example.com" for w in columns["PrimaryEmail"]]
        columns["ReferredBy"] = [PARENTS[i % 3] for i in range(SIZE)]
        about = seed(session.contacts(), [{n: column[i] for n, column in columns.items()} for i in range(SIZE)])
        asking.settled(about.contacts, about.marks, SIZE)
        return about

    found: Cohort = session.once("pages cohort", make)
    return found


def _ask(session: Session, query: Query = (), *, legal: bool = True) -> Answer:
    about = _cohort(session)
    return about.contacts.send_list(about.narrowed(query), legal=legal)


def _ids(session: Session, query: Query = ()) -> list[str]:
    contacts = _cohort(session).contacts
    return contacts.ids(contacts.page(_ask(session, query)).records)


def _pagination(session: Session, query: Query) -> dict[str, Any]:
    answer = _ask(session, query)
    found = (envelope(answer.json) or {}).get("Pagination")
    assert isinstance(found, dict), f"there is no Pagination object: {answer!r}"
    return found


def _in_order(session: Session, *keys: tuple[str, int]) -> list[str]:
    """The Ids in the order of these attributes, the first of which weighs most; 1 upwards, -1 downwards."""
    about = _cohort(session)
    records = list(about.records)
    for name, direction in reversed(keys):
        records.sort(key=lambda r: str(r.get(name)), reverse=direction < 0)
    return about.contacts.ids(records)


def _orderby(*keys: tuple[str, int]) -> Query:
    return (("_orderby", ",".join(f"{'+' if d > 0 else '-'}{n}" for n, d in keys)),)


def _everything(*more: tuple[str, str]) -> Query:
    return (("_limit", str(LARGEST)), *more)


@requirement("list.plain", "list.default-limit", "pagination.off")
def test_a_list_that_asks_for_nothing_is_answered(session: Session, judge: Judge) -> None:
    contacts = _cohort(session).contacts

    answer = contacts.send_list()

    with judge("list.plain"):
        assert answer.succeeded, answer
        assert contacts.page(answer).records, f"a full account lists nothing: {answer!r}"
    with judge("list.default-limit"):
        shown = len(contacts.page(answer).records)
        assert shown == 10, f"{SIZE} contacts and more are there, a page holds {shown}"
    with judge("pagination.off"):
        for plain in (answer, _ask(session), _ask(session, (("_pagination", "0"),))):
            assert "Pagination" not in (envelope(plain.json) or {}), f"there is a Pagination object: {plain!r}"


@requirement("page.limit")
def test_a_limit_answers_so_many(session: Session) -> None:
    for limit in (1, 3, SIZE, LARGEST):
        found = _ids(session, (("_limit", str(limit)),))
        assert len(set(found)) == len(found) == min(limit, SIZE), f"_limit={limit} of {SIZE} answers {len(found)}"


@requirement("page.above-the-limit")
def test_no_page_holds_more_than_the_largest(session: Session) -> None:
    about = _cohort(session)
    own: Query = (("_filter", f"Tags Eq '{session.tag}*'"),)
    total = asking.total_rows(about.contacts.send_list((*own, ("_pagination", "1")))) or 0
    if not total:  # wildcards may not work on lists: the whole account, then
        own = ()
        total = asking.total_rows(about.contacts.send_list((("_pagination", "1"),))) or 0
    asking.cohort(session, "a page and more", max(0, LARGEST + 2 - total))

    answer = about.contacts.send_list((*own, ("_limit", "100")), legal=False)

    if answer.succeeded:
        shown = about.contacts.page(answer).records
        assert 0 < len(shown) <= LARGEST, f"_limit=100 answers {len(shown)} contacts"
    else:
        assert answer.refused, answer


@requirement("page.limit-zero")
def test_a_limit_of_zero_answers_nothing(session: Session) -> None:
    answer = _ask(session, (("_limit", "0"),), legal=False)

    assert answer.refused or (answer.succeeded and not _cohort(session).contacts.page(answer).records), answer


@requirement("page.limit-text")
def test_a_limit_that_is_no_number_is_refused(session: Session) -> None:
    answer = _ask(session, (("_limit", "many"),), legal=False)

    assert answer.status == 400, answer


@requirement("page.walk")
def test_pages_hold_every_contact_once(session: Session) -> None:
    for size, key in ((4, ("DisplayName", 1)), (5, ("GivenName", -1))):
        walked: list[str] = []
        for number in range(1, -(-SIZE // size) + 1):
            walked += _ids(session, (*_orderby(key), ("_limit", str(size)), ("_page", str(number))))
        expected = _in_order(session, key)
        assert walked == expected, f"pages of {size} hold {walked}, in order it is {expected}"


@requirement("page.past-the-end")
def test_a_page_past_the_end_is_empty(session: Session) -> None:
    answer = _ask(session, (("_limit", "5"), ("_page", "9")), legal=False)

    assert answer.refused or not _cohort(session).contacts.page(answer).records, answer


@requirement("pagination.on")
def test_the_pagination_object_counts(session: Session) -> None:
    for query in ((), (("_limit", "5"),), (("_limit", "4"), ("_page", "3"))):
        found = _pagination(session, (*query, ("_pagination", "1")))
        assert found.get("TotalRows") == SIZE, f"of {SIZE} contacts {found} counts another number ({query})"
    assert len(_ids(session, (("_pagination", "1"), ("_limit", "5")))) == 5, "_pagination=1 leaves contacts out"


@requirement("pagination.arithmetic")
def test_the_pagination_object_adds_up(session: Session) -> None:
    for limit, page in ((4, 1), (4, 3), (5, 2), (LARGEST, 1)):
        found = _pagination(session, (("_limit", str(limit)), ("_page", str(page)), ("_pagination", "1")))
        seen = {k: found.get(k) for k in ("TotalPages", "PageSize", "CurrentPage")}
        expected = {"TotalPages": -(-SIZE // limit), "PageSize": limit, "CurrentPage": page}
        assert seen == expected, f"_limit={limit}&_page={page} of {SIZE}: {found} is not {expected}"


@requirement("pagination.count")
def test_a_count_answers_no_contacts(session: Session) -> None:
    answer = _ask(session, (("_pagination", "count"),))

    inner = envelope(answer.json) or {}
    assert inner.get("Success") is True, answer
    assert not inner.get("Results"), f"there are contacts: {answer!r}"
    assert asking.total_rows(answer) == SIZE, f"{SIZE} contacts are counted otherwise: {answer!r}"


@pytest.mark.parametrize("name", ORDERED)
@pytest.mark.parametrize("direction", [1, -1], ids=["ascending", "descending"])
@requirement("order.ascending", "order.descending")
def test_a_list_is_ordered(session: Session, judge: Judge, name: str, direction: int) -> None:
    with judge("order.ascending" if direction > 0 else "order.descending"):
        found = _ids(session, _everything(*_orderby((name, direction))))
        expected = _in_order(session, (name, direction))
        assert sorted(found) == sorted(expected), f"the list has {len(set(found))} of {SIZE} contacts"
        assert found == expected, f"by {name} ({direction}) it is {expected}, not {found}"


@requirement("order.several")
def test_a_later_attribute_orders_what_the_earlier_leaves_equal(session: Session) -> None:
    for first, second in ((1, 1), (1, -1), (-1, 1)):
        keys = (("ReferredBy", first), ("FamilyName", second))
        found = _ids(session, _everything(*_orderby(*keys)))
        expected = _in_order(session, *keys)
        assert found == expected, f"by {keys} it is {expected}, not {found}"


@requirement("order.before-page")
def test_contacts_are_ordered_before_they_are_paged(session: Session) -> None:
    for key in (("DisplayName", 1), ("FamilyName", -1), ("PrimaryEmail", 1)):
        found = _ids(session, (*_orderby(key), ("_limit", "3")))
        expected = _in_order(session, key)[:3]
        assert found == expected, f"the first three by {key} are {expected}, not {found}"


@requirement("select.only", "select.keeps-id", "select.on-read")
def test_a_selection_answers_what_is_selected(session: Session, judge: Judge) -> None:
    about = _cohort(session)
    selected = ("DisplayName", "GivenName")
    query = (("_select", ",".join(selected)),)
    one = about.records[0]
    listed = _ask(session, _everything(*query))
    read = about.contacts.send_read(about.ids[0], query=query)

    records = about.contacts.page(listed).records
    with judge("select.only"):
        assert len(records) == SIZE, f"the selection lists {len(records)} of {SIZE} contacts"
        names = sorted(str(r.get("DisplayName")) for r in records)
        assert names == sorted(str(r["DisplayName"]) for r in about.records), f"the names are {names}"
        for record in records:
            more = [n for n, v in record.items() if v is not None and n not in (*selected, "Id", "ResourceUri")]
            assert not more, f"{selected} were selected, {more} came as well"
            assert record.get("GivenName"), f"{selected} were selected, {record!r} came"
    with judge("select.keeps-id"):
        assert all(about.contacts.session.provider.id_of(r) for r in records), f"there is no Id: {listed!r}"
    with judge("select.on-read"):
        shown = session.provider.record(read)
        assert shown is not None, read
        assert [shown.get(n) for n in selected] == [one.get(n) for n in selected], f"{one!r} was to come: {read!r}"
        more = [n for n, v in shown.items() if v is not None and n not in (*selected, "Id", "ResourceUri")]
        assert not more, f"{selected} were selected, {more} came as well: {read!r}"


@requirement("tag.listing")
def test_a_tag_has_a_path_of_its_own(session: Session) -> None:
    about = _cohort(session)
    path = f"{session.contract.operation('list').path}/tags/{next(iter(about.marks.values()))}"

    answer = session.client.send(Request("GET", path, about.contacts.identity, _everything(), legal=False))

    assert answer.succeeded, answer
    assert sorted(about.contacts.ids(about.contacts.page(answer).records)) == sorted(about.ids), answer
