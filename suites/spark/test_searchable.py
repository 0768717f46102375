"""Contacts > Contacts Description, column Searchable: every searchable field can be filtered on.

A list asks for several of the fields, together with other filters. If it finds the wrong contacts, each field is asked
for by itself.
"""

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.model import Record
from contacts_conformance.providers.spark import literal

from ..sparkapi import filtering
from . import searching
from .test_filters import asked_with_searched

TERMS = searching.AT_ONCE + 2
"""So many attributes are asked for in each of the forms by one filter: each rules out a contact of its own."""


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_an_attribute_is_filtered_on(field: Field, session: Session) -> None:
    fields = searching.searchable(session.contract)
    if field not in fields:
        return  # other checks filter on it
    cohort = searching.those_asked_for(session)
    batch = fields.index(field) // searching.AT_ONCE

    try:
        together = searching.together(session, batch)
        filtering.expect_part_matches(cohort, together, asked_with_searched(session, batch), f"{field} Eq")
    except AssertionError:
        alone = searching.condition(session, field)
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
    out = next(v for v in (*others[place:], *others[:place]) if v not in (first, last))
    values = [literal(v) for v in dict.fromkeys([first, *(v for v in others if v not in (out, last)), last])]
    wrong = literal(out)
    return f"{field} Eq {','.join(values)}", f"{field} Ne {wrong}", f"Not {field} Eq {wrong}"


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_an_attribute_is_filtered_on_in_every_form(field: Field, session: Session) -> None:
    """Many attributes are asked for at once, in several forms; each by itself where that finds the wrong contacts."""
    cohort = searching.those_asked_for(session)
    fields = [
        f for f in searching.searchable(session.contract) if f.writeable and f.is_text and not (f.either or f.enum)
    ]
    fields = [f for f in fields if _read(cohort.records[0], f) != _read(cohort.records[-1], f) and f.shape != "country"]
    if field not in fields:
        return  # it has too few values
    start = fields.index(field) // TERMS * TERMS
    group = [_forms(cohort, f, i) for i, f in enumerate(fields[start : start + TERMS])]
    together = " ".join([" And ".join(t for lists, ne, _ in group for t in (lists, ne)), *(t[2] for t in group)])
    answer = session.once(f"every form from {start}", lambda: filtering.ask(cohort, together))

    try:
        if answer.refused:
            raise NotShown("a filter by many attributes is refused")
        filtering.expect_answer_matches(cohort, together, answer, f"{field} with other attributes")
    except (AssertionError, NotShown):
        before = fields[fields.index(field) - 1]
        one, other = literal(_read(cohort.records[0], before)), literal(_read(cohort.records[-1], field))
        beside = f"{before} Eq {one} And {field} Eq {other}"
        for alone in (*_forms(cohort, field, fields.index(field) - start), beside):
            filtering.expect_answer_matches(cohort, alone, filtering.ask(cohort, alone), alone.partition("'")[0])
