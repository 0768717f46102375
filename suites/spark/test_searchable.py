"""Contacts > Contacts Description, column Searchable: every searchable field can be filtered on.

One contact has the value of the filter, two others have a similar value, and two more have the value itself in another
field. Each filter asks for five fields at once, each with the value of another contact. If it finds the wrong contacts,
each field is asked for by itself.
"""

from collections.abc import Mapping, Sequence

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.spark import literal

from ..sparkapi import asking, filtering

AT_ONCE = 5
ROWS = AT_ONCE + 4
TERMS = ROWS - 2
"""So many attributes are asked for in each of the forms by one filter: each rules out a contact of its own."""
PARTNERS = (("Spouse", ""), ("Work", "Home"), ("Mobile", "Home"), ("Pager", "Work"), ("Fax", "Other"))
"""Beginnings of names for which there is a like field with the other beginning."""


def _fields(contract: Contract) -> tuple[Field, ...]:
    """The attributes that a caller sets; other checks filter on the rest."""
    return tuple(f for f in contract.searchable_fields if f.writeable or f.name == "Id")


def _cohort(session: Session) -> Cohort:
    """The contacts that are asked for, one whose values go on after theirs, one whose values end before, and two with
    their values in other fields."""

    def make() -> Cohort:
        fields = tuple(f for f in _fields(session.contract) if f.writeable)
        rows = [round_trip.values(session, fields) for _ in range(AT_ONCE)]
        aimed = {f.name: rows[_index(session.contract, f)][f.name] for f in fields}
        rows += [{f.name: _resembling(f, aimed[f.name], by) for f in fields} for by in (1, -1)]
        rows += [_decoy(fields, aimed, by) for by in (1, -1)]
        contacts, mark = session.contacts(), session.mark()
        created = [contacts.create({}, **{**r, "Tags": [*r["Tags"], mark]}) for r in rows]
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    cohort: Cohort = session.once("searchable cohort", make)
    return cohort


def _decoy(fields: tuple[Field, ...], aimed: Mapping[str, Json], by: int) -> dict[str, Json]:
    """A contact with the values that are asked for, each in a field that is like its own or stands beside it.

    What only its own field can hold is another value; SecondaryEmails has the primary address that is asked for.
    """
    row = {f.name: _resembling(f, aimed[f.name], 2 * by) for f in fields}
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


def _index(contract: Contract, field: Field) -> int:
    """Which of the contacts an attribute is asked for with the value of."""
    return _fields(contract).index(field) % AT_ONCE


def _resembling(field: Field, value: Json, by: int) -> Json:
    if isinstance(value, list):
        return [_resembling(field, v, by) for v in value]
    text = str(value)
    if field.shape == "email":
        return f"{ {1: 'x', -1: 'y', 2: 'z', -2: 'w'}[by] }{text}"
    if field.either:
        return next(v for group in field.either if value in group for v in group if v != value)
    if field.shape == "phone":
        return f"{text} x{5 if by > 0 else 7}"
    return text + "x" if by > 0 else text[:-1]


def _condition(session: Session, field: Field) -> str:
    cohort = _cohort(session)
    read = cohort.records[_index(session.contract, field)].get(field.name)
    values = [v for v in (read if isinstance(read, list) else [read]) if v and v != cohort.marks["Tags"]]
    expect.present(values, field.name)
    return f"{field} Eq {literal(str(values[0]))}"


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_an_attribute_is_filtered_on(field: Field, session: Session) -> None:
    fields = _fields(session.contract)
    if field not in fields:
        return  # other checks filter on it
    cohort = _cohort(session)
    start = fields.index(field) // AT_ONCE * AT_ONCE
    together = " Or ".join(_condition(session, f) for f in fields[start : start + AT_ONCE])
    answer = session.once(f"searchable from {start}", lambda: filtering.ask(cohort, together))

    try:
        filtering.expect_answer_matches(cohort, together, answer, f"{field} Eq")
    except AssertionError:
        alone = _condition(session, field)
        filtering.expect_answer_matches(cohort, alone, filtering.ask(cohort, alone), f"{field} Eq")


def _read(record: Record, field: Field) -> str:
    """The value that a filter by this attribute asks for a contact with: of a list, the entry that is no mark."""
    value = record.get(field.name)
    return str(value[0] if isinstance(value, list) and value else value or "")


def _forms(cohort: Cohort, field: Field, place: int) -> tuple[str, ...]:
    """Filters by one attribute, each of which rules one contact out: a list of values, Ne, and Not.

    The first and the last value of the list are those of contacts that none of the attributes rules out.
    """
    first, *others, last = (_read(r, field) for r in cohort.records)
    values = [literal(v) for v in dict.fromkeys([first, *others[:place], *others[place + 1 :], last])]
    wrong = literal(others[place])
    return f"{field} Eq {','.join(values)}", f"{field} Ne {wrong}", f"Not {field} Eq {wrong}"


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_an_attribute_is_filtered_on_in_every_form(field: Field, session: Session) -> None:
    """Many attributes are asked for at once, in several forms; each by itself where that finds the wrong contacts."""
    cohort = _cohort(session)
    fields = [f for f in _fields(session.contract) if f.writeable and f.is_text and not (f.either or f.enum)]
    fields = [f for f in fields if len({_read(r, f) for r in cohort.records}) == len(cohort.records)]
    if field not in fields:
        return  # two of the contacts have the same value
    start = fields.index(field) // TERMS * TERMS
    group = [_forms(cohort, f, i) for i, f in enumerate(fields[start : start + TERMS])]
    together = " ".join([" And ".join(t for lists, ne, _ in group for t in (lists, ne)), *(t[2] for t in group)])
    answer = session.once(f"every form from {start}", lambda: filtering.ask(cohort, together))

    try:
        if answer.refused:
            raise NotShown("a filter by many attributes is refused")
        filtering.expect_answer_matches(cohort, together, answer, f"{field} with other attributes")
    except (AssertionError, NotShown):
        for alone in _forms(cohort, field, fields.index(field) - start):
            filtering.expect_answer_matches(cohort, alone, filtering.ask(cohort, alone), alone.partition("'")[0])
