"""Kinds of text that a service may refuse by a rule of its own, as no page speaks of signs; none may be altered."""

from __future__ import annotations

from collections.abc import Iterable

from contacts_conformance.checks.dense import Met
from contacts_conformance.contract.specimens import FRAGMENTS, sort_of

SURE = frozenset({"mixed-case", "particle", "apostrophe", "ampersand", "stops", "latin"})
"""Kinds that names, companies and places have where the vendors are: to refuse one of these breaks what the row of its
field promises."""
GUARDED = frozenset(FRAGMENTS) - SURE | {"word-not-applicable", "decimal"}


def is_guarded(met: Met) -> bool:
    """Whether a value was refused that may be: a text or a list of them, for a kind, or since it held many at once.

    That is a warning of `text.code-like`. Addresses, numbers and the like have forms of their own.
    """
    is_text = sort_of(met.trial.field) in ("text", "texts")
    return is_text and met.trial.answer.refused and (met.kind in GUARDED or not met.is_alone)


def without(met: Iterable[Met]) -> list[Met]:
    """What was met, but for what may be refused, and was."""
    return [m for m in met if not is_guarded(m)]
