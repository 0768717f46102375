"""Credentials: codes of refusals, expired tokens, signed sessions, and the operations beside those on contacts."""

from collections.abc import Mapping

import pytest

from contacts_conformance.http import Answer, Request
from contacts_conformance.judging import Judge, requirement
from contacts_conformance.providers.sparkapi import asking, code_of
from contacts_conformance.session import Session
from contacts_conformance.target import ANONYMOUS

OTHERS = ("listTagged", "readMyContact")


def _as_nobody(session: Session, name: str, headers: Mapping[str, str] | None = None) -> Answer:
    operation = next(o for o in session.contract.operations if o.id == name)
    session.identity(session.role_at(operation.path))
    path = session.provider.example_path(operation.path)
    return session.client.send(Request(operation.method, path, ANONYMOUS, headers=headers, legal=False))


@requirement("auth.code")
def test_a_refusal_for_want_of_credentials_has_its_code(session: Session) -> None:
    answer = asking.failures(session)["nobody's"]

    assert code_of(answer) == 1000, answer


@requirement("auth.expired")
def test_an_expired_token_is_refused_as_expired(session: Session) -> None:
    expired = asking.optional(session, "expired")

    answer = session.contacts().send_list(identity=expired, legal=False)

    assert (answer.status, code_of(answer)) == (401, 1020), answer


@pytest.mark.parametrize("name", OTHERS)
@requirement("operation.{name}.no-token", "operation.{name}.wrong-token")
def test_the_other_operations_are_refused_to_nobody(session: Session, judge: Judge, name: str) -> None:
    for aspect, headers in (("no-token", None), ("wrong-token", session.provider.wrong_authorization())):
        answer = _as_nobody(session, name, headers)
        with judge(f"operation.{name}.{aspect}"):
            assert answer.refused, answer
        with judge("auth.status"):
            assert answer.status == 401 or answer.succeeded, answer


@requirement("session.opens", *(f"operation.openSession.{a}" for a in asking.ASPECTS))
def test_a_session_signs_reads(session: Session, judge: Judge) -> None:
    signed = asking.optional(session, "signed")

    asking.judge_plain(session, judge, asking.open_session(session, signed))
    with judge("session.opens"):
        answer = session.contacts().send_list(identity=signed)
        assert answer.succeeded, answer


@requirement("session.writes")
def test_a_session_signs_writes(session: Session) -> None:
    asking.optional(session, "signed")
    contacts = session.contacts("signed")

    answer = contacts.send_create(contacts.complete({"HomeLocality": "Zürich & more"}))

    assert answer.succeeded, answer
    read = contacts.read(session.provider.created_id(answer) or "?")
    assert read.get("HomeLocality") == "Zürich & more", f"{answer!r}, and then {read!r}"


@requirement("session.blank")
def test_a_path_with_a_blank_is_signed_as_it_is_sent(session: Session) -> None:
    signed = asking.optional(session, "signed")

    answer = session.contacts().send("tagged", f"no such {session.mark()}", identity=signed)

    assert answer.succeeded or answer.status == 404, answer


@requirement("session.wrong-signature")
def test_a_wrong_signature_is_refused(session: Session) -> None:
    answer = asking.signed_wrongly(session, asking.optional(session, "signed"))

    assert answer.refused, answer
