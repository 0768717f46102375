"""Plans of Schemathesis's cases: the contract's examples, values at the bounds of its constraints and random ones,
those that break it, and sequences by what the contract links and what answers yield."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from contacts_conformance.checks.deep.broken import Broken
from contacts_conformance.checks.deep.coverage import Coverage, Mode, Phase
from contacts_conformance.checks.deep.generated_sequences import Sequences
from contacts_conformance.checks.deep.generated_steps import MOST_PARAMETERS, Steps, Turned
from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.checks.fuzzing import inside
from contacts_conformance.checks.fuzzing.inside import Generated, GeneratedOperation
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Operation
from contacts_conformance.providers.modelling import Model

_SLICE, _FUZZED = 48, 12
"""How many cases one slice of time has, and how many random ones of each operation."""
_TOGETHER = {"create": 2, "remove": 1}
_USUALLY_TOGETHER = 6
"""How many cases of an operation one plan has."""
_OF_A_CONTACT = frozenset({"read", "change", "remove"})


class CoveringSource(Protocol):
    """A source that counts what it exercises of the contract; all of one session count in the same place."""

    name: str
    coverage: Coverage

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice."""
        ...


def sources(session: Session) -> list[CoveringSource]:
    """Every source of generated plans that the target permits something of."""
    steps = Steps(session)
    if not steps.permitted:
        return []
    coverage = Coverage(session.contract, steps.denied)
    schema = _Schema(session, steps)
    return [
        _Cases("examples", schema, steps, coverage, "examples", "positive"),
        _Cases("coverage", schema, steps, coverage, "coverage", "positive"),
        _Cases("coverage, negative", schema, steps, coverage, "coverage", "negative"),
        _Cases("fuzzing", schema, steps, coverage, "fuzzing", "positive"),
        _Cases("fuzzing, negative", schema, steps, coverage, "fuzzing", "negative"),
        Broken(steps, coverage),
        Sequences(steps, coverage, schema.some),
    ]


@dataclass
class _Schema:
    """The contract as Schemathesis knows it; loaded when it is first needed."""

    session: Session
    steps: Steps
    _kept: dict[tuple[Phase, Mode, str], list[Generated]] = field(default_factory=dict)
    _theirs: list[tuple[Operation, GeneratedOperation]] = field(default_factory=list)
    _schema: inside.BaseSchema | None = None

    @property
    def operations(self) -> list[tuple[Operation, GeneratedOperation]]:
        """The operations that are permitted, as the contract and as Schemathesis know them."""
        if self._schema is None:
            document = self.session.contract.document
            self._schema = inside.loaded(document, self.session.target.base_url, self.session.seed)
            by_place = {(o.method, o.path): o for o in self.steps.permitted}
            for theirs in inside.operations(self._schema):
                mine = by_place.get((theirs.method.upper(), theirs.path))
                if mine is not None:
                    self._theirs.append((mine, theirs))
        return self._theirs

    def every(self, phase: Phase, mode: Mode, operation: Operation, draw: random.Random) -> list[Generated]:
        """Every case of a phase that has so many and no more; of very many parameters, those of some."""
        key = (phase, mode, operation.id)
        if key not in self._kept:
            theirs, schema = self._few_parameters(operation, draw)
            made: Iterable[inside.GeneratedCase] = (
                inside.examples(theirs) if phase == "examples" else inside.coverage(schema, theirs, mode)
            )
            cases = [inside.generated(case) for case in made]
            if len(operation.raw.get("parameters", ())) > MOST_PARAMETERS:
                return cases
            self._kept[key] = cases
        return self._kept[key]

    def fuzzed(self, mode: Mode, draw: random.Random, count: int, at_once: int) -> list[tuple[Operation, Generated]]:
        """Random cases of some operations, so many of each."""
        some = draw.sample(self.steps.permitted, min(at_once, len(self.steps.permitted)))
        return [(mine, case) for mine in some for case in self._random(mine, mode, draw, count)]

    def some(self, operation: Operation, draw: random.Random, count: int) -> list[Generated]:
        """Random cases of one operation, as the contract says."""
        return self._random(operation, "positive", draw, count)

    def _random(self, operation: Operation, mode: Mode, draw: random.Random, count: int) -> list[Generated]:
        theirs, _ = self._few_parameters(operation, draw)
        return [inside.generated(c) for c in inside.fuzzed(theirs, mode, draw.randrange(2**31), count)]

    def _few_parameters(
        self, operation: Operation, draw: random.Random
    ) -> tuple[GeneratedOperation, inside.BaseSchema]:
        """An operation with some of its parameters, where it has very many, and the schema that it belongs to.

        Cases of all of them at once take much time and memory, and no server takes them.
        """
        parameters = operation.raw.get("parameters", ())
        if len(parameters) <= MOST_PARAMETERS:
            theirs = next(theirs for mine, theirs in self.operations if mine is operation)
            assert self._schema is not None
            return theirs, self._schema
        document = copy.deepcopy(dict(self.session.contract.document))
        raw = document["paths"][operation.path][operation.method.lower()]
        raw["parameters"] = draw.sample(raw["parameters"], MOST_PARAMETERS)
        schema = inside.loaded(document, self.session.target.base_url, self.session.seed)
        place = (operation.method, operation.path)
        return next(t for t in inside.operations(schema) if (t.method.upper(), t.path) == place), schema


