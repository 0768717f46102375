import random
from typing import Any

import pytest

from contacts_conformance import contract, providers
from contacts_conformance.checks.fuzzing.queries import PARAMETERS, ListQueries, fitting


def of(provider: str) -> ListQueries:
    return ListQueries(contract.load(provider), providers.load(provider))


def names(queries: ListQueries, seed: int = 0) -> list[str]:
    return [p["name"] for p in queries.chosen(random.Random(seed))]


def test_without_shaping_only_what_the_contract_calls_self_contained_is_generated() -> None:
    spark = of("spark")

    assert sorted(names(spark)) == ["_expand", "_limit", "_orderby", "_pagination", "_select"]


def test_parameters_for_paging_are_always_generated_and_few_others() -> None:
    liondesk = of("liondesk")

    for seed in range(50):
        chosen = names(liondesk, seed)
        assert chosen[:2] == ["$limit", "$skip"]
        assert 2 < len(chosen) <= PARAMETERS + 2
        assert len(set(chosen)) == len(chosen)


def test_the_seed_says_which_parameters_are_generated() -> None:
    liondesk = of("liondesk")

    assert names(liondesk, 1) == names(liondesk, 1) != names(liondesk, 2)


def test_no_two_chosen_parameters_exclude_each_other() -> None:
    liondesk = of("liondesk")
    mixed = [
        c for c in (names(liondesk, s) for s in range(50)) if any(n.partition("[")[0] in c and "[" in n for n in c)
    ]

    assert mixed == []


def test_a_query_keeps_to_what_may_be_generated() -> None:
    generated = {"_limit": "5", "_filter": "anything", "no-such": "1", "_select": "Id"}

    assert of("spark").fair(generated) == (("_limit", "5"), ("_select", "Id"))


def test_every_value_of_a_list_is_made_fair() -> None:
    assert of("liondesk").fair({"last_name[$in]": ["Ada", "b"], "$limit": 99}) == (
        ("last_name[$in]", "xda"),
        ("last_name[$in]", "b"),
        ("$limit", "10"),
    )


@pytest.mark.parametrize(
    ("schema", "value", "fit"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 25}, "25", "25"),
        ({"type": "integer", "minimum": 1, "maximum": 25}, "26", "7"),
        ({"type": "integer"}, "1.5", "7"),
        ({"type": "integer"}, "12345678901", "7"),
        ({"type": "string", "enum": ["0", "count"]}, "count", "count"),
        ({"type": "string", "enum": ["0", "count"]}, "2", "7"),
    ],
)
def test_a_value_that_does_not_fit_gives_way_to_the_example(schema: dict[str, Any], value: str, fit: str) -> None:
    assert fitting({"schema": schema, "example": 7}, value) == fit
