"""All faults of the server."""

from __future__ import annotations

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.faults import (
    access,
    again,
    answers,
    collections,
    entries,
    identification,
    keys,
    leftovers,
    memory,
    merging,
    missing,
    neighbours,
    texts,
    updates,
)

FAULTS = Catalogue(
    keys.FAULTS,
    identification.FAULTS,
    collections.FAULTS,
    answers.FAULTS,
    merging.FAULTS,
    access.FAULTS,
    entries.FAULTS,
    texts.FAULTS,
    missing.FAULTS,
    leftovers.FAULTS,
    neighbours.FAULTS,
    memory.FAULTS,
    updates.FAULTS,
    again.FAULTS,
)
"""All of them, by their names."""
