"""Symptoms of a network in exchanges: what a proxy, a gateway or a broken line can give in the service's stead."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlsplit

from contacts_conformance.http.symptoms import OF_A_GATEWAY, OF_CREDENTIALS
from contacts_conformance.model import Exchange

_SENT_AGAIN = ("sent again", "answered ")
"""How the notes of an exchange begin that was not the first attempt of its request."""


def of_network(exchange: Exchange) -> str:
    """What of an answer the network can have given, in words: none at all, 408, 429, 502, 503, 504, a page of HTML."""
    if not exchange.status:
        return f"no answer: {exchange.error}"
    if exchange.status in OF_A_GATEWAY:
        return f"{exchange.status} {exchange.reason}".rstrip()
    return f"a page of HTML ({exchange.status})" if exchange.page else ""


def disturbance(exchange: Exchange) -> str:
    """What the network did to an exchange, in words: what it can have answered, or that the request was sent again."""
    return of_network(exchange) or next((n for n in exchange.notes if n.startswith(_SENT_AGAIN)), "")


def in_place_of_an_answer(exchange: Exchange) -> str:
    """What can stand in place of the answer that a requirement asks for, in words; empty where the answer is one.

    Besides what the network can have given: a 401 or 403, since a gateway may have refused; and an error of the server
    upon a legal request, about which there is a requirement of its own.
    """
    if exchange.status in OF_CREDENTIALS:
        return f"{exchange.status} {exchange.reason}".rstrip()
    return of_network(exchange) or failure(exchange)


def by_a_gateway(exchange: Exchange) -> bool:
    """Whether the network can have given the answer, or a gateway refused the credentials."""
    return exchange.status in OF_CREDENTIALS or bool(of_network(exchange))


def failure(exchange: Exchange) -> str:
    """An error of the server upon a legal request, in words; empty where it is none."""
    return f"{exchange.status} {exchange.reason}".rstrip() if exchange.legal and exchange.status >= 500 else ""


def asked(exchange: Exchange) -> tuple[str, ...]:
    """What a request asks for, without the values that differ from pass to pass: two passes send requests alike."""
    url = urlsplit(exchange.url)
    path = re.sub(r"[^/]*\d[^/]*", "#", url.path)
    try:
        body = json.loads(exchange.request_body or "null")
    except (ValueError, RecursionError):
        body = None
    names = sorted({n for n, _ in parse_qsl(url.query, keep_blank_values=True)})
    members = sorted(body) if isinstance(body, dict) else ()
    return (exchange.identity, exchange.method, exchange.operation or path, *names, "/", *members)
