"""What came of the attempts to send one request: whether another one is safe, and what they show together."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from contacts_conformance.errors import Disturbed, Unanswered, Unsettled
from contacts_conformance.http.messages import READS, Answer, Request
from contacts_conformance.http.signing import Signed
from contacts_conformance.http.symptoms import REFUSED, WAITING, Symptom

MOST = 4
"""So many attempts are made for one request."""
FIRST_WAIT = 0.1
_BUSY_WAIT = 0.5

_IDEMPOTENT = READS | {"PUT", "PATCH"}
_SECOND_HAND = (403, 404, 409, 410, 412)
"""Refusals that a write may get because it was carried out before."""


@dataclass(slots=True)
class Attempts:
    """The attempts to send one request. `seen` are the symptoms of a network that were answered so far, in their order;
    `notes` say for the evidence why it was sent again; `gone` says that what was to be removed is not there any more.
    """

    request: Request
    seen: list[Symptom] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    silence: str = ""
    """Why there was no answer, the last time that there was none."""
    gone: bool = False
    signed: Signed = field(default_factory=Signed)
    began: float = field(default_factory=time.monotonic)
    """When the first one was made, by the monotonic clock."""
    _failed: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether sending the request twice does what sending it once does, so that it can be sent again unseen."""
        request = self.request
        removes = request.essential and request.method == "DELETE"  # what is to be gone may be removed twice
        return request.method in _IDEMPOTENT or request.repeatable or request.opens is not None or removes

    @property
    def first_wait(self) -> float:
        """Seconds to wait after the first symptom, where the answer names none; twice as many after the next one."""
        return _BUSY_WAIT if self.seen[-1] in (Symptom.THROTTLE, Symptom.BUSY) else FIRST_WAIT

    def repeats_error(self, answer: Answer) -> bool:
        """Whether a legal read was answered 500 for the first time: it may not be so again."""
        first = answer.status == 500 and self.request.method in READS and self.request.legal and not self._failed
        self._failed = self._failed or first
        return first

    def are_enough(self, persistent: Symptom | None) -> bool:
        """Whether no further attempt would tell more. `persistent` is a symptom that the target itself was just seen to
        show, several times and nothing else since: of that, one or two attempts are enough."""
        if len(self.seen) >= MOST or self._refused_twice:
            return True
        return set(self.seen) == {persistent} and len(self.seen) >= self._least

    def show_the_service(self, persistent: Symptom | None) -> bool:
        """Whether all attempts got the same answer, so that it is the target's own."""
        if self._refused_twice:
            return True
        if len(set(self.seen)) > 1 or self.seen[0] in (*WAITING, Symptom.SILENCE):
            return False
        return len(self.seen) > 1 or (self.seen[0] is persistent and len(self.seen) >= self._least)

    @property
    def _least(self) -> int:
        return 2 if self.repeatable else 1

    @property
    def _refused_twice(self) -> bool:
        return sum(s in REFUSED for s in self.seen) > 1

    @property
    def only_wait(self) -> bool:
        """Whether the target did nothing but ask to come back later, and the request was surely not carried out, or
        can be sent twice."""
        return set(self.seen) == {Symptom.THROTTLE} or (self.repeatable and set(self.seen) <= WAITING)

    @property
    def in_vain(self) -> str:
        """How often the target asked to come back later."""
        statuses = ", ".join(dict.fromkeys(s.removeprefix("answered ") for s in self.seen))
        return f"{self.request.method} {self.request.path}: the target answered {statuses} {len(self.seen)} times"

    def leave_unclear(self, answer: Answer) -> bool:
        """Whether an answer to a write may be a refusal only because an earlier attempt was carried out."""
        if self.request.method in READS or self.request.essential:
            return False
        if answer.exchange.page and set(self.seen) == {Symptom.PAGE}:
            return False  # it refused the first attempt, too, in the same words
        unclear = set(self.seen) - REFUSED - {Symptom.THROTTLE}
        return bool(unclear) and answer.status in _SECOND_HAND

    def failure(self, answer: Answer | None = None) -> Disturbed:
        """Why the request has no answer that can be judged; `answer` is one that says nothing by itself."""
        where = f"{self.request.method} {self.request.path}"
        said = ", ".join(f"no answer ({self.silence})" if s is Symptom.SILENCE else s for s in self.seen)
        if answer is not None:
            return Unsettled(f"{where}: {said}, then {answer.status}: it may have been carried out the first time")
        if self.gone:
            return Unsettled(f"{where}: {said}; the contact is gone, so that it was carried out and its answer is lost")
        if set(self.seen) == {Symptom.SILENCE}:
            times = f" ({len(self.seen)} attempts)" if len(self.seen) > 1 else ""
            return Unanswered(f"{where}: no answer: {self.silence}{times}")
        if len(self.seen) > 1:
            return Unsettled(f"{where}: {len(self.seen)} attempts, and none was answered by the service: {said}")
        return Unsettled(
            f"{where}: {said}, which a proxy can say; nothing shows whether it was carried out, so it is not sent again"
        )
