"""What became of a creation whose answer the network kept: the contact is looked for by its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def lost(finding: Finding, journal: Journal, provider: Provider, marks: Mapping[str, str]) -> str | None:
    """The id of the contact that the last creation of the journal made, which is told, where a list by its marks
    shows it; empty where the list does not show it; None where that cannot be found out.

    Where it is not shown the creation stays open in the journal, to be looked for once more at the end of the run.
    """
    creation: Creation = journal.creations[-1]
    if not marks or creation.state != "intended":
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


def carried(values: Mapping[str, Json], markers: Sequence[str], tag: str) -> dict[str, str]:
    """The mark that values carry by themselves, in one of the attributes for marks: a text that has the run's tag."""
    for name in markers:
        held = values.get(name)
        for text in held if isinstance(held, list) else [held]:
            if isinstance(text, str) and tag in text:
                return {name: text}
    return {}
