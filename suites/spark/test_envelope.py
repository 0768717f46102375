"""Contacts > GET Response and Standard response format: what a success and a failure contain."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.spark import PROVIDER as SPARK
from contacts_conformance.providers.sparkapi import id_in
from contacts_conformance.verdicts.outcomes import Judge

from ..contract import plain
from ..sparkapi import asking
from . import own, searching

pytestmark = in_cohort("contract")

LARGEST = 25
"""So many contacts a page holds at most."""


@requirement("envelope.success")
def test_success_is_said_where_something_was_carried_out(session: Session, judge: Judge) -> None:
    for kind in ("create", "read", "list", "unconnected", "change", "remove"):
        with judge("envelope.success"):  # one by one: without Success, some cannot be prepared
            asking.expect_success_envelope(plain.answer(session, session.contract.operation(kind)))


@requirement("envelope.success")
def test_success_is_said_to_the_signed_in_contact(session: Session) -> None:
    asking.expect_success_envelope(own.read(session, "portal"))
    asking.expect_success_envelope(own.changed(session).answer)


@requirement("envelope.failure", "envelope.code-is-a-number")
def test_failure_is_said_where_nothing_was_carried_out(session: Session, contacts: Contacts, judge: Judge) -> None:
    failures = dict(asking.failures(session))
    failures["a wrong filter"] = session.once(
        "a wrong filter", lambda: contacts.send_list((("_filter", "DisplayName Eq"),), legal=False)
    )

    for case, answer in failures.items():
        asking.expect_failure(judge, "envelope.failure", case, answer)


@requirement("envelope.resource-uri", "envelope.resource-uri-leads", "list.same-as-read")
def test_a_list_shows_a_contact_as_it_reads_with_its_path_and_its_id(
    session: Session, contacts: Contacts, judge: Judge
) -> None:
    contact = searching.with_signs(session)
    record, read = asking.read(contacts, contact)

    listed = asking.listed(contacts, contact.marks, expected=1)

    records = contacts.page(listed).records
    with judge("envelope.resource-uri"):
        expect.equal(len(records), 1, "the number of contacts in the list", listed)
        for shown_by, shown in ((read, record), (listed, records[0])):
            for name in ("ResourceUri", "Id"):
                expect.of_type(shown.get(name), "string", about=name, shown_by=shown_by)
    item = next((r for r in records if session.provider.id_of(r) == contact.id), None)
    if item is None:
        raise NotShown("the list does not show the contact")
    with judge("list.same-as-read"):
        _expect_same(session, contacts, item, record, listed)
    with judge("envelope.resource-uri-leads"):
        for shown_by, shown in ((read, record), (listed, item)):
            _expect_path_leads(session, contacts, shown, contact.id, shown_by)


@requirement("list.same-as-read")
def test_lists_show_every_contact_that_was_read(session: Session, contacts: Contacts) -> None:
    """What the items show is held against the readings when the module is over."""
    unlisted = session.account.views.unlisted(contacts.identity.role)
    for start in range(0, len(unlisted), LARGEST):
        some = unlisted[start : start + LARGEST]
        listed = contacts.send_list((*SPARK.by_ids(some), ("_limit", str(LARGEST))))
        if listed.refused:
            raise NotVerified(f"a list of contacts by their Ids is refused: {listed!r}")
        asking.expect_page(contacts, listed)


def _expect_same(session: Session, contacts: Contacts, item: Record, record: Record, listed: Answer) -> None:
    """Expects that a list shows the values that the contact has before it or after it."""
    compared = [f for f in session.contract.fields if f.answered and f.name != "ResourceUri"]  # it has a row of its own
    both = [f for f in compared if item.get(f.name) and f.name in record]
    if not both:
        raise NotShown("the list and the contact have no field in common")
    differing = [f for f in both if not session.provider.same(f, record[f.name], item[f.name])]
    later = contacts.read(str(item["Id"])) if differing else record
    for field in both:
        expect.that(
            field not in differing or session.provider.same(field, later.get(field.name), item[field.name]),
            f"as the contact reads, {expect.shown(later.get(field.name))}",
            expect.shown(item[field.name]),
            about=field.name,
            observed=expect.difference(item[field.name], later.get(field.name)),
            shown_by=listed,
        )


def _expect_path_leads(session: Session, contacts: Contacts, record: Record, contact: str, shown_by: Answer) -> None:
    """Expects that the path of a contact ends in its Id, or in another that reads as this contact."""
    path = record.get("ResourceUri")
    if not isinstance(path, str):
        raise NotShown("the contact shows no ResourceUri")
    end = id_in(path)
    found = (
        contact if end == contact else session.provider.id_of(session.provider.record(contacts.send_read(end)) or {})
    )
    expect.that(
        found == contact,
        f"a path that leads to contact {contact}",
        expect.shown(path),
        about="ResourceUri",
        observed="another path",
        shown_by=shown_by,
    )
