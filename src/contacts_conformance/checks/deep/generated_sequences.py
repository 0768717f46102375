"""Plans of a few steps that follow one another: by the links of the contract, and by what answers yield."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from contacts_conformance.checks.deep.coverage import Coverage
from contacts_conformance.checks.deep.generated_steps import Steps, Turned
from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.checks.fuzzing.inside import Generated
from contacts_conformance.contract import Field, Operation, resolve
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.modelling import Model
from contacts_conformance.providers.plans import MARK, Step

_PLANS, _STEPS = 8, 5
_WORD = re.compile("[a-z0-9]{1,40}")


@dataclass
class Sequences:
    """The source of sequences: a creation, and then whatever can follow it."""

    steps: Steps
    coverage: Coverage
    some: Callable[[Operation, random.Random, int], list[Generated]]
    """Random cases of an operation, so many."""
    name: str = "sequences"

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice."""
        if not self.steps.may_create:
            return
        draw = self.steps.session.random(f"{self.name} {turn}")
        cases = {o.id: self.some(o, draw, _PLANS) for o in self._following() if o.kind != "remove"}
        for _ in range(_PLANS):
            walk = begin(None)
            self._send(walk, cases, draw)
            finish(walk)

    def _send(self, walk: Walk, cases: dict[str, list[Generated]], draw: random.Random) -> None:
        answer = walk.take(self.steps.creation(0, draw, whole=True))
        for _ in range(_STEPS):
            if answer is None or walk.over:
                return
            filtering = list(self._by_values(walk, answer)) if draw.random() < 0.4 else []
            following = self._following()
            if not (filtering or following):
                return
            operation = draw.choice(following) if following else None
            if filtering or operation is None:
                operation, turned = draw.choice(filtering)
            else:
                made = self._linked(operation, cases, len(walk.steps), draw)
                if made is None:
                    continue
                turned = made
            answer = walk.take(turned.step)
            self.coverage.note(
                operation, "sequence", "positive", turned.step.expects, parts=turned.parts, turned=turned.turned,
                doubtful=turned.doubtful,
            )  # fmt: skip
            if operation.kind == "remove":
                return

    def _following(self) -> list[Operation]:
        """The operations that the contract links to a creation, as far as they are permitted."""
        contract = self.steps.session.contract
        names: set[str] = set()
        for node in contract.operation("create").raw["responses"].values():
            for link in resolve(contract.document, node).get("links", {}).values():
                names.add(resolve(contract.document, link).get("operationId", ""))
        return [o for o in self.steps.permitted if o.id in names]

    def _linked(
        self, operation: Operation, cases: dict[str, list[Generated]], place: int, draw: random.Random
    ) -> Turned | None:
        """A step of an operation about the contact that was created."""
        if operation.kind == "remove":
            return Turned(Step("remove", of=0), parts=("path",))
        if operation.kind == "change" and draw.random() < 0.5:
            return self._dense_change(operation, draw)
        mine = cases.get(operation.id, [])
        case = draw.choice(mine) if mine else Generated()
        return self.steps.of(operation, case, place, draw, negative=False)

    def _dense_change(self, operation: Operation, draw: random.Random) -> Turned:
        """A change to texts of the kinds that programs stumble over."""
        plain = self.steps.creation(0, draw, whole=True).values
        fields = [f for n in plain if (f := self.steps.session.contract.field(n)).is_text and not f.enum]
        free = [f for f in fields if "change" in f.writeable and not (f.shape or f.required)]
        some = draw.sample(free, min(len(free), draw.randrange(1, 4)))
        needed = {f.name: plain[f.name] for f in self.steps.session.contract.fields if "change" in f.required}
        step = Step("change", of=0, values={**needed, **{f.name: plain[f.name] for f in some}})
        return Turned(step, parts=("body", *(f"body {f.name}" for f in some)))

    def _by_values(self, walk: Walk, answer: Answer) -> Iterator[tuple[Operation, Turned]]:
        """Lists that an answer gives the values for: filtered by what a contact of the plan shows."""
        provider = self.steps.session.provider
        record = self._own(walk, answer)
        for operation in self.steps.permitted:
            if operation.lists == "marked":
                yield operation, Turned(Step(operation.kind, role=self.steps.role(operation), at=MARK), parts=("path",))
            elif operation.kind == "list":
                yield (
                    operation,
                    Turned(Step("list", query=provider.mark_filter(dict.fromkeys(provider.markers[:1], MARK)))),
                )
                for name, value in (record or {}).items():
                    query = provider.mark_filter({name: value}) if isinstance(value, str) else ()
                    field = self.steps.session.contract.find_field(name)
                    if query and field is not None and self._filters_by(field) and name not in provider.markers:
                        sure = field.is_text and _WORD.fullmatch(str(value)) is not None and not field.shape
                        step = Step("list", query=tuple((n, v.replace(walk.mark, MARK)) for n, v in query))
                        step = step if sure else replace(step, expects="")
                        yield operation, Turned(step, parts=tuple(f"query {n}" for n, _ in query))

    def _filters_by(self, field: Field) -> bool:
        """Whether lists can be filtered by a field: those that the contract says are, or else any that reads back."""
        searchable = self.steps.session.contract.searchable_fields
        return field.searchable if searchable else field.reads_back

    def _own(self, walk: Walk, answer: Answer) -> Record | None:
        """The contact of the plan that an answer shows."""
        provider = self.steps.session.provider
        if not answer.succeeded:
            return None
        page = provider.page(answer)
        shown = [*(page.records if page is not None else ()), provider.record(answer)]
        return next((r for r in shown if r is not None and provider.id_of(r) in walk.ids), None)
