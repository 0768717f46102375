"""What is used of Schemathesis, and what of it is not public: this module alone knows its inside.

It was written for the version in `WRITTEN_FOR`. Where an installed one lacks something, UsageError says so in one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Literal, TypeAlias

import hypothesis
import schemathesis
from schemathesis import GenerationMode

from contacts_conformance.checks.seeded import generating
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Json

WRITTEN_FOR = "4.32.5"
"""The version whose inside this is."""


def _other_version(lacks: object) -> UsageError:
    return UsageError(
        f"contacts-conformance needs schemathesis {WRITTEN_FOR}; installed is {version('schemathesis')}, which is "
        f"different inside ({lacks}): pip install 'schemathesis=={WRITTEN_FOR}'"
    )


try:
    from schemathesis.checks import CheckFunction, not_a_server_error
    from schemathesis.core import NOT_SET
    from schemathesis.core.failures import Failure, FailureGroup
    from schemathesis.core.result import Ok
    from schemathesis.generation.drivers import CoverageGenerator
    from schemathesis.generation.feedback import NO_FEEDBACK
    from schemathesis.generation.hypothesis.examples import generate_one
    from schemathesis.generation.meta import CoveragePhaseData
    from schemathesis.generation.overrides import Override
    from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
    from schemathesis.schemas import APIOperation, BaseSchema
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )
except ImportError as lacks:
    raise _other_version(lacks) from None

__all__ = [
    "WRITTEN_FOR",
    "BaseSchema",
    "CheckFunction",
    "Failure",
    "FailureGroup",
    "Generated",
    "GeneratedCase",
    "GeneratedOperation",
    "JsonSchemaError",
    "UndefinedStatusCode",
    "content_type_conformance",
    "coverage",
    "examples",
    "fuzzed",
    "generated",
    "loaded",
    "not_a_server_error",
    "operations",
    "response_schema_conformance",
    "status_code_conformance",
]

GeneratedCase: TypeAlias = "schemathesis.Case[Any]"
GeneratedOperation: TypeAlias = "APIOperation[Any, Any, Any, Any]"
Mode: TypeAlias = Literal["positive", "negative"]

_MODES: Mapping[Mode, GenerationMode] = {"positive": GenerationMode.POSITIVE, "negative": GenerationMode.NEGATIVE}


@dataclass(frozen=True, slots=True)
class Generated:
    """A case as plain data. `body` is None where it `has_body` not; `raw` is a body that is no JSON.

    `about` says what the case tries, in Schemathesis's words; `parameter` and `location` (`query`, `path`, `header`,
    `body`) what it is about, and `constraint` the path of the member and the keyword, where it knows them.
    """

    query: Mapping[str, Any] = field(default_factory=dict)
    parameters: int = 0
    """How many parameters the query was generated with."""
    headers: Mapping[str, str] = field(default_factory=dict)
    has_body: bool = False
    body: Json = None
    raw: str | None = None
    about: str = ""
    parameter: str = ""
    location: str = ""
    constraint: str = ""


def loaded(document: Mapping[str, Any], base_url: str, seed: int) -> BaseSchema:
    """The schema of an OpenAPI document. Nothing is cached between runs, and nothing that is answered steers it."""
    with _inside():
        config = schemathesis.Config.from_dict(
            {
                "seed": seed,
                "base-url": base_url,
                "generation": {"allow-x00": False},
                "cache": {"enabled": False},
                "checks": {"response_schema_conformance": {"validate-formats": False}},
                # what earlier answers taught must not steer: times and marks in them differ from run to run
                "phases": {"coverage": {"unexpected-methods": []}, "stateful": {"link-calibration": False}},
            }
        )
        return schemathesis.openapi.from_dict(dict(document), config=config)


def operations(schema: BaseSchema) -> Iterator[GeneratedOperation]:
    """Every operation of a schema that can be generated."""
    with _inside():
        for result in schema.get_all_operations():
            if isinstance(result, Ok):
                yield result.ok()


def examples(operation: GeneratedOperation) -> Iterator[GeneratedCase]:
    """The cases of the examples in the document."""
    with _inside():
        for strategy in operation.get_strategies_from_examples():
            yield generate_one(strategy)


def coverage(schema: BaseSchema, operation: GeneratedOperation, mode: Mode = "positive") -> Iterator[GeneratedCase]:
    """The cases at the bounds of every constraint; negative ones are beyond them."""
    with _inside():
        yield from CoverageGenerator(
            operation=operation,
            generation_modes=[_MODES[mode]],
            generation_config=schema.config.generation_for(operation=operation, phase="coverage"),
            auth_storage=None,
            override=Override(),
            feedback=NO_FEEDBACK,
        )


def fuzzed(operation: GeneratedOperation, mode: Mode, seed: int, count: int) -> list[GeneratedCase]:
    """So many random cases; the same for the same seed. Fewer where Schemathesis finds no more."""
    cases: list[GeneratedCase] = []
    with _inside():

        @generating(count)
        @hypothesis.seed(seed)
        @hypothesis.given(case=operation.as_strategy(generation_mode=_MODES[mode]))
        def collect(case: GeneratedCase) -> None:
            cases.append(case)

        try:
            collect()
        except hypothesis.errors.Unsatisfiable:
            return cases
    return cases


def generated(case: GeneratedCase) -> Generated:
    """A case as plain data."""
    with _inside():
        told = case.meta.phase.data if case.meta is not None else None
        told = told if isinstance(told, CoveragePhaseData) else None
        has_body = case.body is not NOT_SET
        body = case.body if has_body else None
        try:
            json.dumps(body)
            raw = None
        except (TypeError, ValueError):
            raw = body.decode("utf-8", "surrogateescape") if isinstance(body, bytes) else str(body)
        return Generated(
            query=dict(case.query or {}),
            parameters=len(case.query or {}),
            headers=dict(case.headers or {}),
            has_body=has_body,
            body=body if raw is None else None,
            raw=raw,
            about=told.description if told else "",
            parameter=(told.parameter or "") if told else "",
            location=str(told.parameter_location) if told and told.parameter_location else "",
            constraint=(told.location or "") if told else "",
        )


@contextmanager
def _inside() -> Iterator[None]:
    """Says in one line that another version is different, where it is used otherwise than it can be."""
    try:
        yield
    except AttributeError as lacks:
        raise _other_version(lacks) from lacks
