"""Every example: the URL as the page prints it, and the body of a refused request."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, removals
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Request


@requirement("transport.double-slash")
def test_the_address_as_the_page_prints_it_works(session: Session, contacts: Contacts) -> None:
    contact = contacts.create()
    query = session.provider.mark_filter(contact.marks)
    session.wait_for_lists()

    answer = session.client.send(Request("GET", "//contacts", contacts.identity, query=query))

    expect.success(answer)
    expect.same_contacts(contacts.ids(contacts.page(answer).records), [contact.id], shown_by=answer)


@requirement("error.body")
def test_a_refusal_explains_itself(session: Session, contacts: Contacts) -> None:
    removed = removals.removal(session).contact

    answer = contacts.send_read(removed.id)

    if answer.succeeded:
        raise NotShown("reading a removed contact succeeded, so that no refusal was shown")

    body = answer.json
    expect.of_type(body, "object", about="body", shown_by=answer)
    for name in ("message", "name", "className"):
        expect.of_type(body.get(name), "string", about=name, shown_by=answer)
    expect.equal(body.get("code"), answer.status, about="code", shown_by=answer)
