from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.recording import Recorder
from contacts_conformance.http.signing import Sessions, Signed
from contacts_conformance.model import Query
from contacts_conformance.providers.spark import PROVIDER
from contacts_conformance.providers.sparkapi import signature
from contacts_conformance.target import Identity, Secret, Target

SIGNED = Identity("signed", {"key": Secret("KEY", "key-of-ada"), "secret": Secret("SECRET", "secret-of-ada")})


def test_the_login_of_the_vendors_example() -> None:
    assert signature("1234", "abcd") == "2fde9e59147081ad4e39382e1f809710"


def test_a_call_within_a_session() -> None:
    signed = signature("s", "k", "/v1/contacts", [("AuthToken", "1234")])

    assert signed == "60c7d77546f2d078a58d2fcaa2914c4f"


FILTER = ("_filter", "DisplayName Eq 'Jörg Müller/Partner'")

# Each digest is what `printf '%s' 'TEXT' | md5sum` says of the text in UTF-8 that is quoted beside it: the secret s,
# ApiKey and the key k, ServicePath and the path, the parameters by name, and the body.
VECTORS = [
    # a path with a blank, an umlaut, a slash, and all of them: as it is sent, and decoded
    ("/v1/contacts/tags/IDX%20Lead", (), "162b870f780c2e2a666b345c87c7eeff", "451c083fdd13b7588e29416070f7244f"),
    # sApiKeykServicePath/v1/contacts/tags/IDX%20LeadAuthToken1234
    # sApiKeykServicePath/v1/contacts/tags/IDX LeadAuthToken1234
    ("/v1/contacts/tags/Z%C3%BCrich", (), "c4223dec082c8132ab7065f56bc7b601", "742a814c8c67da834f789c6eb72262da"),
    # sApiKeykServicePath/v1/contacts/tags/Z%C3%BCrichAuthToken1234
    # sApiKeykServicePath/v1/contacts/tags/ZürichAuthToken1234
    ("/v1/contacts/tags/Buyer%2FSeller", (), "93326129c7d73a86cd13e78560ad8dc9", "b801e05e9107af157cceae90e744e329"),
    # sApiKeykServicePath/v1/contacts/tags/Buyer%2FSellerAuthToken1234
    # sApiKeykServicePath/v1/contacts/tags/Buyer/SellerAuthToken1234
    (
        "/v1/contacts/tags/Z%C3%BCrich%20Nord%2FS%C3%BCd",
        (FILTER,),
        "7dfa3bdf51a97fa4bcc7009579154fc7",
        "5bf1cf75a4637bdfbc5bab4ed1114412",
    ),
    # sApiKeykServicePath/v1/contacts/tags/Z%C3%BCrich%20Nord%2FS%C3%BCd
    #     AuthToken1234_filterDisplayName Eq 'Jörg Müller/Partner'  (in one line)
    # sApiKeykServicePath/v1/contacts/tags/Zürich Nord/SüdAuthToken1234_filterDisplayName Eq 'Jörg Müller/Partner'
    # a path without escapes has one form, and parameters have no other one: their values are not escaped
    (
        "/v1/contacts",
        (("_limit", "10"), ("_filter", "DisplayName Eq 'Zürich Nord/Süd'")),
        "4863fd31ed5f9972f56b699a744bb289",
        "4863fd31ed5f9972f56b699a744bb289",
    ),
    # sApiKeykServicePath/v1/contactsAuthToken1234_filterDisplayName Eq 'Zürich Nord/Süd'_limit10
]


@pytest.mark.parametrize(("path", "query", "sent", "decoded"), VECTORS)
def test_requests_are_signed_in_both_forms(path: str, query: Query, sent: str, decoded: str) -> None:
    identity = Identity("signed", {"key": Secret("K", "k"), "secret": Secret("S", "s")})
    for is_decoded, expected in ((False, sent), (True, decoded)):
        sessions = Sessions(PROVIDER, _refuse, lambda variable, value: None)
        request = Request("GET", path, identity, query=query)
        sessions.take(PROVIDER.opening(identity), b'{"D": {"Success": true, "Results": [{"AuthToken": "1234"}]}}')
        sessions.ledger.accepted(is_decoded)

        signed = sessions.signed(request, Signed())

        assert signed.path == path
        assert signed.query == (*query, ("AuthToken", "1234"), ("ApiSig", expected))


