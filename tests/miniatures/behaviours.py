"""Hostile behaviours by the seed: one status, coding and timing, at some moments, on some routes."""

from __future__ import annotations

import dataclasses
import gzip
import itertools
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .relay import Hangup, Reply, Turn, undisturbed

OWN = "own status"
AT_ONCE, DRIP, DRIP_FOR_EVER, DELAY, HANG = "at once", "drip", "drip for ever", "delay", "hang"
STATUSES: tuple[int | str, ...] = (
    OWN, OWN, OWN, OWN, 200, 201, 204, 206, 303, 400, 401, 404, 409, 418, 422, 429, 500, 502, 503, 599,
)  # fmt: skip
TIMINGS = (AT_ONCE, AT_ONCE, AT_ONCE, DRIP, DRIP_FOR_EVER, DELAY, HANG)
ALWAYS, FROM, EVERY, WRITES, CLEAN_UP = "always", "from", "every", "writes", "clean-up"
MOMENTS = (ALWAYS, FROM, EVERY, EVERY, WRITES, CLEAN_UP)
ROUTES = ("all", "create", "read", "list", "delete")
_GATEWAYS = (401, 429, 502, 503)

_OF_LENGTH = ("content-length", "transfer-encoding", "content-encoding", "content-type")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: media type, headers, and the bytes behind them; `ends` where the connection is closed then."""

    media_type: str
    headers: tuple[str, ...]
    body: bytes
    ends: bool = False


Coding = Callable[[str, bytes], Answer]


def _sized(media_type: str, body: bytes, *headers: str) -> Answer:
    return Answer(media_type, (*headers, f"Content-Length: {len(body)}"), body)


def _plain(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, body)


def _gzip(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, gzip.compress(body), "Content-Encoding: gzip")


def _gzip_members(media_type: str, body: bytes) -> Answer:
    half = len(body) // 2
    return _sized(media_type, gzip.compress(body[:half]) + gzip.compress(body[half:]), "Content-Encoding: gzip")


def _gzip_only_said(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, body, "Content-Encoding: gzip")


def _gzip_not_said(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, gzip.compress(body))


def _gzip_cut(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, gzip.compress(body)[:-12], "Content-Encoding: gzip")


def _gzip_twice(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, gzip.compress(gzip.compress(body)), "Content-Encoding: gzip, gzip")


def _gzip_twice_said_once(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, gzip.compress(gzip.compress(body)), "Content-Encoding: gzip")


def _brotli_only_said(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, body, "Content-Encoding: br")


def _chunked(media_type: str, body: bytes) -> Answer:
    pieces = b"".join(b"%x;a=b\r\n%s\r\n" % (len(p), p) for p in _cut(body, 50))
    return Answer(media_type, ("Transfer-Encoding: chunked", "Trailer: X-Sum"), pieces + b"0\r\nX-Sum: 1\r\n\r\n")


def _chunks_that_lie(media_type: str, body: bytes) -> Answer:
    return Answer(media_type, ("Transfer-Encoding: chunked",), b"zz\r\n" + body + b"\r\n0\r\n\r\n", ends=True)


def _chunks_without_end(media_type: str, body: bytes) -> Answer:
    return Answer(media_type, ("Transfer-Encoding: chunked",), b"%x\r\n%s\r\n" % (len(body), body), ends=True)


def _chunked_and_a_length(media_type: str, body: bytes) -> Answer:
    chunked = _chunked(media_type, body)
    return dataclasses.replace(chunked, headers=(*chunked.headers, "Content-Length: 7"), ends=True)


def _too_short(media_type: str, body: bytes) -> Answer:
    return Answer(media_type, (f"Content-Length: {len(body) + 9}",), body, ends=True)


def _too_long(media_type: str, body: bytes) -> Answer:
    return Answer(media_type, (f"Content-Length: {max(0, len(body) - 9)}",), body, ends=True)


def _two_lengths(media_type: str, body: bytes) -> Answer:
    return Answer(media_type, (f"Content-Length: {len(body)}", "Content-Length: 3"), body, ends=True)


def _utf_16(media_type: str, body: bytes) -> Answer:
    return _sized(_bare(media_type) + "; charset=utf-16", body.decode("utf-8", "replace").encode("utf-16"))


def _latin_1_only_said(media_type: str, body: bytes) -> Answer:
    return _sized(_bare(media_type) + "; charset=iso-8859-1", body)


def _unheard_of(media_type: str, body: bytes) -> Answer:
    return _sized(_bare(media_type) + '; charset="no-such; \\"set"', body)


def _byte_order_mark(media_type: str, body: bytes) -> Answer:
    return _sized(media_type, b"\xef\xbb\xbf" + body if body else body)


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0]


def _cut(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


CODINGS: Mapping[str, Coding] = {
    "identity": _plain,
    "gzip": _gzip,
    "gzip of two members": _gzip_members,
    "gzip only said": _gzip_only_said,
    "gzip not said": _gzip_not_said,
    "gzip cut off": _gzip_cut,
    "gzip twice": _gzip_twice,
    "gzip twice, said once": _gzip_twice_said_once,
    "brotli only said": _brotli_only_said,
    "chunked": _chunked,
    "chunks that lie": _chunks_that_lie,
    "chunks without end": _chunks_without_end,
    "chunked and a length": _chunked_and_a_length,
    "length too great": _too_short,
    "length too small": _too_long,
    "two lengths": _two_lengths,
    "utf-16": _utf_16,
    "latin-1 only said": _latin_1_only_said,
    "charset unheard of": _unheard_of,
    "byte order mark": _byte_order_mark,
}
_LEGAL = ("identity", "gzip", "gzip of two members", "gzip twice", "chunked")
_UNREADABLE = ("chunks that lie", "chunks without end", "chunked and a length", "length too great", "two lengths")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way to behave. `status` is `OWN` or replaces that of the server; `number` belongs to the moments `from`
    and `every`; `carries_out` says whether a request whose status is replaced reaches the server behind."""

    seed: int
    status: int | str
    coding: str
    timing: str
    moment: str
    number: int
    route: str
    carries_out: bool

    def __str__(self) -> str:
        at = f"{self.moment} {self.number}" if self.moment in (FROM, EVERY) else self.moment
        done = "" if self.carries_out else ", not carried out"
        return f"{self.seed}: {self.status}{done}, {self.coding}, {self.timing}, {at}, {self.route}"

    @property
    def is_harmless(self) -> bool:
        """Whether a right client sees nothing wrong."""
        return self.status == OWN and self.coding in _LEGAL and self.timing in (AT_ONCE, DRIP, DELAY)

    @property
    def hides_answers(self) -> bool:
        """Whether what it sends may be no answer of the service: none at all, or one of a gateway."""
        return self.timing in (HANG, DRIP_FOR_EVER) or self.coding in _UNREADABLE or self.status in _GATEWAYS

    @property
    def is_a_networks(self) -> bool:
        """Whether it is only what a network does now and then, which nobody is to be accused of."""
        silent = self.status == OWN and self.timing in (HANG, DRIP_FOR_EVER)
        gateway = self.status in _GATEWAYS and self.timing in (AT_ONCE, DRIP, DELAY)
        return (silent or gateway) and self.coding == "identity" and self.moment in (EVERY, CLEAN_UP)

    @property
    def refuses_everything(self) -> bool:
        """Whether every request is answered with an error."""
        errs = self.status != OWN and int(self.status) >= 400
        return errs and (self.moment, self.route) == (ALWAYS, "all")


