import ast
import re

import pytest

from contacts_conformance.contract import resources
from contacts_conformance.model import Fact, Outcome
from contacts_conformance.verdicts import fingerprints

from ..making import a_breach, a_fact

PLAIN = "suites/a/test_a.py::test_one"
GENERATED = "suites/a/test_a.py::test_generated_x[op]"


def broken(check: str = PLAIN, message: str = "", **changes: str) -> Fact:
    return a_fact(Outcome.BROKEN, message, check=check, breach=a_breach(**changes))


def test_a_line_is_made_of_values_and_of_no_message() -> None:
    one = broken(message="ada@lovelace.example is 5", got="5", expected="7", exchange="1")
    other = broken(message="it says otherwise", got="6", expected="8", exchange="2")

    assert fingerprints.of([one]) == fingerprints.of([other]) == ("company: value other text",)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"kind": "status", "observed": "500"}, "company: status 500"),
        ({"observed": "missing"}, "company: value missing"),
        ({"subject": "tags"}, "tags: value other text"),
        ({"subject": ""}, "value other text"),
    ],
)
def test_another_behaviour_shows(change: dict[str, str], line: str) -> None:
    assert fingerprints.of([broken(**change)]) == (line,)


@pytest.mark.parametrize("hostile", ["\x1b[2J\u202e", "\x00", "a → b", "x" * 5000])
def test_any_value_becomes_one_printable_line_of_this_version(hostile: str) -> None:
    (line,) = fingerprints.of([broken(observed=hostile)])

    assert line.isprintable()
    assert len(line) <= 200
    assert not fingerprints.is_earlier(line)


def test_a_fingerprint_is_of_what_is_broken_alone_sorted_and_without_repetition() -> None:
    facts = [
        broken(subject="two"),
        a_fact(Outcome.HELD),
        broken(subject="one"),
        broken("suites/a/test_a.py::test_other", subject="one"),
    ]

    assert fingerprints.of(facts) == ("one: value other text", "two: value other text")


def test_checks_that_depend_on_the_seed_count_only_alone() -> None:
    varying = [broken(GENERATED, observed="cut"), broken("every exchange", kind="status", observed="500")]

    assert fingerprints.of([broken(), *varying]) == ("company: value other text",)
    assert fingerprints.of(varying) == ("company: status 500 (generated)", "company: value cut (generated)")


A, B, C = ("status 404", "tags: value missing", "status 500")
RANDOM = "status 200 (generated)"


@pytest.mark.parametrize(
    ("before", "now", "whole", "same_seed", "new", "gone"),
    [
        ([A, B], [A, B], True, True, (), ()),
        ([A, B], [A], True, True, (), (B,)),
        ([A, B], [A], False, True, (), ()),  # not every check ran
        ([A], [C], True, True, (C,), (A,)),
        ([A], [A, B], True, True, (B,), ()),
        ([A], [A, B], True, False, (), ()),  # another seed: one in common
        ([A], [C], True, False, (C,), (A,)),
        ([RANDOM], [A], True, False, (A,), ()),  # another seed need not show it
        ([RANDOM], [A], True, True, (A,), (RANDOM,)),
    ],
)  # fmt: skip
def test_a_difference_names_what_is_new_and_what_is_gone(
    before: list[str], now: list[str], whole: bool, same_seed: bool, new: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    found = fingerprints.difference(before, now, same_seed=same_seed, whole=whole)

    assert (found.new, found.gone) == (new, gone)


EARLIER = ["test_one → GET → 404, yet the contact is gone"]


@pytest.mark.parametrize(
    ("fact", "new"),
    [
        (broken(kind="status", observed="404"), ()),
        (broken(kind="status", observed="500"), ("company: status 500",)),
        (broken(observed="cut"), ()),  # what it was then cannot be known
        (broken("suites/a/test_a.py::test_two", observed="cut"), ("company: value cut",)),
        (broken(GENERATED, observed="cut"), ()),
    ],
)
def test_lines_of_an_earlier_version_hold_for_the_same_checks_and_statuses(fact: Fact, new: tuple[str, ...]) -> None:
    assert fingerprints.difference_from_earlier(EARLIER, [fact]).new == new


def test_a_fingerprint_says_whether_it_depends_on_the_seed() -> None:
    assert fingerprints.depends_on_seed([RANDOM, "test_random_b → 500"])
    assert not fingerprints.depends_on_seed([RANDOM, A])
    assert not fingerprints.depends_on_seed(EARLIER)


def test_checks_that_generate_say_so_in_their_names() -> None:
    silent = []
    for path in sorted(resources.suites().rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                generates = re.search(r"hypothesis\.given|\bgenerator\.", ast.unparse(node))
                if generates and not fingerprints.varies(node.name):
                    silent.append(f"{path.name}::{node.name}")

    assert not silent, (
        f"their names need the word random or generated, since what they see depends on the seed: {silent}"
    )
