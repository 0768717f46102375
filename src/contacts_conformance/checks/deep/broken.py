"""Plans of requests that break the contract, each in one way.

A refusal is expected only where a row of the register says so; of everything else only what holds of any request is
told: no server error, and nothing stored after a refusal.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contacts_conformance.checks.deep import broken_values
from contacts_conformance.checks.deep.broken_values import STRANGER
from contacts_conformance.checks.deep.coverage import Coverage
from contacts_conformance.checks.deep.generated_steps import Steps, parameter_in
from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.contract import Field, Operation, resolve, samples
from contacts_conformance.http.messages import READS
from contacts_conformance.model import Json
from contacts_conformance.providers.breaking import Breaking
from contacts_conformance.providers.modelling import Model
from contacts_conformance.providers.plans import MARK, Step
from contacts_conformance.target import ANONYMOUS

_SLICE = 60
_TOGETHER = {"create": 3}
_USUALLY_TOGETHER = 8

_MALFORMED = {"create": ("create.malformed-body", "json.malformed"), "change": ("change.malformed-body",)}
_AFTER_REMOVAL = (
    ("read", ("read.unknown-id", "read.unknown")),
    ("change", ("change.unknown-id",)),
    ("remove", ("remove.unknown-id", "remove.twice")),
)
"""What is asked of a contact that was removed, and the rows that say that it does not succeed."""


@dataclass(frozen=True, slots=True)
class BrokenStep:
    """A step that breaks the contract in one way, the operation that it belongs to, and the part that it breaks."""

    operation: Operation
    step: Step
    part: str


@dataclass
class Broken:
    """The source of plans that break the contract."""

    steps: Steps
    coverage: Coverage
    name: str = "broken"

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice: a few broken requests of one operation in each."""
        draw = self.steps.session.random(f"{self.name} {turn}")
        every = list(self._every(draw))
        operations = {b.operation.id: b.operation for b in every}.values()
        for operation in operations:
            mine = [b for b in every if b.operation is operation]
            mine = _some(mine, _SLICE // len(operations), draw, first=turn == 0)
            size = _TOGETHER.get(operation.kind, _USUALLY_TOGETHER)
            for start in range(0, len(mine), size):
                walk = begin(None)
                self._send(walk, mine[start : start + size], draw)
                finish(walk)
        if self.steps.may_create:
            walk = begin(None)
            self._send_after_removal(walk, draw)
            finish(walk)

    def _send(self, walk: Walk, some: Sequence[BrokenStep], draw: random.Random) -> None:
        about_one = any(b.step.of is not None for b in some)
        if about_one and walk.take(self.steps.creation(0, draw)) is None:
            return
        for broken in some:
            if walk.take(broken.step) is None:
                return
            self._note(broken.operation, broken.step, broken.part)

    def _send_after_removal(self, walk: Walk, draw: random.Random) -> None:
        """What is asked of a contact that was removed."""
        kinds = {o.kind: o for o in self.steps.permitted}
        if "remove" not in kinds:
            return
        if walk.take(self.steps.creation(0, draw)) is None or walk.take(Step("remove", of=0)) is None:
            return
        if not 200 <= getattr(walk.steps[-1][1], "status", 0) < 300:
            return
        for kind, rows in draw.sample(_AFTER_REMOVAL, len(_AFTER_REMOVAL)):
            if kind in kinds:
                values = self._plain_change() if kind == "change" else {}
                step = self._refused(Step(kind, of=0, values=values, wrong="the contact was removed"), *rows)
                if walk.take(step) is None:
                    return
                self._note(kinds[kind], step, f"path {parameter_in(kinds[kind].path)}")

    def _note(self, operation: Operation, step: Step, part: str) -> None:
        self.coverage.note(operation, "broken", "negative", step.expects, parts=(part, part.partition(":")[0]))

    # Every way

    def _every(self, draw: random.Random) -> Iterator[BrokenStep]:
        for operation in self.steps.permitted:
            role = self.steps.role(operation)
            for part, step in self._of(operation, draw):
                if step.expects == "success":  # nothing is said of it
                    step = replace(step, expects="")
                if role and not step.role:
                    step = replace(step, role=role)
                yield BrokenStep(operation, step, part)

    def _of(self, operation: Operation, draw: random.Random) -> Iterator[tuple[str, Step]]:
        """The broken steps of an operation, each with the part of the contract that it breaks."""
        plain = self._plain(operation, draw)
        if plain is None:
            return
        yield from self._without_credentials(operation, plain)
        yield from self._by_query(operation, plain)
        yield from self._by_header(plain)
        if operation.kind == "read":
            yield from self._by_id(operation, plain)
        if operation.kind in ("create", "change"):
            yield from self._by_members(operation, plain, draw)
        if operation.raw.get("requestBody"):
            yield from self._by_body(operation, plain, draw)

    def _plain(self, operation: Operation, draw: random.Random) -> Step | None:
        """A legal step of an operation."""
        match operation.kind:
            case "create":
                return self.steps.creation(draw.randrange(1, 90), draw)
            case "change":
                return Step("change", of=0, values=self._plain_change()) if self.steps.may_create else None
            case "read" | "remove":
                return Step(operation.kind, of=0) if self.steps.may_create else None
            case kind if operation.own_record and operation.method not in READS:
                return Step(kind, values=self._plain_change())
            case kind:
                return Step(kind, at=MARK if "{" in operation.path else "")

    def _plain_change(self) -> dict[str, Json]:
        contract, provider = self.steps.session.contract, self.steps.session.provider
        free = (f for f in contract.change_fields if f.is_text and not (f.known or f.enum or f.shape or f.forms))
        field = next(f for f in free if f.name not in provider.markers[:1] and provider.sample(f, 1) is not None)
        needed = {f.name: provider.sample(f, 1) for f in contract.change_fields if "change" in f.required}
        return {**needed, field.name: samples.word(7)}

    # One kind of break each

    def _without_credentials(self, operation: Operation, plain: Step) -> Iterator[tuple[str, Step]]:
        if not operation.secured:
            return
        part, anonymous = "header Authorization", replace(plain, role=ANONYMOUS.role)
        yield part, self._refused(replace(anonymous, wrong="no credentials"), f"operation.{operation.id}.no-token")
        wrong = tuple(self.steps.session.provider.wrong_authorization().items())
        nobody = replace(anonymous, headers=wrong, wrong="credentials of nobody")
        yield part, self._refused(nobody, f"operation.{operation.id}.wrong-token")

    def _by_query(self, operation: Operation, plain: Step) -> Iterator[tuple[str, Step]]:
        document = self.steps.session.contract.document
        stranger = replace(plain, query=((STRANGER, "1"),), wrong=f"a parameter that there is not, {STRANGER}")
        yield "query", stranger
        for node in operation.raw.get("parameters", ()):
            parameter = resolve(document, node)
            if parameter["in"] != "query":
                continue
            schema = resolve(document, parameter["schema"])
            schema = resolve(document, schema["items"]) if "items" in schema else schema
            legal = str(parameter.get("example", schema.get("example", "1")))
            for b in broken_values.of_parameter(parameter["name"], schema, legal):
                yield f"query {b.parameter}: {b.keyword}", replace(plain, query=b.query, wrong=b.wrong)
        provider = self.steps.session.provider
        if operation.kind == "list" and isinstance(provider, Breaking):
            for refused in provider.refused_lists():
                step = replace(plain, query=refused.query, wrong=refused.wrong)
                yield f"query {refused.query[0][0]}", self._refused(step, refused.row)

    def _by_header(self, plain: Step) -> Iterator[tuple[str, Step]]:
        for name, value in (
            ("Accept", "application/xml"),
            ("Accept", "a/b/c;;q=x"),
            ("Accept-Encoding", "unheard-of"),
            ("Accept-Language", "\u00fc"),
            ("If-Match", "*, x"),
            ("Range", "bytes=9-1"),
        ):
            if value.isascii():
                yield f"header {name}", replace(plain, headers=((name, value),), wrong=f"the header {name}: {value}")

    def _by_id(self, operation: Operation, plain: Step) -> Iterator[tuple[str, Step]]:
        nobody = self.steps.session.provider.example_path(operation.path).rpartition("/")[2]
        unknown = replace(plain, of=None, at=nobody, wrong="an id that no contact has")
        part = f"path {parameter_in(operation.path)}"
        yield part, self._refused(unknown, "read.unknown-id", "read.unknown")
        for text in broken_values.NO_IDS:
            yield part, replace(plain, of=None, at=text, wrong=f"{json.dumps(text[:20])} is the id of no contact")

    def _by_members(self, operation: Operation, plain: Step, draw: random.Random) -> Iterator[tuple[str, Step]]:
        session, kind = self.steps.session, operation.kind
        for field in session.contract.fields:
            name = field.name
            if kind == "create" and name in session.provider.markers[:1]:
                continue  # it carries the mark
            if kind in field.writeable:
                for b in broken_values.of_field(field, draw):
                    step = replace(plain, values={**plain.values, name: b.value}, wrong=b.wrong)
                    step = self._refused(step, *self._rows(operation, field, b))
                    yield f"body {name}: {b.keyword}", step
                if kind in field.required:
                    rest = {n: v for n, v in plain.values.items() if n != name}
                    step = replace(plain, values=rest, wrong=f"there is no {name}")
                    rows = (f"field.{name}.required",) if kind == "create" else ()
                    yield f"body {name}: required", self._refused(step, *rows)
            elif field in session.contract.read_only_fields:
                value = session.provider.wrong_value(field, session.target)
                step = replace(plain, values={**plain.values, name: value}, wrong=f"{name} is read-only")
                yield f"body {name}: readOnly", step
        more = {**plain.values, STRANGER: "a"}
        yield "body: additionalProperties", replace(plain, values=more, wrong=f"a member that there is not, {STRANGER}")

    def _rows(self, operation: Operation, field: Field, b: broken_values.Break) -> tuple[str, ...]:
        """The rows that say that a value is refused, where they are judged so."""
        lost = self.steps.session.provider.sample(field, 1) is None and not (field.required or field.members)
        if operation.kind != "create" or (lost and b.keyword == "type" and field.is_text):
            return ()
        if b.keyword == "maxLength" and not field.either:
            return (f"field.{field.name}.no-silent-cut",)
        if b.keyword == "enum":
            return (f"{field.name}.unknown",)
        if b.keyword == "type" and field.is_text and isinstance(b.value, list | dict) and not field.known:
            return ("text.no-structures",)
        if b.keyword == "type" and field.kind == "list" and isinstance(b.value, str | dict):
            return ("collection.no-object",)
        return ()

    def _by_body(self, operation: Operation, plain: Step, draw: random.Random) -> Iterator[tuple[str, Step]]:
        provider = self.steps.session.provider
        kind = "create" if operation.kind == "create" else "change"
        marks: dict[str, Any] = dict.fromkeys(provider.markers[:1], MARK) if kind == "create" else {}
        body = provider.body(kind, {**plain.values, **marks})
        for b in broken_values.of_body(body, draw):
            if operation.kind == "create" and MARK not in b.text and not self.steps.session.target.disposable:
                continue  # nothing could find it again
            step = replace(plain, values={}, raw=b.text, headers=b.headers, wrong=b.wrong)
            if b.is_malformed:
                step = self._refused(step, *_MALFORMED.get(operation.kind, ()))
            if b.is_labelled and operation.kind == "create":
                step = self._refused(step, "create.content-type")
            yield "header Content-Type" if b.headers else "body", step

    def _refused(self, step: Step, *rows: str) -> Step:
        """The step as one that has to be refused, where the register has one of these rows; else as it is."""
        row = next((r for r in rows if self._row(r)), "")
        if not row:
            return replace(step, expects="")
        return replace(step, expects="refusal", row=f"{self.steps.session.contract.provider}.{row}")

    def _row(self, row: str) -> bool:
        return f"{self.steps.session.contract.provider}.{row}" in self.steps.session.register


def _some(every: Sequence[BrokenStep], count: int, draw: random.Random, *, first: bool) -> list[BrokenStep]:
    """So many of an operation's broken steps, half of them such as have to be refused; `first` begins with those that
    have no credentials, or wrong ones."""
    refused = [b for b in every if b.step.expects == "refusal"]
    others = [b for b in every if b.step.expects != "refusal"]
    draw.shuffle(refused)
    draw.shuffle(others)
    if first:
        refused.sort(key=lambda b: b.step.role != ANONYMOUS.role)
    half = min(len(refused), max(1, count // 2))
    chosen = [*refused[:half], *others[: count - half]]
    return draw.sample(chosen, len(chosen))
