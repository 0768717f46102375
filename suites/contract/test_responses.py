"""Operations of the contract: one plain, valid request to each succeeds and returns the documented response."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import NotOffered
from contacts_conformance.verdicts import response_checks
from contacts_conformance.verdicts.outcomes import Judge

from . import plain

ASPECTS = ("no-server-error", "status", "content-type", "body")
OF_BODIES = ("content-type", "body")


@requirement("operation.{create}.accepts")
def test_a_contact_with_no_more_than_is_required_is_created(session: Session, contacts: Contacts) -> None:
    answer = session.once("bare", lambda: contacts.send_create(contacts.barely(), marks={}))

    expect.success(answer)


@each(operation=Contract.contact_operations)
@requirement("operation.{operation}.accepts", *(f"operation.{{operation}}.{a}" for a in ASPECTS))
def test_a_plain_request_is_carried_out_and_answered_as_documented(
    operation: Operation, session: Session, contract: Contract, judge: Judge
) -> None:
    answer = plain.answer(session, operation)

    with judge(f"operation.{operation}.accepts"):
        expect.success(answer)
    seen = tuple(response_checks.observe(contract, session.register, operation, answer))
    for aspect in ASPECTS:
        with judge(f"operation.{operation}.{aspect}"):
            if aspect in OF_BODIES and answer.succeeded and not answer.content and operation.body_optional:
                raise NotOffered(f"{operation} is answered without a body, which the page leaves open")
            expect.as_documented(seen, f"{contract.provider}.operation.{operation}.{aspect}")
