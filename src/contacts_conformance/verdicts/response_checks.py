"""What any answer to a legal request shows by itself: status, content type, shape. Nothing is sent for it."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from contacts_conformance.contract import Answer as Documented
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.contract.register import Register
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.parsing import NOT_JSON
from contacts_conformance.http.privacy import withheld
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Breach, Fact, Json, Outcome

if TYPE_CHECKING:
    import jsonschema

EVERY_EXCHANGE = "every exchange"
"""The check that a fact names where no single check asked for it."""

REFUSED_WELL = "refusal.no-server-error"
"""The row, without the provider, on server errors in answers to what breaks the contract."""

MOST_BROKEN = 3
"""So many breaches of one requirement are told for each answer, and so many answers that break it for each check."""
_MOST_PROBLEMS = 1_000
"""So many problems of one body are looked at: a body of some megabytes can have a million."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What an answer shows of one requirement: the ways in which it is broken; none where it held."""

    requirement: str
    breaches: tuple[Breach, ...] = ()


def observe(contract: Contract, register: Register, operation: Operation, answer: Answer) -> Iterator[Observation]:
    """What an answer to a legal request of this operation shows, one observation for each requirement that it bears on.

    Problems of single attributes go to the requirement on the type of that field, where the register has one. A field
    that the answer does not show, or shows as null, yields no observation.
    """
    base = f"{contract.provider}.operation.{operation.id}"
    shown_by = answer.exchange.id
    server_error = answer.status >= 500 and answer.status != 503
    yield Observation(
        f"{base}.no-server-error",
        (breach_of_status(answer, "no server error (no 5xx)"),) if server_error else (),
    )
    if not answer.succeeded:
        return
    documented = operation.answer(answer.status)
    statuses = " or ".join(a.status for a in operation.success)
    yield Observation(f"{base}.status", () if documented else (breach_of_status(answer, statuses),))
    shape = documented or next((a for a in operation.success if a.schema is not None), None)
    if shape is None or shape.schema is None or (shape.body_optional and not answer.content):
        return
    if answer.labelled:
        yield Observation(f"{base}.content-type", tuple(_content_type(answer)))
    if not answer.whole:
        return
    rows: dict[str, list[Breach]] = {f"{base}.body": []}
    body = answer.json
    rows |= {row: [] for row in _shown_rows(contract, register, body)}
    for path, breach in _schema_problems(contract, shape, answer, body):
        row = _row_of(contract, register, path) or f"{base}.body"
        breaches = rows.setdefault(row, [])
        if len(breaches) < MOST_BROKEN:
            breaches.append(replace(breach, exchange=shown_by))
    for row, breaches in rows.items():
        yield Observation(row, tuple(breaches))


def collect(
    kept: dict[str, list[Fact]], contract: Contract, register: Register, operation: Operation, answer: Answer
) -> None:
    """Adds to `kept` (by requirement) what an answer shows: all that is broken, up to three times, and that it held
    where nothing is known yet."""
    for seen in observe(contract, register, operation, answer):
        _keep(kept, register, seen, answer)


def observe_refusal(contract: Contract, answer: Answer) -> Iterator[Observation]:
    """What an answer to a request that breaks the contract shows by itself."""
    if answer.status != 503:
        error = (breach_of_status(answer, "no server error (no 5xx)"),) if answer.status >= 500 else ()
        yield Observation(f"{contract.provider}.{REFUSED_WELL}", error)


def collect_refusal(kept: dict[str, list[Fact]], contract: Contract, register: Register, answer: Answer) -> None:
    """Adds to `kept` what an answer to a request that breaks the contract shows, as `collect` does."""
    for seen in observe_refusal(contract, answer):
        _keep(kept, register, seen, answer)


def _keep(kept: dict[str, list[Fact]], register: Register, seen: Observation, answer: Answer) -> None:
    if seen.requirement in register:
        known = kept.setdefault(seen.requirement, [])
        if not seen.breaches:
            if not known:
                known.append(Fact(seen.requirement, EVERY_EXCHANGE, Outcome.HELD, "", (answer.exchange.id,)))
        elif sum(f.outcome is Outcome.BROKEN for f in known) < MOST_BROKEN:
            message = "; ".join(map(str, seen.breaches))
            known.append(
                Fact(
                    seen.requirement,
                    EVERY_EXCHANGE,
                    Outcome.BROKEN,
                    message,
                    (answer.exchange.id,),
                    _together(seen.breaches),
                )
            )


