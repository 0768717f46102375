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

    def content(self) -> bytes:
        """The bytes of the body."""
        return (as_json(self.body) if self.text is None else self.text).encode()


def as_json(value: object) -> str:
    """The value as JSON without blanks, and with letters outside ASCII as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
