"""The plainest legal request of an operation, sent once in a run by the main role."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Operation
from contacts_conformance.http import Answer
from contacts_conformance.model import Json

KINDS = ("create", "read", "change", "remove", "unconnected")
"""The kinds of operations whose plain request shows what the main role may do; a list of its own needs no contact."""


def answer(session: Session, operation: Operation) -> Answer:
    """The answer to the plain request of an operation."""
    contacts = session.contacts()
    answered: Answer = session.once(f"plain {operation}", lambda: _ask(session, contacts, operation))
    return answered


def values(session: Session) -> dict[str, Json]:
    """What the plain creation sends, beside what a contact needs."""
    return session.once("plain values", lambda: round_trip.whole(session))


def _ask(session: Session, contacts: Contacts, operation: Operation) -> Answer:
    match operation.kind:
        case "create":
            return contacts.send_create(contacts.complete(values(session)), marks=None)
        case "list":
            return contacts.send_list(session.provider.mark_filter(session.to_read().marks))
        case "read":
            return contacts.send_read(session.to_read().id)
        case "change":
            contact = session.plain()
            more = round_trip.values(session, session.contract.change_fields)
            return contacts.send_change(contact.id, {**contact.sent, **more})
        case "remove":
            return contacts.send_remove(session.expendable().id)
        case kind:
            return contacts.send(kind)
