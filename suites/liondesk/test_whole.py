"""Submit one Contact: what each text may hold by itself, one contact may hold in all of them."""

from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown

from ..contract import test_limits

pytestmark = in_cohort("contract")


@requirement("operation.{create}.accepts")
def test_texts_of_their_limits_are_taken_together(session: Session) -> None:
    """Where each of them is kept by itself, so is a contact that has them all."""
    several = [test_limits.at_limits(session), test_limits.wide(session)]
    whole = [trials for trials in several if trials and all(trial.kept for trial in trials.values())]
    if not whole:
        raise NotShown("not every text of its limit is kept by itself")
    for trials in whole:
        number = len({trial.contact for trial in trials.values()})
        got = f"a refusal, after which {number} contacts took a part each"
        expect.that(number == 1, "a success (2xx)", got, about="all texts of their limits", observed="refused")
