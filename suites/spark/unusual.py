"""A contact that several checks share: its note, and addresses that are easily altered."""

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Json

NOTE = 'Met at the fair,\nwith O\'Hara & Zoë; c_d is 100% "sure".'
TWO_LINES, ZEROS = "12 Example Street\nApt 3", "00501"
STREETS, CODES = ("HomeStreetAddress", "WorkStreetAddress"), ("HomePostalCode", "WorkPostalCode")


def unusual(session: Session) -> Contact:
    """A contact with a note, addresses of two lines and postal codes that begin with zeros; made once in a run."""
    values: dict[str, Json] = {**dict.fromkeys(STREETS, TWO_LINES), **dict.fromkeys(CODES, ZEROS), "Note": NOTE}
    contact: Contact = session.once("unusual", lambda: session.contacts().create(None, **values))
    return contact
