"""The register is closed: every row is judged or excluded, every check has a row, every tested row has a proof."""

import pytest

from contacts_conformance import contract, reference
from contacts_conformance.contract import register
from contacts_conformance.model import Level
from contacts_conformance.pytest_plugin import collect

PROVIDERS = contract.providers()
each_provider = pytest.mark.parametrize("provider", PROVIDERS)


@each_provider
def test_no_row_is_without_a_check_or_an_exclusion(provider: str) -> None:
    judged = {r for bound in collect.checks(provider).values() for r in bound}

    assert [r.id for r in register.load(provider).tested() if r.id not in judged] == []


@each_provider
def test_no_check_is_without_a_row(provider: str) -> None:
    known = {r.id for r in register.load(provider)}

    assert {n: b for n, b in collect.checks(provider).items() if not b or set(b) - known} == {}


@each_provider
def test_no_excluded_row_is_judged_and_each_says_why(provider: str) -> None:
    excluded = [r for r in register.load(provider) if r.excluded]
    judged = {r for bound in collect.checks(provider).values() for r in bound}

    assert not judged & {r.id for r in excluded}
    assert all(len(r.excluded) > 20 for r in excluded)


@each_provider
def test_no_tested_must_or_should_is_without_a_fault(provider: str) -> None:
    broken = {f.breaks for f in reference.load(provider).FAULTS.values()}
    tested = {r.id for r in register.load(provider).tested() if r.level is not Level.MAY}

    assert sorted(tested - broken) == []


@each_provider
def test_every_fault_breaks_a_tested_row(provider: str) -> None:
    tested = {r.id for r in register.load(provider).tested()}

    assert {n: f.breaks for n, f in reference.load(provider).FAULTS.items() if f.breaks not in tested} == {}


@each_provider
def test_every_row_reads_well(provider: str) -> None:
    for row in register.load(provider):
        assert row.id.startswith(f"{provider}."), row.id
        assert row.statement.strip().endswith("."), row.id
        assert row.source.section, row.id
