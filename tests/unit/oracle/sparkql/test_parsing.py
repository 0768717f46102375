"""What is a filter and what is none, and how it is read."""

import pytest

from contacts_conformance.oracle.sparkql import And, Condition, Filter, Literal, Not, Or, Rejected, parse
from contacts_conformance.oracle.sparkql.tree import Kind

ACCEPTED = (
    "",
    "DisplayName Eq 'Neddy*'",
    "Tags Eq 'IDX Lead','Buyers'",
    "DisplayName Ne 'a','b'",
    "DisplayName Eq ('a','b')",
    "DisplayName Eq ( 'a' , 'b' )",
    "DisplayName Eq NULL",
    "DisplayName Ne null",
    "DisplayName Eq ''",
    r"DisplayName Eq 'O\'Brien'",
    "ModificationTimestamp Ge 2020-01-01",
    "ModificationTimestamp Gt 2020-01-01T00:00:00Z",
    "ModificationTimestamp Lt 2020-01-01T00:00:00.250-05:00",
    "ModificationTimestamp Le 2020-01-01T00:00+0500",
    "ModificationTimestamp Bt 2020-01-01T00:00:00Z,2021-01-01T00:00:00Z",
    "ModificationTimestamp Gt days(-7)",
    "ModificationTimestamp Bt days(-7),now()",
    "VowActive Eq true",
    "(A Eq 'a' Or A Eq 'b') And B Eq 'c'",
    "((A Eq 'a'))",
    "Not A Eq 'a'",
    "Not (A Eq 'a' And B Eq 'b')",
    "(Not A Eq 'a')",
    "A Eq 'a' Not B Eq 'b'",
    "A Eq 'a' And (Not B Eq 'b')",
    "A eq 'a' and B NE 'b' OR C Eq 'c'",
    "A Eq 1,2.5,-3",
    "A Eq contains('b')",
)
REJECTED = (
    "displayName Eq 'x'",
    "DisplayName Gt 'x'",
    "DisplayName Gt 'x','y'",
    "DisplayName Bt 'a','b'",
    'DisplayName Eq "x"',
    '"Group"."Name" Eq x',
    "DisplayName Eq x",
    "DisplayName Eq 'O''Brien'",
    "DisplayName Eq 'x",
    "DisplayName Like 'x'",
    "DisplayName = 'x'",
    "DisplayName",
    "DisplayName Eq",
    "Eq 'x'",
    "A Eq 'a' And",
    "And A Eq 'a'",
    "(A Eq 'a'",
    "A Eq 'a')",
    "()",
    "A Eq ()",
    "A Eq 'a' B Eq 'b'",
    "VowActive Eq True",
    "VowActive Eq TRUE",
    "VowActive Gt true",
    "VowActive Eq true,false",
    "DisplayName Gt NULL",
    "DisplayName Eq NULL,'a'",
    "ModificationTimestamp Bt 2020-01-01",
    "ModificationTimestamp Bt 2020-01-01,2020-01-02,2020-01-03",
    "ModificationTimestamp Gt '2020-01-01T00:00:00Z'",
    "ModificationTimestamp Ge 2020-1-1",
    "ModificationTimestamp Ge 2020-01-01,2020-01-02",
    "Id Eq 'a',3",
    "A Eq 'a' And Not B Eq 'b'",
    "A Eq 'a' Or Not B Eq 'b'",
    "Not Not A Eq 'a'",
    "1 Eq 1",
    "Settings.ReverseProspecting Eq true",
    "A Gt days()",
    "A Gt days('7')",
    "A Gt yesterday()",
    "A Eq 2.",
)


def _condition(field: str) -> Condition:
    return Condition(field, "Eq", (Literal(Kind.CHARACTER, field.lower()),))


@pytest.mark.parametrize("text", ACCEPTED)
def test_a_documented_form_is_read(text: str) -> None:
    assert isinstance(parse(text), Filter)


@pytest.mark.parametrize("text", REJECTED)
def test_a_mistake_is_rejected(text: str) -> None:
    with pytest.raises(Rejected) as rejected:
        parse(text)

    assert rejected.value.code == 1040


def test_and_binds_tighter_than_or() -> None:
    a, b, c = map(_condition, "ABC")

    assert parse("A Eq 'a' Or B Eq 'b' And C Eq 'c'").node == Or((a, And((b, c))))
    assert parse("A Eq 'a' And B Eq 'b' Or C Eq 'c'").node == Or((And((a, b)), c))


def test_not_binds_tighter_than_and() -> None:
    a, b = map(_condition, "AB")

    assert parse("Not A Eq 'a' And B Eq 'b'").node == And((Not(a), b))


def test_not_between_two_conditions_is_and_not() -> None:
    a, b, c = map(_condition, "ABC")

    assert parse("A Eq 'a' Not B Eq 'b'").node == And((a, Not(b)))
    assert parse("A Eq 'a' Or B Eq 'b' Not C Eq 'c'").node == Or((a, And((b, Not(c)))))


def test_parentheses_group() -> None:
    a, b, c = map(_condition, "ABC")

    assert parse("(A Eq 'a' Or B Eq 'b') And C Eq 'c'").node == And((Or((a, b)), c))


def test_a_backslash_escapes_a_quote_and_nothing_else() -> None:
    condition = parse(r"A Eq 'O\'Brien \n \\'").conditions[0]

    assert condition.values[0].text == r"O'Brien \n \\"


def test_an_empty_filter_asks_for_nothing() -> None:
    assert parse("  ") == Filter(None)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("A Eq " + ",".join(["'a'"] * 200), "A Eq " + ",".join(["'a'"] * 201)),
        (" Or ".join(["A Eq 'a'"] * 75), " Or ".join(["A Eq 'a'"] * 76)),
        ("((A Eq 'a'))", "(((A Eq 'a')))"),
    ],
    ids=["values", "conditions", "groups"],
)
def test_what_is_too_long_or_too_deep_breaks_a_constraint(within: str, beyond: str) -> None:
    parse(within)

    with pytest.raises(Rejected) as rejected:
        parse(beyond)

    assert rejected.value.code == 1041
