"""What a request quotes of contacts that are not the run's own: it is sent, and its shape alone is recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, quote_plus

import httpx

from contacts_conformance.http.messages import Request


def shaped(text: str) -> str:
    """A text with 0 for each digit and x for each letter; its length and its other signs stay."""
    return "".join("0" if c.isdecimal() else "x" if c.isalpha() else c for c in text)


def unquoted(text: str, quotes: Iterable[str]) -> str:
    """A text in which each of these has nothing left but its shape, also as JSON and addresses write it.

    The longest are taken out first.
    """
    forms = {f: shaped(q) for q in quotes if q for f in (q, quote(q, safe=""), quote_plus(q), json.dumps(q)[1:-1])}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, forms[form])
    return text


def url(request: Request, built: httpx.Request) -> str:
    """The address of a request as it is recorded."""
    if not request.quotes:
        return str(built.url)
    base = str(built.url).partition("?")[0].removesuffix(request.sent_path)
    path = replace(request, path=unquoted(request.path, request.quotes)).sent_path
    pairs = (f"{quote(n, safe='')}={quote(unquoted(v, request.quotes), safe='')}" for n, v in request.query)
    return f"{base}{path}?{'&'.join(pairs)}".rstrip("?")


def body(request: Request, content: bytes) -> bytes:
    """The body of an answer as it is recorded: it may repeat what the request has quoted."""
    if not request.quotes or not content:
        return content
    text = content.decode("utf-8", "surrogateescape")
    return unquoted(text, request.quotes).encode("utf-8", "surrogateescape")
