"""What a target was seen to lack of that by which the run finds its own contacts."""

from __future__ import annotations

from dataclasses import dataclass, field

PAGE_SIZE = 10
"""Contacts on a page that no server may refuse: the default of the pages."""


@dataclass(slots=True)
class Lacks:
    """What is missing, and why, by the attribute that lists cannot be filtered by, or by one of the names
    in `providers` of what else lists rest on."""

    missing: dict[str, str] = field(default_factory=dict)
    page_size: int = PAGE_SIZE
    """Contacts that a page holds where ten are asked for."""
    tries: int = 0
    """How often it was looked for what is missing."""
    looks: int = 0
    """How often the length of a page was looked for."""
