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


def _row(exchange: Exchange) -> str:
    """The row that says what Success is in such an answer."""
    if exchange.method != "GET":
        return "envelope.failure"
    return "envelope.success" if 200 <= exchange.status < 300 else "envelope.failure-of-a-read"


@requirement("envelope.success", "envelope.failure", "envelope.failure-of-a-read", "auth.status")
def test_status_and_success_agree(session: Session, judge: Judge) -> None:
    answers = list(_answers(session))
    for row in dict.fromkeys(_row(exchange) for exchange, _ in answers):
        with judge(row):
            for exchange, inner in (a for a in answers if _row(a[0]) == row):
                is_success = 200 <= exchange.status < 300
                expect.that(
                    inner.get("Success") is not (not is_success),
                    f"Success {str(is_success).lower()} with status {exchange.status}",
                    expect.shown(inner.get("Success")),
                    about=f"{exchange.method} {exchange.operation}: Success",
                    observed="the opposite of the status",
                    shown_by=exchange.id,
                )
    with judge("auth.status"):
        for exchange, inner in (a for a in answers if a[0].status == UNAUTHORIZED):
            about = f"{exchange.method} {exchange.operation}, refused with 401"
            expect.that(
                not _shown(inner), "no contacts", "contacts", about=about, observed="contacts", shown_by=exchange.id
            )


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
    shown = [(c, e.id) for e, inner in _answers(session) if e.method == "GET" for c in _shown(inner)]
    with judge("create.tag-shown-as-tags"):
        for contact, exchange in shown:
            is_so = "Tag" not in contact or "Tags" in contact
            expect.that(is_so, "Tags", "Tag in its place", about="Tags", observed="missing", shown_by=exchange)
    with judge("text.no-line-feed"):
        for contact, exchange in shown:
            street = contact.get("WorkStreetAddress")
            expect.that(
                not isinstance(street, str) or street == street.rstrip("\n"),
                "an address without a line feed at its end",
                expect.shown(street),
                about="WorkStreetAddress",
                observed="a line feed",
                shown_by=exchange,
            )
