"""One contact that was removed, for all checks that ask what is left of it."""

from __future__ import annotations

from dataclasses import dataclass

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks.session import Session
from contacts_conformance.http.messages import Answer


@dataclass(frozen=True, slots=True)
class Removal:
    """A contact that existed, and the answer to its removal, which may be a refusal."""

    contact: Contact
    answer: Answer


def removal(session: Session) -> Removal:
    """The contact of the main role that was removed once in a run; another one was created right after it."""

    def remove() -> Removal:
        contacts = session.contacts()
        contact = contacts.create(last_name="going", email=f"{session.mark()}@example.com")
        session.have_spare()
        return Removal(contact, contacts.send_remove(contact.id))

    return session.once("a removal", remove)
