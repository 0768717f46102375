"""Which certificates are trusted, and what is said of others.

`certificate.pem` is of 127.0.0.1, with its key; these tests alone use it.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from contacts_conformance import target
from contacts_conformance.errors import UsageError
from contacts_conformance.http.wire import Flight, Wire, certificates
from contacts_conformance.providers import liondesk

CERTIFICATE = Path(__file__).with_name("certificate.pem")


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """A server that shows this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def _asked(url: str, **tls: object) -> Flight:
    document = {"provider": "liondesk", "base_url": url, "tls": tls, "identities": {"owner": {"token": "${TOKEN}"}}}
    described = target.parse(document, liondesk.PROVIDER.keys, {"TOKEN": "some-token"}, "it")
    wire = Wire(described, certificates(described), kept=0)
    try:
        return wire.send(httpx.Request("GET", url))
    finally:
        wire.http.close()


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)


def test_of_an_unknown_authority_it_is_said_where_to_name_it(url: str) -> None:
    flight = _asked(url)

    assert flight.response is None
    assert "CERTIFICATE_VERIFY_FAILED" in flight.error
    assert "ca_file in the table [tls] of the target file" in flight.error


def test_the_authority_of_the_file_is_trusted(url: str) -> None:
    assert _asked(url, ca_file=str(CERTIFICATE)).error == ""


def test_the_authority_of_the_environment_is_trusted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    assert _asked(url).error == ""


def test_authorities_in_a_folder_are_trusted(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c131880c.0").write_bytes(CERTIFICATE.read_bytes())
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    assert _asked(url).error == ""


def test_a_name_that_is_not_in_the_certificate_is_no_matter_of_authorities(url: str) -> None:
    flight = _asked(url.replace("127.0.0.1", "localhost"), ca_file=str(CERTIFICATE))

    assert "CERTIFICATE_VERIFY_FAILED" in flight.error
    assert "ca_file" not in flight.error


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_a_mistake(
    text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.pem"
    if text is not None:
        file.write_text(text)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    with pytest.raises(UsageError, match="SSL_CERT_FILE or SSL_CERT_DIR: the certificates cannot be read"):
        _asked("https://127.0.0.1:9")
