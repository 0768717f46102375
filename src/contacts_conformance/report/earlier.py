"""What earlier runs on the same target came to: a report carries it on, so that its page can show a trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

MOST = 30
"""How many earlier runs a report carries; older ones are dropped."""


def carried(replaced: Mapping[str, Any] | None, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The earlier runs, the newest first, from the report that this one takes the place of.

    There are none where that report is about another target, or where it is one of this very run.
    """
    if replaced is None or _about(replaced) != _about(document):
        return []
    before: list[dict[str, Any]] = list(replaced.get("earlier", ()))
    if replaced["run"]["tag"] == document["run"]["tag"]:
        return before[:MOST]
    return [entry(replaced), *before][:MOST]


def _about(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The target of a report; a reference server that runs for one run alone has another address each time."""
    target = document["target"]
    return (document["provider"], target["name"], "" if target["embedded"] else target["base_url"])


def entry(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a trend tells of the run of a report."""
    return {
        "started": document["run"]["started"],
        "exit_code": document["verdict"]["exit_code"],
        "text": document["verdict"]["text"],
        "complete": document["run"]["complete"],
        "suite_version": document["suite"]["version"],
        "spec_sha256": document["spec"]["sha256"],
        "requests": document["traffic"]["requests"],
        "totals": dict(Counter(row["verdict"] for row in document["requirements"])),
    }
