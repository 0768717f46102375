"""Trying again at the end of a run: what cleans up is worth waiting for, but not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from contacts_conformance.account.account import Account
from contacts_conformance.errors import (
    BudgetSpent,
    NotOffered,
    NotVerified,
    SetUpFailed,
    Throttled,
    Unanswered,
    Unreachable,
)
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.streak import Streak

_Result = TypeVar("_Result")

_LONGEST = 60.0
"""Seconds that a clean-up waits for its target in all, where `limits.max_wait` is not less."""
_TRIES = 3
"""So many answers that say nothing are taken for one: the target is there, and waiting longer would not help."""
_FAILURES = 3
"""So many requests in vain in a row end the clean-up: the next ones would fare no better."""


class Patience:
    """Sends what cleans up, and again after growing waits where the target gives no answer that says something."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._longest = min(_LONGEST, account.target.limits.max_wait)
        self._spent = Streak()
        """The time for which clean-up got no answer, or waited for one."""
        self._failures = Streak()
        """The requests in a row that were in vain."""
        self._answered = False
        self._silent = False
        """Whether the last request was not answered at all, so that the next one would cost as much time."""

    @property
    def ended(self) -> bool:
        """Whether nothing is worth trying any more."""
        return self._failures.number >= _FAILURES or (self._left <= 0 and self._silent)

    @property
    def _left(self) -> float:
        """For how many seconds it may still get no answer, or wait for one."""
        return self._longest - self._spent.seconds

    def renew(self) -> None:
        """Begins to count failures anew, for requests of another kind; as long as nothing was answered, one more ends
        it."""
        if self._answered:
            self._failures.end()
        self._failures.number = min(self._failures.number, _FAILURES - 1)
        self._silent = self._silent and not self._answered

    def wait(self, seconds: float) -> None:
        """Waits so long, or as long as is left."""
        seconds = min(seconds, self._left)
        if seconds > 0 and not self.ended:
            self._wait(seconds)

    def succeed(self) -> None:
        """What was tried is done, whatever the requests for it were answered."""
        self._failures.end()

    def attempt(self, send: Callable[[], _Result], *, counts: bool = True) -> _Result:
        """What `send` returns or raises at last: NotVerified or NotOffered.

        Where it does not count, failures in a row are neither more nor over by it.
        """
        tries, waited, first = 0, 0.0, time.monotonic()
        while True:
            began = time.monotonic()
            result: _Result | None = None
            failure: NotVerified | None = None
            try:
                result = send()
            except (BudgetSpent, NotOffered):
                self._fail(first, counts)
                raise
            except NotVerified as error:
                failure = error
            if failure is None and not (isinstance(result, Answer) and _says_nothing(result)):
                self._answered = True
                if counts:
                    self._failures.end()
                self._silent = self._silent and self._left <= 0  # no time is left to find out what is answered
                return result  # type: ignore[return-value]  # it was returned, since nothing was raised
            tries += 1
            silent = isinstance(failure, Unanswered | Unreachable) and not isinstance(failure, Throttled)
            if silent:
                self._spent.add(began)
            wait = max(0.0, min(0.5 * 2 ** (tries - 1), self._left, self._longest - waited))
            over = wait <= 0 if silent else tries >= _TRIES
            if over or isinstance(failure, SetUpFailed | Throttled):
                self._fail(first, counts)
                self._silent = silent
                if failure is not None:
                    raise failure
                return result  # type: ignore[return-value]  # as above
            waited += wait
            self._wait(wait)

    def _fail(self, first: float, counts: bool) -> None:
        if counts:
            self._failures.add(first)

    def _wait(self, seconds: float) -> None:
        now = time.monotonic()
        self._spent.add(now, now + seconds)
        self._account.client.pace.wait(seconds)


def _says_nothing(answer: Answer) -> bool:
    return answer.status in (401, 408, 425, 429) or answer.status >= 500
