"""Credentials that a text gives by name or by form, in whatever coding: JSON, forms, URLs, pages, base64."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contacts_conformance.http import codings
from contacts_conformance.http.credential_names import is_certain, may_be_credential, names_credential

_MOST_LAYERS = 2
"""How often base64 may stand within base64."""
_HINT = re.compile(
    rb"(?i)tok|sec|pas|pwd|cred|jwt|otp|bear|sig|hmac|cook|ses|sid|srf|aut|asser|nonc|key|tick|eyj|://|code"
)
"""What every name or form has that is looked for; most texts have none of it."""
_NAME = rb"[\w.$\[\]-]{2,60}"
_PAIR = re.compile(rb"(?<![\w.$\[\]-])(" + _NAME + rb""")["']?[ \t]{0,9}(?:=>|[:=])[ \t\r\n]{0,9}""")
_VALUE = re.compile(rb"""(?:"((?:[^"\\]|\\.){0,4000})"|'([^']{0,4000})'|([^\s"'&;,<>{}()\[\]\\]{1,4000}))""")
"""What follows the name; it is looked at only behind a name that counts, since values hold names again (URLs)."""
_ELEMENT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?P<name>" + _NAME + rb")(?: [^<>]{0,200})?>(?P<value>[^<>]{4,8000})</")
_NAMED_PAIR = re.compile(
    rb"""["']?(?:name|key|field)["']?[ ]{0,3}[:=][ ]{0,3}["'](?P<name>"""
    + _NAME
    + rb""")["'][^{}<>]{1,100}?["']?value["']?[ ]{0,3}[:=][ ]{0,3}["'](?P<value>[^"']{4,8000})["']"""
)
_WEB_TOKEN = re.compile(rb"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
_BEARER = re.compile(rb"(?i)\bbearer[ +]{1,3}([\w.~+/=-]{8,8000})")
_USER = re.compile(rb"://[^/\s:@\"'<>]{0,200}:([^/\s@\"'<>]{1,200})@")


def credentials(content: bytes, *, in_url: bool = False) -> Iterator[str]:
    """The credentials that a text gives; `in_url` says that it is a URL or a form, whose short names tell more.

    Takes time in proportion to the length of the text.
    """
    yield from (v.decode("utf-8", "replace") for v in _found(content, in_url, _MOST_LAYERS))


def _found(content: bytes, in_url: bool, layers: int) -> Iterator[bytes]:
    for chain in codings.readings(content):
        for reading in chain:
            if _HINT.search(reading.text):
                yield from _said(reading.text, in_url)
        if layers:
            said = [said for _, said in codings.runs(chain[-1], short=False) if b"=" in said or b":" in said]
            if said:
                yield from _found(b"\n".join(said), in_url, layers - 1)


def _said(text: bytes, in_url: bool) -> Iterator[bytes]:
    for match in _PAIR.finditer(text):
        name = match[1].decode("utf-8", "replace")
        if names_credential(name, in_query=in_url):
            value = _VALUE.match(text, match.end())
            yield from _likely(name, next(filter(None, value.groups()), b"") if value else b"")
    for pattern in (_NAMED_PAIR, _ELEMENT):
        for match in pattern.finditer(text):
            name = match["name"].decode("utf-8", "replace")
            if names_credential(name, in_query=in_url):
                yield from _likely(name, match["value"])
    yield from _WEB_TOKEN.findall(text)
    yield from (v for v in _BEARER.findall(text) if any(48 <= b <= 57 for b in v))
    yield from _USER.findall(text)


def _likely(name: str, value: bytes) -> Iterator[bytes]:
    if may_be_credential(value.decode("utf-8", "replace"), surely=is_certain(name)):
        yield value
