"""Credentials: codes of refusals, expired tokens, the two words before a token, and signed sessions."""

from collections.abc import Mapping

import pytest

from contacts_conformance.contacts import Contacts
from contacts_conformance.contract import Operation
from contacts_conformance.http import Answer, Request
from contacts_conformance.judging import Judge, requirement
from contacts_conformance.providers.sparkapi import asking, code_of
from contacts_conformance.session import Session
from contacts_conformance.target import ANONYMOUS

OTHERS = ("listUnconnected", "readMyContact", "changeMyContact")
"""The operations beside those on contacts, which the checks of every contract ask without credentials."""


def _operation(session: Session, name: str) -> Operation:
    return next(o for o in session.contract.operations if o.id == name)


def _as_nobody(session: Session, name: str, headers: Mapping[str, str] | None = None) -> Answer:
    operation = _operation(session, name)
    session.identity(session.role_at(operation.path))
    body = {"D": {"GivenName": "Nobody"}} if operation.method == "PUT" else None
    return session.client.send(
        Request(operation.method, operation.path, ANONYMOUS, json=body, headers=headers, legal=False)
    )


@requirement("auth.code")
def test_a_refusal_for_want_of_credentials_has_its_code(session: Session) -> None:
    answer = asking.failures(session)["nobody's"]

    assert code_of(answer) == 1000, answer


@requirement("auth.expired")
def test_an_expired_token_is_refused_as_expired(session: Session) -> None:
    expired = asking.optional(session, "expired")

    answer = session.contacts().send_list(identity=expired, legal=False)

    assert answer.status == 401, answer
    assert code_of(answer) == 1020, answer


@requirement("auth.other-word")
def test_the_other_word_before_a_token_is_taken(session: Session, contacts: Contacts) -> None:
    answer = contacts.send_list(identity=asking.with_other_word(contacts.identity), legal=False)

    assert answer.succeeded, answer


@pytest.mark.parametrize("name", OTHERS)
@requirement("operation.{name}.no-token")
def test_the_other_operations_are_refused_without_a_token(session: Session, judge: Judge, name: str) -> None:
    answer = _as_nobody(session, name)

    with judge(f"operation.{name}.no-token"):
        assert answer.refused, answer
    with judge("auth.status"):
        assert answer.status == 401 or answer.succeeded, answer


@pytest.mark.parametrize("name", OTHERS)
@requirement("operation.{name}.wrong-token")
def test_the_other_operations_are_refused_with_a_wrong_token(session: Session, judge: Judge, name: str) -> None:
    answer = _as_nobody(session, name, session.provider.wrong_authorization())

    with judge(f"operation.{name}.wrong-token"):
        assert answer.refused, answer
    with judge("auth.status"):
        assert answer.status == 401 or answer.succeeded, answer


@requirement("session.opens", *(f"operation.openSession.{a}" for a in asking.ASPECTS))
def test_a_session_signs_reads(session: Session, judge: Judge) -> None:
    signed = asking.optional(session, "signed")

    asking.judge_plain(session, judge, asking.open_session(session, signed))
    with judge("session.opens"):
        answer = session.contacts().send_list(session.provider.limiting(2), identity=signed)
        assert answer.succeeded, answer
        assert session.provider.page(answer) is not None, answer


@requirement("session.writes")
def test_a_session_signs_writes(session: Session) -> None:
    asking.optional(session, "signed")
    contacts = session.contacts("signed")
    contact = contacts.create(GivenName="Zoë")

    answer = contacts.send_change(contact.id, {"GivenName": "Ada & Søn"})

    assert answer.succeeded, answer
    assert contacts.read(contact).get("GivenName") == "Ada & Søn", answer


@requirement("session.wrong-signature")
def test_a_wrong_signature_is_refused(session: Session) -> None:
    answer = asking.signed_wrongly(session, asking.optional(session, "signed"))

    assert answer.refused, answer
