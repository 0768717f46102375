"""The server's own table of attributes says the same as the contract, which was read from the page separately."""

from contacts_conformance import contract
from contacts_conformance.reference import spark
from contacts_conformance.reference.spark.attributes import ATTRIBUTES, LIMITED, PERMITTED, SEARCHABLE
from contacts_conformance.reference.spark.operations import OPERATIONS

CONTRACT = contract.load("spark")


def test_the_figures_are_those_of_the_page() -> None:
    limits = [ATTRIBUTES[name].limit for name in LIMITED]

    assert len(SEARCHABLE) == 42
    assert len(PERMITTED) == 17
    assert {n: limits.count(n) for n in set(limits)} == {2: 1, 75: 3, 300: 32, 10_000: 1}


def test_limits_are_those_of_the_contract() -> None:
    theirs = {f.name: f.max_length for f in CONTRACT.limited_fields}

    others = {"Tags", "Note"}  # whose limits the register states in words of their own
    assert {name: ATTRIBUTES[name].limit for name in LIMITED if name not in others} == theirs


def test_what_can_be_written_is_that_of_the_contract() -> None:
    assert {a.name for a in ATTRIBUTES.values() if a.writeable} == {f.name for f in CONTRACT.create_fields}
    assert {a.name for a in ATTRIBUTES.values() if a.required} == {f.name for f in CONTRACT.required_fields}


def test_operations_are_those_of_the_contract() -> None:
    theirs = {o.id for o in CONTRACT.operations} - {"openSession"}

    assert theirs <= OPERATIONS.keys()
    assert OPERATIONS.keys() - theirs == {"listTags", "listTagged"}


def test_the_target_names_everybody_whom_the_suite_needs() -> None:
    roles = {"private", "idx", "public", "vow", "portal", "colleague", "stranger", "admin", "signed", "expired"}

    assert spark.TARGET["identities"].keys() == roles
    assert len(spark.TARGET["known"]["unconnected"].split(",")) == 12