def _refuse(request: Request) -> Answer:
    raise AssertionError(request)


def test_a_body_is_signed_as_it_is_sent() -> None:
    identity = Identity("signed", {"key": Secret("K", "k"), "secret": Secret("S", "s")})
    request = Request("POST", "/v1/contacts", identity, json={"D": {"Tag": "Zürich Nord/Süd"}})

    signed = PROVIDER.signature(request, identity, "1234", "/v1/contacts", request.sent_body or b"")

    # sApiKeykServicePath/v1/contactsAuthToken1234{"D": {"Tag": "Zürich Nord/Süd"}}
    assert dict(signed)["ApiSig"] == "f2dfe989d06a0795b6e50017d7258336"


def test_parameters_are_signed_without_the_signature_itself() -> None:
    ordered = signature("s", "k", "/v1/contacts", [("AuthToken", "1234"), ("_limit", "1")])

    assert signature("s", "k", "/v1/contacts", [("ApiSig", "x"), ("AuthToken", "1234"), ("_limit", "1")]) == ordered


def test_a_call_is_signed_with_its_parameters_in_the_order_of_their_names() -> None:
    request = Request("GET", "/v1/contacts", SIGNED, query=(("_page", "2"), ("_limit", "1")))
    ordered = [("AuthToken", "t"), ("_limit", "1"), ("_page", "2")]

    signed = PROVIDER.signature(request, SIGNED, "t", "/v1/contacts", b"")

    assert dict(signed)["ApiSig"] == signature("secret-of-ada", "key-of-ada", "/v1/contacts", ordered)


def test_the_body_is_signed() -> None:
    parameters = [("AuthToken", "1234")]

    assert signature("s", "k", "/v1/contacts", parameters, b"{}") != signature("s", "k", "/v1/contacts", parameters)


class Service:
    """Opens sessions that are good for so many calls, and takes nothing but their tokens."""

    def __init__(self, calls: int) -> None:
        self.calls = calls
        self.opened = 0
        self.left = 0

    def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]  # WSGI's own shape
        query = environ["QUERY_STRING"]
        if environ["PATH_INFO"] == "/v1/session":
            self.opened += 1
            self.left = self.calls
            status, inner = (
                "200 OK",
                {"Success": True, "Results": [{"AuthToken": f"token-{self.opened}", "Expires": ""}]},
            )
        elif self.left and f"AuthToken=token-{self.opened}" in query and "ApiSig=" in query:
            self.left -= 1
            status, inner = "200 OK", {"Success": True, "Results": []}
        else:
            status, inner = "401 Unauthorized", {"Success": False, "Code": 1020, "Message": "expired"}
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps({"D": inner}).encode()]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def client(service: Service) -> Iterator[Client]:
    with make_server("127.0.0.1", 0, service, handler_class=Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        target = Target("spark", f"http://127.0.0.1:{server.server_port}", {"signed": SIGNED})
        made = Client(target, PROVIDER.authorization, tag="t", version="0", recorder=Recorder(), signing=PROVIDER)
        try:
            yield made
        finally:
            made.close()
            server.shutdown()


def test_a_session_is_opened_once_for_many_calls() -> None:
    service = Service(calls=9)
    with client(service) as made:
        answers = [made.send(Request("GET", "/v1/contacts", SIGNED)) for _ in range(3)]

    assert [a.status for a in answers] == [200, 200, 200]
    assert service.opened == 1


def test_a_session_that_ended_is_opened_again() -> None:
    service = Service(calls=2)
    with client(service) as made:
        answers = [made.send(Request("GET", "/v1/contacts", SIGNED)) for _ in range(5)]

    assert {a.status for a in answers} == {200}
    assert service.opened == 3


def test_a_refusal_that_stays_is_answered_after_one_renewal() -> None:
    service = Service(calls=0)
    with client(service) as made:
        answer = made.send(Request("GET", "/v1/contacts", SIGNED))

    assert answer.status == 401
    assert service.opened == 2


def test_no_record_shows_key_token_or_signature_of_the_login() -> None:
    with client(Service(calls=2)) as made:
        made.send(Request("GET", "/v1/contacts", SIGNED))

    shown = repr(list(made.recorder.since(0)))
    assert "token-1" not in shown
    assert "key-of-ada" not in shown
    assert signature("secret-of-ada", "key-of-ada") not in shown
