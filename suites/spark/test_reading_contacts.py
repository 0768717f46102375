"""Contacts > GET, Expansions, of contacts that an account holds already: for runs that may not write."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import reading, requirement
from contacts_conformance.checks.sampled import steadily
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.model import Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers.spark import equals
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from ..sparkapi.test_reading import ROUNDED, path_leads, richest
from .test_expansions import FEEDS, FIGURES, MODIFIED, SHOWN, _expanded, _expect_member, _figures

TOGETHER = "VowActive,NewsFeedSummary"


@reading
@requirement("envelope.resource-uri", "envelope.resource-uri-leads", "notification-emails.subset", "time.modified")
def test_existing_contacts_hold_together(session: Session, contacts: Contacts, judge: Judge) -> None:
    for record in richest(session):
        read, answer = asking.read(contacts, contacts.ids([record])[0])
        with judge("envelope.resource-uri"):
            for shown in (record, read):
                for name in ("ResourceUri", "Id"):
                    expect.of_type(shown.get(name), "string", about=name, shown_by=answer)
        with judge("envelope.resource-uri-leads"):
            expect.that(path_leads(contacts, read), "a path that leads to the contact", "another", shown_by=answer)
        with judge("notification-emails.subset"):
            notified, known = (read.get(n) or [] for n in ("AdditionalNotificationEmails", "SecondaryEmails"))
            if not notified:
                raise NotShown("the contact has no AdditionalNotificationEmails")
            inside = {*notified} <= {*known}
            expect.that(inside, "some of SecondaryEmails", "others", about="AdditionalNotificationEmails")
        with judge("time.modified"):
            created, modified = (instants.parse(read.get(n)) for n in ("CreatedTimestamp", MODIFIED))
            if created is None or modified is None:
                raise NotShown("the contact does not show both times")
            expect.that(modified >= created - ROUNDED, "no time before the creation", "an earlier one", about=MODIFIED)


@reading
@requirement("time.modified-stays", "expand.several", "expand.absent")
def test_existing_contacts_are_expanded_only_on_request(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = session.found().id

    def compare(before: Record) -> None:
        expanded, answer = _expanded(session, contact, TOGETHER)
        read, read_answer = asking.read(contacts, contact)
        with judge("expand.several"):
            expect.success(answer)
            expect.of_type(expanded.get("VowActive"), "boolean", about="VowActive", shown_by=answer)
            expect.present(_figures(expanded, "NewsFeedSummary"), "NewsFeedSummary", answer)
        with judge("expand.absent"):
            for shown in (read, *session.sample().records):
                more = sorted(n for n in SHOWN if shown.get(n) is not None)
                expect.that(not more, "nothing that an expansion shows", ", ".join(more), about=", ".join(more))
        expect.equal(read.get(MODIFIED), before.get(MODIFIED), f"{MODIFIED}, after readings alone", read_answer)

    with judge("time.modified-stays"):
        steadily(lambda: contacts.read(contact), compare, lambda: contacts.read(contact))


@pytest.mark.parametrize("heading", FEEDS)
@reading
@requirement("expand.{heading}")
def test_news_feeds_of_existing_contacts_are_shown_in_figures(session: Session, heading: str) -> None:
    for record in richest(session):
        expanded, answer = _expanded(session, session.contacts().ids([record])[0], heading)
        expect.success(answer)
        figures = _figures(expanded, heading)
        for name in FIGURES[heading]:
            if not name.startswith("Last"):
                _expect_member(name, figures, answer)


@reading
@requirement("expand.Notes", "expand.VowEnabled", "field.VowEnabled.type", "field.VowExists.type")
def test_existing_contacts_show_whether_they_have_a_portal_account(session: Session, judge: Judge) -> None:
    contact = session.found().id
    record, answer = _expanded(session, contact, "VowEnabled")
    values = {n: record[n] for n in ("VowExists", "VowEnabled") if record.get(n) is not None}
    with judge("expand.VowEnabled"):
        expect.success(answer)
        expect.that(values, "VowExists or VowEnabled", "neither", about="VowExists, VowEnabled", shown_by=answer)
    for name in ("VowExists", "VowEnabled"):
        with judge(f"field.{name}.type"):
            if name not in values:
                raise NotOffered(f"the expansion does not show {name}")
            expect.of_type(values[name], "boolean", about=name, shown_by=answer)
    with judge("expand.Notes"):
        record, answer = _expanded(session, contact, "Notes")
        expect.success(answer)
        expect.present(record, "the contact", answer)


@reading
@requirement("expand.VowActive", "field.VowActive.type")
def test_a_portal_in_use_is_told_from_one_that_is_not_by_reading(session: Session, judge: Judge) -> None:
    for which in ("active", "dormant"):
        record, answer = _expanded(session, asking.fixture(session, which), "VowActive")
        with judge("field.VowActive.type"):
            expect.of_type(record.get("VowActive"), "boolean", about="VowActive", shown_by=answer)
        with judge("expand.VowActive"):
            expect.equal(record.get("VowActive"), which == "active", "VowActive", answer)


@reading
@requirement("expand.UniquePrimaryEmail", "expand.UniquePrimaryEmail.polarity")
def test_existing_contacts_show_whether_their_address_is_unique(session: Session, judge: Judge) -> None:
    """An address that two contacts of a walk have, or that a list by it finds once."""
    contacts = session.contacts()
    for record in [r for r in richest(session) if isinstance(r.get("PrimaryEmail"), str) and r["PrimaryEmail"]]:
        address = record["PrimaryEmail"]
        answer = contacts.send_list((("_filter", equals({"PrimaryEmail": address})),), quotes=(address,))
        is_unique = len(contacts.page(answer).records) == 1
        for name in ("UniquePrimaryEmail", "UniquePrimaryEmailCheck"):
            expanded, shown_by = _expanded(session, contacts.ids([record])[0], name)
            told = expanded.get("UniquePrimaryEmail", expanded.get("UniquePrimaryEmailCheck"))
            if shown_by.succeeded and told is not None:
                break
        with judge("expand.UniquePrimaryEmail"):
            expect.success(shown_by)
            expect.of_type(told, "boolean", about="UniquePrimaryEmail", shown_by=shown_by)
        with judge("expand.UniquePrimaryEmail.polarity"):
            if is_unique:
                raise NotShown("others, whose contacts no list shows, may have the same address")
            expect.equal(told, False, "UniquePrimaryEmail", shown_by)
