"""What a hotness and a source look like; both are fixed, since no call of the page makes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HOTNESSES: Mapping[int, Mapping[str, Any]] = {
    12: {"name": "Pending", "rank": 14, "color": "#3b274c"},
    13: {"name": "Hot", "rank": 12, "color": "#c0392b"},
}
_SOURCES: Mapping[int, Mapping[str, Any]] = {
    12: {"id": 12, "name": "Referral", "user_id": 1, "created_at": "2015-01-09T03:34:15.000Z"},
    13: {"id": 13, "name": "Open house", "user_id": 1, "created_at": "2015-01-09T03:34:16.000Z"},
}

LOOKUPS: Mapping[str, Mapping[int, Mapping[str, Any]]] = {"hotness": _HOTNESSES, "source": _SOURCES}
"""By the name of the object in answers; the field that writes it is named the same with `_id` at its end."""
