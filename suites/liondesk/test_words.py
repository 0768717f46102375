"""Submit one Contact: texts that may be any word, in contacts that other checks need as well."""

from contacts_conformance.checks import round_trip
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown
from contacts_conformance.providers.liondesk import PROVIDER as LIONDESK
from contacts_conformance.verdicts.outcomes import Judge

from . import removals, roles, worded

pytestmark = in_cohort("contract")


@each(field=Contract.create_round_trip_fields)
@requirement("field.{field}.create")
def test_a_word_is_kept_on_creation(field: Field, session: Session, judge: Judge) -> None:
    if field.name not in LIONDESK.wordy:
        raise NotShown(f"{field} may not be any word")
    removals.removal(session)
    if field.name == "tags":  # which mark the contact that is removed
        roles.shared(session)
    for trial in worded.trials(session):
        if trial.field.name == field.name:
            judge.cite(*trial.exchanges)
            round_trip.expect_kept(trial, f"{field}, as a word")
