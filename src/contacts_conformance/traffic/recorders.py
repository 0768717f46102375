"""Which entries of a capture show no answer of the service: nothing came, or a cache, a browser or a proxy gave it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.traffic.bodies import Recorded
from contacts_conformance.traffic.entries import Entry, header

_REDIRECTS = range(300, 400)
_STATUSES = range(200, 600)
_OF_A_GATEWAY = frozenset({502, 504})
_CACHES = re.compile(r"(?i)cache|service ?worker")
_PROXIES = {
    "body": re.compile(
        r"(?i)\s*(?:\[fiddler\]|zap error\b)"
        r"|[^\x00]{0,300}<title>\s*(?:charles error report|burp suite|proxyman|http toolkit)"
    ),
    "status": re.compile(r"(?i)fiddler\b"),
    "server": re.compile(r"(?i)(?:mitmproxy|fiddler|charles|proxyman|burp)\b"),
}
"""How the proxies that record begin what they answer themselves."""
_PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an answer is not judged; `gap` says that the capture lacks what would have been judged."""

    why: str
    gap: bool


def doubt(entry: Entry, body: Recorded) -> Doubt | None:
    """Why an entry shows no answer of the service, or None where it shows one."""
    sent, status = entry.request, entry.response.status
    if sent.method.upper() == "OPTIONS" and header(sent.headers, "access-control-request-method"):
        return Doubt("a browser asked whether it may send a request (CORS)", gap=False)
    if status == 0:
        return Doubt("no answer came", gap=True)
    if status < 0:
        return Doubt("no answer was recorded", gap=True)
    if status in _REDIRECTS:
        return Doubt("the answer leads elsewhere, or to what the client has already (3xx)", gap=False)
    if status not in _STATUSES:
        return Doubt("no status of an answer was recorded", gap=status >= _STATUSES.stop)
    if _CACHES.search(entry.source):
        return Doubt("the answer was given by a cache of the client", gap=False)
    if _is_recorders(entry, body.content):
        return Doubt("a proxy answered in the service's stead", gap=True)
    if status in _OF_A_GATEWAY or (status < 300 and _is_page(body.content)):
        return Doubt("a proxy or a gateway may have answered in the service's stead", gap=True)
    if header(sent.headers, "x-http-method-override"):
        return Doubt("a header overrides its method", gap=False)
    return None


def _is_recorders(entry: Entry, content: bytes) -> bool:
    came = entry.response
    if header(came.headers, "x-squid-error") or _PROXIES["server"].match(header(came.headers, "server")):
        return True
    if _PROXIES["status"].match(came.statusText):
        return True
    return parse(content) is NOT_JSON and bool(_PROXIES["body"].match(content[:500].decode("utf-8", "replace")))


def _is_page(content: bytes) -> bool:
    return content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGE)
