"""What signed-in contacts are answered about their own record; asked once in a run for all checks."""

from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer


def mine(session: Session, role: str = "portal") -> Contacts:
    """The contacts as a signed-in contact sees them; NotVerified where the target file does not set it aside."""
    contacts = session.contacts(role)
    if "contact_id" not in contacts.identity.attributes:
        raise NotVerified(f"the target does not set its contact aside (key contact_id in [identities.{role}])")
    return contacts


def read(session: Session, role: str) -> Answer:
    """The answer to a plain request for the own contact."""
    contacts = session.contacts(role)
    answer: Answer = session.once(f"own contact of {role}", lambda: contacts.send("my-read"))
    return answer


def change(session: Session) -> Answer:
    """The answer to a plain change of the own contact, which is given back as it was."""
    contacts = mine(session)

    def send() -> Answer:
        with borrowed(contacts, names=["GivenName"]):
            return contacts.send("my-change", json={"D": {"GivenName": f"Ada {session.number()}"}})

    answer: Answer = session.once("own contact changed", send)
    return answer
