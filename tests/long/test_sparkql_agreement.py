"""Twenty thousand filters: the oracle and the reference server, which share no code, find the same contacts.

Run it by its path; the default tests leave this folder out. With `-n 2` both cores work at it.
"""

import pytest

from ..reference.spark.agreement import PER_COHORT, agree

FILTERS, PARTS = 20_000, 8


@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_oracle_and_server_find_the_same(part: int) -> None:
    compared = agree(FILTERS // PARTS // PER_COHORT, start=part)

    print(f"{compared.filters} filters, {compared.telling} of them telling")  # noqa: T201  (a figure to read off)
    assert compared.filters >= FILTERS // PARTS
    assert compared.telling > compared.filters / 3
