"""The shape of a body: what evidence keeps of one that it has no room for."""

from __future__ import annotations

from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.model import Json

_MOST_NODES = 200
_MOST_ENTRIES = 3
_LONGEST_NAME = 60


def of(content: bytes) -> Json:
    """Names of members, types and lengths, as JSON of some kilobytes at most; no value of the body is in it.

    A text is `string of 12`; of an array its first entries are shown, and how many more there are. What is no JSON is
    `12 bytes, no JSON`.
    """
    body = parse(content)
    return f"{len(content)} bytes, no JSON" if body is NOT_JSON else _Shaping().of(body)


class _Shaping:
    def __init__(self) -> None:
        self._left = _MOST_NODES

    def of(self, node: Json) -> Json:
        self._left -= 1
        if isinstance(node, str):
            return f"string of {len(node)}"
        if isinstance(node, dict):
            return self._object(node)
        if isinstance(node, list):
            return self._array(node)
        if isinstance(node, bool) or node is None:
            return "null" if node is None else "boolean"
        return "number"

    def _object(self, node: dict[str, Json]) -> Json:
        shown: dict[str, Json] = {}
        for number, (name, value) in enumerate(node.items()):
            if self._left <= 0:
                shown["…"] = f"{len(node) - number} more"
                break
            shown[name[:_LONGEST_NAME]] = self.of(value)
        return shown

    def _array(self, node: list[Json]) -> Json:
        shown: list[Json] = []
        for value in node[:_MOST_ENTRIES]:
            if self._left <= 0:
                break
            shown.append(self.of(value))
        return [*shown, f"{len(node) - len(shown)} more"] if len(node) > len(shown) else shown
