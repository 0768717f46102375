"""Contacts > Expansions: what each one returns, to which roles, and only on request."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from contacts_conformance import contract as contracts
from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import resolve
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers.spark import equals
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import own, set_aside, unusual

pytestmark = in_cohort("lists")

SPARK = contracts.load("spark")
MODIFIED = "ModificationTimestamp"
SHOWN = {
    name: resolve(SPARK.document, node)
    for name, node in SPARK.document["components"]["schemas"]["Contact"]["properties"].items()
    if "x-expansion" in node
}
"""What expansions show, by attribute; those that have a heading are figures of news feeds."""
FEEDS = ("NewsFeedSummary", "NewsFeedNotificationSummary")
FIGURES = {h: tuple(n for n, s in SHOWN.items() if s["x-expansion"] == h and n != h) for h in FEEDS}
PORTALS = ("VowActive", "VowExists", "VowEnabled")
TOGETHER = ("VowActive", "VowEnabled", *FEEDS)
OF_SOME_ROLES, OF_ALL_ROLES = ("Activity", "Portal"), ("VowActive", "VowEnabled", "Notes", *FEEDS)


def _fresh(session: Session) -> Contact:
    _, (fresh, _) = session.two_to_read()
    return fresh


def _expanded(session: Session, contact: str, expansion: str, role: str = "") -> tuple[Record, Answer]:
    """The contact with an expansion, and the answer; the contact is empty where the expansion was refused."""
    answer = session.contacts(role).send_read(contact, query=(("_expand", expansion),))
    return (session.provider.record(answer) or {}) if answer.succeeded else {}, answer


def _expanded_together(session: Session, contact: str, expansion: str) -> tuple[Record, Answer]:
    """The contact with the expansions of all roles, asked once in a run; with this one where that is refused."""
    names = ",".join(TOGETHER)
    record, answer = session.once(f"{contact} with {names}", lambda: _expanded(session, contact, names))
    return (record, answer) if answer.succeeded else _expanded(session, contact, expansion)


def _figures(record: Record, heading: str) -> dict[str, Any]:
    """The figures of a heading, below it or beside it; before the first event there may be no time of the last one."""
    inner = record.get(heading)
    within = inner if isinstance(inner, dict) else {}
    return {n: within[n] if n in within else record[n] for n in FIGURES[heading] if n in within or n in record}


def _expect_figures(judge: Judge, heading: str, figures: dict[str, Any], answer: Answer) -> None:
    """Expects of each figure of a heading, a row for each, that it is an instant or a count, where it is known."""
    for name in FIGURES[heading]:
        value = figures.get(name)
        is_instant = name.startswith("Last")
        with judge(f"field.{name}.type"):
            if value is None and is_instant:
                raise NotOffered(f"{name} has no value before the first event")
            if value is None:
                raise NotShown(f"no answer showed {name}")
            if is_instant:
                holds = instants.parse(value) is not None
            else:
                holds = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            expect.that(
                holds,
                "an instant" if is_instant else "a count",
                expect.shown(value),
                about=name,
                kind="type",
                observed=expect.json_type(value),
                shown_by=answer,
            )


@pytest.mark.parametrize("heading", FEEDS)
@requirement(
    "expand.{heading}", "field.{heading}.type", *(f"field.{n}.type" for names in FIGURES.values() for n in names)
)
def test_news_feeds_are_shown_in_figures(session: Session, judge: Judge, heading: str) -> None:
    contacts = [_fresh(session).id]
    if "active" in session.target.known and session.main_role == session.provider.main_role:
        contacts.append(session.target.known["active"])
    for contact in contacts:
        record, answer = _expanded_together(session, contact, heading)
        figures = _figures(record, heading)
        with judge(f"expand.{heading}"):
            expect.success(answer)
            for name in FIGURES[heading]:
                if not name.startswith("Last"):
                    _expect_member(name, figures, answer)
        with judge(f"field.{heading}.type"):
            if record.get(heading) is None:
                raise NotOffered(f"the figures are not below {heading}")
            expect.of_type(record[heading], "object", about=heading, shown_by=answer)
        _expect_figures(judge, heading, figures, answer)


def _expect_member(name: str, members: dict[str, Any], shown_by: Answer) -> None:
    """Expects that there is a member of this name, whatever its value."""
    expect.that(name in members, f"a member {name}", "none", about=name, observed="missing", shown_by=shown_by)


@requirement("expand.Notes")
def test_notes_are_expanded(session: Session) -> None:
    record, answer = _expanded(session, unusual.unusual(session).id, "Notes")

    expect.success(answer)
    expect.present(record, "the contact", answer)


@requirement("expand.Activity", "expand.Activity.daily", "field.Activity.type")
def test_activity_is_shown_to_the_private_role(session: Session, judge: Judge) -> None:
    active = asking.fixture(session, "active")

    record, answer = _expanded(session, active, "Activity", "private")

    activity = record.get("Activity")
    if answer.succeeded and not activity and "DailyActivity" not in record:
        set_aside.need_right_keys(session)
    with judge("expand.Activity"):
        expect.success(answer)
        expect.that(
            activity or "DailyActivity" in record,
            "Activity or DailyActivity",
            "neither",
            about="Activity",
            observed="missing",
            shown_by=answer,
        )
    with judge("field.Activity.type"):
        if activity is None:
            raise NotOffered("what the expansion shows is not below Activity")
        expect.of_type(activity, "object", "array", about="Activity", shown_by=answer)
    with judge("expand.Activity.daily"):
        daily = activity.get("DailyActivity") if isinstance(activity, dict) else record.get("DailyActivity")
        if daily is None or daily == []:
            raise NotOffered("the answer showed no DailyActivity, whose form is not told")
        expect.of_type(daily, "array", about="DailyActivity", shown_by=answer)
        expect.that(
            len(daily) <= 30,
            "at most 30 days",
            str(len(daily)),
            about="DailyActivity",
            observed="too many",
            shown_by=answer,
        )
        for day in daily:
            expect.of_type(day, "object", about="a day of DailyActivity", shown_by=answer)
            for name in ("Score", "RelativeScore"):
                _expect_member(name, day, answer)


@dataclass(frozen=True)
class _Seen:
    """What the main role sees of one contact with every expansion: the names of these, and what they show.

    `shown` has the documented attributes that the contact shows with the expansions and not without.
    """

    contact: str
    names: tuple[str, ...]
    shown: frozenset[str]
    record: Record
    answer: Answer


def _seen(session: Session) -> _Seen:
    """What the main role sees of the active contact, or of a fresh one; NotVerified where it is refused."""

    def look() -> _Seen:
        contact = session.target.known.get("active") or _fresh(session).id
        plain, _ = asking.read_once(session, contact)
        for unique in ("UniquePrimaryEmail", "UniquePrimaryEmailCheck"):
            names = (*OF_SOME_ROLES, *OF_ALL_ROLES, unique)
            record, answer = _expanded(session, contact, ",".join(names))
            if answer.succeeded:
                break
        else:
            raise NotVerified(f"a contact with every expansion is refused: {answer!r}")
        new = {n for n, v in record.items() if v is not None and n in SHOWN and plain.get(n) is None}
        return _Seen(contact, names, frozenset(new), record, answer)

    seen: _Seen = session.once("every expansion", look)
    return seen


@pytest.mark.parametrize("role", ["idx", "public"])
@requirement("expand.all-roles", "expand.Activity.private-only", "expand.Portal.roles")
def test_a_role_is_shown_what_it_may_see_and_no_more(session: Session, judge: Judge, role: str) -> None:
    contacts = session.contacts(role)
    contact = session.target.known.get("active") or next(iter(contacts.ids(contacts.list().records)), "")
    if not contact:
        raise NotVerified(f"the list of '{role}' is empty: there is nothing to expand")
    names = [*OF_SOME_ROLES, *OF_ALL_ROLES, "UniquePrimaryEmail"]

    record, answer = _expanded(session, contact, ",".join(names), role)

    for expansion, row in zip(OF_SOME_ROLES, ("Activity.private-only", "Portal.roles"), strict=True):
        with judge(f"expand.{row}"):
            shown, by = (record, answer) if answer.succeeded else _expanded(session, contact, expansion, role)
            if by.succeeded and not shown:
                raise NotShown(f"the answer showed no contact: {by!r}")
            value = shown.get(expansion) or (shown.get("DailyActivity") if expansion == "Activity" else None)
            if value:
                set_aside.need_right_keys(session)
            expect.absent(value, f"{expansion}, as {role}", by)
    with judge("expand.all-roles"):
        session.contacts("private")  # what others see is held against what this role sees: without it nothing is shown
        seen = _seen(session)
        if seen.contact != contact:
            raise NotVerified("the target file sets no contact aside that is active")
        if not answer.succeeded:
            record, answer = _expanded(session, contact, ",".join(seen.names[len(OF_SOME_ROLES) :]), role)
        if answer.status == 404:
            raise NotVerified(f"'{role}' does not reach the contact that the target file sets aside: {answer!r}")
        expect.success(answer, f"the expansions of all roles, as {role}")
        _expect_shown(record, [n for n in seen.shown if SHOWN[n]["x-expansion"] not in OF_SOME_ROLES], role, answer)


@pytest.mark.parametrize("which", ["active", "fresh"])
@requirement("expand.list", "expand.Notes", "field.Tags.type")
def test_every_expansion_is_shown_in_lists(session: Session, judge: Judge, which: str) -> None:
    contacts = session.contacts()
    seen = _seen(session)
    contact = seen.contact if which == "active" else _fresh(session).id
    unusual.unusual(session)  # a contact with a note
    query = (("_filter", equals({"Id": contact})), ("_expand", ",".join(seen.names)))

    answer = contacts.send_list(query)

    with judge("expand.list"):
        expect.success(answer)
        records = contacts.page(answer).records
        expect.same_contacts(contacts.ids(records), [contact], "the list with every expansion", answer)
        always = {"VowActive", "VowExists", "VowEnabled", "UniquePrimaryEmail"}
        _expect_shown(records[0], seen.shown if which == "active" else seen.shown & always, "in a list", answer)
        read = seen.record if which == "active" else {}
        for name in sorted(n for n in PORTALS if read.get(n) is not None):
            expect.equal(records[0].get(name), read[name], f"{name} in a list", answer)
    with judge("expand.Notes"):
        if which == "active" or answer.refused:
            raise NotShown("no answer showed the notes of a contact without any")
        notes = [r.get("Notes") for r in contacts.page(answer).records]
        expect.equal(unusual.has(notes, unusual.NOTE), False, "whether Notes show another contact's note", answer)
    with judge("field.Tags.type"):
        for tags in (r["Tags"] for r in contacts.page(answer).records if r.get("Tags") is not None):
            expect.of_type(tags, "array", about="Tags", shown_by=answer)


def _expect_shown(record: Record, names: Iterable[str], where: str, shown_by: Answer) -> None:
    """Expects that a contact shows these attributes, which the main role sees of it."""
    missing = sorted(n for n in names if record.get(n) is None)
    expect.that(
        not missing,
        f"{', '.join(missing)}, as the main role reads them",
        "none of these",
        about=f"{', '.join(missing)}, {where}",
        observed="missing",
        shown_by=shown_by,
    )


def _portal_of_active(session: Session, role: str) -> tuple[Record, Answer]:
    """The active contact with every expansion, where the main role was shown it so; else with Portal alone."""
    active = asking.fixture(session, "active")
    if role == session.main_role:
        with suppress(NotVerified):
            seen = _seen(session)
            return seen.record, seen.answer
    return _expanded(session, active, "Portal", role)


@requirement("expand.Portal", "field.Portal.type")
@pytest.mark.parametrize("role", ["private", "vow", "portal"])
def test_the_portal_account_is_shown(session: Session, judge: Judge, role: str) -> None:
    if role == "private":
        record, answer = _portal_of_active(session, role)
        if answer.succeeded and not record.get("Portal"):
            set_aside.need_right_keys(session)
    else:
        answer = own.expanded(session, role)
        if answer.refused:
            answer = session.contacts(role).send("my-read", query=(("_expand", "Portal"),))
        record = session.provider.record(answer) or {}

    with judge("expand.Portal"):
        expect.success(answer)
        expect.that(
            record.get("Portal"),
            "a value",
            expect.shown(record.get("Portal")),
            about="Portal",
            observed="missing",
            shown_by=answer,
        )
    with judge("field.Portal.type"):
        expect.of_type(record.get("Portal"), "object", "array", about="Portal", shown_by=answer)


@requirement("expand.VowActive", "field.VowActive.type")
def test_a_portal_in_use_is_told_from_one_that_is_not(session: Session, judge: Judge) -> None:
    contacts: list[tuple[str, bool]] = [(_fresh(session).id, False)]
    unverified = ""
    try:
        contacts += [(asking.fixture(session, n), n == "active") for n in ("active", "dormant")]
    except NotVerified as failure:
        unverified = str(failure)
    for contact, expected in contacts:
        record, answer = _expanded_together(session, contact, "VowActive")
        with judge("field.VowActive.type"):
            expect.of_type(record.get("VowActive"), "boolean", about="VowActive", shown_by=answer)
        with judge("expand.VowActive"):
            expect.equal(record.get("VowActive"), expected, "VowActive", answer)
    if unverified:
        with judge("expand.VowActive"):
            raise NotVerified(unverified)


@requirement("expand.VowEnabled", "field.VowEnabled.type", "field.VowExists.type", "create.portal-account")
def test_whether_there_is_a_portal_account_is_shown(session: Session, judge: Judge) -> None:
    record, answer = _expanded_together(session, _fresh(session).id, "VowEnabled")

    values = {n: record[n] for n in ("VowExists", "VowEnabled") if record.get(n) is not None}
    with judge("expand.VowEnabled"):
        expect.success(answer)
        expect.that(
            values,
            "VowExists or VowEnabled",
            "neither",
            about="VowExists, VowEnabled",
            observed="missing",
            shown_by=answer,
        )
    for name in ("VowExists", "VowEnabled"):
        with judge(f"field.{name}.type"):
            if not values:
                raise NotShown(f"no answer showed {name}")
            if name not in values:
                raise NotOffered(f"the expansion shows {', '.join(values)} and no {name}")
            expect.of_type(values[name], "boolean", about=name, shown_by=answer)
    with judge("create.portal-account"):
        expect.that(
            True in values.values(),
            "VowExists or VowEnabled true for a new contact",
            expect.shown(values),
            about="VowExists, VowEnabled",
            observed="not true",
            shown_by=answer,
        )


@requirement("expand.several", "expand.absent", "time.modified-stays")
def test_expansions_are_shown_together_and_only_on_request(session: Session, judge: Judge) -> None:
    contact = _fresh(session)
    contacts = session.contacts()
    before = session.account.aftermath.known(contact.id) or contacts.read(contact)
    several = "VowActive,NewsFeedSummary"

    record, answer = _expanded(session, contact.id, several)
    read, read_answer = asking.read(contacts, contact)
    unexpanded = contacts.send_marked(contact.marks)
    plain = [(read_answer, read), *((unexpanded, r) for r in contacts.page(unexpanded).records)]

    with judge("time.modified-stays"):
        expect.equal(read.get(MODIFIED), before.get(MODIFIED), f"{MODIFIED}, after readings alone", read_answer)
    with judge("expand.several"):
        expect.success(answer)
        expect.of_type(record.get("VowActive"), "boolean", about="VowActive", shown_by=answer)
        expect.present(_figures(record, "NewsFeedSummary"), "NewsFeedSummary", answer)
    with judge("expand.absent"):
        for shown_by, each in plain:
            more = {n: each[n] for n in sorted(SHOWN) if each.get(n) is not None}
            expect.that(
                not more,
                "nothing that an expansion shows",
                expect.shown(more),
                about=", ".join(more),
                observed="present",
                shown_by=shown_by,
            )
