"""A network that is not well: with some probability a request meets one symptom, before or after it is carried out."""

from __future__ import annotations

import contextlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .relay import Hangup, Relay, Turn, relaying, undisturbed

HTML = b"<!doctype html><html><head><title>Maintenance</title></head><body><p>We will be back soon.</body></html>"
_BODIES: tuple[tuple[bytes, bytes], ...] = (
    (b"application/json", b'{"message": "upstream unavailable"}'),
    (b"text/html; charset=utf-8", HTML),
    (b"", b""),
)
_REASONS = {
    200: "OK", 401: "Unauthorized", 403: "Forbidden", 408: "Request Timeout", 429: "Too Many Requests",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip

READ, TOTAL = 1.0, 3.0
"""The caller's time-outs in seconds, which some symptoms outlast: `timeouts.read` and `timeouts.total`."""


@dataclass(slots=True)
class Flaky:
    """Draws what happens to each request: nothing, or one of the symptoms of these names, each as likely as any other.

    The same seed draws the same for the same sequence of requests. `done` counts what was done, by
    `SYMPTOM before|after`; `number` counts the requests.
    """

    probability: float
    seed: int
    names: Sequence[str] = ()
    """Names of symptoms; all of them where there is none."""
    done: Counter[str] = field(default_factory=Counter)
    number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def __call__(self, turn: Turn) -> None:
        """Deals with one request."""
        with self._lock:
            self.number += 1
            hit = self._random.random() < self.probability
            name = self._random.choice(sorted(self.names or SYMPTOMS))
            symptom = SYMPTOMS[name]
            after = symptom.after if symptom.before is not symptom.after else self._random.random() < 0.5
            chance = random.Random(self._random.random())
            if hit:
                self.done[f"{name} {'after' if after else 'before'}"] += 1
        if not hit:
            undisturbed(turn)
            return
        symptom.meet(turn, chance, after=after)

    @property
    def symptoms(self) -> int:
        """How many requests met one."""
        return self.done.total()


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that a network does. `before` and `after` say whether it may come before or after the request is
    carried out; they differ where only one is possible. `answers` where it changes how the real answer arrives."""

    act: Callable[[Turn, random.Random], None]
    before: bool = True
    after: bool = True
    answers: bool = False

    def meet(self, turn: Turn, chance: random.Random, *, after: bool) -> None:
        """Has a request meet it, before or after the server behind carries the request out."""
        if after and not self.answers:
            turn.forward()
        self.act(turn, chance)


def _reset(turn: Turn, _: random.Random) -> None:
    turn.reset()


def _close(_: Turn, __: random.Random) -> None:
    raise Hangup


def _time_out(turn: Turn, _: random.Random) -> None:
    turn.pause(READ + 0.3)
    raise Hangup


def _status(status: int, *headers: bytes) -> Callable[[Turn, random.Random], None]:
    def act(turn: Turn, chance: random.Random) -> None:
        media_type, body = chance.choice(_BODIES)
        _answer(turn, status, media_type, body, chance.choice(headers) if headers else b"")

    return act


def _page(turn: Turn, _: random.Random) -> None:
    _answer(turn, 200, b"text/html; charset=utf-8", HTML)


def _answer(turn: Turn, status: int, media_type: bytes, body: bytes, header: bytes = b"") -> None:
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}".encode(), b"Content-Length: %d" % len(body)]
    lines += [b"Content-Type: " + media_type] if media_type else []
    lines += [header] if header else []
    turn.say(b"\r\n".join(lines) + b"\r\n\r\n" + (b"" if turn.method == "HEAD" else body))


def _cut_off(turn: Turn, chance: random.Random) -> None:
    reply = turn.forward()
    whole = reply.head + reply.body
    there = len(reply.head) + len(reply.body) // 2 if reply.body else len(reply.head) // 2
    turn.say(whole[:there])
    if chance.random() < 0.5:
        turn.pause(0.02)  # what was said arrives first
        turn.reset()
    raise Hangup


def _drip(turn: Turn, chance: random.Random) -> None:
    """Takes from half a second to longer than the caller's total; no single pause is as long as the caller's read."""
    reply = turn.forward()
    turn.say(reply.head)
    pieces = min(len(reply.body), chance.choice((5, 10, 40)))
    size = -(-len(reply.body) // pieces) if pieces else 1
    for start in range(0, len(reply.body), size):
        turn.pause(TOTAL / 30)
        turn.say(reply.body[start : start + size])


def _late_close(turn: Turn, chance: random.Random) -> None:
    """The answer is whole and does not say that the connection ends; it ends at once, a little later, or twice."""
    turn.pass_on(turn.forward())
    manner = chance.choice(("at once", "later", "twice"))
    if manner == "later":
        turn.pause(0.05)
    if manner == "twice":
        turn.finish()
        turn.pause(0.02)
        turn.reset()
    raise Hangup


_SOON = (b"Retry-After: 0", b"Retry-After: 1")

SYMPTOMS: Mapping[str, Symptom] = {
    "reset": Symptom(_reset),
    "closed": Symptom(_close),
    "time-out": Symptom(_time_out),
    "408": Symptom(_status(408, b"", b"Connection: close")),
    "429": Symptom(_status(429, *_SOON), after=False),
    "502": Symptom(_status(502)),
    "503": Symptom(_status(503)),
    "503 with Retry-After": Symptom(_status(503, *_SOON)),
    "504": Symptom(_status(504)),
    "page of HTML": Symptom(_page),
    "401": Symptom(_status(401, b"", b"WWW-Authenticate: Bearer")),
    "403": Symptom(_status(403)),
    "cut off": Symptom(_cut_off, before=False, answers=True),
    "drip": Symptom(_drip, before=False, answers=True),
    "late close": Symptom(_late_close, before=False, answers=True),
}


@contextlib.contextmanager
def flaky(upstream: str, probability: float, seed: int, *names: str) -> Iterator[tuple[Relay, Flaky]]:
    """A flaky network in front of the server at this URL, with symptoms of these names, or all; afterwards nothing is
    under way any more."""
    manner = Flaky(probability, seed, names)
    with relaying(upstream, manner) as relay:
        yield relay, manner
    assert not relay.failures, relay.failures
