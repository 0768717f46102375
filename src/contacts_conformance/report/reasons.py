"""Why requirements could not be judged, told once for all of them that have the same reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_REQUEST = re.compile(r": (?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) https?://")
"""Where a reason begins to tell of one request: what follows differs from contact to contact."""
_ID = re.compile(r"(?<=contact )\d+|\d{4,}|[0-9a-f]{8}-[0-9a-f-]{27}")
"""An id, which differs in the same way; statuses are shorter."""


class Reason(NamedTuple):
    """One reason, with the ids of the requirements that it stands in the way of; `alike` is what they all begin with.

    `text` is the reason of the first of them, on one line.
    """

    text: str
    ids: tuple[str, ...]
    alike: str


def grouped(reasons: Iterable[tuple[str, str]]) -> tuple[Reason, ...]:
    """The reasons of (id, reason) pairs, the one that concerns most first; equal but for the request that they tell."""
    texts: dict[str, str] = {}
    ids: dict[str, list[str]] = {}
    for name, reason in reasons:
        text = reason.strip().partition("\n")[0]
        alike = kind(text)
        texts.setdefault(alike, text)
        ids.setdefault(alike, []).append(name)
    return tuple(sorted((Reason(texts[k], tuple(ids[k]), k) for k in texts), key=lambda each: -len(each.ids)))


def kind(reason: str) -> str:
    """The first line of a reason without the request and the ids that it tells; statuses stay."""
    return _ID.sub("#", _REQUEST.split(reason.strip().partition("\n")[0], maxsplit=1)[0])
