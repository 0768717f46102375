"""Dates & Times, Comparisons: filters on created_at and modified_at compare times, however a time is written."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.oracle import instants, operators
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers import ORDER
from contacts_conformance.providers.liondesk.queries import query_of
from contacts_conformance.verdicts.outcomes import Judge

from . import ordered
from .ordered import CREATED, MODIFIED, Shown

pytestmark = in_cohort("lists")

TIMES = ("created_at", "modified_at")
COMPARISONS = ("lt", "lte", "gt", "gte")


def _cohort(session: Session) -> Cohort:
    """The contacts of ordered lists; where these are not kept as they were sent, some with a name and times alone."""
    try:
        return ordered.cohort(session)
    except NotVerified:
        rows = [
            {"first_name": f"time {n}", "created_at": created, "modified_at": modified}
            for n, (created, modified) in enumerate(zip(CREATED, MODIFIED, strict=True))
        ]
        return seed(session.contacts(), rows)


def _seeded(session: Session) -> Cohort:
    return session.once("instants", lambda: _cohort(session))


def _settable(session: Session, field: str) -> bool:
    """Whether the service keeps a time that is sent; where it does not, no contact lies on a known instant."""
    sent = {"created_at": CREATED, "modified_at": MODIFIED}[field]
    return [instants.parse(r.get(field)) for r in _seeded(session).records] == [instants.parse(t) for t in sent]


def _need_settable(session: Session, field: str) -> None:
    if not _settable(session, field):
        raise NotOffered(f"{field} cannot be set, so that no contact lies on a known instant")


def _expect_filtered(
    session: Session, *conditions: Condition, beside: Query = (), alone: bool = True
) -> tuple[str, Shown] | None:
    """A list has the contacts for which all conditions hold; the field by which it was ordered as well, if it was.

    An order that need not be shown `alone` is left to no other check.
    """
    shown = None if beside else _shown_in_order(session, conditions, alone=alone)
    if shown is None:
        _expect_matching_contacts(session, _seeded(session), conditions, _answer(session, conditions, beside))
    return shown


def _shown_in_order(session: Session, conditions: tuple[Condition, ...], *, alone: bool) -> tuple[str, Shown] | None:
    """Asks for an order as well, which is left to the check of that; None where that does not list these contacts."""
    seeded = _seeded(session)
    matching = operators.matching(session.contract, seeded.records, conditions)
    field = ordered.beside(session, matching, alone=alone) if seeded.is_found_alone else ""
    if not field:
        return None
    answer = _answer(session, conditions, ((f"$sort[{field}]", "1"),))
    try:
        _expect_matching_contacts(session, seeded, conditions, answer)
    except AssertionError:
        return None
    shown = Shown(seeded.contacts.page(answer).records, answer)
    if alone:
        session.keep(ordered.upwards(field), shown)
    return field, shown


def _answer(session: Session, conditions: Sequence[Condition], beside: Query = ()) -> Answer:
    seeded = _seeded(session)
    if len(conditions) > 1:
        seeded.contacts.need(query_of(conditions))
    return seeded.contacts.send_list(seeded.asking((*query_of(conditions), *beside)))


def _expect_matching_contacts(
    session: Session, seeded: Cohort, conditions: tuple[Condition, ...], answer: Answer
) -> None:
    """A list holds the contacts of the cohort for which all conditions hold, and counts as many."""
    matching = seeded.contacts.ids(operators.matching(session.contract, seeded.records, conditions))
    parameters = "&".join(dict.fromkeys(name for name, _ in query_of(conditions)))
    times = {i: {t: r.get(t) for t in TIMES} for i, r in zip(seeded.ids, seeded.records, strict=True)}
    expect.success(answer, parameters)
    page = seeded.contacts.page(answer)
    page = seeded.whole(seeded.asking(query_of(conditions)), page)
    listed = list(dict.fromkeys(seeded.contacts.ids(page.records)))
    expect.same_contacts(listed, matching, parameters, answer, names=times)
    if seeded.is_found_alone:
        expect.equal(page.total, len(matching), "total", answer)


def _instant(text: str) -> datetime:
    instant = instants.parse(text)
    assert instant is not None
    return instant


ON = {"lt": (2, 0), "lte": (2, 0), "gt": (6, 3), "gte": (6, 3)}
"""For each comparison two contacts: `created_at` of the first and `modified_at` of the second are the bounds.

