"""Contacts that differ in every text and time, for lists that are ordered, and for bounds of times."""

from __future__ import annotations

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks.marking import is_mark, seed_by_changes
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field

WORDS = ("elm", "birch", "fir", "amber", "grove", "dogwood", "cedar")
SIZE = len(WORDS)
BEGINNING = "harbour and sons of "
CREATED = (
    "2016-12-25T10:00:00.000Z",
    "2017-01-15T10:00:00.000Z",
    "2017-01-31T10:00:00.000Z",
    "2017-02-03T12:00:00.000Z",
    "2019-05-07T10:00:00.000Z",
    "2017-01-31T05:00:00-07:00",
    "2017-01-31T13:30:00+05:30",
)
MODIFIED = (
    "2019-06-01T12:00:00.000Z",
    "2017-02-01T09:00:00.000Z",
    "2017-03-31T10:00:00.000Z",
    "2018-02-03T12:00:00.000Z",
    "2019-05-08T10:00:00.000Z",
    "2018-02-03T10:00:00-07:00",
    "2018-02-03T19:00:00+05:30",
)
"""Several lie on the same day; written as they are sent these stand in another order."""


def _value(field: Field, index: int) -> str:
    """Texts whose order every collation agrees on: lower-case letters, or as many digits.

    First names differ in their first letter, other texts behind a beginning that all have.
    """
    match field.shape:
        case "email":
            return f"{WORDS[index]}@sort.example.com"
        case "phone":
            return f"202-555-01{10 + index * 3 % SIZE}"
        case "date":
            return f"19{60 + index * 3 % SIZE}-05-17"
        case _:
            return WORDS[index] if field.name == "first_name" else f"{BEGINNING}{WORDS[index]}"


def cohort(session: Session) -> Cohort:
    """Contacts that differ in every text but their mark, in another order for each; the marriages come in pairs."""
    return session.once("ordered contacts", lambda: _cohort(session))


def _cohort(session: Session) -> Cohort:
    shuffled = session.random("sort cohort")
    columns = {
        f.name: shuffled.sample([_value(f, i) for i in range(SIZE)], SIZE)
        for f in session.contract.text_fields
        if not is_mark(session, f.name)
    }
    for name, column in columns.items() if session.is_quick else ():  # filters ask for these contacts, too
        if column[0].startswith(BEGINNING):
            columns[name] = [value.replace(WORDS[0], f"{WORDS[1]}es") for value in column]
    columns["spouse_name"] = [("oak", "pine", "teak")[i % 3] for i in range(SIZE)]
    columns |= {"created_at": list(CREATED), "modified_at": list(MODIFIED)}
    return seed_by_changes(session.contacts(), [{n: column[i] for n, column in columns.items()} for i in range(SIZE)])
