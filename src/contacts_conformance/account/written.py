"""One write of a run with its answer, and what that alone tells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contacts_conformance.contract import Field
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.recording import cut
from contacts_conformance.http.symptoms import OF_A_GATEWAY, OF_CREDENTIALS
from contacts_conformance.model import Json

_LONGEST = 120
"""Characters of a value in a message."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write and its answer. `before` has the attributes that it sent as they read, or were set, before it."""

    kind: str
    exchange: str
    request: str
    status: str
    values: Mapping[str, Json] = field(default_factory=dict)
    before: Mapping[str, Json] = field(default_factory=dict)
    text: str = ""

    @property
    def names(self) -> str:
        """The attributes that it sent, for a message."""
        more = f" and {len(self.values) - 3} more" if len(self.values) > 3 else ""
        return f" with {', '.join(list(self.values)[:3])}{more}" if self.values else ""


def is_refusal(answer: Answer, *, legal: bool) -> bool:
    """Whether an answer is a refusal that only the service can have given."""
    if not answer.refused or answer.status in OF_A_GATEWAY or answer.status == 409:
        return False
    return not answer.exchange.page and not (legal and answer.status in OF_CREDENTIALS)


def without(writes: Sequence[Write], names: Mapping[str, Json]) -> list[Write]:
    """The writes without these attributes, and without those of which nothing stays."""
    left = [replace(w, values={n: v for n, v in w.values.items() if n not in names}) for w in writes]
    return [w for w in left if w.values]


def is_plain(field: Field, value: Json) -> bool:
    """Whether no service can store a text otherwise, or leave it out, and keep to its page."""
    if not (field.is_text and isinstance(value, str)) or field.enum or field.shape or field.known:
        return False
    fits = not field.is_limited or len(value) <= (field.max_length or 0)
    return fits and re.fullmatch(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*", value) is not None


def told(value: Json) -> str:
    """A value in a message, cut where it is long."""
    return cut(json.dumps(value, ensure_ascii=False, default=str), _LONGEST)


def has_long_text(write: Write, limited: Iterable[Field]) -> bool:
    """Whether a write sent a text above the limit of its field, of these."""
    texts = ((f, write.values.get(f.name)) for f in limited)
    return any(isinstance(value, str) and len(value) > (field.max_length or 0) for field, value in texts)


def text_of(options: Mapping[str, Any]) -> str:
    """The body of a request with these options, as text."""
    content = options.get("content")
    if isinstance(content, bytes):
        return content.decode("utf-8", "replace")
    return json.dumps(options.get("json"), ensure_ascii=False, default=str)


def carries(text: str, mark: str) -> bool:
    """Whether a text holds a mark, and not only one that begins so."""
    return re.search(rf"{re.escape(mark)}(?!\d)", text, re.IGNORECASE) is not None
