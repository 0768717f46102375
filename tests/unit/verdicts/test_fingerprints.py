import ast
import re

import pytest

from contacts_conformance.contract import resources
from contacts_conformance.model import Outcome
from contacts_conformance.verdicts import fingerprints

from ..making import a_fact, an_exchange

ANSWER = 'GET http://127.0.0.1:{port}/contacts/{id}?company={tag}x1 as owner → {status} \'{{"id":{id},"a":"{tag}"}}\''
LONG = f"x was sent as '{'a' * 99} … (300 characters in all)"


def answer(status: int = 404, *, port: int = 4711, number: int = 1, tag: str = "cc0a1b2c3d") -> str:
    return ANSWER.format(port=port, id=number, tag=tag, status=status)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (answer(), answer(port=5000, number=98765, tag="ccffffff01")),
        ("the total is 7, not 3", "the total is 12, not 9"),
        ("email was sent as 'a@b.example' and reads 'c'", "email was sent as \"it's\" and reads '\\''"),
        ("too many, [{'id': '1', 'x': 'a'}]", "too many, [{'id': '7'}, {'id': '8', 'y': None}]"),
        ("at 2024-02-29T12:00:00.000Z", "at 2026-11-23T08:15:30Z"),
        ("found {'b': 1, 'a': [2, 3]}", "found {'a': 'x', 'b': {'c': 5}}"),
        ("name[$eq]=amber: GET", "name[$eq]=birch: GET"),
        ("it is wrong\nassert 1 == 2\n  + where 1 = f()", "it is wrong\nassert 3 == 4"),
        ("assert {'a': 1, 'b': 2} == {}\n  Use -v to get more diff", "assert {'a':...'b': 3} == {'c': 1}"),
        (f"{LONG} and reads 'b'", "x was sent as 'a' and reads 'c'"),
    ],
)
def test_what_a_run_brings_along_leaves_no_trace(one: str, other: str) -> None:
    assert fingerprints.masked(one) == fingerprints.masked(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (answer(404), answer(403)),
        ("the answer is 500", "the answer is 502"),
        ("email reads 'a'", "email reads None"),
        ("email reads 'a'", "email reads ''"),
        ("missing [{'id': '1'}], too many []", "missing [], too many [{'id': '1'}]"),
        ("also changed: {'email': 1}", "also changed: {'fax': 1}"),
        (answer() + ", yet the contact is gone", answer()),
        ("POST http://h/c with {\"fax\": 1} as owner → 400 ''", "POST http://h/c with {\"tags\": 1} as owner → 400 ''"),
        ("assert 1 == 2", "assert 1 < 2"),
        (f"{LONG} and reads 'b'", f"{LONG}: refused"),
    ],
)  # fmt: skip
def test_another_behaviour_shows(one: str, other: str) -> None:
    assert fingerprints.masked(one) != fingerprints.masked(other)


def test_nothing_of_a_contact_is_left() -> None:
    message = f"email was sent as 'ada@lovelace.example' and reads 'no': {answer()}"

    assert fingerprints.masked(message) == "email was sent as '…' and reads '…': GET → 404"


@pytest.mark.parametrize(
    "hostile", ["'", '"', "[", "{'a': ", "(((", "\\", "'\\", "\x1b[2J\u202e", "\x00", "… (", "→ 200", "[" * 5000]
)
def test_any_text_becomes_one_printable_line(hostile: str) -> None:
    line = fingerprints.masked(f"it says {hostile} and more")

    assert line.isprintable()
    assert len(line) <= fingerprints.LONGEST + 20


def test_a_long_line_is_cut_and_still_tells_its_end() -> None:
    long = "wrong " * 100

    assert fingerprints.masked(long + "here") != fingerprints.masked(long + "there")


def test_a_fingerprint_is_of_the_broken_checks_alone_and_sorted() -> None:
    facts = [
        a_fact(Outcome.BROKEN, "it is gone", check="suites/a/test_a.py::test_two[x]"),
        a_fact(Outcome.HELD, check="suites/a/test_a.py::test_three"),
        a_fact(Outcome.BROKEN, "it is gone", check="suites/a/test_a.py::test_one"),
    ]

    assert fingerprints.of(facts) == ("test_one → it is gone", "test_two[x] → it is gone")


def test_checks_that_depend_on_the_seed_count_only_alone() -> None:
    certain = a_fact(Outcome.BROKEN, "it is gone", check="t.py::test_plainly")
    varying = a_fact(
        Outcome.BROKEN, f"17 generated requests; the first: {answer(500)}", check="t.py::test_generated_x[op]"
    )
    passing = a_fact(Outcome.BROKEN, f"the answer is 500\n{answer(500)}", check="every exchange")

    assert fingerprints.of([certain, varying, passing]) == ("test_plainly → it is gone",)
    assert fingerprints.of([varying, passing]) == ("every exchange → the answer is 500", "test_generated_x[op] → 500")


def test_the_status_of_an_answer_that_was_cut_comes_from_its_exchange() -> None:
    fact = a_fact(Outcome.BROKEN, "GET http://h/contacts?a=1&b...ong', tail'", exchanges=("1",))
    exchange = an_exchange(url="http://h/contacts?a=1&b=2", status=418)

    assert fingerprints.of([fact], {"1": exchange}) == ("test_b → GET → 418",)


A, B, C = ("test_a → GET → 404", "test_b → gone", "test_a → GET → 500")
RANDOM = "test_random_x → 200"


@pytest.mark.parametrize(
    ("before", "now", "ran", "same_seed", "new", "gone"),
    [
        ([A, B], [A, B], ["test_a", "test_b"], True, (), ()),
        ([A, B], [A], ["test_a", "test_b"], True, (), (B,)),
        ([A, B], [A], ["test_a"], True, (), ()),  # test_b did not run
        ([A], [C], ["test_a"], True, (C,), (A,)),
        ([A], [A, B], ["test_a", "test_b"], True, (B,), ()),
        ([A], [A, B], ["test_a", "test_b"], False, (), ()),  # another seed: one in common
        ([A], [C], ["test_a"], False, (C,), (A,)),
        ([C], ["test_generated_x → 200 500"], ["test_a"], False, (), ()),  # an error in common
        ([A], [RANDOM], ["test_a", "test_random_x"], True, (RANDOM,), (A,)),
        ([A], [RANDOM], ["test_random_x"], True, (), ()),
        ([RANDOM], [A], ["test_a"], True, (A,), ()),
        ([RANDOM], ["test_random_y → 200"], ["test_random_y"], True, (), ()),
        ([RANDOM], ["test_random_x → 500"], ["test_random_x"], True, ("test_random_x → 500",), ()),
    ],
)  # fmt: skip
def test_a_difference_names_what_is_new_and_what_is_gone(
    before: list[str], now: list[str], ran: list[str], same_seed: bool, new: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    found = fingerprints.difference(before, now, ran, same_seed=same_seed)

    assert (found.new, found.gone) == (new, gone)


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
