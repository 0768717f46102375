"""Every example: the URL and the headers as the page prints them, and the body of a refused request."""

import base64

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http import Answer, Request
from contacts_conformance.target import ANONYMOUS

from . import alone, removals

pytestmark = in_cohort("lists")


@requirement("transport.double-slash")
def test_the_address_as_the_page_prints_it_works(session: Session, contacts: Contacts) -> None:
    seeded = alone.marking(session)
    session.wait_for_lists()

    answer = session.client.send(Request("GET", "//contacts", contacts.identity, query=seeded.own))

    expect.success(answer)
    expect.same_contacts(contacts.ids(contacts.page(answer).records), seeded.ids, shown_by=answer)


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


@requirement("operation.{list}.wrong-token")
def test_the_beginning_of_a_token_is_refused(session: Session, contacts: Contacts) -> None:
    token = _token(contacts)

    answer = _list_with(session, contacts, f"Bearer {token[:-1]}")

    expect.refusal(answer)


@requirement("auth.exact")
def test_a_token_is_taken_as_the_page_prints_it_alone(session: Session, contacts: Contacts) -> None:
    token = _token(contacts)
    basic = base64.b64encode(f"{token}:".encode()).decode()
    for about, value in {
        "another scheme": f"Basic {basic}",
        "the token in another scheme": f"Basic {token}",
        "a token in capitals": f"Bearer {token.swapcase()}",
    }.items():
        if value == f"Bearer {token}":
            continue
        answer = _list_with(session, contacts, value)

        expect.no_success(answer, about=about)


def _token(contacts: Contacts) -> str:
    token = contacts.identity.secrets.get("token")
    if token is None:
        raise NotOffered(f"'{contacts.identity}' has no token")
    return token.value


def _list_with(session: Session, contacts: Contacts, authorization: str) -> Answer:
    """The answer to a list that carries these credentials, which nobody has."""
    session.client.redactor.learn("LIONDESK_ALTERED_TOKEN", authorization.partition(" ")[2])
    return contacts.send_list(identity=ANONYMOUS, headers={"Authorization": authorization}, legal=False)


@requirement("transport.charset")
def test_a_body_may_name_its_charset(session: Session, contacts: Contacts) -> None:
    contact = session.spare()
    text = f"Zoë {session.mark()}"
    headers = {"Content-Type": "application/json; charset=utf-8"}

    answer = contacts.send_change(contact.id, {"spouse_name": text}, headers=headers, legal=False)

    expect.success(answer)
    expect.equal(contacts.read(contact).get("spouse_name"), text, about="spouse_name")


@requirement("transport.encoded-path")
def test_an_id_in_the_path_may_be_percent_encoded(session: Session, contacts: Contacts) -> None:
    contact = session.spare()
    first = f"%{ord(contact.id[0]):02X}"

    once = _read_at(session, contacts, first + contact.id[1:])
    twice = _read_at(session, contacts, first.replace("%", "%25") + contact.id[1:])

    expect.success(once, about="an encoded id")
    expect.equal(session.provider.id_of(session.provider.record(once) or {}), contact.id, about="id", shown_by=once)
    expect.no_success(twice, about="an id that is encoded twice")


def _read_at(session: Session, contacts: Contacts, segment: str) -> Answer:
    path = session.path(session.contract.operation("read")).rpartition("{")[0]
    return session.client.send(Request("GET", f"{path}{segment}", contacts.identity, legal=False))
