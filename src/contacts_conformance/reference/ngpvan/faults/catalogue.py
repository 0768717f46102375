"""All faults of the server."""

from __future__ import annotations

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.faults import (
    access,
    answers,
    collections,
    effects,
    identification,
    keys,
    merging,
)

FAULTS = Catalogue(
    keys.FAULTS,
    identification.FAULTS,
    collections.FAULTS,
    answers.FAULTS,
    merging.FAULTS,
    access.FAULTS,
    effects.FAULTS,
)
"""All of them, by their names."""
