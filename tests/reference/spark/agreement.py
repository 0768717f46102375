"""The oracle and the reference server, asked the same: what each finds, and where they differ."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from contacts_conformance.model import Record
from contacts_conformance.oracle import sparkql
from contacts_conformance.oracle.sparkql import FieldType, strategies
from contacts_conformance.reference import spark

NOW = datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC)
FIELDS = {
    **dict.fromkeys(("DisplayName", "GivenName", "Organization"), FieldType.TEXT),
    "Tags": FieldType.TEXTS,
    **dict.fromkeys(("CreatedTimestamp", "ModificationTimestamp"), FieldType.TIMESTAMP),
    "VowActive": FieldType.BOOLEAN,
}
SIZE = 8
PER_COHORT = 50


class Clock:
    """A clock that shows what it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Comparison:
    """How many filters were compared, and how many of them told contacts apart."""

    filters: int = 0
    telling: int = 0


async def differences(
    cohort: Sequence[Record], ages: Sequence[int], filters: Sequence[str], counted: Comparison
) -> list[str]:
    """Each filter for which the two find different contacts, with what each found.

    `ages` says how many hours before the questions each contact was created.
    """
    clock = Clock()
    transport = httpx.ASGITransport(spark.application(clock=clock))
    headers = {"Authorization": "Bearer reference-private-token"}
    wrong = []
    async with httpx.AsyncClient(transport=transport, base_url="http://server", headers=headers) as client:
        for index, (values, age) in enumerate(zip(cohort, ages, strict=True)):
            clock.now = NOW - timedelta(hours=age)
            body = {**values, "PrimaryEmail": f"contact{index}@example.com"}
            (await client.post("/v1/contacts", json={"D": body})).raise_for_status()
        clock.now = NOW
        records = await _found(client, "")
        assert len(records) >= len(cohort)
        for text in filters:
            found = {r["Id"] for r in await _found(client, text)}
            right = {r["Id"] for r in sparkql.matching(FIELDS, records, text, now=NOW)}
            counted.filters += 1
            counted.telling += 0 < len(right) < len(records)
            if found != right:
                wrong.append(f"{text}: {[r for r in records if r['Id'] in found ^ right]}")
    return wrong


async def _found(client: httpx.AsyncClient, text: str) -> list[Record]:
    answer = await client.get("/v1/contacts", params={"_filter": text, "_limit": 25, "_expand": "VowActive"})
    assert answer.status_code == 200, f"{text}: {answer.text}"
    results: list[Record] = answer.json()["D"]["Results"]
    return results


def agree(cohorts: int, start: int) -> Comparison:
    """Compares the two over so many cohorts of contacts, `PER_COHORT` filters each.

    Raises AssertionError for a cohort over which they differ.
    """
    counted = Comparison()

    @seed(start)
    @settings(
        max_examples=cohorts,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cohort = data.draw(strategies.cohorts(FIELDS, size=SIZE, settled=False))
        ages = data.draw(st.lists(st.integers(0, 1000), min_size=SIZE, max_size=SIZE))
        stamps = [(NOW - timedelta(hours=age)).isoformat() for age in ages]
        known = [{**c, "CreatedTimestamp": t, "ModificationTimestamp": t} for c, t in zip(cohort, stamps, strict=True)]
        one = strategies.filters(FIELDS, known, settled=False)
        filters = data.draw(st.lists(one, min_size=PER_COHORT, max_size=PER_COHORT))
        assert not asyncio.run(differences(cohort, ages, filters, counted))

    compare()
    return counted
