"""Which operation of the contract a path belongs to: what is literal in it is told from what is an id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

from contacts_conformance.contract import Contract, Operation, resolve


def operation(contract: Contract, method: str, path: str) -> Operation | None:
    """The operation that a method and a path (below the base URL) belong to, or None.

    A part of a path that the contract has as a literal at this place, or that has no digit where the contract's own
    examples of ids have some, names another resource, and is no id.
    """
    found = contract.match(method, path)
    if found is None:
        return None
    segments = _segments(path)
    for where in (found.path, *found.aliases):
        template = _segments(where)
        if len(template) == len(segments) and all(_fits(t, s) for t, s in zip(template, segments, strict=True)):
            names = set(_literals(contract, segments))
            ids = {p["name"] for p in _path_parameters(contract, found) if _has_digits(p)}
            values = [(t[1:-1], s, n) for n, (t, s) in enumerate(zip(template, segments, strict=True)) if _is_open(t)]
            if any((n, s) in names or (name in ids and not _digits(s)) for name, s, n in values):
                return None
            return found
    return None


def _literals(contract: Contract, segments: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The literal parts of the contract's paths that begin as this one does, with their places."""
    for known in contract.operations:
        for where in (known.path, *known.aliases):
            for place, (part, mine) in enumerate(zip(_segments(where), segments, strict=False)):
                if part == mine:
                    yield place, part
                elif not _is_open(part):
                    break


def _path_parameters(contract: Contract, found: Operation) -> Iterator[dict[str, Any]]:
    item = contract.document["paths"][found.path]
    for node in (*item.get("parameters", ()), *found.raw.get("parameters", ())):
        parameter = resolve(contract.document, node)
        if parameter.get("in") == "path":
            yield dict(parameter)


def _has_digits(parameter: dict[str, Any]) -> bool:
    schema = parameter.get("schema", {})
    examples = [parameter.get("example"), schema.get("example"), *schema.get("examples", ())]
    said = [str(e) for e in examples if e is not None]
    return bool(said) and all(map(_digits, said))


def _digits(text: str) -> bool:
    return any(map(str.isdecimal, unquote(text)))


def _fits(part: str, segment: str) -> bool:
    return _is_open(part) or part == segment


def _is_open(part: str) -> bool:
    return part.startswith("{")


def _segments(path: str) -> list[str]:
    return [s for s in path.split("/") if s]
