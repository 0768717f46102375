"""Options that every server has, and variants: servers whose options differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a server answers where the documentation is silent; a server adds its own options in a subclass."""

    media_type: str = "application/json"
    signs: str = ""
    """Signs that no text may hold."""
    idle_changes: Literal["edits", "no edits"] = "edits"
    """Whether a change to what a contact has already moves the time of its last edit; not every server has one."""
    connection: Literal["kept", "closed"] = "kept"
    chunked: bool = False
    compressed: bool = False
    """Whether answers are compressed for clients that accept it."""
    floats: bool = False
    """Whether integers are written with a point, as 27.0."""
    request_ids: bool = False
    """Whether every answer has a header X-Request-Id."""
    delay: float = 0.0
    """Seconds by which every answer is late."""
    lag: float = 0.0
    """Seconds by which lists may lag behind writes; not every server has lists."""
    busy_every: int = 0
    """Answers every n-th request with 429; 0 answers none so."""


NOT_LATIN = "".join(map(chr, (*range(0x370, 0x1E00), *range(0x3040, 0xA000))))
"""Letters of other scripts, for a server that takes none."""

OptionsT = TypeVar("OptionsT", bound=Options)


@dataclass(frozen=True, slots=True)
class Variant(Generic[OptionsT]):
    """A way of answering that is conformant, but differs where the documentation is silent."""

    name: str
    sentence: str
    options: OptionsT
    target: Mapping[str, Any] = field(default_factory=dict)
    """What the target file of such a server says beside what it says of every server."""
    tells_little: bool = False
    """Whether its answers are too short for some requirements to be judged, so that a run may be incomplete."""


def by_name(*variants: Variant[OptionsT]) -> Mapping[str, Variant[OptionsT]]:
    """The variants by their names. Raises ValueError if a name occurs twice."""
    named = {variant.name: variant for variant in variants}
    if len(named) < len(variants):
        raise ValueError("two variants have the same name")
    return named
