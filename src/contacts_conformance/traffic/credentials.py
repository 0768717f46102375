"""Credentials in a capture: found wherever they stand, so that nothing of them is ever shown."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from contacts_conformance.http.credential_names import is_certain, may_be_credential, names_credential
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.target import Secret
from contacts_conformance.traffic import bodies, mentions
from contacts_conformance.traffic.entries import Entry, Pair

_HARMLESS = frozenset({"accept", "content-type", "user-agent"})
_SURELY = frozenset({"authorization", "proxy-authorization"})
_OF_PAGES = re.compile(
    r"(?i)image/|font/|audio/|video/|text/css|[a-z]+/(?:x-)?(?:javascript|ecmascript|wasm|font|woff)"
)
"""Types of what a browser loads beside: no credentials, but many names of them, in programs of some megabytes."""
_PASS = re.compile(r"(?i)/(?:sessions?|tokens?|oauth/revoke)/([^/?#]+)")
"""A credential that is a part of a path, as in the end of a session."""
_COOKIES = re.compile(r"\n|,(?=[ ]*[^;,=\s]+=)")
"""Where one cookie ends and the next begins in a header that a recorder made of several."""
_PART = re.compile(r'(?<![\w-])([\w-]{1,30})=(?:"([^"]{4,8000})"|([^\s",;]{4,8000}))')
_OPEN = re.compile(r"(?i)username|realm|uri|algorithm|qop|nc|opaque|domain|signedheaders|version|timestamp|scope")
"""Parts of a header of credentials that are none: to hide a path or a name hides what is to be read."""
_SHORTEST_IN_PATH = 12
REMOVED = "[removed]"


def redactor(entries: Iterable[Entry]) -> Redactor:
    """Takes out of a text every credential that the entries carry, wherever it turns up."""
    values: set[str] = set()
    hosts: set[str] = set()
    looked_at: set[str] = set()  # headers, mostly: most are the same in all entries
    for entry in entries:
        hosts.update(filter(None, (_host(entry.request.url), _header(entry.request.headers, "host"))))
        values.update(_values(entry, looked_at))
    places = {h.lower() for h in hosts} | {h.lower().partition(":")[0] for h in hosts}
    return Redactor(Secret("CREDENTIAL", v) for v in sorted(values) if v.lower() not in places)


def url(text: str) -> str:
    """The URL without user, fragment, and the values of parameters, or parts of the path, that are credentials."""
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2]
    path = _PASS.sub(lambda m: m[0].replace(m[1], REMOVED) if _in_path(m[1]) else m[0], parts.path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(names_credential(n, in_query=True) for n, _ in pairs):
        kept = [(n, REMOVED if names_credential(n, in_query=True) else v) for n, v in pairs]
        return urlunsplit((parts.scheme, host, path, urlencode(kept, quote_via=quote, safe="[]$"), ""))
    return urlunsplit((parts.scheme, host, path, parts.query, ""))


def headers(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The headers of a request that say nothing of its sender."""
    return tuple((h.name, h.value) for h in entry.request.headers if h.name.lower() in _HARMLESS)


def _values(entry: Entry, looked_at: set[str]) -> Iterator[str]:
    sent, came = entry.request, entry.response
    for header in (*sent.headers, *came.headers):
        line = f"{header.name}: {header.value}"
        if line not in looked_at:
            looked_at.add(line)
            yield from _of_header(header.name.lower(), header.value)
    for cookie in (*sent.cookies, *came.cookies):
        yield from _cookie(cookie.name, cookie.value)
    for pair in (*sent.queryString, *(sent.postData.params if sent.postData else ())):
        if names_credential(pair.name, in_query=True) and may_be_credential(pair.value, surely=is_certain(pair.name)):
            yield from (pair.value, unquote(pair.value))
    yield from (m for m in _PASS.findall(_path(sent.url)) if _in_path(m))
    for text in (sent.url, came.redirectURL, came.statusText):
        if text and text not in looked_at:
            looked_at.add(text)
            yield from mentions.credentials(text.encode("utf-8", "replace"), in_url=True)
    posted = bodies.sent(entry).content
    if posted:
        yield from mentions.credentials(posted, in_url=not posted.lstrip().startswith((b"{", b"[")))
    if not _OF_PAGES.match(came.content.mimeType.strip()):
        yield from mentions.credentials(bodies.came(entry).content)


def _of_header(name: str, value: str) -> Iterator[str]:
    """The credentials in a header, and the parts of them that are secret by themselves."""
    if name in ("cookie", "set-cookie"):
        lines = _COOKIES.split(value) if name == "set-cookie" else value.split(";")
        for line in lines:
            said, _, rest = line.partition(";")[0].partition("=")
            yield from _cookie(said.strip(), rest.strip().strip('"'))
        return
    if names_credential(name):
        scheme, _, rest = value.strip().partition(" ")
        said = rest.strip().strip('"') if rest else scheme
        if may_be_credential(said, surely=name in _SURELY or bool(rest)):
            yield said
        if scheme.lower() == "basic":
            yield from _basic(said)
        for part, quoted, bare in _PART.findall(value):
            if not _OPEN.fullmatch(part) and may_be_credential(quoted or bare, surely=False):
                yield quoted or bare
    yield from mentions.credentials(value.encode("utf-8", "replace"), in_url=True)


def _cookie(name: str, value: str) -> Iterator[str]:
    if may_be_credential(value, surely=names_credential(name)):
        yield from (value, unquote(value))


def _basic(coded: str) -> Iterator[str]:
    try:
        user, _, password = base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8", "replace").partition(":")
    except binascii.Error:
        return
    # a key may stand in either place, or before a mode: key|1
    said = password if may_be_credential(password, surely=True) else user
    yield from (v for v in {said, said.partition("|")[0]} if may_be_credential(v, surely=True))


def _in_path(part: str) -> bool:
    return len(part) >= _SHORTEST_IN_PATH and may_be_credential(part, surely=False)


def _header(pairs: Iterable[Pair], name: str) -> str:
    return next((p.value for p in pairs if p.name.lower() == name), "")


def _host(text: str) -> str:
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""


def _path(text: str) -> str:
    try:
        return urlsplit(text).path
    except ValueError:
        return ""
