"""As whom a request was sent, in words."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from contacts_conformance.http.credential_names import names_credential
from contacts_conformance.http.recording import VARIABLE
from contacts_conformance.http.redaction import REMOVED
from contacts_conformance.model import Exchange
from contacts_conformance.target import ANONYMOUS


def caller(exchange: Exchange) -> str:
    """As whom the request of an exchange was sent: `as owner`, `with a wrong token`, `without credentials`, …."""
    role = exchange.identity
    given = list(_credentials(exchange))
    wrong = next((v for v in given if REMOVED in v), "")
    if wrong:
        how = "with a wrong token" if wrong.lower().startswith("bearer ") else "with wrong credentials"
        return how if role == ANONYMOUS.role else f"as {role}, {how}"
    if role != ANONYMOUS.role:
        return f"as {role}"
    names = dict.fromkeys(f"${{{name}}}" for value in given for name in VARIABLE.findall(value))
    if names:
        return f"with {' and '.join(names)}"
    return "with other credentials" if any(given) else "without credentials"


def _credentials(exchange: Exchange) -> Iterator[str]:
    """The credentials in a request, without secrets."""
    yield from (v for n, v in exchange.request_headers if names_credential(n))
    query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
    yield from (v for n, v in query if names_credential(n, in_query=True))
