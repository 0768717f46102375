"""All faults of the server."""

from __future__ import annotations

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.faults import (
    access,
    again,
    answers,
    attributes,
    both,
    bounds,
    effects,
    filters,
    kindred,
    lacks,
    lifecycle,
    narrow,
    pages,
    queries,
    security,
    sequences,
    stale,
    texts,
    times,
    together,
    values,
)

FAULTS = Catalogue(
    attributes.FAULTS,
    access.FAULTS,
    security.FAULTS,
    lifecycle.FAULTS,
    sequences.FAULTS,
    effects.FAULTS,
    again.FAULTS,
    together.FAULTS,
    values.FAULTS,
    times.FAULTS,
    texts.FAULTS,
    filters.FAULTS,
    kindred.FAULTS,
    stale.FAULTS,
    bounds.FAULTS,
    both.FAULTS,
    pages.FAULTS,
    lacks.FAULTS,
    queries.FAULTS,
    narrow.FAULTS,
    answers.FAULTS,
)
"""All of them, by their names."""
