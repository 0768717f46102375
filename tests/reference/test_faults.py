from collections.abc import Callable

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.reference.kit.faults import Catalogue, Fault, Points, choose


class _Points(Points):
    def number(self, number: int, of: str = "") -> int:
        return self._pass("number", number, of)

    def word(self, word: str) -> str:
        return self._pass("word", word)


def _one_more(catalogue: Catalogue) -> Callable[[int], int]:
    @catalogue.fault(breaks="x.count", at="number")
    def counts_one_too_many(number: int) -> int:
        """It counts one too many.

        Nobody knows why.
        """
        return number + 1

    return counts_one_too_many


def test_a_fault_is_named_and_described_by_its_function() -> None:
    catalogue = Catalogue()
    _one_more(catalogue)

    fault = catalogue["counts-one-too-many"]

    assert (fault.breaks, fault.sentence, fault.at) == ("x.count", "It counts one too many.", "number")


def test_a_point_without_a_fault_gives_its_value_back() -> None:
    assert _Points().number(3) == 3


def test_a_fault_changes_the_value_at_its_point_alone() -> None:
    catalogue = Catalogue()
    _one_more(catalogue)
    points = _Points(catalogue["counts-one-too-many"])

    assert points.number(3, "apples") == 4
    assert points.word("three") == "three"


def test_one_function_makes_a_fault_for_each_choice() -> None:
    catalogue = Catalogue()

    @catalogue.fault(breaks="x.{thing}", at="number", each={"thing": ("apples", "old_pears"), "way": ("upSide",)})
    def miscounts(number: int, of: str, *, thing: str, way: str) -> int:
        """It miscounts {thing}."""
        return -1 if of == thing else number

    assert list(catalogue) == ["miscounts-apples-up-side", "miscounts-old-pears-up-side"]
    pears = catalogue["miscounts-old-pears-up-side"]
    assert (pears.breaks, pears.sentence) == ("x.old_pears", "It miscounts old_pears.")
    assert _Points(pears).number(3, "old_pears") == -1
    assert _Points(pears).number(3, "apples") == 3


def test_a_name_is_given_once() -> None:
    catalogue = Catalogue()
    _one_more(catalogue)

    with pytest.raises(ValueError, match="counts-one-too-many"):
        _one_more(catalogue)


def test_catalogues_are_joined_in_their_order() -> None:
    first, second = Catalogue(), Catalogue()
    _one_more(first)

    @second.fault(breaks="x.word", at="word")
    def shouts(word: str) -> str:
        """It shouts."""
        return word.upper()

    both = Catalogue(second, first)

    assert list(both) == ["shouts", "counts-one-too-many"]
    assert len(both) == 2


def test_the_points_of_a_server_are_known_by_name() -> None:
    assert _Points.names() == {"number", "word"}


def test_a_wrong_name_brings_up_the_closest_ones() -> None:
    faults = {n: Fault(n, "", "", "", str) for n in ("skip-is-ignored", "limit-is-ignored", "stored-twice")}

    with pytest.raises(UsageError, match="no fault 'skip-ignored'; did you mean skip-is-ignored"):
        choose("fault", "skip-ignored", faults)
    with pytest.raises(UsageError, match="there are 3, and none is like it"):
        choose("fault", "zzz", faults)
