"""What signed-in contacts are answered about their own record; asked once in a run for all checks."""

from collections.abc import Mapping
from dataclasses import dataclass

from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import samples
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Record


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


LINES = "1405 Main Street\nApt 112"
EVE = "Eve by Id"
OUTSIDE = "outside.notified@example.com"
ADDRESS = "PrimaryEmail"
DRAWN = 2
"""So many attributes beside the address are sent above their limits."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer to a plain change of the own contact, and how it read before it, and after a second change, which
    gave it a street address of two lines, and a third, to an address for notifications that is no secondary one.

    `by_id` is the answer to a change to EVE at the path of its Id. After these, texts above the limits were sent, each
    by itself, and no primary address; `above` has the texts, and `emptied` is the answer to an empty address.
    """

    answer: Answer
    before: Record
    after: Record
    read: Answer
    above: Mapping[str, str]
    by_id: Answer
    emptied: Answer


def changed(session: Session) -> Changed:
    """What these changes made of the own contact, which is given back as it was; done once in a run."""
    contacts = mine(session)

    def send() -> Changed:
        above = _above(session)
        names = {"GivenName", "HomeStreetAddress", "AdditionalNotificationEmails", ADDRESS, *above}
        with borrowed(contacts, names=names) as before:
            answer = contacts.send("my-change", json={"D": {"GivenName": f"Ada {session.number()}"}})
            contact = contacts.identity.attributes["contact_id"]
            session.allow_changes(contact, contacts.identity.role)
            by_id = contacts.send_change(contact, {"GivenName": EVE}, legal=False)
            contacts.send("my-change", json={"D": {"HomeStreetAddress": LINES}})
            contacts.send("my-change", json={"D": {"AdditionalNotificationEmails": [OUTSIDE]}}, legal=False)
            for values in (*({n: v} for n, v in above.items()), {ADDRESS: None}, {ADDRESS: ""}):
                last = contacts.send("my-change", json={"D": values}, legal=False)
            return Changed(answer, before, *record_of(contacts), above, by_id, last)

    return session.once("own contact changed", send)


def _above(session: Session) -> dict[str, str]:
    """A text above its limit for the address, and for some other attributes, which the seed draws."""
    properties = session.contract.document["components"]["schemas"]["MyContactChange"]["properties"]
    limited = [f for f in session.contract.limited_fields if f.name in properties and f.kind == "text"]
    others = [f for f in limited if f.name not in (ADDRESS, "GivenName", "HomeStreetAddress")]
    drawn = session.random("own limits").sample(others, min(DRAWN, len(others)))
    some = [f for f in limited if f.name == ADDRESS or f in drawn]
    return {f.name: samples.text_of_length(f, (f.max_length or 0) + 1) for f in some}


EXPANSIONS = "VowActive,VowEnabled,NewsFeedSummary,NewsFeedNotificationSummary,Portal"


def expanded(session: Session, role: str) -> Answer:
    """The own contact with every expansion that its role may see; asked once in a run."""
    contacts = session.contacts(role)
    query = (("_expand", EXPANSIONS),)
    answer: Answer = session.once(f"own contact of {role}, expanded", lambda: contacts.send("my-read", query=query))
    return answer


def record_of(contacts: Contacts) -> tuple[Record, Answer]:
    """The own contact as it is now, and the answer that shows it; NotVerified where it cannot be read."""
    answer = contacts.send("my-read")
    record = contacts.account.provider.record(answer)
    if record is None:
        without = " without a contact" if answer.succeeded else ""
        raise NotVerified(f"Setup failed: reading the own contact returned {answer.status}{without}")
    return record, answer
