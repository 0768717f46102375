"""The four users of the reference server, their tokens and their teams."""

from __future__ import annotations

from collections.abc import Mapping

OWNER, ASSIGNEE, TEAMMATE, OUTSIDER = 1, 2, 3, 4

TOKENS: Mapping[str, int] = {
    "reference-owner-token": OWNER,
    "reference-assignee-token": ASSIGNEE,
    "reference-teammate-token": TEAMMATE,
    "reference-outsider-token": OUTSIDER,
}

_TEAMS = (frozenset({OWNER, ASSIGNEE, TEAMMATE}), frozenset({OUTSIDER}))


def exists(user: int) -> bool:
    """Whether there is such a user."""
    return user in TOKENS.values()


def team(user: int) -> frozenset[int]:
    """Everybody in the team of a user, the user included."""
    return next(t for t in _TEAMS if user in t)
