"""Errors that a user can mend, and the ways in which a check can end without a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from contacts_conformance.model import Breach


class UsageError(Exception):
    """A wrong option, file or value; `lines` say what is wrong and what would be right, one mistake each."""

    def __init__(self, lines: str | Sequence[str]) -> None:
        self.lines = (lines,) if isinstance(lines, str) else tuple(lines)
        super().__init__("\n".join(self.lines))


class Broken(AssertionError):  # noqa: N818  (an outcome, not an error)
    """A promise is broken; `breach` says what was expected, what came instead, and which exchange shows it."""

    def __init__(self, breach: Breach) -> None:
        self.breach = breach
        super().__init__(str(breach))


class NotVerified(Exception):  # noqa: N818  (an outcome, not an error)
    """A requirement applies, but the run could not judge it."""


class NotOffered(Exception):  # noqa: N818  (an outcome, not an error)
    """The target does not offer what the requirement is about."""


class NotShown(NotVerified):
    """What a requirement is about was expected in answers, and no answer showed it."""


class ReadOnly(NotShown):
    """A request would write, and the target file does not permit that: what reading has shown of it still counts."""

    def __init__(self, why: str = "the target file does not permit writing (writes = true)") -> None:
        super().__init__(why)


class SetUpFailed(NotVerified):
    """A request that only prepares a check was not answered as it had to be; its text begins with `SAYS`."""

    SAYS = "Setup failed: "


class CredentialsRefused(NotVerified):
    """The target refuses to open a session with the credentials of an identity."""


class BudgetSpent(NotVerified):
    """The target's limit of requests or of time is reached."""


class Disturbed(NotVerified):
    """The network, or what stands in it before the service, kept the service's own answer from the run."""


class Throttled(Disturbed):
    """The target asked to wait more often than the run is willing to."""


class Unanswered(Disturbed):
    """A request got no HTTP answer."""


class Unsettled(Disturbed):
    """A request got an answer that a network can give, and nothing shows whether the service carried it out."""


class Oversized(NotVerified):
    """The answer to a request has a longer body than what is read of one."""


class Unreachable(NotVerified):
    """The target gives no HTTP answers at all (any more); nothing further is sent."""


class CareViolated(Exception):  # noqa: N818  (says what was broken)
    """The suite was about to change a record that it did not create: a defect of the suite."""
