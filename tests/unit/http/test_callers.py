from __future__ import annotations

import pytest

from contacts_conformance.http.callers import caller

from ..making import an_exchange


@pytest.mark.parametrize(
    ("identity", "headers", "said"),
    [
        ("owner", (("Authorization", "Bearer ${OWNER_TOKEN}"),), "as owner"),
        ("owner", (("Authorization", "Bearer [removed]"),), "as owner, with a wrong token"),
        ("anonymous", (("Authorization", "Bearer [removed]"),), "with a wrong token"),
        ("anonymous", (("Apikey", "[removed]"),), "with wrong credentials"),
        ("anonymous", (("Apikey", "${STRANGER_KEY}"),), "with ${STRANGER_KEY}"),
        ("anonymous", (("Accept", "application/json"),), "without credentials"),
    ],
)
def test_an_exchange_says_as_whom_it_was_sent(identity: str, headers: tuple[tuple[str, str], ...], said: str) -> None:
    assert caller(an_exchange(identity=identity, request_headers=headers)) == said


def test_credentials_in_a_query_are_told() -> None:
    sent = an_exchange(identity="anonymous", url="http://h/v1/session?ApiKey=${KEY}", request_headers=())

    assert caller(sent) == "with ${KEY}"
