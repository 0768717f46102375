"""From what a check did to facts: which requirement it bears on, and what it saw of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import hypothesis.errors

from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.model import Fact, Outcome


class Judge:
    """What one check sees, requirement by requirement.

    A check of one requirement just asserts. A check of several says which one an assertion is about:
    `with judge("auth.status"): assert …`. A broken one does not keep the others from being judged.
    """

    def __init__(self, provider: str, check: str) -> None:
        self._provider = provider
        self._check = check
        self.facts: list[Fact] = []
        self.cited: list[str] = []

    @contextmanager
    def __call__(self, requirement: str) -> Iterator[None]:
        """Judges one requirement (its id without the provider) by the assertions within."""
        name = f"{self._provider}.{requirement}"
        try:
            yield
        except Exception as failure:
            outcome = outcome_of(failure)
            if outcome is Outcome.ERROR:
                raise
            self.facts.append(Fact(name, self._check, outcome, message_of(failure)))
        else:
            self.facts.append(Fact(name, self._check, Outcome.HELD))

    def cite(self, *exchanges: str) -> None:
        """Names exchanges that show what the check saw, where an earlier check sent them."""
        self.cited.extend(exchanges)

    @property
    def broken(self) -> list[Fact]:
        """The facts that speak against a requirement."""
        return [f for f in self.facts if f.outcome is Outcome.BROKEN]


def outcome_of(failure: BaseException) -> Outcome:
    """What an exception that ended a check says; several at once are as bad as the worst."""
    if isinstance(failure, BaseExceptionGroup):
        order = [Outcome.ERROR, Outcome.BROKEN, Outcome.UNVERIFIED, Outcome.NOT_OFFERED]
        return min((outcome_of(f) for f in failure.exceptions), key=order.index)
    if isinstance(failure, NotOffered):
        return Outcome.NOT_OFFERED
    if isinstance(failure, NotVerified | hypothesis.errors.Flaky):  # the target answers the same in several ways
        return Outcome.UNVERIFIED
    return Outcome.BROKEN if isinstance(failure, AssertionError) else Outcome.ERROR


def message_of(failure: BaseException) -> str:
    """What an exception says, without its traceback.

    Where an assertion has words of its own, what pytest adds (the expression again) is left out.
    """
    if isinstance(failure, BaseExceptionGroup):
        return "\n".join(message_of(f) for f in failure.exceptions)
    text = str(failure).strip()
    words, found, _ = text.partition("\nassert ")
    return (words if found and isinstance(failure, AssertionError) else text) or type(failure).__name__


def combine(facts: Sequence[Fact], bound: Sequence[str], check: str, failure: BaseException | None) -> list[Fact]:
    """The facts of a check that is over.

    Requirements that the check is bound to and did not judge by themselves share the fate of the whole check.
    """
    judged = {f.requirement for f in facts}
    outcome = outcome_of(failure) if failure is not None else Outcome.HELD
    message = message_of(failure) if failure is not None else ""
    rest = [Fact(r, check, outcome, message) for r in bound if r not in judged]
    return [*facts, *rest]
