"""What a server answers, before it becomes an HTTP response."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a value that is sent as JSON; `text` is sent instead of it, and an empty one sends no content.

    Without a `media_type` the answer has the server's own. `headers` are added to those that every answer has.
    """

    status: int
    body: Any = None
    text: str | None = field(default=None, kw_only=True)
    media_type: str = field(default="", kw_only=True)
    headers: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def content(self, *, floats: bool = False) -> bytes:
        """The bytes of the body; on request its integers are written with a point."""
        return (as_json(_with_points(self.body) if floats else self.body) if self.text is None else self.text).encode()


def as_json(value: object) -> str:
    """The value as JSON without blanks, and with letters outside ASCII as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _with_points(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _with_points(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_with_points(entry) for entry in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
