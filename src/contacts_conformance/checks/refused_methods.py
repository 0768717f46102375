"""Methods that a page excludes at a path, each tried once in a run, at a contact that nothing else is tried with."""

from __future__ import annotations

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotVerified
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.model import Json


def excluded(session: Session, method: str, template: str) -> Answer:
    """The answer to a method that the page excludes at a path, sent once in a run.

    The path of a contact or of a tag is that of a contact which the run created for this, since a server may look for
    the contact first. NotVerified where there is none, and the path of nobody is answered 404; and where a server that
    carries it out could harm others, unless the account may be emptied.
    """

    def ask() -> Answer:
        caller = session.identity(session.role_at(template))
        contact = contact_of_its_own(session) if "{" in template else None
        if contact is not None:
            path = session.contacts().path_of(contact, template)
            acts = method in ("PUT", "POST") and path.endswith(contact.id)
            adds = method == "POST" and not acts
            body = _with_another_text(session, contact) if acts else _one_more(session) if adds else None
            request = Request(method, path, caller, json=body, about=contact.id, legal=False)
            return session.client.send(request)
        path, body = session.provider.example_path(template), None
        if method == "PUT" and template == session.contract.operation("list").path:
            body = _one_more(session)
        elif method in ("PUT", "POST") and session.target.disposable and not session.contract.has("change"):
            field = altered(session)  # of the record at this path
            body = session.provider.body("create", {field.name: session.provider.sample(field, session.number())})
        answer = session.client.send(Request(method, path, caller, json=body, legal=False))
        if "{" in template and answer.status == 404:
            raise NotVerified(f"there is no contact to try it at: {answer!r}")
        return answer

    return session.once(f"{method} {template}", ask)


def contact_of_its_own(session: Session) -> Contact | None:
    """A contact of the run that nothing else is tried with; None where none can be created."""
    try:
        return made_for_it(session)
    except NotVerified:
        return None


def made_for_it(session: Session) -> Contact:
    """The same, with a value for every text, so that it shows what a method changes that is not there; NotVerified."""

    def create() -> Contact:
        contacts, kept_out = session.contacts(), session.provider.markers
        texts = (f for f in session.contract.create_fields if f.is_text and not (f.known or f.either or f.forms))
        values = round_trip.values(session, tuple(f for f in texts if f.name not in kept_out))
        whole, marks = contacts.complete(values), contacts.marks()
        answer = contacts.send_create(whole, marks=marks)
        contact = session.provider.created_id(answer) if answer.succeeded else None
        return Contact(contact, whole, marks) if contact is not None else contacts.create()

    return session.once("for excluded methods", create)


def _one_more(session: Session) -> Json:
    """A new contact with the marks of the one that excluded methods are tried at, which lists would show beside it.

    None where contacts can be changed, and where the account is not disposable: a service could take it for a change of
    all of them, or for what is to be there in place of them.
    """
    is_free = session.target.disposable and not session.contract.has("change")
    contact = contact_of_its_own(session) if is_free else None
    if contact is None:
        return None
    return session.provider.body("create", {**session.contacts().complete({}), **contact.marks})


def altered(session: Session) -> Field:
    """The text of which excluded methods send another value than the contact has."""
    return next(f for f in session.contract.create_fields if f.is_text and not (f.known or f.enum or f.shape))


def _with_another_text(session: Session, contact: Contact) -> Json:
    field = altered(session)
    return session.provider.body(
        "create", {**contact.sent, field.name: session.provider.sample(field, session.number())}
    )
