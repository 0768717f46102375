"""Generates the cases of a session by Schemathesis, and sends them turned towards the run's own contacts."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contacts_conformance.account.cohort import Cohort, read_back
from contacts_conformance.checks.fuzzing import bodies, inside
from contacts_conformance.checks.fuzzing.findings import Finding, judge
from contacts_conformance.checks.fuzzing.inside import BaseSchema, GeneratedCase, GeneratedOperation
from contacts_conformance.checks.fuzzing.queries import ListQueries
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Operation
from contacts_conformance.contract.examples import load_examples
from contacts_conformance.contract.validity import METHODS
from contacts_conformance.errors import Disturbed, Oversized
from contacts_conformance.http.messages import Answer, unread
from contacts_conformance.model import Query


@dataclass
class Generator:
    """Generates the cases of one session."""

    session: Session
    schema: BaseSchema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = inside.loaded(self._document(), self.session.target.base_url, self.session.seed)

    def operations(self) -> Iterator[tuple[Operation, GeneratedOperation]]:
        """The operations on contacts, as the contract and as Schemathesis know them."""
        by_place = {(o.method, o.path): o for o in self.session.contract.contact_operations}
        for generated in inside.operations(self.schema):
            operation = by_place.get((generated.method.upper(), generated.path))
            if operation is not None:
                yield operation, generated

    def run(self, operation: Operation, *, coverage: int, fuzzing: int) -> list[Finding]:
        """Sends the examples, so many coverage cases and so many random ones; what the answers showed.

        Of bodies that the page prints there are examples enough: they are sent in the form that they have there.
        Cases that the network disturbed show nothing; Disturbed where it disturbed all of them.
        """
        theirs = next(o for mine, o in self.operations() if mine is operation)
        findings, undisturbed = list[Finding](), _Undisturbed()

        def send(case: GeneratedCase) -> None:
            with undisturbed:
                findings.extend(self.send(operation, case))

        printed = {e.of for e in load_examples(self.session.contract.provider)} & {"create", "change"}
        examples = () if operation.kind in printed else inside.examples(theirs)
        for case in [*examples, *self._coverage(theirs, coverage)]:
            send(case)
        if fuzzing:
            self._fuzz(theirs, fuzzing, send)
        undisturbed.expect_some(findings)
        return findings

    # One case

    def send(self, operation: Operation, case: GeneratedCase) -> list[Finding]:
        """Sends one case; what the answer showed."""
        return judge(operation, case, self.ask(operation, case))

    def ask(self, operation: Operation, case: GeneratedCase) -> Answer:
        """Sends a case, turned towards the run's own contacts; of an answer that is too long, all but its body."""
        try:
            return self._ask(operation, case)
        except Oversized:
            return unread(self.session.recorder.last)

    def _ask(self, operation: Operation, case: GeneratedCase) -> Answer:
        contacts = self.session.contacts()
        body = bodies.fair(self.session, operation, case.body)
        match operation.kind:
            case "create":
                answer = contacts.send_create(contacts.complete(body))
                self.session.hand_on_created(answer)
                return answer
            case "list":
                fair = self._queries.fair(case.query or {})
                return contacts.send_list(self._cohort().narrowed(self._without_lacks(fair)))
            case "read":
                return contacts.send_read(self._cohort().ids[0])
            case "change":
                return contacts.send_change(self.session.spare().id, body or bodies.least_change(self.session))
            case _:
                return contacts.send_remove(self.session.expendable().id)

    def _without_lacks(self, query: Query) -> Query:
        """The query without what rests on something that the target lacks: rows of its own judge that."""
        contacts = self.session.contacts()
        return tuple(p for p in query if not contacts.lacking((p,)))

    @cached_property
    def _queries(self) -> ListQueries:
        return ListQueries(self.session.contract, self.session.provider)

    def _cohort(self) -> Cohort:
        def read() -> Cohort:
            plain = self.session.plain()
            return read_back(self.session.contacts(), plain.marks, [plain], [{}])

        cohort: Cohort = self.session.once("generated cohort", read)
        return cohort

    # Generation

    def _coverage(self, operation: GeneratedOperation, count: int) -> list[GeneratedCase]:
        every_case = list(inside.coverage(self.schema, operation))
        return self.session.random(f"coverage {operation.label}").sample(every_case, min(count, len(every_case)))

    def _fuzz(self, operation: GeneratedOperation, count: int, send: Callable[[GeneratedCase], None]) -> None:
        for case in inside.fuzzed(operation, "positive", self.session.seed, count):
            send(case)

    def _document(self) -> dict[str, Any]:
        """The contract's operations on contacts, with as many of the list's parameters as one run generates."""
        document: dict[str, Any] = copy.deepcopy(dict(self.session.contract.document))
        known = {(o.path, o.method.lower()) for o in self.session.contract.contact_operations}
        for path, item in list(document["paths"].items()):
            for method in METHODS:
                if method in item and (path, method) not in known:
                    del item[method]
            if not any(method in item for method in METHODS):
                del document["paths"][path]
        listing = self.session.contract.operation("list")
        raw = document["paths"][listing.path][listing.method.lower()]
        raw["parameters"] = copy.deepcopy(self._queries.chosen(self.session.random("parameters")))
        return document


class _Undisturbed:
    """Lets cases that the network disturbs pass, and remembers the first of them."""

    def __init__(self) -> None:
        self._first: Disturbed | None = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, failure: BaseException | None, traceback: object) -> bool:
        if not isinstance(failure, Disturbed):
            return False
        self._first = self._first or failure
        return True

    def expect_some(self, findings: list[Finding]) -> None:
        """Raises what disturbed the first case where no case showed anything."""
        if self._first is not None and not findings:
            raise self._first
