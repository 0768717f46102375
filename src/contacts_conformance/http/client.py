"""The one client: every request of a run, Schemathesis's included, goes through `Client.send`."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import quote

import httpx

from contacts_conformance.errors import NotVerified, Oversized, Throttled, Unanswered, Unreachable
from contacts_conformance.http import bodies
from contacts_conformance.http.bodies import Body
from contacts_conformance.http.deadline import Deadline
from contacts_conformance.http.messages import READS, Answer, Request
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.recording import Recorder, cut
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.http.signing import Sessions, Signing
from contacts_conformance.model import Exchange
from contacts_conformance.target import Identity, Target

_ATTEMPTS = 4
_SILENCES = 3
_THROTTLES = 3
_MOST_HEADERS = 200
_LONGEST_HEADER = 4_000
_LONGEST_HEADERS = 20_000


Observer = Callable[[Request, Answer], None]


class Client:
    """Sends requests to one target: paced, bounded in time and size, recorded, redacted, never redirected.

    Reads share a connection that is kept. Each write has one of its own: a server that closes an idle connection
    just then would leave it unknown whether the write was carried out, and no write is sent twice. No cookie is
    kept, so that no identity carries another's.

    `observe` is told of every answer that may be judged; `permit` raises where a request must not be sent;
    `authorize` gives the headers of an identity; `signing`, where there is one, signs what some identities send.
    """

    def __init__(
        self,
        target: Target,
        authorize: Callable[[Identity], Mapping[str, str]],
        *,
        tag: str,
        version: str,
        recorder: Recorder | None = None,
        permit: Callable[[Request], None] = lambda request: None,
        observe: Observer = lambda request, answer: None,
        pace: Pace | None = None,
        signing: Signing | None = None,
    ) -> None:
        self.target = target
        self.recorder = Recorder() if recorder is None else recorder
        self.redactor = Redactor(target.secrets)
        self.pace = Pace(target.limits) if pace is None else pace
        self.throttled = 0
        self.unanswered = 0
        self.answered = 0
        self.wrote = float("-inf")
        """When the last write came to its end, whatever it was answered, by the monotonic clock."""
        self._authorize = authorize
        self._permit = permit
        self._observe = observe
        self._sessions = Sessions(signing, self.send, self.redactor.learn) if signing is not None else None
        self._silences = 0
        self._throttles = 0
        self._closed_for: NotVerified | None = None
        self._agent = f"contacts-conformance/{version} (run {tag})"
        verify = _certificates(target)
        self._reads = _Wire(target, verify, kept=1)
        self._writes = _Wire(target, verify, kept=0)

    def close(self) -> None:
        """Closes the connections."""
        self._reads.http.close()
        self._writes.http.close()

    @property
    def is_unreachable(self) -> bool:
        """Whether the target gives no answers (any more)."""
        return isinstance(self._closed_for, Unreachable)

    @property
    def is_closed(self) -> bool:
        """Whether nothing is sent any more but what cleans up."""
        return self._closed_for is not None

    def stop(self, why: NotVerified) -> None:
        """Sends nothing from here on but what cleans up; every request raises this instead."""
        self._closed_for = why

    def unreachable(self, why: str) -> None:
        """Takes the target for unreachable."""
        self.stop(Unreachable(why))

    def send(self, request: Request) -> Answer:
        """Sends one request and waits for its answer.

        429 and 503 are waited out where the target's limits allow it; reads are sent once more where no answer came.
        Raises Unanswered, Throttled, BudgetSpent or Unreachable (each a NotVerified) where there is nothing to judge,
        and Oversized where the body of a success is too long: it counts as an answer. A removal needs no body.
        """
        if self._closed_for is not None and not request.essential:
            raise type(self._closed_for)(str(self._closed_for))
        self._permit(request)
        notes: list[str] = []
        for attempt in range(_ATTEMPTS):
            signed = self._signed(request)
            self.pace.spend(essential=request.essential)
            try:
                answer = self._exchange(signed, tuple(notes))
            except Unanswered as silence:
                if request.method in READS and attempt == 0:
                    notes.append(f"sent again: {silence}")
                    continue
                raise
            if self._sessions is not None and attempt == 0 and self._sessions.renews(request, answer):
                notes.append("the session had ended; sent again in a new one")
                continue
            wait = self._wait(request, answer, attempt)
            if wait is None:
                if request.legal:
                    self._observe(request, answer)
                if not answer.whole and answer.succeeded and request.method != "DELETE":
                    raise Oversized(f"{request.method} {cut(request.path, 200)}: {answer.status}, but {answer.flaw}")
                return answer
            if attempt == _ATTEMPTS - 1:
                break
            notes.append(f"answered {answer.status}, sent again after {wait:.1f} s")
            self.pace.wait(wait)
        raise self._give_up(f"{request.method} {request.path}: the target answered {answer.status} {_ATTEMPTS} times")

    def _signed(self, request: Request) -> Request:
        if self._sessions is None:
            return request
        return self._sessions.signed(request, request.sent_path, request.sent_body or b"")

    def _wait(self, request: Request, answer: Answer, attempt: int) -> float | None:
        retry_after = answer.headers.get("retry-after")
        busy = answer.status == 429 or (answer.status == 503 and (request.method in READS or retry_after is not None))
        if not busy:
            self._throttles = 0
            return None
        self.throttled += 1
        removes = request.essential and request.method == "DELETE"  # what is to be gone may be removed twice
        if answer.status == 503 and not (request.method in READS or removes):
            raise Throttled(f"{request.method} {request.path}: answered 503, and writes are not repeated")
        wait = self.pace.pause(retry_after, attempt)
        if wait is None:
            asked = f"{retry_after} s" if retry_after and retry_after.isdecimal() else f"{retry_after or attempt}"
            raise self._give_up(
                f"{request.method} {request.path}: answered {answer.status}, and the wait that the target asks for "
                f"({cut(asked, 60)}) is longer than limits.max_wait"
            )
        return wait

    def _give_up(self, why: str) -> Throttled:
        self._throttles += 1
        throttled = Throttled(why)
        if self._throttles >= _THROTTLES:
            self._closed_for = throttled
        return throttled

    def _exchange(self, request: Request, notes: tuple[str, ...]) -> Answer:
        wire = self._reads if request.method in READS else self._writes
        built = self._build(request, wire)
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        response, body, error = wire.send(built)
        if request.method not in READS:
            self.wrote = time.monotonic()
        if self._sessions is not None:
            self._sessions.take(request, body.content)
        clean = self.redactor.content(body.shown)
        exchange = self._record(request, built, response, body, clean, error, started, clock, notes)
        if response is None:
            raise self._silent(exchange)
        self._silences = 0
        self.answered += 1
        self.recorder.keep(exchange.id, clean, whole=body.whole)
        return Answer(
            response.status_code,
            _headers(exchange.response_headers),
            body.content if clean is body.shown else self.redactor.judged(body.content),
            exchange,
            self._redacted(built, exchange),
            self.redactor.text(body.flaw),
            body.whole,
        )

    def _silent(self, exchange: Exchange) -> NotVerified:
        self.unanswered += 1
        self._silences += 1
        if self._silences >= _SILENCES:
            self._closed_for = Unreachable(f"the target gives no answers: {exchange.error}")
            return self._closed_for
        return Unanswered(f"{exchange.method} {exchange.url}: no answer: {exchange.error}")

    def _build(self, request: Request, wire: _Wire) -> httpx.Request:
        url = self.target.base_url + request.sent_path
        if request.query:
            plain = request.plain
            pairs = (
                f"{quote(n, safe=plain, errors='replace')}={quote(v, safe=plain, errors='replace')}"
                for n, v in request.query
            )
            url += "?" + "&".join(pairs)
        headers = _headers(
            [
                ("Accept", "application/json"),
                ("Accept-Encoding", "gzip, deflate"),
                ("User-Agent", self._agent),
            ]
        )
        laid_over = [self.target.headers, self._authorize(request.identity)]
        content = request.sent_body
        if content is not None:
            laid_over.append({"Content-Type": "application/json"})
        for some in (*laid_over, request.headers or {}):
            for name, value in some.items():
                headers[name] = value
        try:
            return wire.http.build_request(
                request.method, url, headers=headers, content=content, extensions={"trace": wire.deadline.trace}
            )
        except httpx.InvalidURL as error:
            raise NotVerified(f"{request.method} {cut(request.path, 200)} cannot be sent: {error}") from None

    def _record(
        self,
        request: Request,
        built: httpx.Request,
        response: httpx.Response | None,
        answered: Body,
        content: bytes,
        error: str,
        started: str,
        clock: float,
        notes: tuple[str, ...],
    ) -> Exchange:
        clean = self.redactor
        body = built.content
        exchange = Exchange(
            id=self.recorder.next_id(),
            started=started,
            milliseconds=round((time.perf_counter() - clock) * 1000, 1),
            identity=request.identity.role,
            operation=request.operation,
            method=request.method,
            url=clean.text(str(built.url)),
            request_headers=clean.headers((_title(k), v) for k, v in built.headers.items()),
            request_body=cut(clean.text(body.decode("utf-8", "replace")), 20_000),
            request_size=len(body),
            status=response.status_code if response is not None else 0,
            reason=cut(clean.content(_reason(response)).decode("utf-8", "replace"), 200),
            response_headers=_short(clean.headers(_few(response.headers))) if response is not None else (),
            response_body=cut(content.decode("utf-8", "replace")),
            response_size=len(answered.shown),
            error=cut(clean.text(error), 600),
            notes=(*notes, clean.text(answered.flaw)) if answered.flaw else notes,
            legal=request.legal,
        )
        self.recorder.add(exchange)
        return exchange

    def _redacted(self, built: httpx.Request, exchange: Exchange) -> httpx.Request:
        headers = _headers(exchange.request_headers)
        return httpx.Request(built.method, exchange.url, headers=headers, content=built.content)


class _Wire:
    """One connection at a time to the target, kept or not, with its deadline."""

    def __init__(self, target: Target, verify: ssl.SSLContext | bool, *, kept: int) -> None:
        self.deadline = Deadline()
        self._timeouts = target.timeouts
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

    def send(self, built: httpx.Request) -> tuple[httpx.Response | None, Body, str]:
        """The answer, read to its end or its limit, and its body; or None, and why there is none."""
        try:
            with self.deadline.over(self._timeouts.total):
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
        if self.deadline.expired:
            return f"not complete after {self._timeouts.total:g} s (timeouts.total)"
        if isinstance(failure, httpx.ConnectTimeout):
            return f"no connection after {self._timeouts.connect:g} s (timeouts.connect)"
        if isinstance(failure, httpx.TimeoutException):
            return f"nothing came for {self._timeouts.read:g} s (timeouts.read)"
        return f"{type(failure).__name__}: {failure}".strip(": ")


def _certificates(target: Target) -> ssl.SSLContext | bool:
    if not target.tls.verify or not target.base_url.startswith("https"):
        return False
    if target.tls.ca_file:
        return ssl.create_default_context(cafile=target.tls.ca_file)
    return httpx.create_ssl_context(trust_env=False)


def _headers(pairs: Iterable[tuple[str, str]]) -> httpx.Headers:
    """Headers in UTF-8, since not everybody keeps to ASCII."""
    return httpx.Headers([(n.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for n, v in pairs])


def _few(headers: httpx.Headers) -> list[tuple[str, str]]:
    """The headers of an answer, as many as evidence can carry."""
    return headers.multi_items()[:_MOST_HEADERS]


def _short(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers, as long as evidence can carry: cut only after no secret stands in them any more."""
    kept: list[tuple[str, str]] = []
    left = _LONGEST_HEADERS
    for name, value in headers:
        kept.append((cut(name, min(_LONGEST_HEADER, left)), cut(value, min(_LONGEST_HEADER, left))))
        left -= len(name) + len(value)
        if left <= 0:
            break
    return tuple(kept)


def _reason(response: httpx.Response | None) -> bytes:
    """The reason of a status as it came: httpx leaves out of its text what is not ASCII."""
    if response is None:
        return b""
    reason = response.extensions.get("reason_phrase", response.reason_phrase.encode())
    return bytes(reason)


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
