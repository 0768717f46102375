"""JSON Schemas: whether a value is valid by one, and what is wrong with it where it is not.

A compiled validator (`jsonschema-rs`) says that a value is valid; only where it does not does `jsonschema` look, whose
errors are what people read. So nothing is called wrong that `jsonschema` would pass, and the messages are its own. It
is loaded when it is needed: most values are valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    import jsonschema

_READ_ALIKE = re.compile(r"(?:(?!\[\^)[^\\]|\\[dw]|\\[^\w\s])*|(?:[^\\]|\\[^\w\s])*")
"""Patterns that match no more than they do for `jsonschema`: `\\d` and `\\w` match less, but `\\S` matches more."""
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})


class Schema:
    """Judges values by one schema of draft 2020-12; formats are not judged. References stay within it."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def is_valid(self, value: object) -> bool:
        """Whether a value, as it is read from JSON, is valid."""
        return self._is_surely_valid(value) or bool(self._slow.is_valid(value))

    def validate(self, value: object) -> None:
        """Raises jsonschema.ValidationError where a value is not valid."""
        for error in self.iter_errors(value):
            raise error

    def iter_errors(self, value: object) -> Iterator[jsonschema.ValidationError]:
        """What is wrong with a value, as it is read from JSON; nothing where it is valid."""
        if not self._is_surely_valid(value):
            yield from self._slow.iter_errors(value)

    def _is_surely_valid(self, value: object) -> bool:
        try:
            return self._fast is not None and self._fast.is_valid(value)
        except (ValueError, OverflowError):  # it is too deep, or is nothing that another process could have sent
            return False

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator | None:
        if not _reads_alike(self._schema):
            return None
        try:
            return jsonschema_rs.Draft202012Validator(self._schema, validate_formats=False, offline=True)
        except ValueError:  # the schema itself is wrong, or is nothing that JSON could hold: `jsonschema` is for that
            return None

    @cached_property
    def _slow(self) -> jsonschema.Draft202012Validator:
        import jsonschema

        return jsonschema.Draft202012Validator(self._schema)


def _reads_alike(node: object) -> bool:
    """Whether what the compiled validator passes would pass the other one, too."""
    if isinstance(node, Mapping):
        pattern = node.get("pattern", "")
        if "multipleOf" in node or "patternProperties" in node:  # by floats, and by patterns
            return False
        if "type" not in node and not _BOUNDS.isdisjoint(node):  # what is no finite number passes bounds
            return False
        if isinstance(pattern, str) and not _READ_ALIKE.fullmatch(pattern):
            return False
        return all(map(_reads_alike, node.values()))
    return all(map(_reads_alike, node)) if isinstance(node, list) else True
