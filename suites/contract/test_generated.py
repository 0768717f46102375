"""Operations of the contract: requests that Schemathesis generates from it.

These are the contract's examples, values at its limits, and random values; deep runs send sequences, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.verdicts.outcomes import Judge

if TYPE_CHECKING:  # Schemathesis takes longer to load than all that runs without it need
    from contacts_conformance.checks.fuzzing import Finding

ASPECTS = ("accepts", "no-server-error", "status", "content-type", "body")
COVERAGE = {"list": 1, "create": 1, "change": 1, "read": 0, "remove": 0}
RANDOM = {"list": 0, "create": 0, "change": 0, "read": 1, "remove": 0}


def _expect_carried_out(judge: Judge, operation: Operation, findings: list[Finding]) -> None:
    """Each generated request of the operation succeeded and was answered as documented."""
    from contacts_conformance.checks.fuzzing import expect_held

    for aspect in ASPECTS:
        with judge(f"operation.{operation}.{aspect}"):
            expect_held(findings, operation, aspect)


@each(operation=Contract.generated_operations)
@requirement(*(f"operation.{{operation}}.{a}" for a in ASPECTS))
def test_generated_requests_are_carried_out(operation: Operation, session: Session, judge: Judge) -> None:
    from contacts_conformance.checks.fuzzing import Generator

    generator: Generator = session.once("generator", lambda: Generator(session))

    findings = generator.run(operation, coverage=COVERAGE[operation.kind], fuzzing=RANDOM[operation.kind])

    _expect_carried_out(judge, operation, findings)