Each of the two is on the right side of the other's bound, so that a list shows by the one what became of the first
bound, and by the other what became of the second. Some contact to be listed lies within hours of each bound: of
`modified_at` below it as `NEAR` has them.
"""
NEAR = {"lt": (3, 5), "lte": (3, 5)}
_WEST, _EAST = (("west", "no-fraction"), ("no-fraction", "east")), (("east", "no-fraction"), ("no-fraction", "west"))
TURNS = {"lt": _WEST, "lte": _EAST, "gt": _EAST, "gte": _WEST}
"""For each comparison, how two lists write `created_at` and `modified_at`."""
OFFSETS = {"west": -7.0, "east": 5.5}
"""Hours by which a clock is ahead of UTC."""


@pytest.mark.parametrize("comparison", COMPARISONS)
@requirement("filter.{comparison}")
def test_a_comparison_divides_contacts_at_its_bound(session: Session, comparison: str) -> None:
    for field in TIMES:
        read = [r.get(field) for r in _seeded(session).records]
        known = sorted(instant for value in read if (instant := instants.parse(value)) is not None)
        if len(known) < len(read):
            raise NotVerified(f"{field} is no date-time in some contacts: {expect.shown(read)}")
        if not _settable(session, field):
            two_days = timedelta(days=2)
            for outside in (instants.moved(known[0], -two_days), instants.moved(known[-1], two_days)):
                _expect_filtered(session, Condition(field, comparison, (instants.utc(outside, fraction=True),)))
    settable = [field for field in TIMES if _settable(session, field)]
    bounds = [
        Condition(field, comparison, (str(_seeded(session).records[on].get(field)),))
        for field, on in zip(TIMES, ON[comparison], strict=True)
        if field in settable
    ]
    if bounds:
        _expect_filtered(session, *bounds)


@pytest.mark.parametrize("comparison", COMPARISONS)
@pytest.mark.parametrize("turn", [0, 1])
@requirement("filter.notation")
def test_a_bound_is_an_instant_however_it_is_written(session: Session, comparison: str, turn: int) -> None:
    """Each of two times is written without a fraction, and with an offset to either side of Greenwich."""
    _need_settable(session, "created_at")
    notation, other = TURNS[comparison][turn]
    created, modified = NEAR.get(comparison, ON[comparison]) if turn else ON[comparison]
    conditions = [Condition("created_at", comparison, (_written("created_at", created, notation),))]
    if _settable(session, "modified_at"):
        conditions.append(Condition("modified_at", comparison, (_written("modified_at", modified, other),)))
    _expect_filtered(session, *conditions)


def _written(field: str, on: int, notation: str) -> str:
    """The time of a contact, as one may write it in a filter."""
    instant = _instant((CREATED if field == "created_at" else MODIFIED)[on])
    return instants.at_offset(instant, OFFSETS[notation]) if notation in OFFSETS else instants.utc(instant)


@requirement("filter.notation")
def test_an_offset_moves_a_bound_between_contacts(session: Session) -> None:
    _need_settable(session, "created_at")
    bound = instants.at_offset(_instant("2017-01-31T10:30:00Z"), -7)

    _expect_filtered(session, Condition("created_at", "gte", (bound,)))


DATES = {"gt": "lte", "gte": "lt"}
"""Two comparisons of `created_at`, and those of `modified_at` beside them."""
FROM, UNTIL = "2017-01-20", "2018-02-10"
"""Some contact lies beyond each alone, and between each and the beginning of its month."""


@pytest.mark.parametrize("comparison", DATES)
@requirement("filter.date-only")
def test_a_bare_date_is_a_bound(session: Session, comparison: str) -> None:
    """Two are asked for at once where both times can be set, and one after the other otherwise."""
    other = DATES[comparison]
    if not _settable(session, "created_at"):
        created = _seeded(session).records[0].get("created_at")
        now = instants.parse(created)
        expect.that(now, "a date-time", expect.shown(created), about="created_at", observed="no date-time")
        assert now is not None
        for days, operator in itertools.product((-3, 3), (comparison, other)):
            day = instants.moved(now, timedelta(days=days)).date().isoformat()
            _expect_filtered(session, Condition("created_at", operator, (day,)))
        return
    if _settable(session, "modified_at"):
        _expect_filtered(
            session, Condition("created_at", comparison, (FROM,)), Condition("modified_at", other, (UNTIL,))
        )
        return
    for operator in (comparison, other):
        _expect_filtered(session, Condition("created_at", operator, (FROM,)))


@pytest.mark.parametrize("field", TIMES)
@requirement("filter.range")
def test_two_bounds_leave_what_lies_between(session: Session, field: str) -> None:
    def both(lower: str, low: str, upper: str, high: str) -> None:
        _expect_filtered(session, Condition(field, lower, (low,)), Condition(field, upper, (high,)))

    if _settable(session, field):
        low, high = sorted((str(r.get(field)) for r in _seeded(session).records), key=_instant)[1:4:2]
        both("gte", low, "lte", high)
        sort = () if ORDER in session.account.lacks.missing else (("$sort[first_name]", "1"),)
        upper_first = Condition(field, "lt", (high,)), Condition(field, "gt", (low,))
        _expect_filtered(session, *upper_first, beside=sort)
    if field != "created_at":
        return
    both("gte", "2017-01-01", "lte", "2017-01-31T00:00:00Z")


@pytest.mark.parametrize("field", TIMES)
@requirement("filter.eq")
def test_equality_with_an_instant_leaves_what_lies_on_it(session: Session, field: str) -> None:
    _need_settable(session, field)

    _expect_filtered(session, Condition(field, "eq", (str(_seeded(session).records[1].get(field)),)))


@pytest.mark.parametrize("operator", ["ne", "in", "nin"])
@requirement("filter.{operator}", "filter.notation")
def test_instants_are_told_apart_by_what_they_denote(session: Session, judge: Judge, operator: str) -> None:
    """They are sent in other notations; where that is answered wrongly, as they read, which says what is broken."""
    read = _seeded(session).records
    fields = [field for field in TIMES if _settable(session, field)]
    if not fields:
        raise NotOffered("no time can be set, so that no contact lies on a known instant")
    numbers = {"ne": ((1,), (3,)), "nin": ((0, 1), (3, 4)), "in": ((0, 1, 2, 3), (1, 2, 3, 4))}[operator]
    chosen = [(field, several) for field, several in zip(TIMES, numbers, strict=True) if field in fields]
    as_read = [Condition(f, operator, tuple(str(read[n].get(f)) for n in several)) for f, several in chosen]
    ways = ("east", "no-fraction", "west")
    otherwise = [Condition(f, operator, tuple(_written(f, n, ways[n % 3]) for n in several)) for f, several in chosen]
    answer = _answer(session, otherwise)
    try:
        _expect_matching_contacts(session, _seeded(session), tuple(otherwise), answer)
    except AssertionError:
        with judge(f"filter.{operator}"):
            _expect_filtered(session, *as_read)
            with judge("filter.notation"):
                _expect_matching_contacts(session, _seeded(session), tuple(otherwise), answer)
    else:
        for row in (f"filter.{operator}", "filter.notation"):
            with judge(row):
                _expect_matching_contacts(session, _seeded(session), tuple(otherwise), answer)


@requirement("filter.combined", "sort.ascending")
def test_bounds_combine_with_other_fields(session: Session, judge: Judge) -> None:
    names, phones = (
        tuple(str(r.get(n) or "") for r in _seeded(session).records) for n in ("first_name", "mobile_phone")
    )
    more = (
        (Condition("mobile_phone", "nin", (phones[0], phones[2])),) if all(phones) else ()
    )  # of what is not set, pages say nothing
    apart = (
        Condition("created_at", "gte", ("2017-01-10T00:00:00Z",)),
        Condition("modified_at", "lt", ("2018-03-01T00:00:00Z",)),
        Condition("first_name", "ne", (names[5],)),
        *more,
    )
    between = (
        Condition("created_at", "gt", ("2017-01-01T00:00:00Z",)),
        Condition("created_at", "lte", ("2018-01-01T00:00:00Z",)),
        Condition("first_name", "in", tuple(names[n] for n in (0, 2, 3, 4, 6))),
    )
    for conditions in (apart, between):
        with judge("filter.combined"):
            shown = _expect_filtered(session, *conditions, alone=False)
            with judge("sort.ascending"):
                if shown is None:
                    raise NotShown("no list with these filters was in an order")
                field, listed = shown
                about = f"$sort[{field}]=1, beside filters"
                ordered.expect_order(session.contract, listed.records, [(field, 1)], about, listed.answer)
