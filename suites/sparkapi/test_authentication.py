"""Authentication (a page of its own): refused and expired tokens, signed sessions, and operations without a token."""

from collections.abc import Mapping
from dataclasses import replace

from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer, Request
from contacts_conformance.target import ANONYMOUS, Secret
from contacts_conformance.verdicts.outcomes import Judge

from . import asking, opening

pytestmark = in_cohort("contract")


def _as_nobody(session: Session, operation: Operation, headers: Mapping[str, str] | None = None) -> Answer:
    session.identity(session.role_at(operation.path))
    path = session.provider.example_path(operation.path)
    body = {"D": {"GivenName": "Nobody"}} if operation.method == "PUT" else None
    return session.client.send(Request(operation.method, path, ANONYMOUS, json=body, headers=headers, legal=False))


@requirement("auth.code")
def test_a_refusal_for_want_of_credentials_has_its_code(session: Session) -> None:
    answer = asking.failure(session, "nobody's")

    asking.expect_code(answer, 1000)


@requirement("auth.expired", "auth.expired-code")
def test_an_expired_token_is_refused_as_expired(session: Session, judge: Judge) -> None:
    expired = asking.optional(session, "expired")

    answer = session.contacts().send_list(identity=expired, legal=False)

    with judge("auth.expired"):
        expect.status(answer, 401)
    with judge("auth.expired-code"):
        asking.expect_code(answer, 1020)


@each(operation=Contract.other_operations)
@requirement("operation.{operation}.no-token", "operation.{operation}.wrong-token")
def test_the_other_operations_are_refused_to_nobody(operation: Operation, session: Session, judge: Judge) -> None:
    for aspect, headers in (("no-token", None), ("wrong-token", session.provider.wrong_authorization())):
        answer = _as_nobody(session, operation, headers)
        with judge(f"operation.{operation}.{aspect}"):
            expect.refusal(answer)
        with judge("auth.status"):
            if not answer.succeeded:
                expect.status(answer, 401, about=f"{operation}, {aspect}")


@requirement("session.opens", *(f"operation.openSession.{a}" for a in asking.ASPECTS))
def test_a_session_signs_reads(session: Session, judge: Judge) -> None:
    signed = asking.optional(session, "signed")

    asking.expect_operation_as_documented(session, judge, opening.opened(session, signed))
    with judge("session.opens"):
        contacts = session.contacts()
        asking.expect_page(contacts, contacts.send_list(identity=signed))


@requirement("session.wrong-signature")
def test_a_wrong_signature_is_refused(session: Session) -> None:
    signed = asking.optional(session, "signed")
    contacts = session.contacts()

    for flaw in ("path", "parameters", "order"):
        flawed = replace(signed, attributes={**signed.attributes, "flaw": flaw})
        answer = contacts.send_list((("_limit", "10"), ("_page", "1")), identity=flawed, legal=False)
        expect.refusal(answer, f"a signature with a wrong {flaw}")


@requirement("session.wrong-signature")
def test_a_session_opens_with_the_right_signature_alone(session: Session) -> None:
    signed = asking.optional(session, "signed")

    expect.refusal(opening.opened_wrongly(session, signed), "opening a session with another signature")
    expect.refusal(opening.opened_wrongly(session, signed, ""), "opening a session with no signature")


@requirement("session.wrong-signature")
def test_a_signature_without_the_body_creates_nothing(session: Session) -> None:
    signed = asking.optional(session, "signed")
    contacts = session.contacts()
    marks = contacts.marks()
    flawed = replace(signed, attributes={**signed.attributes, "flaw": "body"})

    answer = contacts.send_create(contacts.complete({}), marks=marks, identity=flawed, legal=False)

    expect.refusal(answer, "a signature without the body")
    expect.same_contacts(contacts.ids(contacts.found(marks)), [], "contacts that were created")


@requirement("auth.nearly")
def test_a_token_that_is_nearly_right_is_refused(session: Session) -> None:
    contacts = session.contacts()
    token = contacts.identity.secrets.get("token")
    if token is None:
        raise NotOffered(f"'{contacts.identity}' has no token")
    last = token.value[-1]
    nearly = {
        "its last character missing": token.value[:-1],
        "its first character missing": token.value[1:],
        "another last character": token.value[:-1] + ("0" if last != "0" else "1"),
    }
    for about, value in nearly.items():
        session.client.redactor.learn(token.variable, value)
        secrets = {**contacts.identity.secrets, "token": Secret(token.variable, value)}
        headers = session.provider.authorization(replace(contacts.identity, secrets=secrets))
        expect.refusal(contacts.send_list(identity=ANONYMOUS, headers=headers, legal=False), f"a token with {about}")


@requirement("auth.scheme")
def test_a_token_of_another_scheme_is_refused(session: Session) -> None:
    contacts = session.contacts()
    if "token" not in contacts.identity.secrets:
        raise NotOffered(f"'{contacts.identity}' has no token")
    basic = replace(contacts.identity, attributes={**contacts.identity.attributes, "scheme": "Basic"})

    answer = contacts.send_list(identity=basic, legal=False)

    expect.refusal(answer)
