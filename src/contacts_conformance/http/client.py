"""The one client: every request of a run, Schemathesis's included, goes through `Client.send`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import httpx

from contacts_conformance.errors import NotVerified, Oversized, Throttled, Unanswered, Unreachable
from contacts_conformance.http import headers, lanes, quoting
from contacts_conformance.http.attempts import FIRST_WAIT, MOST, Attempts
from contacts_conformance.http.messages import READS, Answer, Request
from contacts_conformance.http.pace import Pace
from contacts_conformance.http.privacy import Privacy
from contacts_conformance.http.recording import Recorder, cut
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.http.signing import Sessions, Signed, Signing
from contacts_conformance.http.streak import Streak
from contacts_conformance.http.symptoms import WAITING, Symptom, is_page, symptom
from contacts_conformance.http.wire import Flight, Wire, Wires, certificates, send_at_once
from contacts_conformance.model import Exchange
from contacts_conformance.target import Identity, Target

_SILENCES = 8
"""So many attempts without an answer in a row, of two requests at least, show that nobody answers any more. Those of
several requests at the same moment count once, here as below."""
_LONGEST_SILENCE = 60
"""So many seconds without an answer show that with fewer attempts."""
_THROTTLES = 3
"""So many requests in a row that were only asked to come back later end the run."""


Observer = Callable[[Request, Answer], None]


class Client:
    """Sends requests to one target: paced, bounded in time and size, recorded, redacted, never redirected.

    Reads share a connection that is kept. A write takes it where the server has shown that it keeps it, and it was used
    just before; else each write has one of its own: a server that closes an idle connection just then would leave it
    unknown whether the write was carried out. No cookie is kept, so that no identity carries
    another's. Each of several lanes that send at the same moment has a connection.

    `observe` is told of every answer that may be judged; `permit` raises where a request must not be sent; `remains`
    finds out whether what a request was to remove is still there, or is surely gone, or tells neither (None);
    `authorize` gives the headers of an identity; `signing`, where there is one, signs what some identities send;
    `privacy` hides what answers tell of others from all that is recorded, but not from checks.
    """

    wrote = lanes.PerLane(lambda: float("-inf"), inherited=True, joined=max)
    """When the last write of this lane came to its end, whatever it was answered, by the monotonic clock."""

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
        remains: Callable[[Request], bool | None] = lambda request: None,
        pace: Pace | None = None,
        signing: Signing | None = None,
        privacy: Privacy | None = None,
    ) -> None:
        self.target = target
        self.recorder = Recorder() if recorder is None else recorder
        self.redactor = Redactor(target.secrets)
        self.privacy = privacy
        self.pace = Pace(target.limits) if pace is None else pace
        self.last_wrote = float("-inf")
        """When the last write of any lane came to its end."""
        self.throttled = 0
        self.unanswered = 0
        self.answered = 0
        self._authorize = authorize
        self._permit = permit
        self._observe = observe
        self._remains = remains
        self.sessions = Sessions(signing, self.send, self.redactor.learn)
        self._silences = Streak()
        self._throttles = Streak()
        self._persistent: Symptom | None = None
        """The symptom that the target itself shows, as long as it shows nothing else."""
        self._let_in: set[str] = set()
        """The roles that were answered with a success."""
        self.closed_for: NotVerified | None = None
        """Why nothing is sent any more but what cleans up; None where that is not so."""
        self._agent = f"contacts-conformance/{version} (run {tag})"
        verify = certificates(target)
        self._wires = Wires(target, verify)

    def close(self) -> None:
        """Closes the connections."""
        self._wires.close()

    @property
    def is_unreachable(self) -> bool:
        """Whether the target gives no answers (any more)."""
        return isinstance(self.closed_for, Unreachable)

    def discreet(self, text: str) -> str:
        """The text without secrets, and without what answers told of others."""
        clean = self.redactor.text(text)
        return clean if self.privacy is None else self.privacy.masked(clean)

    def stop(self, why: NotVerified) -> None:
        """Sends nothing from here on but what cleans up; every request raises this instead."""
        self.closed_for = why

    def unreachable(self, why: str) -> None:
        """Takes the target for unreachable."""
        self.stop(Unreachable(why))

    def send(self, request: Request) -> Answer:
        """Sends one request and waits for its answer.

        An answer that a network can give by itself (see `symptoms`) is not judged. The request is sent again, up to
        four times in all, where that does no harm: a read, a write that can be repeated, a removal of what is still
        there, and anything that was answered 429. The same answer each time is the target's own. A legal read that is
        answered 500 is sent once more; both answers are observed. Waits are those of `Retry-After`, or short ones that
        double.

        Raises Unanswered, Unsettled, Throttled, BudgetSpent or Unreachable (each a NotVerified) where there is nothing
        to judge, and Oversized where the body of a success is too long: it counts as an answer. A removal needs none.
        """
        if self.closed_for is not None and not request.essential:
            raise type(self.closed_for)(str(self.closed_for))
        self._permit(request)
        attempts = Attempts(request)
        while True:
            answer = self._attempt(attempts)
            if answer is not None and self._renews(attempts, answer):
                continue
            shown = symptom(request, answer, let_in=self._was_let_in(attempts))
            if answer is None or shown is not None:
                settled = self._doubt(attempts, shown or Symptom.SILENCE, answer)
            else:
                settled = self._believe(attempts, answer)
            if settled is not None:
                return settled

    def send_at_once(self, requests: Sequence[Request]) -> list[Answer | NotVerified]:
        """Sends several requests at the same moment, each over a connection of its own; what came of them, in order.

        Each is permitted, paced, recorded and observed as by `send`, but none is sent again: there is what `send` would
        raise where nobody, or a network, may have answered. NotVerified where the target's limits allow fewer.
        """
        most, limit = self.target.limits.most_at_once
        if most < len(requests):
            raise NotVerified(f"the target file does not allow {len(requests)} requests at the same moment ({limit})")
        if self.closed_for is not None:
            raise type(self.closed_for)(str(self.closed_for))
        for request in requests:
            self._permit(request)
        signed = [self.sessions.signed(request, Signed()) for request in requests]
        verify = certificates(self.target)
        wires = [Wire(self.target, verify, kept=0) for _ in requests]
        try:
            built = [self._build(request, wire) for request, wire in zip(signed, wires, strict=True)]
            with self.pace.turn(len(requests), creates=sum(r.creates for r in requests)) as made:
                flights = send_at_once(wires, built, self.pace.seconds_left)
                made.contacts -= _refused(requests, flights)
        finally:
            for wire in wires:
                wire.http.close()
        return [self._outcome(request, flight) for request, flight in zip(requests, flights, strict=True)]

    def _outcome(self, request: Request, flight: Flight) -> Answer | NotVerified:
        """What came of one of several requests that were sent at the same moment."""
        attempts = Attempts(request)
        try:
            answer = self._landed(request, flight, ("sent at the same moment as others",))
            shown = symptom(request, answer, let_in=self._was_let_in(attempts))
            if shown is None:
                return self._settled(attempts, answer)
        except Unanswered as silence:
            attempts.silence, shown = str(silence), Symptom.SILENCE
        except NotVerified as failure:
            return failure
        attempts.seen.append(shown)
        return attempts.failure()

    def _believe(self, attempts: Attempts, answer: Answer) -> Answer | None:
        """The answer of the service itself; None where the request was to be sent again all the same."""
        self._persistent = None
        self._throttles.end()
        if attempts.repeats_error(answer):
            self._observe(attempts.request, answer)
            self._again(attempts, f"answered {answer.status}", FIRST_WAIT)
            return None
        return self._settled(attempts, answer)

    def _doubt(self, attempts: Attempts, shown: Symptom, answer: Answer | None) -> Answer | None:
        """Waits for the next attempt, where there is one: then None. Else the answer, where it is the target's own;
        raises where it is not."""
        attempts.seen.append(shown)
        wait = self._wait(attempts, answer)
        if self._goes_on(attempts):
            silence = f" ({attempts.silence})" if shown is Symptom.SILENCE else ""
            self._again(attempts, shown + silence, wait)
            return None
        if answer is not None and attempts.show_the_service(self._persistent) and not attempts.gone:
            self._persistent = shown
            return self._settled(attempts, answer)
        if attempts.only_wait:
            raise self._give_up(attempts, attempts.in_vain)
        if shown in WAITING:
            self.pace.wait(wait)  # for whatever is sent next
        raise attempts.failure()

    def _attempt(self, attempts: Attempts) -> Answer | None:
        """Sends the request once; None where no answer came."""
        request = attempts.request
        signed = self.sessions.signed(request, attempts.signed)
        creates, writes = int(request.creates), request.method not in READS
        with self._wires.one(writes=writes) as wire:
            built = self._build(signed, wire)
            with self.pace.turn(creates=creates, writes=writes, essential=request.essential) as made:
                flight = wire.send(built, self.pace.seconds_left)
                made.contacts -= _refused([request], [flight])
        try:
            return self._landed(signed, flight, tuple(attempts.notes))
        except Unanswered as silence:
            attempts.silence = str(silence)
            return None

    def _again(self, attempts: Attempts, why: str, wait: float) -> None:
        attempts.notes.append(f"{why}, sent again after {wait:.1f} s")
        self.pace.wait(wait)

    def _goes_on(self, attempts: Attempts) -> bool:
        """Whether the request is sent once more."""
        last = attempts.seen[-1]
        if attempts.are_enough(self._persistent) or (last is Symptom.SILENCE and self.is_unreachable):
            return False
        if attempts.repeatable or last is Symptom.THROTTLE:
            return True
        if attempts.request.method != "DELETE":
            return False
        remains = self._remains(attempts.request)
        attempts.gone = remains is False
        return bool(remains)

    def _settled(self, attempts: Attempts, answer: Answer) -> Answer:
        """The answer, which is the service's own."""
        request = attempts.request
        if attempts.leave_unclear(answer):
            raise attempts.failure(answer)
        self._observe(request, answer)
        if answer.succeeded:
            self._let_in.add(request.identity.role)
        if not answer.whole and answer.succeeded and request.method != "DELETE":
            raise Oversized(f"{request.method} {cut(request.path, 200)}: {answer.status}, but {answer.flaw}")
        return answer

    def _was_let_in(self, attempts: Attempts) -> bool:
        """Whether 401 or 403 would contradict that the identity was let in, and the request can be sent again."""
        return attempts.repeatable and attempts.request.identity.role in self._let_in

    def _renews(self, attempts: Attempts, answer: Answer) -> bool:
        why = self.sessions.renews(attempts.request, answer, attempts.signed)
        attempts.notes += [why] if why else []
        return bool(why)

    def _wait(self, attempts: Attempts, answer: Answer | None) -> float:
        """Seconds to wait before the next attempt; Throttled where the target asks for more than the run affords."""
        busy = attempts.seen[-1] in (Symptom.THROTTLE, Symptom.BUSY)
        self.throttled += busy
        if answer is not None and not busy:
            self._throttles.end()
        retry_after = answer.headers.get("retry-after") if answer is not None else None
        attempt = len(attempts.seen) - 1
        wait = self.pace.pause(retry_after, attempt, attempts.first_wait)
        if wait is None:
            asked = f"{retry_after} s" if retry_after and retry_after.isdecimal() else f"{retry_after or attempt}"
            raise self._give_up(
                attempts,
                f"{attempts.request.method} {attempts.request.path}: {attempts.seen[-1]}, and the wait that the target "
                f"asks for ({cut(asked, 60)}) is longer than limits.max_wait",
            )
        return wait

    def _give_up(self, attempts: Attempts, why: str) -> Throttled:
        self._throttles.add(attempts.began)
        throttled = Throttled(why)
        if self._throttles.number >= _THROTTLES:
            self.closed_for = throttled
        return throttled

    def _landed(self, request: Request, flight: Flight, notes: tuple[str, ...]) -> Answer:
        """Takes in what came back; Unanswered or Unreachable where nothing did."""
        response, body = flight.response, flight.body
        if request.method not in READS:
            self.wrote = self.last_wrote = time.monotonic()
        self.sessions.take(request, body.content)
        clean = self.redactor.content(body.shown)
        kept = clean
        if self.privacy is not None and response is not None:
            kept = quoting.body(request, self.privacy.conceal(request, response.status_code, clean))
        exchange = self._record(request, flight, kept, notes)
        if response is None:
            raise self._silent(exchange.error, flight)
        self._silences.end()
        self.answered += 1
        self.recorder.keep(exchange.id, kept, whole=body.whole)
        return Answer(
            response.status_code,
            headers.utf8(exchange.response_headers),
            body.content if clean is body.shown else self.redactor.judged(body.content),
            exchange,
            self._redacted(flight.built, exchange),
            self.redactor.text(body.flaw),
            body.whole,
        )

    def _silent(self, why: str, flight: Flight) -> NotVerified:
        self.unanswered += 1
        silences = self._silences
        silences.add(flight.began, flight.ended)
        lasting = silences.number >= MOST and silences.seconds > _LONGEST_SILENCE
        if silences.number >= _SILENCES or lasting:
            self.closed_for = Unreachable(f"the target gives no answers: {why}")
            return self.closed_for
        return Unanswered(why)

    def _build(self, request: Request, wire: Wire) -> httpx.Request:
        url = self.target.base_url + request.sent_path
        if request.query:
            plain = request.plain
            pairs = (
                f"{quote(n, safe=plain, errors='replace')}={quote(v, safe=plain, errors='replace')}"
                for n, v in request.query
            )
            url += "?" + "&".join(pairs)
        sent = headers.utf8(
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
                sent[name] = value
        try:
            return wire.http.build_request(
                request.method, url, headers=sent, content=content, extensions={"trace": wire.deadline.trace}
            )
        except httpx.InvalidURL as error:
            raise NotVerified(f"{request.method} {cut(request.path, 200)} cannot be sent: {error}") from None

    def _record(self, request: Request, flight: Flight, content: bytes, notes: tuple[str, ...]) -> Exchange:
        clean = self.redactor
        built, response, answered = flight.built, flight.response, flight.body
        body = built.content
        exchange = Exchange(
            id=self.recorder.next_id(),
            started=flight.started,
            milliseconds=flight.milliseconds,
            identity=request.identity.role,
            operation=request.operation,
            method=request.method,
            url=clean.text(quoting.url(request, built)),
            request_headers=headers.sent(built.headers, clean.headers, clean.text),
            request_body=cut(clean.text(body.decode("utf-8", "replace")), 20_000),
            request_size=len(body),
            status=response.status_code if response is not None else 0,
            reason=cut(clean.text(headers.reason(response)), 200),
            response_headers=headers.kept(response.headers, clean.headers) if response is not None else (),
            response_body=cut(content.decode("utf-8", "replace")),
            response_size=len(answered.shown),
            error=cut(clean.text(flight.error), 600),
            notes=(*notes, clean.text(answered.flaw)) if answered.flaw else notes,
            legal=request.legal,
            page=response is not None
            and is_page(request, response.status_code, response.headers.get("content-type", ""), answered),
        )
        self.recorder.add(exchange)
        return exchange

    def _redacted(self, built: httpx.Request, exchange: Exchange) -> httpx.Request:
        shown = headers.utf8(exchange.request_headers)
        return httpx.Request(built.method, exchange.url, headers=shown, content=built.content)


def _refused(requests: Sequence[Request], flights: Sequence[Flight]) -> int:
    """How many creations were surely refused, so that they count for no contact."""
    answers = [(r, f.response) for r, f in zip(requests, flights, strict=True)]
    return sum(r.creates and a is not None and 400 <= a.status_code < 500 for r, a in answers)
