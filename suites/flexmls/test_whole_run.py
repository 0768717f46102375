"""Contacts > Contact Response Format: what all answers of the run have in common, whatever they were asked for."""

from collections.abc import Iterator
from contextlib import suppress

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http.parsing import parse
from contacts_conformance.model import Exchange, Json
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from .test_views import LISTED

pytestmark = in_cohort("contract")

UNAUTHORIZED = 401
MOST_READS = 5


def _answers(session: Session) -> Iterator[tuple[Exchange, dict[str, Json]]]:
    """The exchanges of the run whose answers hold an object D, but for those that the evidence had to cut."""
    for exchange in session.recorder.exchanges:
        inner = envelope(parse(exchange.response_body.encode()))
        if inner is not None and exchange.status:
            yield exchange, inner


def _shown(inner: dict[str, Json]) -> list[dict[str, Json]]:
    """The contacts that an answer shows."""
    results = inner.get("Results")
    return [r for r in results if isinstance(r, dict) and "Id" in r] if isinstance(results, list) else []


@requirement("envelope.success", "envelope.failure", "envelope.failure-of-a-read", "auth.status")
def test_status_and_success_agree(session: Session, judge: Judge) -> None:
    for exchange, inner in _answers(session):
        asked = f"{exchange.method} {exchange.operation}"
        is_success, is_read = 200 <= exchange.status < 300, exchange.method == "GET"
        row = "envelope.success" if is_success else "envelope.failure-of-a-read"
        with judge(row if is_read else "envelope.failure"):
            expect.that(
                inner.get("Success") is not (not is_success),
                f"Success {str(is_success).lower()} with status {exchange.status}",
                expect.shown(inner.get("Success")),
                about=f"{asked}: Success",
                observed="the opposite of the status",
                shown_by=exchange.id,
            )
        if exchange.status == UNAUTHORIZED:
            with judge("auth.status"):
                expect.that(
                    not _shown(inner), "no contacts", "contacts", about=f"{asked}, refused with 401",
                    observed="contacts", shown_by=exchange.id,
                )  # fmt: skip


@requirement("create.resource-uri")
def test_every_contact_that_was_added_can_be_read(session: Session, contacts: Contacts) -> None:
    with suppress(NotVerified):
        asking.failures(session)  # what is to be refused, and may be answered as a success
    shown = {str(r["Id"]) for exchange, inner in _answers(session) if exchange.method == "GET" for r in _shown(inner)}
    listed = session.take(LISTED)
    shown |= listed or set()
    own = [c for c in session.journal.creations if c.identity == contacts.identity.role and c.state == "created"]
    unseen = [c.id for c in own if c.id and c.id not in shown and session.account.aftermath.known(c.id) is None]

    for contact in unseen[:MOST_READS]:
        expect.success(contacts.send_read(contact), f"the path of contact {contact}, which was added")


@requirement("create.tag-shown-as-tags", "text.no-line-feed")
def test_contacts_are_shown_in_the_same_form(session: Session, judge: Judge) -> None:
    for exchange, inner in _answers(session):
        for contact in _shown(inner) if exchange.method == "GET" else ():
            with judge("create.tag-shown-as-tags"):
                expect.that(
                    "Tag" not in contact or "Tags" in contact, "Tags", "Tag in place of Tags", about="Tags",
                    observed="missing", shown_by=exchange.id,
                )  # fmt: skip
            street = contact.get("WorkStreetAddress")
            with judge("text.no-line-feed"):
                expect.that(
                    not isinstance(street, str) or street == street.rstrip("\n"),
                    "an address without a line feed at its end",
                    expect.shown(street),
                    about="WorkStreetAddress",
                    observed="a line feed",
                    shown_by=exchange.id,
                )
