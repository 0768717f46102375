"""A connection to the target: its certificates, its timeouts, and how much of an answer is read."""

from __future__ import annotations

import math
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from contacts_conformance.errors import UsageError
from contacts_conformance.http import bodies
from contacts_conformance.http.bodies import Body
from contacts_conformance.http.deadline import Deadline
from contacts_conformance.target import Target

_UNTRUSTED = ("self-signed certificate", "self signed certificate", "unable to get local issuer certificate")
"""What OpenSSL says of a certificate whose authority it does not know."""
_LEAST = 0.05
"""Seconds that a request has whose turn came just before the end."""
_OWN_AUTHORITY = (
    "if the certificate is of an authority of your own, name the authority's file as ca_file in the table [tls] of the "
    "target file, or in SSL_CERT_FILE"
)


def certificates(target: Target) -> ssl.SSLContext | bool:
    """How the certificate of the target is verified, as its file says; not at all where it has none.

    Where the file names no certificates, those of SSL_CERT_FILE or SSL_CERT_DIR are trusted, or else the usual ones.
    UsageError where they cannot be read.
    """
    if not target.tls.verify or not target.base_url.startswith("https"):
        return False
    if target.tls.ca_file:
        return ssl.create_default_context(cafile=target.tls.ca_file)
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"SSL_CERT_FILE or SSL_CERT_DIR: the certificates cannot be read: {why}") from None


@dataclass(frozen=True, slots=True)
class Flight:
    """One request on its way and back: the answer, read to its end or its limit, with its body; or None, and why there
    is none. `started` is the time by the wall clock, in UTC; `began` and `ended` are seconds by the monotonic one."""

    built: httpx.Request
    response: httpx.Response | None
    body: Body
    error: str
    started: str
    began: float
    ended: float

    @property
    def milliseconds(self) -> float:
        """How long it took."""
        return round((self.ended - self.began) * 1000, 1)


_PROVEN = 8
"""So many answers over one connection show that the server keeps connections."""
_FRESH = 1.0
"""Seconds for which a connection that is not used is surely kept, if any is: servers wait two at least, or sixty."""


class Wire:
    """One connection at a time to the target, kept or not, with its deadline."""

    def __init__(self, target: Target, verify: ssl.SSLContext | bool, *, kept: int) -> None:
        self.deadline = Deadline()
        self.may_be_kept = kept > 0
        self._answers = 0
        """How many answers came over the connection that there is."""
        self._last = float("-inf")
        self._trusted = True
        self._timeouts = target.timeouts
        self._left = math.inf
        self._longest = target.limits.max_body
        self.http = httpx.Client(
            verify=verify,
            timeout=httpx.Timeout(target.timeouts.read, connect=target.timeouts.connect),
            follow_redirects=False,
            trust_env=False,
            proxy=target.proxy,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=kept, keepalive_expiry=3),
        )

    def send(self, built: httpx.Request, left: float = math.inf) -> Flight:
        """Sends a request and waits for its answer, no longer than so many seconds are left of the run."""
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        began = time.monotonic()
        self._left = max(left, _LEAST)
        before = self.deadline.connections
        response, body, error = self._send(built)
        self._answers = (self._answers if self.deadline.connections == before else 0) + 1
        self._last = time.monotonic()
        if response is None:
            self._trusted &= self._answers == 1
            self._answers = 0
        return Flight(built, response, body, error, started, began, self._last)

    @property
    def is_kept(self) -> bool:
        """Whether the connection is one that the server surely keeps: it was used just now, and often before.

        Once a connection was lost that had been used before, none is.
        """
        return self._trusted and self._answers >= _PROVEN and time.monotonic() - self._last < _FRESH

    def _send(self, built: httpx.Request) -> tuple[httpx.Response | None, Body, str]:
        try:
            with self.deadline.over(min(self._timeouts.total, self._left)):
                response = self.http.send(built, stream=True)
                try:
                    body = bodies.read(response, self._longest)
                finally:
                    response.close()
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ValueError, OSError) as failure:
            return None, Body(b""), self._why(failure)
        if self.deadline.expired:  # a body without a length looks complete when its connection is cut
            return None, Body(b""), self._why(TimeoutError())
        return response, body, ""

    def _why(self, failure: Exception) -> str:
        if self.deadline.expired and self._left < self._timeouts.total:
            return "not complete when the time of the run was over (limits.max_seconds)"
        if self.deadline.expired:
            return f"not complete after {self._timeouts.total:g} s (timeouts.total)"
        if isinstance(failure, httpx.ConnectTimeout):
            return f"no connection after {self._timeouts.connect:g} s (timeouts.connect)"
        if isinstance(failure, httpx.TimeoutException):
            return f"nothing came for {self._timeouts.read:g} s (timeouts.read)"
        text = f"{type(failure).__name__}: {failure}".strip(": ")
        return f"{text}; {_OWN_AUTHORITY}" if any(sign in text for sign in _UNTRUSTED) else text


class Wires:
    """The connections of one client: each serves one request at a time, the one that was used last before others."""

    def __init__(self, target: Target, verify: ssl.SSLContext | bool) -> None:
        self._target = target
        self._verify = verify
        self._kept = [self._made(kept=1)]
        self._single: list[Wire] = []

    @contextmanager
    def one(self, *, writes: bool) -> Iterator[Wire]:
        """A connection for one request: for a write one that the server surely keeps, or else that is used once."""
        wire = self._free(writes=writes)
        try:
            yield wire
        finally:
            (self._kept if wire.may_be_kept else self._single).append(wire)

    def close(self) -> None:
        """Closes all of them."""
        for wire in (*self._kept, *self._single):
            wire.http.close()

    def _free(self, *, writes: bool) -> Wire:
        for place in reversed(range(len(self._kept))):
            if not writes or self._kept[place].is_kept:
                return self._kept.pop(place)
        if writes:
            return self._single.pop() if self._single else self._made(kept=0)
        return self._made(kept=1)

    def _made(self, *, kept: int) -> Wire:
        return Wire(self._target, self._verify, kept=kept)


def send_at_once(wires: Sequence[Wire], built: Sequence[httpx.Request], left: float = math.inf) -> list[Flight]:
    """Sends each request over a wire of its own, all at the same moment; what came of them, in their order."""
    ready = threading.Barrier(len(built))

    def send(wire: Wire, one: httpx.Request) -> Flight:
        ready.wait()
        return wire.send(one, left)

    with ThreadPoolExecutor(len(built)) as threads:
        return list(threads.map(send, wires, built))
