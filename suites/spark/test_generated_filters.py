"""Filters that nobody wrote: made of documented parts, over contacts that were made as well, and compared both ways."""

from typing import Any

import pytest

from contacts_conformance import drawing
from contacts_conformance.contacts import Cohort
from contacts_conformance.judging import requirement
from contacts_conformance.oracle.sparkql import strategies
from contacts_conformance.providers.sparkapi import asking, filtering
from contacts_conformance.session import Session

NAMES = ("DisplayName", "GivenName", "FamilyName", "Organization", "Tags", "CreatedTimestamp")
COHORTS, SIZE, FILTERS = 2, 6, 8


def _cohort(session: Session, number: int) -> Cohort:
    def make() -> Cohort:
        kinds = {n: k for n, k in filtering.fields(session.contract).items() if n in NAMES}
        rows: list[dict[str, Any]] = drawing.draw(
            strategies.cohorts(kinds, size=SIZE), f"{session.seed} cohorts {number}"
        )
        contacts, mark = session.contacts(), session.mark()
        created = [contacts.create({}, **{**row, "Tags": [*row["Tags"], mark]}) for row in rows]
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    found: Cohort = session.once(f"generated people {number}", make)
    return found


@pytest.mark.parametrize("number", range(COHORTS))
@requirement("filter.generated")
def test_generated_filters_find_whom_they_should(session: Session, number: int) -> None:
    about = _cohort(session, number)
    mark = about.marks["Tags"]
    shown = [{**r, "Tags": [t for t in r.get("Tags") or () if t != mark]} for r in about.records]
    kinds = {n: k for n, k in filtering.fields(session.contract).items() if n in NAMES}

    for text in drawing.several(strategies.filters(kinds, shown), f"{session.seed} filters {number}", FILTERS):
        filtering.judge(about, text)
