"""Which answers show that a target was asked by the wrong scheme."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace

import pytest

from contacts_conformance.http import schemes
from contacts_conformance.model import Exchange

SENT = Exchange("1", "", 1, "owner", "", "GET", "", (), "", 0, 0, "", (), "", 0)
PLAIN = replace(SENT, error="ConnectError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)")
UNTRUSTED = replace(SENT, error="ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
MOVED = replace(SENT, status=301, response_headers=(("Location", "https://example.com/contacts"),))
ELSEWHERE = replace(MOVED, response_headers=(("Location", "https://www.example.org/contacts"),))
TLS = replace(SENT, status=400, response_body="Client sent an HTTP request to an HTTPS server.")
BAD = replace(SENT, status=400, response_body='{"message": "bad request"}')


@pytest.mark.parametrize(
    ("base_url", "exchanges", "other"),
    [
        ("https://example.com", [PLAIN], "http"),
        ("https://example.com", [UNTRUSTED], ""),
        ("https://example.com", [PLAIN, BAD], ""),
        ("https://example.com", [], ""),
        ("http://example.com", [MOVED, TLS], "https"),
        ("http://example.com", [MOVED, BAD], ""),
        ("http://example.com", [ELSEWHERE], ""),
        ("http://127.0.0.1:9", [SENT], ""),
    ],
)
def test_only_what_every_answer_shows_counts(base_url: str, exchanges: list[Exchange], other: str) -> None:
    assert schemes.other(base_url, exchanges) == other


def test_a_server_that_hangs_up_on_a_greeting_speaks_no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some versions of Python name no reason, then."""

    def hang_up(*args: object, **options: object) -> None:
        raise ssl.SSLEOFError(8, "EOF occurred in violation of protocol")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", hang_up)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert schemes.other(f"http://127.0.0.1:{listener.getsockname()[1]}", [SENT]) == ""
