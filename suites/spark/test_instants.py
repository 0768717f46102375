"""Standard search: how a filter compares instants, and a list orders by them.

The contacts are the people of the other filters, half of whom were created more than two seconds before the others.
"""

import itertools
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers.sparkapi import when
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking, filtering
from .test_filters import LATER, PEOPLE, is_zoned, people, twins
from .times import expect_later

pytestmark = in_cohort("lists")

CLEAR = timedelta(seconds=1.5)
_LITERAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def _middle(cohort: Cohort, name: str) -> datetime:
    """An instant that half of the people lie before, and at least half a second from each of them."""
    known = sorted(w for r in cohort.records if (w := when(r, name)) is not None)
    gaps = [(later - earlier, earlier) for earlier, later in itertools.pairwise(known)]
    widest, before = max(gaps, default=(timedelta(), datetime.now(UTC)))
    if len(known) < len(PEOPLE) or widest < timedelta(seconds=1.5):
        read = expect.shown([r.get(name) for r in cohort.records])
        raise NotVerified(f"{name} does not tell apart contacts that were created two seconds apart: {read}")
    return (before + widest / 2).replace(microsecond=0) + timedelta(seconds=1 if widest > timedelta(seconds=3) else 0)


def _written(cohort: Cohort, instant: datetime) -> str:
    """An instant as a filter writes it: without a zone where the answers show none."""
    return instants.utc(instant) if is_zoned(cohort) else instants.bare(instant)


def _literal(cohort: Cohort, record: Record, name: str) -> str:
    """An instant of a contact as it reads, where a filter can have it so."""
    shown = str(record.get(name))
    instant = when(record, name)
    return shown if _LITERAL.fullmatch(shown) or instant is None else _written(cohort, instant)


_BEYOND: Mapping[str, Callable[[datetime, datetime], bool]] = {
    "Gt": operator.gt, "Ge": operator.ge, "Lt": operator.lt, "Le": operator.le, "Eq": operator.eq, "Ne": operator.ne,
}  # fmt: skip


def _beside(cohort: Cohort, name: str, sign: str, place: int) -> str:
    """A filter that compares with the instant of one of the contacts."""
    return f"{name} {sign} {_literal(cohort, cohort.records[place], name)}"


def _expect_beside(judge: Judge, cohort: Cohort, name: str, sign: str, place: int, answer: Answer) -> None:
    """Expects of the contacts what a comparison with the instant of one of them finds; exactly for `filter.bounds`."""
    instant = {i: when(r, name) for i, r in zip(cohort.ids, cohort.records, strict=True)}
    at = when(cohort.records[place], name)
    assert at is not None
    held = {i for i, w in instant.items() if w is not None and _BEYOND[sign](w, at)}
    clear = {i for i, w in instant.items() if w is not None and (abs(w - at) >= CLEAR or (w == at and sign == "Ge"))}

    page = asking.expect_page(cohort.contacts, answer, f"{name} {sign}")
    listed = [i for i in cohort.contacts.ids(page.records) if i in instant]
    for row in () if sign in ("Eq", "Ne") else ("filter.comparisons", f"field.{name}.searchable"):
        with judge(row):
            found = [i for i in listed if i in clear]
            expect.same_contacts(found, sorted(clear & held), f"{name} {sign} one of them", answer)
    with judge("filter.bounds"):
        expect.same_contacts(listed, sorted(held), f"{name} {sign} one of them", answer)


@requirement("filter.comparisons", "field.ModificationTimestamp.searchable")
def test_instants_of_changes_are_compared(session: Session) -> None:
    cohort = people(session)
    name = "ModificationTimestamp"
    middle = _written(cohort, _middle(cohort, name))

    of_both = zip((cohort, twins(session)), ("Lt", "Le"), strict=True)
    filtering.expect_each_matches(*((c, f"{name} {sign} {middle}", f"{name} {sign}") for c, sign in of_both))


