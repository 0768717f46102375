from collections.abc import Callable

import pytest

from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.kit.hooks import Hook, Hooks


class _Hooks(Hooks):
    number = Hook[int, [str]]()
    word = Hook[str, []]()


def _one_more(faults: Catalogue) -> Callable[[int], int]:
    @faults.fault(breaks="x.count", at=_Hooks.number)
    def counts_one_too_many(number: int) -> int:
        """It counts one too many.

        Nobody knows why.
        """
        return number + 1

    return counts_one_too_many


def test_a_fault_is_named_and_described_by_its_function() -> None:
    faults = Catalogue()
    _one_more(faults)

    fault = faults["counts-one-too-many"]

    assert (fault.breaks, fault.sentence, fault.at) == ("x.count", "It counts one too many.", _Hooks.number)


def test_one_function_makes_a_fault_for_each_choice() -> None:
    faults = Catalogue()

    @faults.fault(breaks="x.{thing}", at=_Hooks.number, each={"thing": ("apples", "old_pears"), "way": ("upSide",)})
    def miscounts(number: int, of: str, *, thing: str, way: str) -> int:
        """It miscounts {thing}."""
        return -1 if of == thing else number

    assert list(faults) == ["miscounts-apples-up-side", "miscounts-old-pears-up-side"]
    pears = faults["miscounts-old-pears-up-side"]
    assert (pears.breaks, pears.sentence) == ("x.old_pears", "It miscounts old_pears.")
    assert _Hooks(pears).number(3, "old_pears") == -1
    assert _Hooks(pears).number(3, "apples") == 3


def test_a_name_is_given_once() -> None:
    faults = Catalogue()
    _one_more(faults)

    with pytest.raises(ValueError, match="counts-one-too-many"):
        _one_more(faults)


def test_catalogues_are_joined_in_their_order() -> None:
    first, second = Catalogue(), Catalogue()
    _one_more(first)

    @second.fault(breaks="x.word", at=_Hooks.word)
    def shouts(word: str) -> str:
        """It shouts."""
        return word.upper()

    both = Catalogue(second, first)

    assert list(both) == ["shouts", "counts-one-too-many"]
    assert len(both) == 2


def test_a_function_that_declares_faults_returns_their_catalogue() -> None:
    @catalogue
    def of(fault: Register, provider: str) -> None:
        @fault(breaks=f"{provider}.word", at=_Hooks.word)
        def shouts(word: str) -> str:
            """It shouts."""
            return word.upper()

    assert {name: fault.breaks for name, fault in of("x").items()} == {"shouts": "x.word"}
    assert of("y")["shouts"].breaks == "y.word"