def _together(breaches: Sequence[Breach]) -> Breach:
    """Several breaches of one requirement by one answer, as one."""
    first, *rest = breaches
    if not rest:
        return first
    return replace(
        first,
        expected="; ".join(dict.fromkeys(b.expected for b in breaches)),
        got="; ".join(dict.fromkeys(f"{b.subject}: {b.got}" if b.subject else b.got for b in breaches)),
        subject=", ".join(dict.fromkeys(b.subject for b in breaches if b.subject)),
        observed=", ".join(dict.fromkeys(b.observed for b in breaches if b.observed)),
    )


def breach_of_status(answer: Answer, expected: str) -> Breach:
    """How an answer breaks a promise by its status."""
    return Breach("status", expected, answer.status_line, "", str(answer.status), answer.exchange.id)


def is_json(content_type: str) -> bool:
    """Whether a content type is one of JSON: `application/json` or one that ends with `+json` (RFC 6839)."""
    label = content_type.partition(";")[0].strip().lower()
    return label == "application/json" or label.endswith("+json")


def _content_type(answer: Answer) -> Iterator[Breach]:
    label = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not is_json(label):
        got = label or "no content type"
        yield Breach("content type", "application/json", got, "Content-Type", label or "missing", answer.exchange.id)


def _shown_rows(contract: Contract, register: Register, body: Json) -> set[str]:
    """The requirements on the types of the fields that a body shows with a value, at whatever depth."""
    rows: set[str] = set()
    left = [body]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            names = (f"{contract.provider}.field.{name}.type" for name, value in node.items() if value is not None)
            rows.update(name for name in names if name in register)
            left += node.values()
        elif isinstance(node, list):
            left += node
    return rows


def _schema_problems(contract: Contract, shape: Documented, answer: Answer, body: Json) -> Iterator[tuple[str, Breach]]:
    """What is wrong with a body by its schema, each with the path of the member that it is about."""
    if answer.flaw:
        coding = answer.headers.get("content-encoding", "")
        yield (
            "",
            Breach("body", f"a body coded as Content-Encoding says ({cut(coding, 60)})", answer.flaw, "", "coding"),
        )
    if body is NOT_JSON:
        if answer.flaw:
            return
        yield "", Breach("body", "JSON", withheld(answer.content).decode("utf-8", "replace"), "", "no JSON")
        return
    validator = _validator(contract.provider, contract.digest, shape.status, _Frozen(contract, shape))
    for error in itertools.islice(validator.iter_errors(body), _MOST_PROBLEMS):
        yield _problem(error)


def _problem(error: jsonschema.ValidationError) -> tuple[str, Breach]:
    path = ".".join("[]" if isinstance(p, int) else str(p) for p in error.absolute_path)
    got = cut(json.dumps(error.instance, ensure_ascii=False, default=str), 80)
    wanted: Any = error.validator_value
    present: Any = error.instance
    match error.validator:
        case "type":
            types = wanted if isinstance(wanted, str) else " or ".join(wanted)
            kind = next((t for t in _TYPES if _is(error.instance, t)), "value")
            return path, Breach("type", f"a value of type {types}", got, path, kind)
        case "required":
            missing = sorted(n for n in wanted if n not in present)
            return path, Breach(
                "member",
                f"the members {', '.join(wanted)}",
                f"no {', '.join(missing)}",
                path,
                f"no {', '.join(missing)}",
            )
        case "additionalProperties" | "unevaluatedProperties":
            return path, Breach("member", "no undocumented members", got, path, "undocumented members")
        case other:
            rule = cut(json.dumps(wanted, ensure_ascii=False, default=str), 80)
            return path, Breach("schema", f"a value that satisfies {other} {rule}", got, path, str(other))


_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


def _is(value: Json, kind: str) -> bool:
    from jsonschema import Draft202012Validator  # loaded by the error already

    return bool(Draft202012Validator.TYPE_CHECKER.is_type(value, kind))


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
def _validator(provider: str, digest: str, status: str, frozen: _Frozen) -> Schema:
    schema = copy.deepcopy(_plain(frozen.shape.schema))
    schema["components"] = _plain(frozen.contract.document["components"])
    return Schema(schema)


def _plain(node: Any) -> Any:
    """The schema without what is said for requests only."""
    if isinstance(node, Mapping):
        return {k: _plain(v) for k, v in node.items() if k not in ("format", "examples")}
    if isinstance(node, list):
        return [_plain(v) for v in node]
    return node
