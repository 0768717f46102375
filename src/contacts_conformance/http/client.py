"""The one client: every request of a run, Schemathesis's included, goes through `Client.send`."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from contacts_conformance.errors import BudgetSpent, NotVerified, Throttled, Unanswered, Unreachable
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.recording import Recorder, cut
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import Exchange, Json, Query
from contacts_conformance.target import Identity, Target

READS = frozenset({"GET", "HEAD", "OPTIONS"})
_ATTEMPTS = 4
_SILENCES = 3
_THROTTLES = 3


class NotJson:
    """What a body is that is no JSON."""

    def __repr__(self) -> str:
        return "no JSON"


NOT_JSON = NotJson()


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the target.

    `path` lies below the base URL; `query` is sent in its order, its names and values percent-encoded but for the
    characters in `plain`; `json` is sent as JSON, `content` as it is. `legal` is false where the request breaks the
    contract on purpose. `headers` are laid over those that every request carries.
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, without secrets."""

    status: int
    headers: httpx.Headers
    content: bytes
    exchange: Exchange
    request: httpx.Request

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the status is 4xx."""
        return 400 <= self.status < 500

    @property
    def json(self) -> Json:
        """The body as JSON, or `NOT_JSON`."""
        return parse(self.content)

    def __repr__(self) -> str:
        shown = self.exchange
        body = f" with {cut(shown.request_body, 200)}" if shown.request_body else ""
        return f"{shown.method} {shown.url}{body} as {shown.identity} → {self.status} {cut(shown.response_body, 300)!r}"


def parse(content: bytes) -> Json:
    """The JSON that the bytes hold, or `NOT_JSON` (also where it is too deep or its numbers are too long to read)."""
    try:
        return json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return NOT_JSON


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


Observer = Callable[[Request, Answer], None]


class Client:
    """Sends requests to one target: paced, bounded in time and size, recorded, redacted, never redirected.

    `observe` is told of every answer that may be judged; `permit` raises where a request must not be sent;
    `authorize` gives the headers of an identity.
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
    ) -> None:
        self.target = target
        self.recorder = Recorder() if recorder is None else recorder
        self.redactor = Redactor(target.secrets)
        self.pace = Pace(target.limits) if pace is None else pace
        self.throttled = 0
        self.unanswered = 0
        self.answered = 0
        self._authorize = authorize
        self._permit = permit
        self._observe = observe
        self._silences = 0
        self._throttles = 0
        self._closed_for: NotVerified | None = None
        self._agent = f"contacts-conformance/{version} (run {tag})"
        self._watch = _Watch()
        verify: Any = target.tls.verify
        if verify and target.tls.ca_file:
            verify = httpx.create_ssl_context(cafile=target.tls.ca_file)  # type: ignore[call-arg]  # older signature
        self._http = httpx.Client(
            verify=verify,
            timeout=httpx.Timeout(target.timeouts.read, connect=target.timeouts.connect),
            follow_redirects=False,
            trust_env=False,
            proxy=target.proxy,
            limits=httpx.Limits(max_connections=1, keepalive_expiry=3),
        )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    @property
    def is_unreachable(self) -> bool:
        """Whether the target gives no answers (any more)."""
        return isinstance(self._closed_for, Unreachable)

    def stop(self, why: NotVerified) -> None:
        """Sends nothing from here on but what cleans up; every request raises this instead."""
        self._closed_for = why

    def unreachable(self, why: str) -> None:
        """Takes the target for unreachable."""
        self.stop(Unreachable(why))

    def send(self, request: Request) -> Answer:
        """Sends one request and waits for its answer.

        429 and 503 are waited out where the target's limits allow it; reads are sent again after a lost connection.
        Raises Unanswered, Throttled, BudgetSpent or Unreachable (each a NotVerified) where there is nothing to judge.
        """
        if self._closed_for is not None and not request.essential:
            raise type(self._closed_for)(str(self._closed_for))
        self._permit(request)
        notes: list[str] = []
        for attempt in range(_ATTEMPTS):
            self.pace.spend(essential=request.essential)
            try:
                answer = self._exchange(request, tuple(notes))
            except Unanswered as silence:
                if request.method in READS and attempt == 0 and self._silences < _SILENCES:
                    notes.append(f"sent again: {silence}")
                    continue
                raise
            wait = self._wait(request, answer, attempt)
            if wait is None:
                if request.legal:
                    self._observe(request, answer)
                return answer
            notes.append(f"answered {answer.status}, sent again after {wait:.1f} s")
            self.pace.wait(wait)
        raise self._give_up(f"{request.method} {request.path}: the target answered {answer.status} {_ATTEMPTS} times")

    def _wait(self, request: Request, answer: Answer, attempt: int) -> float | None:
        retry_after = answer.headers.get("retry-after")
        busy = answer.status == 429 or (answer.status == 503 and (request.method in READS or retry_after is not None))
        if not busy:
            self._throttles = 0
            return None
        self.throttled += 1
        if answer.status == 503 and request.method not in READS:
            raise Throttled(f"{request.method} {request.path}: answered 503, and writes are not repeated")
        wait = self.pace.pause(retry_after, attempt)
        if wait is None:
            raise self._give_up(f"the target asks to wait {retry_after} s, longer than limits.max_wait")
        return wait

    def _give_up(self, why: str) -> Throttled:
        self._throttles += 1
        throttled = Throttled(why)
        if self._throttles >= _THROTTLES:
            self._closed_for = throttled
        return throttled

    def _exchange(self, request: Request, notes: tuple[str, ...]) -> Answer:
        built = self._build(request)
        started = datetime.now(UTC).isoformat(timespec="milliseconds")
        clock = time.perf_counter()
        try:
            with self._watch.over(self.target.timeouts.total):
                response = self._http.send(built, stream=True)
                try:
                    content, note = self._read(response)
                finally:
                    response.close()
            error = ""
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, ValueError, OSError) as failure:
            response, content, note = None, b"", ""
            error = self._watch.describe(failure, self.target.timeouts)
        exchange = self._record(
            request, built, response, content, error, started, clock, (*notes, note) if note else notes
        )
        if response is None:
            raise self._silent(exchange)
        self._silences = 0
        self.answered += 1
        clean = self.redactor.content(content)
        headers = httpx.Headers(list(exchange.response_headers))
        return Answer(response.status_code, headers, clean, exchange, self._redacted(built, exchange))

    def _silent(self, exchange: Exchange) -> NotVerified:
        self.unanswered += 1
        self._silences += 1
        if self._silences >= _SILENCES:
            self._closed_for = Unreachable(f"the target gives no answers: {exchange.error}")
            return self._closed_for
        return Unanswered(f"{exchange.method} {exchange.url}: no answer: {exchange.error}")

    def _build(self, request: Request) -> httpx.Request:
        url = self.target.base_url + quote(request.path, safe="/%:@!$&'()*+,;=~-._")
        if request.query:
            pairs = (f"{quote(n, safe=request.plain)}={quote(v, safe=request.plain)}" for n, v in request.query)
            url += "?" + "&".join(pairs)
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": self._agent,
            **self.target.headers,
            **self._authorize(request.identity),
        }
        content = request.content
        if content is None and request.json is not None:
            content = json.dumps(request.json, ensure_ascii=False).encode("utf-8", "replace")
        if content is not None:
            headers["Content-Type"] = "application/json"
        headers |= request.headers or {}
        return self._http.build_request(
            request.method, url, headers=headers, content=content, extensions={"trace": self._watch.trace}
        )

    def _read(self, response: httpx.Response) -> tuple[bytes, str]:
        chunks, size = [], 0
        for chunk in response.iter_bytes(65_536):
            chunks.append(chunk)
            size += len(chunk)
            if size > self.target.limits.max_body:
                return b"".join(chunks)[: self.target.limits.max_body], f"the body was cut at {size:,} bytes"
        return b"".join(chunks), ""

    def _record(
        self,
        request: Request,
        built: httpx.Request,
        response: httpx.Response | None,
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
            reason=clean.text(response.reason_phrase) if response is not None else "",
            response_headers=clean.headers(response.headers.multi_items()) if response is not None else (),
            response_body=cut(clean.text(content.decode("utf-8", "replace"))),
            response_size=len(content),
            error=clean.text(error),
            notes=notes,
            legal=request.legal,
        )
        self.recorder.add(exchange)
        return exchange

    def _redacted(self, built: httpx.Request, exchange: Exchange) -> httpx.Request:
        return httpx.Request(built.method, exchange.url, headers=list(exchange.request_headers), content=built.content)


class _Watch:
    """Ends a request that takes longer in all than it may, however slowly it drips."""

    def __init__(self) -> None:
        self._stream: Any = None
        self.expired = False

    def trace(self, event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]

    @contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        self.expired = False
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        stream = self._stream
        if stream is not None:
            try:
                socket = stream.get_extra_info("socket")
                socket.shutdown(2)
            except (OSError, AttributeError):
                pass

    def describe(self, failure: Exception, timeouts: Any) -> str:
        if self.expired:
            return f"not complete after {timeouts.total:g} s (timeouts.total)"
        if isinstance(failure, httpx.ConnectTimeout):
            return f"no connection after {timeouts.connect:g} s (timeouts.connect)"
        if isinstance(failure, httpx.TimeoutException):
            return f"nothing came for {timeouts.read:g} s (timeouts.read)"
        return f"{type(failure).__name__}: {failure}"


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


__all__ = ["NOT_JSON", "Answer", "BudgetSpent", "Client", "Request", "parse"]
