"""The target file that users start from, which is full of examples."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path


def values(path: Path) -> Mapping[str, frozenset[str]]:
    """The values of its identities and known ids, by their keys, as in `known.hotness`; none where there is no file."""
    if not path.is_file():
        return {}
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    tables = {f"identities.{role}": entries for role, entries in document.get("identities", {}).items()}
    tables["known"] = document.get("known", {})
    return {
        f"{table}.{key}": frozenset(part.strip() for part in str(value).split(","))
        for table, entries in tables.items()
        for key, value in entries.items()
    }
