"""Which faults a proof runs."""

import pytest

from contacts_conformance import reference
from contacts_conformance.proof import kill_matrix
from contacts_conformance.proof.kill_matrix import Case

FAULTS = reference.faults("liondesk")
ALL = kill_matrix.cases("liondesk", variants=False)


def rows(cases: tuple[Case, ...]) -> list[str]:
    return [FAULTS[c.name].breaks for c in cases]


def test_one_of_each_row_proves_every_row_that_has_a_fault_once() -> None:
    some = kill_matrix.one_of_each_row(ALL, seed=0)

    assert sorted(rows(some)) == sorted(set(rows(ALL)))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_draws_the_same_faults_again(seed: int) -> None:
    assert kill_matrix.one_of_each_row(ALL, seed) == kill_matrix.one_of_each_row(ALL, seed)


def test_another_seed_draws_others() -> None:
    assert kill_matrix.one_of_each_row(ALL, 1) != kill_matrix.one_of_each_row(ALL, 2)


def test_variants_and_drawn_faults_stay() -> None:
    others = (Case("liondesk", "variant", "a"), Case("liondesk", "variant", "b"), Case("liondesk", "drawn", "c"))

    assert set(others) <= set(kill_matrix.one_of_each_row((*ALL, *others), 0))
