"""A contact that several checks share: its note, addresses that are easily altered, and letters beyond ASCII."""

import json

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Json
from contacts_conformance.providers.spark import PROVIDER as SPARK

NOTE = 'Met at the fair,\nwith O\'Hara & Zoë; c_d is 100% "sure".'
TWO_LINES, ZEROS, LETTERS = "12 Example Street\nApt 3", "00501", "Zoë of Åre"
STREETS, CODES = ("HomeStreetAddress", "WorkStreetAddress"), ("HomePostalCode", "WorkPostalCode")
LETTERED = tuple(sorted(SPARK.wordy - {*STREETS, *CODES}))


def unusual(session: Session) -> Contact:
    """A contact with a note, addresses of two lines and postal codes that begin with zeros; made once in a run."""
    contact: Contact = session.once("unusual", lambda: _made(session))
    return contact


def _made(session: Session) -> Contact:
    """The contact, whose other texts hold letters that the body writes as escapes (RFC 8259, 7): `\\u00eb` is ë.

    Where that is refused, the contact has none of these.
    """
    contacts = session.contacts()
    values: dict[str, Json] = {**dict.fromkeys(STREETS, TWO_LINES), **dict.fromkeys(CODES, ZEROS), "Note": NOTE}
    marks = contacts.marks(without=LETTERED)
    lettered = contacts.complete({**values, **dict.fromkeys(LETTERED, LETTERS)})
    body = json.dumps(SPARK.body("create", {**lettered, **marks}), ensure_ascii=True)
    answer = contacts.send_create(lettered, marks=marks, content=body.encode(), legal=False)
    created = SPARK.created_id(answer) if answer.succeeded else None
    return contacts.create(None, **values) if created is None else Contact(created, lettered, marks)


def has(shown: object, text: str) -> bool:
    """Whether a text stands in whatever was answered, at whatever depth."""
    if isinstance(shown, dict):
        return any(has(v, text) for v in shown.values())
    return any(has(v, text) for v in shown) if isinstance(shown, list) else shown == text


def note_shows(contacts: Contacts, contact: str, text: str) -> bool:
    """Whether a contact shows a note, in any of the places where it may be."""
    for query in ((("_select", "Note"),), (("_expand", "Notes"),), ()):
        record = contacts.account.provider.record(contacts.send_read(contact, query=query)) or {}
        if has([record.get("Note"), record.get("Notes")], text):
            return True
    return False
