import random

import pytest
from tests.unit.making import a_target

from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin import cutting
from contacts_conformance.target import Limits
from contacts_conformance.verdicts import shard
from contacts_conformance.verdicts.shard import Place

COHORTS = {
    "a": frozenset({"x"}),
    "b": frozenset({"y"}),
    "c": frozenset({"x", "y"}),
    "d": frozenset({"z"}),
    "e": frozenset(),
}
SIZES = {"a": 5, "b": 1, "c": 2, "d": 6, "e": 3}


class _Option:
    def __init__(self, shard: str = "") -> None:
        self.shard = shard


def test_modules_that_share_a_cohort_stay_together_also_by_way_of_another() -> None:
    assert cutting.groups(COHORTS) == [{"a", "b", "c"}, {"d"}, {"e"}]


def test_modules_without_a_cohort_are_groups_of_their_own() -> None:
    assert cutting.groups({"a": frozenset(), "b": frozenset()}) == [{"a"}, {"b"}]


def test_each_module_is_in_one_part_and_the_parts_are_alike_in_size() -> None:
    assert cutting.parts(cutting.groups(COHORTS), SIZES, 2) == [{"a", "b", "c"}, {"d", "e"}]


def test_the_cut_does_not_depend_on_the_order() -> None:
    mixed = list(COHORTS)
    random.Random(1).shuffle(mixed)

    cut = cutting.parts(cutting.groups({m: COHORTS[m] for m in mixed}), {m: SIZES[m] for m in mixed}, 3)

    assert cut == cutting.parts(cutting.groups(COHORTS), SIZES, 3)


def test_a_cut_travels_from_a_worker() -> None:
    cut = cutting.Cut(("a", "b"), (("liondesk.x",), ()))

    assert cutting.unpack(cut.packed()) == cut


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "1/0", "a/b", "1/2/3", "-1/2", "1 / 2"])
def test_what_is_no_part_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="as in 1/2"):
        shard.parse(text)


def test_a_part_is_read_and_written() -> None:
    assert shard.parse("2/3") == Place(2, 3)
    assert str(Place(2, 3)) == "2/3"


@pytest.mark.parametrize(
    ("text", "worker", "named"), [("", "", ""), ("", "gw1", "gw1"), ("2/3", "", "s2"), ("2/3", "gw1", "s2-gw1")]
)
def test_exchanges_of_different_parts_have_different_ids(text: str, worker: str, named: str) -> None:
    assert cutting.name_of(_Option(text), worker) == named


@pytest.mark.parametrize(("text", "rate"), [("", 12), ("1/3", 4)])
def test_all_parts_share_the_limits(text: str, rate: float) -> None:
    target = a_target(limits=Limits(requests_per_second=12))

    assert cutting.share_of(target, _Option(text)).limits.requests_per_second == rate
