"""Whether a target was asked by `http` where it speaks `https`, or the reverse."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from contacts_conformance.model import Exchange

_NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL says of a port that answers a greeting of TLS in plain text."""
_LONGEST = 3.0
"""Seconds that a greeting of TLS may take."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def other(base_url: str, exchanges: Sequence[Exchange]) -> str:
    """Which scheme the target speaks, `http` or `https`, where all exchanges with it show that its base URL
    has the wrong one; empty where they do not.

    Where plain HTTP was not answered at all, the port is greeted by TLS.
    """
    if base_url.startswith("https:"):
        return "http" if exchanges and all(_is_plain(e) for e in exchanges) else ""
    if any(e.status for e in exchanges):
        return "https" if all(_wants_tls(e, base_url) for e in exchanges if e.status) else ""
    return "https" if exchanges and _greets(base_url) else ""


def _is_plain(exchange: Exchange) -> bool:
    error = exchange.error.upper().replace(" ", "_")
    return not exchange.status and any(sign in error for sign in _NOT_TLS)


def _wants_tls(exchange: Exchange, base_url: str) -> bool:
    """Whether an answer to plain HTTP says that the server wants TLS: by a redirection, or in the words of servers."""
    if exchange.status in _REDIRECTS:
        places = (urlsplit(v) for n, v in exchange.response_headers if n.lower() == "location")
        return any((p.scheme, p.hostname) == ("https", urlsplit(base_url).hostname) for p in places)
    body = exchange.response_body
    return exchange.status == 400 and "HTTP request" in body and "HTTPS" in body


def _greets(base_url: str) -> bool:
    """Whether the port of an address answers a greeting of TLS; no request is sent, and no certificate is judged."""
    address = urlsplit(base_url)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        plain = socket.create_connection((address.hostname or "", address.port or 443), _LONGEST)
        with plain, context.wrap_socket(plain, server_hostname=address.hostname):
            return True
    except ssl.SSLError as error:
        return "ALERT" in (getattr(error, "reason", "") or "")  # in words of TLS; what just ends has no reason
    except (OSError, ValueError):
        return False
