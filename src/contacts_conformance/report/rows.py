"""What reports and commands say of every requirement, as plain data."""

from __future__ import annotations

from typing import Any

from contacts_conformance.model import Requirement
from contacts_conformance.report import sources


def of_requirement(requirement: Requirement) -> dict[str, Any]:
    """What a report says of every requirement, whatever became of it."""
    return {
        "id": requirement.id,
        "level": requirement.level.value,
        "statement": requirement.statement,
        "source": sources.to_document(requirement.source),
        "judged": requirement.judged,
    }
