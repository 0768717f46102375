"""A request and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from contacts_conformance.http.callers import caller
from contacts_conformance.http.parsing import parse
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Exchange, Json, Query
from contacts_conformance.target import Identity

_UNREAD = object()

READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the target.

    `path` lies below the base URL; `query` is sent in its order, its names and values percent-encoded but for the
    characters in `plain`; `json` is sent as JSON, `content` as it is. `legal` is false where the request breaks the
    contract on purpose. `headers` are laid over those that every request carries. `opens` is the identity that the
    request opens a session for, `about` the contact that it changes where its path does not say so. `repeatable` says
    that sending it twice does what sending it once does, although its method does not say so; `creates`, that it
    submits a new contact. `quotes` are the texts in its path and query that were read in contacts of others: they are
    sent, and never recorded.
    """

    method: str
    path: str
    identity: Identity
    query: Query = ()
    json: Json = None
    content: bytes | None = None
    headers: Mapping[str, str] | None = None
    operation: str = ""
    legal: bool = True
    plain: str = ""
    essential: bool = False
    about: str = ""
    opens: Identity | None = None
    repeatable: bool = False
    creates: bool = False
    quotes: tuple[str, ...] = ()

    @property
    def sent_path(self) -> str:
        """The path as it is sent."""
        return quote(self.path, safe="/%:@!$&'()*+,;=~-._", errors="replace")

    @property
    def sent_body(self) -> bytes | None:
        """The body as it is sent; None where there is none."""
        if self.content is not None or self.json is None:
            return self.content
        return json.dumps(self.json, ensure_ascii=False).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, without secrets.

    `flaw` says why the body could not be read as it was meant, where that is so; it is not `whole` where it is longer
    than what is read of one, and `content` is then empty. It is not `labelled` where a recording lacks its headers.
    """

    status: int
    headers: httpx.Headers
    content: bytes
    exchange: Exchange
    request: httpx.Request
    flaw: str = ""
    whole: bool = True
    labelled: bool = True
    _json: Json = field(default=_UNREAD, init=False, repr=False, compare=False)

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def redirects(self) -> bool:
        """Whether the status is 3xx."""
        return 300 <= self.status < 400

    @property
    def refused(self) -> bool:
        """Whether the status is 4xx."""
        return 400 <= self.status < 500

    @property
    def status_line(self) -> str:
        """The status and its reason, as in `404 Not Found`."""
        return f"{self.status} {self.exchange.reason}".rstrip()

    @property
    def json(self) -> Json:
        """The body as JSON, or `NOT_JSON`; it is parsed once, so that nobody may change it."""
        if self._json is _UNREAD:
            object.__setattr__(self, "_json", parse(self.content))  # remembered: to whoever asks, nothing changes
        return self._json

    def __repr__(self) -> str:
        shown = self.exchange
        body = f" with {cut(shown.request_body, 200)}" if shown.request_body else ""
        came = f"{self.status} {cut(shown.response_body, 300)}".rstrip()
        return f"{shown.method} {shown.url}{body} {caller(shown)} → {came}"


def unread(exchange: Exchange) -> Answer:
    """The answer of an exchange whose body was too long to be read: its status and its headers."""
    headers = [(n.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for n, v in exchange.response_headers]
    request = httpx.Request(exchange.method, exchange.url)
    return Answer(exchange.status, httpx.Headers(headers), b"", exchange, request, "too long", whole=False)
