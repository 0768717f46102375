"""Contacts that are asked for by every searchable field, and the filters that ask for several of these at once.

One contact has the value of the filter, two others have a similar value, and two more have the value itself in another
field. Each filter asks for five fields at once, each with the value of another contact. What generated filters compare
has generated values in five of the contacts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, seeded
from contacts_conformance.checks.sampled import nobodys
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import SetUpFailed
from contacts_conformance.model import Json, Level
from contacts_conformance.oracle.sparkql import FieldType, strategies
from contacts_conformance.providers.spark import PROVIDER as SPARK
from contacts_conformance.providers.spark import literal

from ..sparkapi import asking, filtering
from . import sparse

AT_ONCE = 5
TAIL = " of the house at the bend of the river"
"""Makes one value of each filter long, so that the values that are like it differ from it late."""
GENERATED = ("DisplayName", "GivenName", "FamilyName", "Organization", "Tags", "CreatedTimestamp")
PARTNERS = (("Spouse", ""), ("Work", "Home"), ("Mobile", "Home"), ("Pager", "Work"), ("Fax", "Other"))
"""Beginnings of names for which there is a like field with the other beginning."""


def searchable(contract: Contract) -> tuple[Field, ...]:
    """The attributes that a caller sets; other checks filter on the rest."""
    return tuple(f for f in contract.searchable_fields if f.writeable or f.name == "Id")


def kinds(session: Session) -> dict[str, FieldType]:
    """What generated filters compare."""
    return {n: k for n, k in filtering.fields(session.contract).items() if n in GENERATED}


def those_asked_for(session: Session) -> Cohort:
    """The contacts that are asked for, one whose values go on after theirs, one whose values end before, and two with
    their values in other fields. The values of some fields are generated ones."""

    def make() -> Cohort:
        fields = tuple(f for f in searchable(session.contract) if f.writeable)
        generated: list[dict[str, Json]] = seeded.draw(
            strategies.cohorts(kinds(session), size=AT_ONCE), f"{session.seed} cohort"
        )
        rows = [{**round_trip.values(session, fields), **generated.pop()} for _ in range(AT_ONCE)]
        for field in (
            f for f in fields[::AT_ONCE] if f.is_text and f.name not in GENERATED and not (f.shape or f.either)
        ):
            row = rows[_index(session.contract, field)]
            row[field.name] = f"{row[field.name]}{TAIL}"
        aimed = {f.name: rows[_index(session.contract, f)][f.name] for f in fields}
        contacts, mark = session.contacts(), session.mark()
        rows = [{**r, "Tags": [*r["Tags"], mark]} for r in rows]
        created = [_with_words(session, fields, r, i) for i, r in enumerate(rows)]
        created += _alike(contacts, fields, aimed, mark)
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    cohort: Cohort = session.once("searchable cohort", make)
    return cohort


def _with_words(session: Session, fields: Sequence[Field], row: Mapping[str, Json], index: int) -> Contact:
    """A contact of these values, with words in place of those that no filter asks for."""
    own = [f for f in fields if f.name in SPARK.wordy and f.name not in GENERATED]
    free = [f for f in own if _index(session.contract, f) != index]
    return sparse.created(session, {n: v for n, v in row.items() if n not in {f.name for f in free}}, free)


def _alike(
    contacts: Contacts, fields: tuple[Field, ...], aimed: Mapping[str, Json], mark: str, extensions: bool = True
) -> list[Contact]:
    """The contacts with similar values, and with the values themselves in other fields.

    Telephone numbers are similar but for an extension; where these are refused, but for a digit.
    """
    rows = [{f.name: _resembling(f, aimed[f.name], by, extensions) for f in fields} for by in (1, -1)]
    rows += [_decoy(fields, aimed, by, extensions) for by in (1, -1)]
    try:
        return [contacts.create({}, **{**r, "Tags": [*r["Tags"], mark]}) for r in rows]
    except SetUpFailed:
        if not extensions:
            raise
        return _alike(contacts, fields, aimed, mark, extensions=False)


def _decoy(fields: tuple[Field, ...], aimed: Mapping[str, Json], by: int, extensions: bool) -> dict[str, Any]:
    """A contact with the values that are asked for, each in a field that is like its own or stands beside it.

    What only its own field can hold is another value; SecondaryEmails has the primary address that is asked for.
    """
    row = {f.name: _resembling(f, aimed[f.name], 2 * by, extensions) for f in fields}
    for shape in ("", "phone"):
        alike = [f for f in fields if f.is_text and f.shape == shape and not (f.either or f.enum)]
        names = [f.name for f in alike]
        for place, field in enumerate(alike):
            value = str(aimed[_partner(field.name, names) if by > 0 else names[place - 1]])
            if len(value) <= (field.max_length or len(value)):
                row[field.name] = value
    emails = [str(aimed[f.name]) for f in fields if f.shape == "email"]
    tags = [str(t) for f in fields if f.kind == "list" for t in aimed[f.name]]
    return {**row, "SecondaryEmails": emails, "Position": tags[0] if by > 0 and tags else row["Position"]}


def _partner(name: str, names: Sequence[str]) -> str:
    """The field that is like another one, or else the one behind it."""
    pairs = [(a, b) for x, y in PARTNERS for a, b in ((x, y), (y, x)) if a and name.startswith(a)]
    pairs += [("", "Spouse")]
    like = (b + name.removeprefix(a) for a, b in pairs)
    return next((n for n in like if n in names and n != name), names[(names.index(name) + 1) % len(names)])


SIGNS = 'a,b;c&d#e:f"g<h%i(j)k+l.m-n/o_p=q?r@s!t|u[v]w{x}y$z~1'
"""Every sign that a filter may have within quotation marks without a sign before it."""


def with_signs(session: Session) -> Contact:
    """A contact with these signs in every text that may hold them, and values in what else surely can be set.

    A plain one where the target refuses such a contact. Made once in a run.
    """

    def make() -> Contact:
        sure = [f for f in session.contract.create_fields if f.level is Level.MUST and not (f.either or f.known)]
        values = round_trip.values(session, tuple(f for f in sure if f.name not in session.provider.markers))
        for field in sure:
            if field.name in SPARK.wordy:
                values[field.name] = f"{SIGNS} {session.number()}"
        several: list[Json] = [f"{n}.listed@example.com" for n in ("one", "two", "three")]
        values |= {"SecondaryEmails": several, "AdditionalNotificationEmails": several[:2]}
        contacts, mark = session.contacts(), session.mark()
        try:
            created = contacts.create({}, **{**values, "Tags": ["1.50", "0042", "n,o", mark]})
        except SetUpFailed:
            return contacts.create()
        return Contact(created.id, created.sent, {"Tags": mark})

    contact: Contact = session.once("a contact with signs", make)
    return contact


def _index(contract: Contract, field: Field) -> int:
    """Which of the contacts an attribute is asked for with the value of."""
    return searchable(contract).index(field) % AT_ONCE


def _resembling(field: Field, value: Json, by: int, extensions: bool = True) -> Any:
    if isinstance(value, list):
        return [_resembling(field, v, by) for v in value]
    text = str(value)
    if field.shape == "email":
        local, _, domain = text.rpartition("@")
        other = "example.net" if domain != "example.net" else "example.org"
        return f"{local}@{other}" if by == 2 else f"{ {1: 'x', -1: 'y', -2: 'w'}[by] }{text}"
    if field.either:
        return next(v for group in field.either if value in group for v in group if v != value)
    if field.shape == "phone":
        return f"{text} x{5 if by > 0 else 7}" if extensions else text[:-1] + str((int(text[-1]) + by) % 10)
    return text + "x" if by > 0 else text[:-1] or f"{text}y"


def condition(session: Session, field: Field) -> str:
    cohort = those_asked_for(session)
    read = cohort.records[_index(session.contract, field)].get(field.name)
    values = [v for v in (read if isinstance(read, list) else [read]) if v and v != cohort.marks["Tags"]]
    expect.present(values, field.name)
    nobody = [literal(nobodys(i)) for i in cohort.ids[:2]] if field.name == "Id" else []
    return f"{field} Eq {','.join([*nobody, literal(str(values[0]))])}"


def batches(session: Session) -> int:
    """How many filters ask for all of them."""
    return -(-len(searchable(session.contract)) // AT_ONCE)


def together(session: Session, batch: int) -> str:
    """The filter that asks for several of the attributes at once, each of which finds another contact."""
    fields = searchable(session.contract)[batch * AT_ONCE : (batch + 1) * AT_ONCE]
    return " Or ".join(_named(session, f) if f.either else condition(session, f) for f in fields)


def _named(session: Session, field: Field) -> str:
    """A filter by an attribute that has so few values that several contacts have the same: with the name of one that
    has the value, and with that of one that has another and that no other filter asks for."""
    records = those_asked_for(session).records
    mine = records[_index(session.contract, field)]
    other = next((r for r in records[AT_ONCE:] if r.get(field.name) != mine.get(field.name)), mine)
    names = dict.fromkeys(literal(str(r.get("DisplayName"))) for r in (mine, other))
    return " Or ".join(f"{condition(session, field)} And DisplayName Eq {name}" for name in names)
