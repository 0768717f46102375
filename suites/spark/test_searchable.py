"""Contacts > Contacts Description, column Searchable: every searchable field can be filtered on.

A list asks for several of the fields, together with other filters. If it finds the wrong contacts, each field is asked
for by itself.
"""

from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field

from ..sparkapi import filtering
from . import searching
from .test_filters import asked_with_searched


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
