"""Standard error codes: create requests that are refused, and the code of each refusal."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.verdicts.outcomes import Judge

from . import asking

pytestmark = in_cohort("contract")


@requirement("create.malformed-body", "create.malformed-body-code")
def test_a_body_that_is_not_json_creates_nothing(session: Session, judge: Judge) -> None:
    answer = asking.failure(session, "not JSON")

    with judge("create.malformed-body"):
        expect.status(answer, 400)
    with judge("create.malformed-body-code"):
        asking.expect_code(answer, 1035)


@requirement("create.content-type")
def test_a_body_that_is_not_labelled_as_json_is_refused(contacts: Contacts) -> None:
    answer = contacts.send_create(contacts.complete({}), headers=asking.PLAIN_TEXT, legal=False)

    expect.status(answer, 400, 415)


@requirement("create.required-code")
def test_a_missing_attribute_has_its_code(session: Session) -> None:
    answer = asking.failure(session, "without a required attribute")

    expect.status(answer, 400)
    asking.expect_code(answer, 1050, 1053)


@each(field=Contract.required_fields)
@requirement("field.{field}.required", "create.required-not-empty")
def test_a_contact_without_a_value_for_what_is_required_is_refused(
    field: Field, contacts: Contacts, judge: Judge
) -> None:
    for row, nothing in ((f"field.{field}.required", None), ("create.required-not-empty", "")):
        with judge(row):
            answer = contacts.send_create({**contacts.complete({}), field.name: nothing}, legal=False)
            expect.refusal(answer, f"{field} {expect.shown(nothing)}")


@requirement("create.charset")
def test_a_label_may_name_its_character_set(contacts: Contacts) -> None:
    answer = contacts.send_create(contacts.complete({}), headers=asking.WITH_CHARSET)

    expect.success(answer)


@requirement("create.duplicate")
def test_the_same_contact_twice_is_a_conflict(session: Session, contacts: Contacts) -> None:
    _, (contact, _) = session.two_to_read()

    answer = contacts.send_create(contact.sent, legal=False)

    expect.status(answer, 400, 409)
    asking.expect_code(answer, 1055)
