"""Contacts > Expansions: what each one returns, to which roles, and only on request."""

from typing import Any

import pytest

from contacts_conformance import contract as contracts
from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import resolve
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

SPARK = contracts.load("spark")
SHOWN = {
    name: resolve(SPARK.document, node)
    for name, node in SPARK.document["components"]["schemas"]["Contact"]["properties"].items()
    if "x-expansion" in node
}
"""What expansions show, by attribute; those that have a heading are figures of news feeds."""
FEEDS = ("NewsFeedSummary", "NewsFeedNotificationSummary")
FIGURES = {h: tuple(n for n, s in SHOWN.items() if s["x-expansion"] == h and n != h) for h in FEEDS}
ALL = ("VowActive", "VowEnabled", "UniquePrimaryEmail", *FEEDS)


def _fresh(session: Session) -> Contact:
    _, (fresh, _) = asking.cohort(session, "two to read", 2)
    return fresh


def _expanded(session: Session, contact: str, expansion: str, role: str = "") -> tuple[Record, Answer]:
    """The contact with an expansion, and the answer; the contact is empty where the expansion was refused."""
    answer = session.contacts(role).send_read(contact, query=(("_expand", expansion),))
    return (session.provider.record(answer) or {}) if answer.succeeded else {}, answer


def _figures(record: Record, heading: str) -> dict[str, Any]:
    """The figures of a heading, below it or beside it; before the first event there may be no time of the last one."""
    inner = record.get(heading)
    within = inner if isinstance(inner, dict) else {}
    return {n: within[n] if n in within else record[n] for n in FIGURES[heading] if n in within or n in record}


def _judge_figures(judge: Judge, figures: dict[str, Any], answer: Answer) -> None:
    for name, value in figures.items():
        with judge(f"field.{name}.type"):
            if name.startswith("Last"):
                assert value is None or instants.parse(value) is not None, f"{name} reads {value!r}: {answer!r}"
            else:
                counted = isinstance(value, int) and not isinstance(value, bool) and value >= 0
                assert value is None or counted, f"{name} reads {value!r}: {answer!r}"


@pytest.mark.parametrize("heading", FEEDS)
@requirement(
    "expand.{heading}", "field.{heading}.type", *(f"field.{n}.type" for names in FIGURES.values() for n in names)
)
def test_news_feeds_are_shown_in_figures(session: Session, judge: Judge, heading: str) -> None:
    for other in set(FEEDS) - {heading}:
        for name in (other, *FIGURES[other]):
            with judge(f"field.{name}.type"):
                pass  # judged with its own heading
    contacts = [_fresh(session).id]
    if "active" in session.target.known and session.main_role == session.provider.main_role:
        contacts.append(session.target.known["active"])
    for contact in contacts:
        record, answer = _expanded(session, contact, heading)
        figures = _figures(record, heading)
        with judge(f"expand.{heading}"):
            assert answer.succeeded, answer
            missing = [n for n in FIGURES[heading] if n not in figures and not n.startswith("Last")]
            assert not missing, f"{missing} are not there: {answer!r}"
        with judge(f"field.{heading}.type"):
            assert isinstance(record.get(heading), dict | None), f"{heading} reads {record.get(heading)!r}: {answer!r}"
        _judge_figures(judge, figures, answer)


@requirement("expand.Notes")
def test_notes_are_expanded(session: Session) -> None:
    record, answer = _expanded(session, session.contacts().create(Note="Met at the fair.").id, "Notes")

    assert answer.succeeded, answer
    assert record, answer


@requirement("expand.Activity", "expand.Activity.daily", "field.Activity.type")
def test_activity_is_shown_to_the_private_role(session: Session, judge: Judge) -> None:
    active = asking.fixture(session, "active")

    record, answer = _expanded(session, active, "Activity", "private")

    shown = record.get("Activity")
    with judge("expand.Activity"):
        assert answer.succeeded, answer
        assert shown or "DailyActivity" in record, f"there is no Activity: {answer!r}"
    with judge("field.Activity.type"):
        assert isinstance(shown, dict | list | None), f"Activity reads {shown!r}"
    with judge("expand.Activity.daily"):
        daily = shown.get("DailyActivity", []) if isinstance(shown, dict) else record.get("DailyActivity", [])
        assert isinstance(daily, list), f"DailyActivity reads {daily!r}"
        assert len(daily) <= 30, f"DailyActivity has {len(daily)} days"
        for day in daily:
            assert {"Score", "RelativeScore"} <= set(day), f"a day reads {day!r}"


@pytest.mark.parametrize(("expansion", "row"), [("Activity", "Activity.private-only"), ("Portal", "Portal.roles")])
@pytest.mark.parametrize("role", ["idx", "public"])
@requirement("expand.{row}")
def test_what_a_role_may_not_see_is_not_shown(session: Session, expansion: str, row: str, role: str) -> None:
    contacts = session.contacts(role)
    contact = session.target.known.get("active") or next(iter(contacts.ids(contacts.list().records)), "")
    if not contact:
        raise NotVerified(f"the list of '{role}' is empty: there is nothing to expand")

    record, answer = _expanded(session, contact, expansion, role)

    found = record.get(expansion) or record.get("DailyActivity")
    assert not found, f"{role} is shown {expansion}: {answer!r}"


