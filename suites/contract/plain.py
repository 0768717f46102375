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


def reading(session: Session, contact: str) -> Answer:
    """The answer to reading a contact that no check changes before all have judged it."""
    read: Answer = session.once(f"reading of {contact}", lambda: session.contacts().send_read(contact))
    return read


def values(session: Session) -> dict[str, Json]:
    """What the plain creation sends, beside what a contact needs."""
    return {n: t.sent for n, t in _whole(session).items()} or session.once(
        "plain values", lambda: round_trip.whole(session)
    )


def _whole(session: Session) -> round_trip.Trials:
    """The creation with a value in every field, if it was taken as a whole: it is as plain as another one.

    Where there are no lists, no check has made it anyway.
    """
    if not session.contract.has("list"):
        return {}
    trials = round_trip.created_whole(session)
    ids = {t.contact for t in trials.values()}
    return trials if len(ids) == 1 and "" not in ids else {}


def _ask(session: Session, contacts: Contacts, operation: Operation) -> Answer:
    match operation.kind:
        case "create" if whole := _whole(session):
            return next(iter(whole.values())).answer
        case "create":
            return contacts.send_create(contacts.complete(values(session)), marks=None)
        case "list":
            return contacts.send_list(session.provider.mark_filter(session.to_read().marks))
        case "read":
            return contacts.send_read(session.to_read().id)
        case "change":
            contact = session.spare() if session.contract.has("remove") else session.plain()  # each would stay
            more = round_trip.values(session, session.contract.change_fields)
            return contacts.send_change(contact.id, {**contact.sent, **more})
        case "remove":
            return contacts.send_remove(session.expendable().id)
        case kind:
            return contacts.send(kind)