@pytest.mark.parametrize(
    ("name", "sign", "other"),
    [
        ("ModificationTimestamp", "Ge", "Lt"),
        ("ModificationTimestamp", "Le", "Gt"),
        ("CreatedTimestamp", "Gt", "Eq"),
        ("CreatedTimestamp", "Ge", "Ne"),
        ("CreatedTimestamp", "Lt", "Gt"),
        ("CreatedTimestamp", "Le", "Le"),
    ],
)
@requirement(
    "filter.comparisons", "field.ModificationTimestamp.searchable", "field.CreatedTimestamp.searchable",
    "filter.bounds",
)  # fmt: skip
def test_instants_are_compared_with_one_of_them(
    session: Session, judge: Judge, name: str, sign: str, other: str
) -> None:
    """One list of what is found of the people, by the one in their middle, and of their twins, by the first."""
    cohorts = people(session), twins(session)
    _middle(cohorts[0], name)  # they are told apart
    asked = list(zip(cohorts, (sign, other), (len(PEOPLE) // 2, 0), strict=True))

    answer = filtering.ask_together(*((c, _beside(c, name, s, place)) for c, s, place in asked))

    for cohort, compared, place in asked:
        _expect_beside(judge, cohort, name, compared, place, answer)


@requirement("filter.between", "filter.offset")
def test_instants_are_compared_with_two_and_in_other_zones(session: Session, judge: Judge) -> None:
    cohort = people(session)
    name = "CreatedTimestamp"
    middle = _middle(cohort, name)
    day = timedelta(days=1)
    with judge("filter.between"):
        after, before, long_before = (instants.moved(middle, n * day) for n in (1, -1, -2))
        between = [
            f"{name} Bt {_written(cohort, start)},{_written(cohort, end)}"
            for start, end in ((middle, after), (long_before, before))
        ]
        filtering.expect_each_matches((cohort, between[0], f"{name} Bt"), (twins(session), between[1], f"{name} Bt"))
    with judge("filter.offset"):
        for hours in (5, -7):
            clear = timedelta() if is_zoned(cohort) else 2 * day
            bound = instants.at_offset(instants.moved(middle, -clear), hours)
            filtering.expect_matching_contacts(cohort, f"{name} Gt {bound}", f"{name} Gt, {hours:+} hours")


@pytest.mark.parametrize(
    ("row", "name"), [("order.ascending", "ModificationTimestamp"), ("order.descending", "CreatedTimestamp")]
)
@requirement("{row}")
def test_instants_are_ordered(session: Session, row: str, name: str) -> None:
    cohort, is_falling = people(session), row == "order.descending"
    instant = {i: when(r, name) for i, r in zip(cohort.ids, cohort.records, strict=True)}
    known = [w for w in instant.values() if w is not None]
    if len(known) < len(instant):
        read = expect.shown([r.get(name) for r in cohort.records])
        raise NotVerified(f"{name} is no instant in some contacts: {read}")

    query = cohort.asking((("_orderby", f"{'-' if is_falling else '+'}{name}"), ("_limit", "25")))
    listed = cohort.contacts.send_list(query)

    page = cohort.whole(query, asking.expect_page(cohort.contacts, listed, "_orderby"))
    ids = cohort.contacts.ids(page.records)
    in_list = [instant.get(i) for i in ids]
    shown = [w for r in page.records if (w := when(r, name)) is not None]
    if sorted(ids) == sorted(instant) and len(shown) == len(ids) and shown == sorted(shown, reverse=is_falling):
        return  # a service may have updated contacts by itself since they were read
    expect.same_order(in_list, sorted(known, reverse=is_falling), name, listed)


@requirement("time.created")
def test_contacts_show_when_each_was_created(session: Session) -> None:
    created = [w for r in people(session).records if (w := when(r, "CreatedTimestamp")) is not None]
    if len(created) < len(PEOPLE) or not any(w.second or w.microsecond for w in created):
        raise NotShown("CreatedTimestamp tells no seconds")
    expect.that(
        max(created) - min(created) >= timedelta(seconds=1),
        "times that are two seconds apart, as the creations were",
        expect.shown([w.isoformat() for w in created]),
        about="CreatedTimestamp of contacts that were created one after another",
        observed="same",
        shown_by=asking.last_exchange(session.account),
    )


@requirement("time.modified-moves")
def test_a_note_alone_moves_the_time_of_the_last_update(session: Session) -> None:
    cohort = people(session)
    answer = session.take(LATER)
    if answer is None or not answer.succeeded:
        raise NotShown(f"the note was not changed: {answer!r}")
    session.keep(LATER, answer)
    first = cohort.records[0]
    created, modified = (when(first, n) for n in ("CreatedTimestamp", "ModificationTimestamp"))
    if created is None or modified is None:
        raise NotVerified("the contact shows no two times")
    expect_later(created, modified, "ModificationTimestamp, after a change of Note alone", answer)


@requirement("filter.days")
def test_days_are_counted_from_today(session: Session) -> None:
    cohorts = people(session), twins(session)

    for pair in (("Gt days(-7)", "Lt days(-7)"), ("Lt days(7)", "Bt days(-7),days(7)")):
        texts = [f"CreatedTimestamp {text}" for text in pair]
        filtering.expect_each_matches(*zip(cohorts, texts, texts, strict=True))
