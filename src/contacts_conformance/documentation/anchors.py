"""Names as they stand in addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def slugs(names: Iterable[str], taken: Iterable[str] = ()) -> Mapping[str, str]:
    """Each name in small letters, digits and hyphens; two are never alike, and none is one of those taken."""
    found: dict[str, str] = {}
    used = set(taken)
    for name in dict.fromkeys(names):
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-") or "x"
        number, slug = 1, plain
        while slug in used:
            number += 1
            slug = f"{plain}-{number}"
        used.add(slug)
        found[name] = slug
    return found
