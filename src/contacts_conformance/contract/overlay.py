"""Lays an OpenAPI overlay over a document, so that what only the suite needs stands beside the published contract.

The form is that of the OpenAPI Overlay Specification, version 1.0.0 (https://spec.openapis.org/overlay/): each action
names places by a JSONPath (RFC 9535), and updates or removes them, in the order of the file.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import jsonpath

from contacts_conformance.errors import UsageError


def apply(document: Mapping[str, Any], overlay: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A copy of a document with the actions of an overlay carried out; `name` is the overlay's file in messages.

    In an update, objects are merged, entries are added to lists, and everything else is replaced. Raises UsageError
    where a target is no JSONPath, or leads nowhere: the specification ignores such an action, here it is a mistake.
    """
    whole: dict[str, Any] = _unshared(document)
    for number, action in enumerate(overlay["actions"]):
        target = action["target"]
        try:
            matches = [m.parts for m in jsonpath.finditer(target, whole)]
        except jsonpath.JSONPathError as error:
            why = " ".join(str(error).split())
            raise UsageError(f"{name}: actions.{number}.target: {target!r} is no JSONPath: {why}") from None
        if not matches:
            raise UsageError(f"{name}: actions.{number}.target: {target!r} leads to nothing in the document")
        # the last entries of a list go first, so that the places of the others stay
        for parts in reversed(matches):
            if action.get("remove"):
                del _node(whole, parts[:-1])[parts[-1]]
            elif "update" in action:
                _update(whole, parts, action["update"])
    return whole


def _update(whole: dict[str, Any], parts: tuple[str | int, ...], change: Any) -> None:
    old = _node(whole, parts)
    new = _merged(old, change)
    if parts:
        _node(whole, parts[:-1])[parts[-1]] = new
    else:
        whole.update(new)


def _merged(old: Any, change: Any) -> Any:
    if isinstance(old, dict) and isinstance(change, Mapping):
        return {**old, **{k: _merged(old[k], v) if k in old else copy.deepcopy(v) for k, v in change.items()}}
    if isinstance(old, list):
        return [*old, *copy.deepcopy(change)] if isinstance(change, list) else [*old, copy.deepcopy(change)]
    return copy.deepcopy(change)


def _node(whole: Any, parts: tuple[str | int, ...]) -> Any:
    for part in parts:
        whole = whole[part]
    return whole


def _unshared(node: Any) -> Any:
    """A copy in which every node is an object of its own: an alias in YAML repeats one object."""
    if isinstance(node, Mapping):
        return {k: _unshared(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_unshared(v) for v in node]
    return node