@dataclass
class _Cases:
    """Plans of one phase: each has a few cases of one operation, about a plain contact where they are about one.

    Examples are sent once, and bounds in rounds; of random cases there is no end.
    """

    name: str
    schema: _Schema
    steps: Steps
    coverage: Coverage
    phase: Phase
    mode: Mode

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice."""
        draw = self.steps.session.random(f"{self.name} {turn}")
        for operation, cases in _grouped(self._cases(turn, draw)):
            size = _TOGETHER.get(operation.kind, _USUALLY_TOGETHER)
            for start in range(0, len(cases), size):
                walk = begin(None)
                self._send(walk, operation, cases[start : start + size], draw)
                finish(walk)

    def _cases(self, turn: int, draw: random.Random) -> Sequence[tuple[Operation, Generated]]:
        if self.phase == "fuzzing":
            return self.schema.fuzzed(self.mode, draw, _FUZZED, 4)
        some: list[tuple[Operation, Generated]] = []
        for operation in self.steps.permitted:
            cases = self.schema.every(self.phase, self.mode, operation, draw)
            if self.phase == "examples" and turn > 0:
                break
            count = min(len(cases), _SLICE // len(self.steps.permitted)) if self.phase != "examples" else len(cases)
            rounds, start = divmod(turn * count, max(1, len(cases)))
            order = self.steps.session.random(f"{self.name} {operation} {rounds}").sample(cases, len(cases))
            some += [(operation, case) for case in order[start : start + count]]
        return some

    def _send(self, walk: Walk, operation: Operation, cases: Sequence[Generated], draw: random.Random) -> None:
        needs_one = operation.kind in _OF_A_CONTACT or operation.lists
        if needs_one and self.steps.may_create:
            plain = self.steps.creation(0, draw, whole=draw.random() < 0.5)
            if walk.take(plain) is None:
                return
        for case in cases:
            turned = self.steps.of(operation, case, len(walk.steps), draw, negative=self.mode == "negative")
            if turned is None:
                continue
            if walk.take(turned.step) is None:
                return
            self._note(operation, turned)

    def _note(self, operation: Operation, turned: Turned) -> None:
        self.coverage.note(
            operation,
            self.phase,
            self.mode,
            turned.step.expects,
            parts=turned.parts,
            turned=turned.turned,
            doubtful=turned.doubtful,
        )


def _grouped(cases: Sequence[tuple[Operation, Generated]]) -> Iterator[tuple[Operation, list[Generated]]]:
    """The cases of each operation, in the order of their first ones."""
    for operation in {o.id: o for o, _ in cases}.values():
        yield operation, [case for o, case in cases if o is operation]
