"""What became of a creation whose answer the network kept: the contact is looked for by its marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from contacts_conformance.account.journal import Creation, Journal
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import Provider

TRIES = 3
"""So often a contact that a check only needs is created, where the network keeps the answers."""


class Finding(Protocol):
    """Finds contacts by their marks."""

    def marked(self, marks: Mapping[str, str]) -> tuple[Record, ...]:
        """Every contact that carries these marks."""
        ...


def lost(finding: Finding, journal: Journal, provider: Provider, tag: str) -> str | None:
    """The id of the contact that the last creation of the journal made, which is told, where a list by its mark
    shows it; empty where the list does not show it; None where that cannot be found out.

    Where it is not shown the creation stays open in the journal, to be looked for once more at the end of the run.
    """
    creation: Creation = journal.creations[-1]
    marks = next(({n: creation.find[n]} for n in provider.markers if tag in creation.find.get(n, "")), None)
    if marks is None or creation.state not in ("intended", "refused"):
        return None
    try:
        shown = [provider.id_of(r) for r in finding.marked(marks)]
    except (NotVerified, NotOffered):
        return None
    strange = [i for i in shown if i is None or not journal.owns(i)]
    if not strange:
        return ""
    if len(strange) > 1 or strange[0] is None:
        return None
    journal.created(creation, strange[0])
    return strange[0]


def texts(values: Mapping[str, Json], tag: str) -> dict[str, str]:
    """By what a contact of these values can be found: its texts, and of each list of texts the one with the run's tag,
    or the first."""

    def one(value: Json) -> Json:
        texts = [v for v in value if isinstance(v, str)] if isinstance(value, list) else [value]
        return next((t for t in texts if isinstance(t, str) and tag in t), texts[0] if texts else None)

    return {n: t for n, v in values.items() if isinstance(t := one(v), str) and t}
