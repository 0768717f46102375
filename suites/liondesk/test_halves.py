"""Submit one Contact, in a quick run: a contact with about half of the texts holds nothing in the others."""

from contacts_conformance.checks import dense, expect
from contacts_conformance.checks.marks import QUICK, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.verdicts.outcomes import Judge

pytestmark = QUICK


@requirement("lifecycle")
def test_a_contact_holds_nothing_but_what_it_was_given(session: Session, judge: Judge) -> None:
    """What most contacts show in a text that none of them was given is a default."""
    made = [taken for taken in dense.created(session).taken if taken is not None]
    judged = 0
    for field in session.contract.text_fields:
        without = [m for m in made if field.name not in m.values and session.tag not in str(m.record.get(field.name))]
        shown = [m.record.get(field.name) for m in without]
        for taken in without:
            value = taken.record.get(field.name)
            is_default = 2 * shown.count(value) > len(shown) > 1
            judge.cite(*taken.exchanges)
            judged += 1
            expect.that(
                not value or is_default,
                "no value",
                expect.shown(value),
                about=f"{field}, which was not sent",
                observed="a value",
                shown_by=taken.exchanges[-1],
            )
    if not judged:
        raise NotShown("no contact was taken that goes without a text")
