"""All faults of the server."""

from __future__ import annotations

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.faults import (
    access,
    answers,
    attributes,
    bounds,
    filters,
    lifecycle,
    pages,
    security,
    sequences,
    texts,
    times,
    together,
)

FAULTS = Catalogue(
    attributes.FAULTS,
    access.FAULTS,
    security.FAULTS,
    lifecycle.FAULTS,
    sequences.FAULTS,
    together.FAULTS,
    times.FAULTS,
    texts.FAULTS,
    filters.FAULTS,
    bounds.FAULTS,
    pages.FAULTS,
    answers.FAULTS,
)
"""All of them, by their names."""
