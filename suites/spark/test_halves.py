"""Contacts, POST, in a quick run: a request with about half of the texts writes to none of the others."""

from contacts_conformance.checks import dense
from contacts_conformance.checks.marks import QUICK, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.verdicts.outcomes import Judge

from . import wording

pytestmark = QUICK


@requirement("create.no-other-attribute")
def test_a_creation_writes_to_no_other_attribute(session: Session, judge: Judge) -> None:
    made = [taken for taken in dense.created(session).taken if taken is not None]
    if not made:
        raise NotShown("no contact was taken that goes without an attribute")
    for taken in made:
        judge.cite(*taken.exchanges)
        wording.expect_in_no_other(session, taken.values, taken.record, taken.exchanges[-1])
