"""Schemathesis's cases: generated from the contract, made harmless and fair, sent by the one client, judged by rows.

Generation knows types and limits only. Before a case is sent it is turned towards what the run may touch (its own
contacts, and lists of these alone) and towards what the pages leave no doubt about (ids that the target knows, texts
of a plausible shape), so that a refusal is the server's fault.
"""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

import httpx
import hypothesis
import jsonschema
import schemathesis
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.hypothesis.examples import generate_one
from schemathesis.generation.overrides import Override
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contacts_conformance.account.contacts import Cohort, seed
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field, Operation, resolve, samples
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http.client import Answer
from contacts_conformance.model import Breach, Json, Query

GeneratedCase: TypeAlias = "Case[Any]"
GeneratedOperation: TypeAlias = "APIOperation[Any, Any, Any, Any]"

PARAMETERS = 10
"""How many of the list's parameters one run generates; its seed says which."""

_ASPECTS: Mapping[str, str] = {
    "ServerError": "no-server-error",
    "UndefinedStatusCode": "status",
    "MissingContentType": "content-type",
    "MalformedMediaType": "content-type",
    "UndefinedContentType": "content-type",
}
_PARAMETER = re.compile(r"(?P<sort>\$sort\[)?(?P<field>\w+)\]?(?:\[\$(?P<operator>\w+)\])?")
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\u024f]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one generated case showed of one aspect of an operation: how it is broken, or None where it held."""

    operation: str
    aspect: str
    breach: Breach | None = None


@dataclass
class Generator:
    """Generates the cases of one session."""

    session: Session
    schema: BaseSchema = field(init=False)
    _about: Cohort | None = None

    def __post_init__(self) -> None:
        config = schemathesis.Config.from_dict(
            {
                "seed": self.session.seed,
                "base-url": self.session.target.base_url,
                "generation": {"allow-x00": False},
                "cache": {"enabled": False},
                "checks": {"response_schema_conformance": {"validate-formats": False}},
                # what earlier answers taught must not steer: times and marks in them differ from run to run
                "phases": {"coverage": {"unexpected-methods": []}, "stateful": {"link-calibration": False}},
            }
        )
        self.schema = schemathesis.openapi.from_dict(self._document(), config=config)

    def operations(self) -> Iterator[tuple[Operation, GeneratedOperation]]:
        """The operations on contacts, as the contract and as Schemathesis know them."""
        by_place = {(o.method, o.path): o for o in self.session.contract.contact_operations}
        for result in self.schema.get_all_operations():
            if not isinstance(result, Ok):
                continue
            found = result.ok()
            operation = by_place.get((found.method.upper(), found.path))
            if operation is not None:
                yield operation, found

    def run(self, operation: Operation, *, coverage: int, fuzzing: int) -> list[Finding]:
        """Sends the examples, so many coverage cases and so many random ones; what the answers showed."""
        theirs = next(o for mine, o in self.operations() if mine is operation)
        findings: list[Finding] = []
        for case in [*self._examples(theirs), *self._coverage(theirs, coverage)]:
            findings += self.send(operation, case)
        if fuzzing:
            self._fuzz(theirs, fuzzing, lambda case: findings.extend(self.send(operation, case)))
        return findings

    def sequences(self, scenarios: int) -> list[Finding]:
        """Follows the contract's links in so many random sequences; what the answers showed."""
        by_label = {theirs.label: mine for mine, theirs in self.operations()}
        generator, findings = self, list[Finding]()
        machine: Any = self.schema.as_state_machine()

        @hypothesis.seed(self.session.seed)
        class Machine(machine):  # type: ignore[misc]  # made at run time
            sent: ClassVar[dict[str, Answer]] = {}

            def call(self, case: GeneratedCase, **_: Any) -> httpx.Response:
                mine = by_label[case.operation.label]
                answer = generator.ask(mine, case)
                findings.extend(generator.judge(mine, case, answer))
                return schemathesis.Response.from_any(_as_httpx(answer))  # type: ignore[return-value]  # what links read

            def validate_response(self, *_: Any, **__: Any) -> None:
                """Judged as it was called: a failure must not end the sequence."""

        settings = hypothesis.settings(
            max_examples=scenarios,
            stateful_step_count=5,
            phases=[hypothesis.Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        # the server's state decides what can follow a step; what was found until Hypothesis notices stands
        with contextlib.suppress(FlakyStrategyDefinition):
            Machine.run(settings=settings)
        return findings

    # One case

    def send(self, operation: Operation, case: GeneratedCase) -> list[Finding]:
        """Sends one case; what the answer showed."""
        return self.judge(operation, case, self.ask(operation, case))

    def ask(self, operation: Operation, case: GeneratedCase) -> Answer:
        """Sends a case, turned towards the run's own contacts."""
        contacts = self.session.contacts()
        body = self._body(operation, case.body)
        match operation.kind:
            case "create":
                return contacts.send_create(contacts.complete(body))
            case "list":
                about = self._cohort()
                return contacts.send_list(about.narrowed(self._query(case.query or {})))
            case "read":
                return contacts.send_read(self._cohort().ids[0])
            case "change":
                return contacts.send_change(contacts.spare().id, body or self._least())
            case _:
                return contacts.send_remove(contacts.create().id)

    def judge(self, operation: Operation, case: GeneratedCase, answer: Answer) -> list[Finding]:
        """What Schemathesis's checks say of an answer, and whether the request was carried out."""
        breaches = [] if answer.succeeded else [("accepts", _breach_of_status(answer, "a success (2xx)"))]
        judged = {"accepts"}
        checks: list[CheckFunction] = []
        if answer.status != 503:
            judged.add("no-server-error")
            checks.append(not_a_server_error)
        if answer.succeeded:
            judged.add("status")
            checks.append(status_code_conformance)
            if answer.content:
                judged |= {"content-type", "body"}
                checks += [content_type_conformance, response_schema_conformance]
        try:
            if checks:
                case.validate_response(_as_httpx(answer), checks=checks)
        except FailureGroup as group:
            breaches += [(aspect(failure), _breach(failure, answer)) for failure in group.exceptions]
        held = judged - {name for name, _ in breaches}
        return [*(Finding(operation.id, *b) for b in breaches), *(Finding(operation.id, name) for name in sorted(held))]

    def _cohort(self) -> Cohort:
        found: Cohort = self.session.once("generated cohort", lambda: seed(self.session.contacts(), [{}, {}]))
        return found

    # Generation

    def _examples(self, operation: GeneratedOperation) -> Iterator[GeneratedCase]:
        for strategy in operation.get_strategies_from_examples():
            yield generate_one(strategy)

    def _coverage(self, operation: GeneratedOperation, count: int) -> list[GeneratedCase]:
        cases = CoverageGenerator(
            operation=operation,
            generation_modes=[GenerationMode.POSITIVE],
            generation_config=self.schema.config.generation_for(operation=operation, phase="coverage"),
            auth_storage=None,
            override=Override(),
            feedback=NO_FEEDBACK,
        )
        found = list(cases)
        return self.session.random(f"coverage {operation.label}").sample(found, min(count, len(found)))

    def _fuzz(self, operation: GeneratedOperation, count: int, send: Callable[[GeneratedCase], None]) -> None:
        @hypothesis.settings(
            max_examples=count,
            phases=[hypothesis.Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.seed(self.session.seed)
        @hypothesis.given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def test(case: GeneratedCase) -> None:
            send(case)

        test()

    def _document(self) -> dict[str, Any]:
        """The contract, with as many of the list's parameters as one run generates."""
        document: dict[str, Any] = copy.deepcopy(dict(self.session.contract.document))
        listing = self.session.contract.operation("list")
        raw = document["paths"][listing.path][listing.method.lower()]
        parameters = [resolve(document, p) for p in raw.get("parameters", [])]
        fair = [p for p in parameters if p.get("x-self-contained") or self._fair(p.get("name", ""))]
        paging = [p for p in fair if p["name"] in ("$limit", "$skip")]
        rest = [p for p in fair if p not in paging]
        chosen = self.session.random("parameters").sample(rest, min(PARAMETERS, len(rest)))
        raw["parameters"] = [*paging, *_unmixed(chosen)]
        return document

    def _fair(self, name: str) -> bool:
        """Whether the pages leave no doubt that a parameter may be used."""
        if name in ("$limit", "$skip"):
            return True
        found = _PARAMETER.fullmatch(name)
        if found is None or found["field"] in self.session.provider.markers[:1]:
            return False
        about = _field(self.session.contract, found["field"])
        if about is None or not about.reads_back:
            return False
        return about.kind == "instant" if found["operator"] in ("lt", "lte", "gt", "gte") else True

    # Turning a case

    def _query(self, query: Mapping[str, Any]) -> Query:
        pairs: list[tuple[str, str]] = []
        known = self._parameters
        for name, value in query.items():
            if name not in known:
                continue
            values = value if isinstance(value, list) else [value]
            pairs += [(name, self._value(name, str(v))) for v in values]
        return tuple(pairs)

    @cached_property
    def _parameters(self) -> dict[str, Mapping[str, Any]]:
        """The parameters of the list, by their names."""
        contract = self.session.contract
        parameters = contract.operation("list").raw.get("parameters", ())
        return {p["name"]: p for p in (resolve(contract.document, p) for p in parameters)}

    def _value(self, name: str, value: str) -> str:
        if self._parameters[name].get("x-self-contained"):
            return _fitting(self._parameters[name], value)
        if name in ("$limit", "$skip"):
            number = int(float(value)) if re.fullmatch(r"\d+(\.0)?", value) else 1
            return str(max(1, min(number, 10)) if name == "$limit" else min(number, 100))
        found = _PARAMETER.fullmatch(name)
        about = _field(self.session.contract, found["field"]) if found else None
        if found and found["sort"]:
            return value if value in ("1", "-1") else "1"
        if about is not None and about.kind == "instant":
            return self._instant(value)
        if about is not None and about.kind == "id":
            return value if value.isdecimal() and value != "0" else "1"
        if about is not None and about.shape:
            return samples.text(about, len(value) * 7 % 90)
        return re.sub("[^a-z0-9]", "x", value)[:45] or "x"

    def _instant(self, value: str) -> str:
        number = sum(map(ord, value))
        return f"20{number % 20 + 10}-{number % 12 + 1:02}-{number % 27 + 1:02}T{number % 23:02}:05:09Z"

    def _body(self, operation: Operation, body: Json) -> dict[str, Json]:
        values = self.session.provider.values(body) if isinstance(body, dict) else None
        fair: dict[str, Json] = {}
        for name, value in (values or {}).items():
            about = _field(self.session.contract, name)
            if about is None or name in self.session.provider.markers[:1] or operation.kind not in about.writeable:
                continue
            if about.known:
                if about.known in self.session.target.known:
                    fair[name] = round_trip.as_id(self.session.target.known[about.known])
            elif about.within or about.either:
                continue
            elif about.kind in ("list", "instant") or about.enum:
                fair[name] = self.session.provider.sample(about, self.session.number())
            elif about.is_text:
                fair[name] = self._text(about, str(value))
            else:
                fair[name] = value
        return fair

    def _least(self) -> dict[str, Json]:
        """A change of one text."""
        about = next(f for f in self.session.contract.change_fields if f.is_text and not (f.known or f.enum))
        return {about.name: self.session.provider.sample(about, self.session.number())}

    def _text(self, about: Field, value: str) -> str:
        if about.shape:
            return str(self.session.provider.sample(about, self.session.number()))
        return _UNPRINTABLE.sub("x", value).strip()[: about.max_length].strip() or "x"


def aspect(failure: BaseException) -> str:
    """Which row of an operation a failure of Schemathesis speaks about: a status, a content type, or the body."""
    return next((_ASPECTS[c.__name__] for c in type(failure).__mro__ if c.__name__ in _ASPECTS), "body")


def expect_held(findings: Iterable[Finding], operation: Operation, name: str) -> None:
    """No answer to a generated request of the operation broke this aspect; the first one that did is shown.

    NotShown where no answer showed it, and NotOffered where none had a body and none had to.
    """
    mine = [f for f in findings if (f.operation, f.aspect) == (operation.id, name)]
    if not mine and name in ("content-type", "body") and operation.body_optional:
        raise NotOffered(f"no answer to a generated request of {operation} had a body, and none had to")
    if not mine:
        raise NotShown(f"no answer to a generated request showed {operation}.{name}")
    breaches = [f.breach for f in mine if f.breach is not None]
    first = breaches[0] if breaches else Breach("", "", "")
    expect.that(
        not breaches,
        first.expected,
        f"{first.got} (the first of {len(breaches)} such answers)" if len(breaches) > 1 else first.got,
        about=first.subject,
        kind=first.kind,
        observed=first.observed,
        shown_by=first.exchange,
    )


def _breach(failure: BaseException, answer: Answer) -> Breach:
    """What a failure of Schemathesis says about an answer."""
    match aspect(failure):
        case "no-server-error":
            return _breach_of_status(answer, "no server error (no 5xx)")
        case "status":
            statuses = failure.defined_status_codes if isinstance(failure, UndefinedStatusCode) else ()
            return _breach_of_status(answer, " or ".join(statuses) or "a documented status")
        case "content-type":
            label = answer.headers.get("content-type", "")
            wanted = "the documented content type"
            return Breach(
                "content type", wanted, label or "none", "Content-Type", label or "missing", answer.exchange.id
            )
    if isinstance(failure, JsonSchemaError):
        path = ".".join("[]" if isinstance(p, int) else str(p) for p in failure.instance_path)
        rule = next((str(p) for p in reversed(failure.schema_path) if isinstance(p, str)), "")
        got = failure.validation_message
        return Breach("schema", "a body as documented", got, path, rule, answer.exchange.id)
    got = failure.message if isinstance(failure, Failure) else str(failure)
    return Breach("body", "a body as documented", got, "", type(failure).__name__, answer.exchange.id)


def _breach_of_status(answer: Answer, expected: str) -> Breach:
    got = f"{answer.status} {answer.exchange.reason}".rstrip()
    return Breach("status", expected, got, "", str(answer.status), answer.exchange.id)


def _unmixed(parameters: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parameters, but of those for one field only plain values or only operators, whichever comes first.

    No page shows both for one field, and parsers of query strings make one object of them.
    """
    plain: dict[str, bool] = {}
    for parameter in parameters:
        found = _PARAMETER.fullmatch(parameter["name"])
        is_plain = found is not None and not found["operator"]
        if found is None or found["sort"] or plain.setdefault(found["field"], is_plain) is is_plain:
            yield parameter


def _fitting(parameter: Mapping[str, Any], value: str) -> str:
    """The value, if it fits the parameter's schema, or else its example."""
    schema = parameter["schema"]
    typed: Json = value
    if schema.get("type") == "integer":
        typed = int(value) if re.fullmatch(r"-?\d{1,9}", value) else None
    return value if jsonschema.Draft202012Validator(schema).is_valid(typed) else str(parameter["example"])


def _field(contract: Contract, name: str) -> Field | None:
    return next((f for f in contract.fields if f.name == name), None)


def _as_httpx(answer: Answer) -> httpx.Response:
    left = ((k, v) for k, v in answer.headers.multi_items() if k not in ("content-encoding", "transfer-encoding"))
    headers = [(k.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for k, v in left]  # not all keep to ASCII
    response = httpx.Response(answer.status, headers=headers, content=answer.content, request=answer.request)
    response.elapsed = timedelta(milliseconds=answer.exchange.milliseconds)
    return response
