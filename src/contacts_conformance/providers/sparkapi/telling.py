"""Observations of a model: what an answer shows of a row, in words."""

from __future__ import annotations

import json

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Breach, Json
from contacts_conformance.verdicts.response_checks import Observation

NOTHING: tuple[Json, ...] = (None, "", [])
"""The forms in which an attribute is unset."""


def shown(value: Json) -> str:
    """A value as the API shows it, cut to what a message can hold."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"


def told(row: str, answer: Answer, expected: str, got: str, *, about: str = "", observed: str = "") -> Observation:
    """A row that an answer breaks; `about` and `observed` stay the same for whatever has the same cause."""
    return Observation(row, (Breach("model", expected, got, about, observed, answer.exchange.id),))


def difference(sent: Json, read: Json) -> str:
    """How a value that reads otherwise differs, in few words."""
    if read in NOTHING:
        return "missing"
    if isinstance(sent, str) and isinstance(read, str) and sent.startswith(read):
        return "cut"
    return "another value"