def behaviours(seeds: Iterable[int]) -> list[Behaviour]:
    """One behaviour for each seed."""
    return [_behaviour(seed) for seed in seeds]


def _behaviour(seed: int) -> Behaviour:
    chance = random.Random(seed)
    return next(b for b in iter(lambda: _drawn(seed, chance), None) if _acts(b))


def _drawn(seed: int, chance: random.Random) -> Behaviour:
    moment = chance.choice(MOMENTS)
    coding = "identity" if chance.random() < 0.3 else chance.choice(sorted(CODINGS))
    return Behaviour(
        seed,
        chance.choice(STATUSES),
        coding,
        chance.choice(TIMINGS),
        moment,
        chance.randint(4, 300) if moment == FROM else chance.randint(2, 20),
        chance.choice(ROUTES),
        chance.random() < 0.7,
    )


def _acts(behaviour: Behaviour) -> bool:
    """Whether it ever does anything: mere reads are no writes, and nothing is created in a clean-up."""
    nothing = behaviour.status == OWN and behaviour.coding == "identity" and behaviour.timing in (AT_ONCE, DELAY)
    never = (behaviour.moment, behaviour.route) in ((WRITES, "read"), (WRITES, "list"), (CLEAN_UP, "create"))
    return not nothing and not never


@dataclass(slots=True)
class Generated:
    """A manner that shows a behaviour. `clean_up_from` is the number of the request with which cleaning up begins.

    `done` counts what requests met it, by method.
    """

    behaviour: Behaviour
    clean_up_from: int
    done: Counter[str] = field(default_factory=Counter)
    _fitting: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, turn: Turn) -> None:
        """Deals with one request."""
        with self._lock:
            meets = self._meets(turn)
            self.done.update([turn.method] if meets else [])
        if not meets:
            undisturbed(turn)
            return
        behaviour = self.behaviour
        reply = turn.forward() if behaviour.status == OWN or behaviour.carries_out else None
        if behaviour.timing == HANG:
            turn.pause(5)
            raise Hangup
        if behaviour.timing == DELAY:
            turn.pause(0.1)
        self._answer(turn, reply)

    def _meets(self, turn: Turn) -> bool:
        behaviour = self.behaviour
        if behaviour.route not in ("all", route(turn.method, turn.path)):
            return False
        match behaviour.moment:
            case "from":
                return turn.number >= behaviour.number
            case "every":
                return next(self._fitting) % behaviour.number == 0
            case "writes":
                return turn.writes
            case "clean-up":
                return turn.number >= self.clean_up_from
        return True

    def _answer(self, turn: Turn, reply: Reply | None) -> None:
        behaviour = self.behaviour
        status = reply.status if reply is not None and behaviour.status == OWN else int(behaviour.status)
        media_type = reply.headers.get("content-type", "") if reply is not None else "application/json"
        content = reply.content if reply is not None else b'{"message": "so it is"}'
        kept = {n: v for n, v in reply.headers.items() if n not in _OF_LENGTH} if reply is not None else {}
        head = [f"HTTP/1.1 {status} Said", *(f"{n}: {v}" for n, v in kept.items())]
        if status in (204, 304) or turn.method == "HEAD":
            turn.say("\r\n".join([*head, "", ""]).encode("latin-1"))
            return
        answer = CODINGS[behaviour.coding](media_type, content)
        head += [f"Content-Type: {answer.media_type}"] if answer.media_type else []
        head += ["Retry-After: 0"] if status in (429, 503) and behaviour.seed % 2 else []
        head += ["Location: /contacts/2"] if status == 303 else []
        turn.say("\r\n".join([*head, *answer.headers, "", ""]).encode("latin-1"))
        self._send(turn, answer.body)
        if answer.ends:
            raise Hangup

    def _send(self, turn: Turn, body: bytes) -> None:
        match self.behaviour.timing:
            case "drip":
                for piece in _cut(body, max(1, len(body) // 5)):
                    turn.pause(0.02)
                    turn.say(piece)
            case "drip for ever":
                for piece in _cut(body or b" ", 1)[:100]:
                    turn.pause(0.3)
                    turn.say(piece)
                raise Hangup
            case _:
                turn.say(body)


def route(method: str, path: str) -> str:
    """What a request is about: `create`, `read`, `list`, `delete`, or nothing of these."""
    place = re.sub(r"^/v1(?=/)", "", path.partition("?")[0])
    if place == "/contacts":
        return {"POST": "create", "GET": "list"}.get(method, "")
    if re.fullmatch(r"/contacts/[^/]+", place):
        return {"GET": "read", "DELETE": "delete"}.get(method, "")
    return ""


def clean_up_from(asked: list[str]) -> int:
    """The number of the request with which a run began to clean up, from all that it asked: `METHOD path`."""
    routes = [route(*line.split(" ", 1)) for line in asked]
    last = max((n for n, r in enumerate(routes) if r not in ("delete", "read", "list")), default=-1)
    return next((n + 1 for n, r in enumerate(routes) if n > last and r == "delete"), len(asked) + 1)
