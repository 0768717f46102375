"""From what a check did to facts: which requirements it judged, and what it saw of each.

A requirement gets a fact only where an expectation about it was evaluated. A check that ends without one has judged
nothing, and its requirements stay without a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import hypothesis.errors

from contacts_conformance.errors import Broken, BudgetSpent, Disturbed, NotOffered, NotShown, NotVerified
from contacts_conformance.model import Breach, Fact, Outcome

_evaluated: ContextVar[int] = ContextVar("evaluated", default=0)

WORST_FIRST = (Outcome.ERROR, Outcome.BROKEN, Outcome.UNVERIFIED, Outcome.UNSEEN, Outcome.NOT_OFFERED, Outcome.HELD)


def count_expectation() -> None:
    """Counts one evaluated expectation; whatever states facts for a check calls this."""
    _evaluated.set(_evaluated.get() + 1)


def expectations() -> int:
    """How many expectations were evaluated so far in this process."""
    return _evaluated.get()


class Judge:
    """What one check sees, requirement by requirement.

    The expectations of a check are about all requirements that it is bound to. A check of several requirements can
    say which one an expectation is about: `with judge("auth.status"): expect.status(answer, 401)`. A requirement
    that is broken does not keep the others from being judged.
    """

    def __init__(self, provider: str, check: str) -> None:
        self._provider = provider
        self._check = check
        self._before = expectations()
        self._within = 0
        self.facts: list[Fact] = []
        self.cited: list[str] = []
        self.kinds: dict[str, dict[str, None]] = {}
        """The kinds of values that each requirement was judged with."""

    def begin(self) -> None:
        """Forgets what an earlier pass of the check saw, and counts expectations from here on as those of this one."""
        self._before, self._within = expectations(), 0
        self.facts, self.cited, self.kinds = [], [], {}

    @contextmanager
    def __call__(self, requirement: str) -> Iterator[None]:
        """Judges one requirement (its id without the provider) by the expectations within."""
        name = f"{self._provider}.{requirement}"
        before = expectations()
        try:
            yield
        except Exception as failure:
            facts = facts_of(failure, name, self._check)
            if any(f.outcome is Outcome.ERROR for f in facts):
                raise
            self.facts.extend(facts)
        else:
            if expectations() > before:
                self.facts.append(Fact(name, self._check, Outcome.HELD))
        finally:
            self._within += expectations() - before

    def cite(self, *exchanges: str) -> None:
        """Names exchanges that show what the check saw, where an earlier check sent them."""
        self.cited.extend(exchanges)

    def meets(self, requirement: str, *kinds: str) -> None:
        """Notes that a requirement (its id without the provider) is judged with these kinds of values."""
        self.kinds.setdefault(f"{self._provider}.{requirement}", {}).update(dict.fromkeys(kinds))

    @property
    def judged_as_a_whole(self) -> bool:
        """Whether an expectation was evaluated that is about every requirement of the check."""
        return expectations() - self._before > self._within

    @property
    def broken(self) -> list[Fact]:
        """The facts that speak against a requirement."""
        return [f for f in self.facts if f.outcome is Outcome.BROKEN]


def outcome_of(failure: BaseException) -> Outcome:
    """What an exception that ended a check says; several at once are as bad as the worst."""
    if isinstance(failure, BaseExceptionGroup):
        return min((outcome_of(f) for f in failure.exceptions), key=WORST_FIRST.index)
    if isinstance(failure, NotOffered):
        return Outcome.NOT_OFFERED
    if isinstance(failure, NotShown):
        return Outcome.UNSEEN
    if isinstance(failure, NotVerified | hypothesis.errors.Flaky):  # the target answers the same request differently
        return Outcome.UNVERIFIED
    return Outcome.BROKEN if isinstance(failure, AssertionError) else Outcome.ERROR


def facts_of(failure: BaseException, requirement: str, check: str) -> list[Fact]:
    """The facts that an exception yields about a requirement: one, or one for each exception of a group.

    An example of Hypothesis that fails, and holds when it is sent again, is unsteady.
    """
    if isinstance(failure, BaseExceptionGroup):
        facts = [fact for each in failure.exceptions for fact in facts_of(each, requirement, check)]
        return list(map(_unsteady, facts)) if isinstance(failure, hypothesis.errors.Flaky) else facts
    outcome = outcome_of(failure)
    message = str(failure).strip() or type(failure).__name__
    if outcome is not Outcome.BROKEN:
        # to Hypothesis a case is flaky as well where the network disturbed it once
        disturbed = isinstance(failure, Disturbed | hypothesis.errors.Flaky)
        cause = "network" if disturbed else "budget" if isinstance(failure, BudgetSpent) else ""
        return [Fact(requirement, check, outcome, message, cause=cause)]
    breach = failure.breach if isinstance(failure, Broken) else Breach("assertion", "", message)
    return [Fact(requirement, check, outcome, message, breach=breach)]


def _unsteady(fact: Fact) -> Fact:
    if fact.outcome is not Outcome.BROKEN:
        return fact
    message = broken_and_held(f"first {fact.message}", "then the same example passed")
    return replace(fact, unsteady=True, message=message, remark=message)


def broken_and_held(first: str, then: str) -> str:
    """The message of what is unsteady: both outcomes, in their order."""
    return f"Failed once and passed once: {first}; {then}"


def combine(
    judge: Judge,
    bound: Sequence[str],
    check: str,
    failure: BaseException | None,
    *,
    bare: Callable[[], bool] = lambda: False,
) -> list[Fact]:
    """The facts of a check that is over.

    Requirements that the check did not judge by themselves share the fate of the whole check, where it has one: a
    failure that ended it, or expectations that all of its requirements rest on. `bare`, which is asked where that
    matters, says whether the check cannot end without having passed an assertion of its own.
    """
    judged = {f.requirement for f in judge.facts}
    facts = [replace(f, kinds=tuple(judge.kinds.get(f.requirement, ()))) for f in judge.facts]
    rest = [r for r in bound if r not in judged]
    if failure is not None:
        return [*facts, *(fact for r in rest for fact in facts_of(failure, r, check))]
    held = bool(rest) and (judge.judged_as_a_whole or bare())
    return [*facts, *(Fact(r, check, Outcome.HELD) for r in rest if held)]


def showing(fact: Fact, exchange: str, status: int) -> Fact:
    """The fact, whose breach names this exchange where it names none.

    What a bare assertion observed is not known; the status of the exchange stands for it.
    """
    breach = fact.breach
    if breach is None or breach.exchange:
        return fact
    observed = str(status) if breach.kind == "assertion" else breach.observed
    return replace(fact, breach=replace(breach, exchange=exchange, observed=observed))
