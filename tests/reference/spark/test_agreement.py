"""The oracle and the reference server, over a few filters; tests/long has many."""

from .agreement import PER_COHORT, agree


def test_oracle_and_server_find_the_same() -> None:
    compared = agree(300 // PER_COHORT, start=0)

    assert compared.filters >= 300
    assert compared.telling > compared.filters / 3
