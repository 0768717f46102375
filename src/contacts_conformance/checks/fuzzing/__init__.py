"""Schemathesis's cases: generated from the contract, made harmless and fair, sent by the one client, judged by rows.

Generation knows types and limits only. Before a case is sent it is turned towards what the run may touch (its own
contacts, and lists of these alone) and towards what the pages leave no doubt about (ids that the target knows, texts
of a plausible shape), so that a refusal is the server's fault.

`generator` adapts Schemathesis, `queries` and `bodies` turn what it generates, `findings` judges the answers.
"""

from contacts_conformance.checks.fuzzing.findings import Finding, expect_held
from contacts_conformance.checks.fuzzing.generator import Generator

__all__ = ["Finding", "Generator", "expect_held"]
