"""Credentials in a capture: found, so that nothing of them is ever shown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from contacts_conformance.http.parsing import parse
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.target import Secret
from contacts_conformance.traffic.har import Entry

_NAMES = re.compile(
    r"(?i)token|secret|passw|pwd|credential|auth|session|signature|cookie|api[-_]?(key|sig)|^(key|sig|code|jwt)$"
)
_HARMLESS = frozenset({"accept", "content-type", "user-agent"})
REMOVED = "[removed]"


def redactor(entries: Iterable[Entry]) -> Redactor:
    """Takes out of a text every credential that the entries carry, wherever it turns up."""
    values = {v for e in entries for v in _values(e)}
    return Redactor(Secret("CREDENTIAL", v) for v in sorted(values))


def url(text: str) -> str:
    """The URL without user, fragment, and the values of parameters that hold credentials."""
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(_NAMES.search(n) for n, _ in pairs):
        kept = [(n, REMOVED if _NAMES.search(n) else v) for n, v in pairs]
        return urlunsplit((parts.scheme, host, parts.path, urlencode(kept, quote_via=quote, safe="[]$"), ""))
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def headers(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The headers of a request that say nothing of its sender."""
    return tuple((h.name, h.value) for h in entry.request.headers if h.name.lower() in _HARMLESS)


def _values(entry: Entry) -> Iterator[str]:
    for header in (*entry.request.headers, *entry.response.headers):
        if _NAMES.search(header.name):
            yield header.value
            yield from _parts(header.name.lower(), header.value)
    parts = urlsplit(entry.request.url)
    yield from filter(None, (parts.password, *(v for n, v in parse_qsl(parts.query) if _NAMES.search(n))))
    for text in (entry.request.postData and entry.request.postData.text, entry.response.content.text):
        if text:
            yield from _members(parse(text.encode("utf-8", "replace")))


def _parts(name: str, value: str) -> Iterator[str]:
    """The parts of a header that are secret by themselves."""
    if "cookie" in name:
        yield from (c.partition("=")[2].strip() for c in value.split(";") if "=" in c)
        return
    scheme, _, rest = value.partition(" ")
    if rest:
        yield rest.strip()
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(rest, validate=True).decode("utf-8", "replace").partition(":")[2]
        except binascii.Error:
            return


def _members(value: Any) -> Iterator[str]:
    """The texts in a JSON value whose names say that they are credentials."""
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str) and _NAMES.search(name):
                yield member
            else:
                yield from _members(member)
    elif isinstance(value, list):
        for member in value:
            yield from _members(member)
