from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from contacts_conformance.errors import CredentialsRefused
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.recording import Recorder
from contacts_conformance.providers.spark import PROVIDER
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.target import Identity, Target

from .signed_service import SIGNED, Service

TAG = "/v1/contacts/tags/Z%C3%BCrich%20Nord%2FS%C3%BCd"
FORMS = pytest.mark.parametrize("form", ["sent", "decoded"])


@contextmanager
def client(service: Service) -> Iterator[Client]:
    with serving(service) as url:
        target = Target("spark", url, {"signed": SIGNED})
        made = Client(target, PROVIDER.authorization, tag="t", version="0", recorder=Recorder(), signing=PROVIDER)
        try:
            yield made
        finally:
            made.close()


def ask(made: Client, path: str = TAG, identity: Identity = SIGNED) -> Answer:
    return made.send(Request("GET", path, identity, query=(("_filter", "DisplayName Eq 'Jörg Müller/Partner'"),)))


@FORMS
def test_the_form_that_a_service_takes_is_found_with_one_request_more(form: str) -> None:
    service = Service(form)
    with client(service) as made:
        answers = [ask(made) for _ in range(5)]

    assert {a.status for a in answers} == {200}
    assert len(service.asked) == {"sent": 5, "decoded": 6}[form]
    assert service.opened == 1


@FORMS
def test_a_body_is_signed_with_a_path_of_two_forms(form: str) -> None:
    with client(Service(form)) as made:
        answer = made.send(Request("PUT", TAG, SIGNED, json={"D": {"Tag": "Zürich Nord/Süd"}}))

    assert answer.status == 200


def test_a_service_that_takes_neither_form_is_tried_twice_and_no_more() -> None:
    service = Service("sent", refuses=(TAG,))
    with client(service) as made:
        statuses = [ask(made).status for _ in range(6)]

    assert statuses == [401] * 6
    assert len(service.asked) == 8
    assert service.opened == 1


@FORMS
def test_what_was_found_out_is_kept_whatever_is_refused_later(form: str) -> None:
    service = Service(form, refuses=("/v1/contacts/tags/not%20this",))
    with client(service) as made:
        ask(made)
        before = len(service.asked)
        refused = made.send(Request("GET", "/v1/contacts/tags/not%20this", SIGNED, legal=False))
        answer = ask(made)

    assert (refused.status, answer.status) == (401, 200)
    assert len(service.asked) == before + 2


@FORMS
def test_what_is_refused_before_a_form_is_known_does_not_settle_it(form: str) -> None:
    with client(Service(form, refuses=("/v1/contacts/tags/not%20this",))) as made:
        refused = made.send(Request("GET", "/v1/contacts/tags/not%20this", SIGNED, legal=False))
        answer = ask(made)

    assert (refused.status, answer.status) == (401, 200)


@FORMS
@pytest.mark.parametrize("flaw", ["path", "parameters", "order"])
def test_a_signature_that_is_wrong_on_purpose_says_nothing_about_forms(form: str, flaw: str) -> None:
    service = Service(form)
    with client(service) as made:
        refused = ask(made, identity=replace(SIGNED, attributes={"flaw": flaw}))
        assert [path for path, _ in service.asked] == [TAG]
        answer = ask(made)

    assert (refused.status, answer.status) == (401, 200)


@FORMS
@pytest.mark.parametrize("ended_first", [True, False])
def test_a_session_that_ended_is_not_taken_for_the_wrong_form(form: str, ended_first: bool) -> None:
    service = Service(form, ended_first=ended_first)
    with client(service) as made:
        made.send(Request("GET", "/v1/contacts", SIGNED))
        service.end()
        answers = [ask(made)]
        service.end()
        answers += [ask(made), ask(made)]

    assert {a.status for a in answers} == {200}
    assert service.opened == 3
    assert sum(code == 1000 for _, code in service.asked) == (form == "decoded")


def test_sessions_that_somebody_else_ends_are_opened_again() -> None:
    service = Service()
    with client(service) as made:
        ask(made)
        service.end()
        service.stolen = 2
        answer = ask(made)

    assert answer.status == 200
    assert service.opened == 4


def test_sessions_that_end_again_and_again_are_given_up() -> None:
    service = Service()
    with client(service) as made:
        ask(made)
        service.end()
        service.stolen = 99
        answer = made.send(Request("GET", TAG, SIGNED, legal=False))

    assert answer.status == 401
    assert service.opened == 4


def test_a_wrong_secret_is_told_as_such_after_two_tries() -> None:
    service = Service(secret="another")
    with client(service) as made:
        for _ in range(5):
            with pytest.raises(CredentialsRefused, match="no session could be opened for 'signed'"):
                ask(made)

    assert service.refused == 2
    assert service.asked == []


def test_roles_with_the_same_key_share_a_session() -> None:
    service = Service()
    with client(service) as made:
        statuses = [ask(made, identity=i).status for i in (SIGNED, replace(SIGNED, role="private"), SIGNED)]

    assert statuses == [200] * 3
    assert service.opened == 1


def test_a_session_that_another_process_opened_is_in_no_record() -> None:
    service = Service()
    with client(service) as one, client(service) as other:
        other.sessions.ledger = one.sessions.ledger
        made = [ask(c).status for c in (one, other)]

        assert made == [200, 200]
        assert service.opened == 1
        assert "token-1" not in repr(list(other.recorder.since(0)))
