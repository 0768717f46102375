"""What any answer to a legal request shows by itself: status, content type, shape. Nothing is sent for it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema

from contacts_conformance.contract import Answer as Documented
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.contract.register import Register
from contacts_conformance.http.messages import NOT_JSON, Answer
from contacts_conformance.model import Fact, Json, Outcome

EVERY_EXCHANGE = "every exchange"
"""The check that a fact names where no single check asked for it."""

_MOST_BROKEN = 3


@dataclass(frozen=True, slots=True)
class Observation:
    """What an answer shows of one requirement; an empty problem means that it held."""

    requirement: str
    problem: str = ""


def observe(contract: Contract, register: Register, operation: Operation, answer: Answer) -> Iterator[Observation]:
    """What an answer to a legal request of this operation shows, one observation for each requirement that it bears on.

    Problems of single attributes go to the requirement on the type of that field, where the register has one.
    """
    base = f"{contract.provider}.operation.{operation.id}"
    server_error = answer.status >= 500 and answer.status != 503
    yield Observation(f"{base}.no-server-error", f"the answer is {answer.status}" if server_error else "")
    if not answer.succeeded:
        return
    documented = operation.answer(answer.status)
    statuses = " or ".join(a.status for a in operation.success)
    yield Observation(f"{base}.status", "" if documented else f"the answer is {answer.status}, not {statuses}")
    shape = documented or next((a for a in operation.success if a.schema is not None), None)
    if shape is None or shape.schema is None or (shape.body_optional and not answer.content):
        return
    yield Observation(f"{base}.content-type", _content_type(answer))
    problems: dict[str, list[str]] = {f"{base}.body": []}
    for path, message in _schema_problems(contract, shape, answer):
        row = _row_of(contract, register, path) or f"{base}.body"
        problems.setdefault(row, []).append(f"{path or 'the body'}: {message}")
    for row, found in problems.items():
        yield Observation(row, "; ".join(found[:3]))


def collect(
    kept: dict[str, list[Fact]], contract: Contract, register: Register, operation: Operation, answer: Answer
) -> None:
    """Adds to `kept` (by requirement) what an answer shows: all that is broken, up to three times, and that it held
    where nothing is known yet."""
    for seen in observe(contract, register, operation, answer):
        if seen.requirement not in register:
            continue
        known = kept.setdefault(seen.requirement, [])
        if not seen.problem and known:
            continue
        outcome = Outcome.BROKEN if seen.problem else Outcome.HELD
        message = f"{seen.problem}\n{answer!r}" if seen.problem else ""
        if sum(f.outcome is Outcome.BROKEN for f in known) < _MOST_BROKEN:
            known.append(Fact(seen.requirement, EVERY_EXCHANGE, outcome, message, (answer.exchange.id,)))


def _content_type(answer: Answer) -> str:
    label = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if label == "application/json" or label.endswith("+json"):
        return ""
    return f"the answer is labelled {label!r}, not as application/json" if label else "the answer has no content type"


def _schema_problems(contract: Contract, shape: Documented, answer: Answer) -> Iterator[tuple[str, str]]:
    body = answer.json
    if body is NOT_JSON:
        yield "", "it is no JSON"
        return
    for error in _validator(contract.provider, contract.digest, shape.status, _Frozen(contract, shape)).iter_errors(
        body
    ):
        yield from _leaves(error)


def _leaves(error: jsonschema.ValidationError) -> Iterator[tuple[str, str]]:
    path = ".".join("[]" if isinstance(p, int) else str(p) for p in error.absolute_path)
    value = repr(error.instance)
    if error.validator == "type":
        types: Any = error.validator_value
        expected = types if isinstance(types, str) else " or ".join(types)
        yield path, f"{value[:80]} is not of the type {expected}"
    elif error.validator == "required":
        yield path, error.message
    else:
        yield path, error.message.replace(value, value[:80]) if len(value) > 80 else error.message


def _row_of(contract: Contract, register: Register, path: str) -> str | None:
    """The requirement on the type of the field that a path leads to, at whatever depth the contact lies."""
    for step in path.split("."):
        row = f"{contract.provider}.field.{step}.type"
        if row in register:
            return row
    return None


class _Frozen:
    """A contract and one of its answers, as a key that costs nothing to compare."""

    def __init__(self, contract: Contract, shape: Documented) -> None:
        self.contract = contract
        self.shape = shape

    def __hash__(self) -> int:
        return hash((self.contract.digest, id(self.shape.schema)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and other.shape.schema is self.shape.schema


@lru_cache(maxsize=256)
def _validator(provider: str, digest: str, status: str, frozen: _Frozen) -> jsonschema.Draft202012Validator:
    schema = copy.deepcopy(_plain(frozen.shape.schema))
    schema["components"] = _plain(frozen.contract.document["components"])
    return jsonschema.Draft202012Validator(schema)


def _plain(node: Any) -> Any:
    """The schema without what is said for requests only."""
    if isinstance(node, Mapping):
        return {k: _plain(v) for k, v in node.items() if k not in ("format", "examples")}
    if isinstance(node, list):
        return [_plain(v) for v in node]
    return node


def fields_of(body: Json) -> frozenset[str]:
    """The names of the attributes in a body that is an object."""
    return frozenset(body) if isinstance(body, dict) else frozenset()
