"""Contacts that differ in every text and time, for lists that are ordered, and for bounds of times."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marking import is_mark, seed_by_changes
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import order
from contacts_conformance.providers import ORDER

WORDS = ("elm", "birch", "fir", "amber", "grove", "dogwood", "cedar")
SIZE = len(WORDS)
_ENOUGH, _SOME = 4, 3
"""Of so many contacts an order is seen, and of so many whether it goes upwards."""
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

    First names differ in their first letter, other texts and addresses behind a beginning that all have.
    """
    match field.shape:
        case "email":
            return f"{BEGINNING.strip().replace(' ', '.')}.{WORDS[index]}@sort.example.com"
        case "phone":
            return f"1 (202) 555-01{10 + index * 3 % SIZE}"
        case "date":
            return f"19{60 + index * 3 % SIZE}-05-17"
        case _:
            return WORDS[index] if field.name == "first_name" else f"{BEGINNING}{WORDS[index]}"


def cohort(session: Session) -> Cohort:
    """Contacts that differ in every text but their mark, in another order for each; the marriages come in pairs.

    They have ids too, as `ids` says; where a service does not take these, none of them has any.
    """
    return session.once("ordered contacts", lambda: _cohort(session))


def ids(session: Session) -> list[dict[str, Json]]:
    """The ids that the ordered contacts are given: every other one is assigned to one user, the others to another one.

    The first two have a hotness, the second and the third a source. What the target file does not tell is left out.
    """
    rows: list[dict[str, Json]] = [{} for _ in range(SIZE)]
    known = session.target.known
    for name, holders in (("hotness", (0, 1)), ("source", (1, 2))):
        for n in holders if name in known else ():
            rows[n][f"{name}_id"] = round_trip.as_id(known[name])
    with suppress(NotVerified):
        users = [shares.user_id(session, role) for role in ("assignee", "teammate")]
        for n, row in enumerate(rows):
            row["assigned_user_id"] = round_trip.as_id(users[n % 2])
    return rows


@dataclass(frozen=True, slots=True)
class Shown:
    """Ordered contacts as a list showed them that was asked for something else, too."""

    records: Sequence[Record]
    answer: Answer


def upwards(field: str) -> Slot[Shown]:
    """Where the list is left that showed some of the contacts in the order of a field."""
    return Slot(f"contacts in the order of {field}")


def beside(session: Session, listed: Sequence[Record], *, alone: bool = True) -> str:
    """A field by which a list of these contacts may be ordered as well; empty where their order would show nothing.

    It is the next one whose order no list has shown, and in which the contacts stand otherwise than they were created.
    Where it need not show that `alone`, it may be one that others show, of fewer contacts.
    """
    if session.is_quick or ORDER in session.account.lacks.missing or len(listed) < (_ENOUGH if alone else _SOME):
        return ""
    seen = session.once("orders that lists have shown", lambda: set[str]())
    for field in session.contract.sortable_fields:
        in_order = order.ordered(session.contract, listed, [(field.name, 1)])
        if (alone and field.name in seen) or is_mark(session, field.name) or in_order in (listed, listed[::-1]):
            continue
        if alone:
            seen.add(field.name)
        return field.name
    return ""


def expect_order(contract: Contract, records: Sequence[Record], keys: order.Keys, sorts: str, answer: Answer) -> None:
    """Contacts stand in an order; `sorts` is what asked for it."""
    expect.that(
        not order.disorder(contract, records, keys),
        f"in order, {expect.shown(values(order.ordered(contract, records, keys), keys))}",
        expect.shown(values(records, keys)),
        about=sorts,
        kind="order",
        observed="other order",
        shown_by=answer,
    )


def values(records: Sequence[Record], keys: order.Keys) -> list[Json]:
    """What contacts have in the fields that they are sorted by."""
    names = [name for name, _ in keys]
    return [r.get(names[0]) if len(names) == 1 else [r.get(n) for n in names] for r in records]


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
    rows = [{n: column[i] for n, column in columns.items()} for i in range(SIZE)]
    given = ids(session) if not session.is_quick else [{}]
    if any(given):
        with suppress(NotVerified):
            return seed_by_changes(session.contacts(), [row | more for row, more in zip(rows, given, strict=True)])
    return seed_by_changes(session.contacts(), rows)