@requirement("expand.Portal", "field.Portal.type")
@pytest.mark.parametrize("role", ["private", "vow", "portal"])
def test_the_portal_account_is_shown(session: Session, judge: Judge, role: str) -> None:
    if role == "private":
        record, answer = _expanded(session, asking.fixture(session, "active"), "Portal", role)
    else:
        answer = session.contacts(role).send("my-read", query=(("_expand", "Portal"),))
        record = session.provider.record(answer) or {}

    with judge("expand.Portal"):
        assert answer.succeeded, answer
        assert record.get("Portal"), f"there is no Portal: {answer!r}"
    with judge("field.Portal.type"):
        assert isinstance(record.get("Portal"), dict | list), f"Portal reads {record.get('Portal')!r}"


@requirement("expand.VowActive", "field.VowActive.type")
def test_a_portal_in_use_is_told_from_one_that_is_not(session: Session, judge: Judge) -> None:
    contacts: list[tuple[str, bool]] = [(_fresh(session).id, False)]
    unverified = ""
    try:
        contacts += [(asking.fixture(session, n), n == "active") for n in ("active", "dormant")]
    except NotVerified as failure:
        unverified = str(failure)
    for contact, expected in contacts:
        record, answer = _expanded(session, contact, "VowActive")
        with judge("field.VowActive.type"):
            assert isinstance(record.get("VowActive"), bool), f"VowActive reads {record.get('VowActive')!r}: {answer!r}"
        with judge("expand.VowActive"):
            assert record.get("VowActive") is expected, f"VowActive is not {expected}: {answer!r}"
    if unverified:
        with judge("expand.VowActive"):
            raise NotVerified(unverified)


@requirement("expand.VowEnabled", "field.VowEnabled.type", "field.VowExists.type", "create.portal-account")
def test_whether_there_is_a_portal_account_is_shown(session: Session, judge: Judge) -> None:
    record, answer = _expanded(session, _fresh(session).id, "VowEnabled")

    values = {n: record[n] for n in ("VowExists", "VowEnabled") if record.get(n) is not None}
    with judge("expand.VowEnabled"):
        assert answer.succeeded, answer
        assert values, f"there is neither VowExists nor VowEnabled: {answer!r}"
    for name in ("VowExists", "VowEnabled"):
        with judge(f"field.{name}.type"):
            assert isinstance(values.get(name, True), bool), f"{name} reads {values[name]!r}: {answer!r}"
    with judge("create.portal-account"):
        assert True in values.values(), f"a fresh contact has no portal account: {answer!r}"


@requirement("expand.UniquePrimaryEmail", "expand.UniquePrimaryEmail.polarity", "field.UniquePrimaryEmail.type")
def test_whether_an_address_is_unique_is_shown(session: Session, judge: Judge) -> None:
    contacts = session.contacts()
    address = f"{session.mark()}@example.com"
    one = contacts.create(PrimaryEmail=address)

    def shown() -> tuple[Any, Answer]:
        for name in ("UniquePrimaryEmail", "UniquePrimaryEmailCheck"):
            record, answer = _expanded(session, one.id, name)
            value = record.get("UniquePrimaryEmail", record.get("UniquePrimaryEmailCheck"))
            if value is not None:
                break
        return value, answer

    alone, answer = shown()
    with judge("expand.UniquePrimaryEmail"):
        assert alone is not None, f"neither name of the expansion shows it: {answer!r}"
    with judge("field.UniquePrimaryEmail.type"):
        assert isinstance(alone, bool), f"it reads {alone!r}: {answer!r}"
    with judge("expand.UniquePrimaryEmail.polarity"):
        assert alone is True, f"nobody else has {address}: {answer!r}"
        other = contacts.send_create(contacts.complete({"PrimaryEmail": address}), legal=False)
        if other.succeeded:
            shared, answer = shown()
            assert shared is False, f"two contacts have {address}: {answer!r}"


@requirement("expand.several", "expand.list", "expand.absent")
def test_expansions_are_shown_together_in_lists_and_only_on_request(session: Session, judge: Judge) -> None:
    contact = _fresh(session)
    contacts = session.contacts()
    several = "VowActive,NewsFeedSummary"

    record, answer = _expanded(session, contact.id, several)
    listed = asking.listed(contacts, contact.marks, (("_expand", "VowActive"),), expected=1)
    plain = [contacts.read(contact), *contacts.page(contacts.send_marked(contact.marks)).records]

    with judge("expand.several"):
        assert answer.succeeded, answer
        assert isinstance(record.get("VowActive"), bool), answer
        assert _figures(record, "NewsFeedSummary"), answer
    with judge("expand.list"):
        shown = contacts.page(listed).records
        assert contact.id in contacts.ids(shown), listed
        assert all(isinstance(r.get("VowActive"), bool) for r in shown), listed
    with judge("expand.absent"):
        for one in plain:
            more = sorted(n for n in SHOWN if one.get(n) is not None)
            assert not more, f"nobody asked for {more}: {one!r}"
