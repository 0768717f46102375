import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance import contract
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers import QueryShaping
from contacts_conformance.providers.liondesk import PROVIDER, queries
from contacts_conformance.providers.liondesk.queries import Parameter

CONTRACT = contract.load("liondesk")


def test_the_provider_shapes_queries() -> None:
    assert isinstance(PROVIDER, QueryShaping)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("company", Parameter("company", "eq")),
        ("company[$nin]", Parameter("company", "nin")),
        ("$sort[company]", Parameter("company")),
        ("$limit", None),
        ("$skip", None),
        ("$sort[company][$in]", None),
        ("company]", None),
    ],
)
def test_a_name_of_a_parameter_says_what_it_is_about(name: str, says: Parameter | None) -> None:
    assert queries.parse(name) == says


def test_conditions_become_parameters() -> None:
    conditions = [Condition("last_name", "eq", ("Byron",)), Condition("company", "in", ("a", "b"))]

    assert queries.query_of(conditions) == (("last_name", "Byron"), ("company[$in]", "a"), ("company[$in]", "b"))
    assert queries.spelled(conditions) == "last_name=Byron and company[$in]=a&company[$in]=b"


def test_marks_and_pages_are_asked_for_by_the_same_grammar() -> None:
    assert PROVIDER.mark_filter({"company": "a", "tags": "b"}) == (("company", "a"), ("tags", "b"))
    assert PROVIDER.any_of("company", ["a", "b"]) == (("company[$in]", "a"), ("company[$in]", "b"))
    assert PROVIDER.any_of("company", []) == ()
    assert PROVIDER.limiting(10) == (("$limit", "10"),)
    assert PROVIDER.limiting(10, 20) == (("$limit", "10"), ("$skip", "20"))


@pytest.mark.parametrize(
    "name", ["last_name", "last_name[$ne]", "$sort[last_name]", "created_at[$gte]", "owner_user_id[$in]", "tags"]
)
def test_what_the_page_leaves_no_doubt_about_is_generated(name: str) -> None:
    assert PROVIDER.may_generate(CONTRACT, name)


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("company", "it carries the mark of the run"),
        ("$sort[company]", "it carries the mark of the run"),
        ("last_name[$gt]", "the page compares no texts"),
        ("owner_user_id[$lt]", "the page compares no ids"),
        ("no_such", "the contract has no such attribute"),
        ("$limit", "paging is no matter of fields"),
        ("$where", "the page knows no such parameter"),
    ],
)
def test_what_a_service_may_answer_otherwise_is_not_generated(name: str, because: str) -> None:
    assert not PROVIDER.may_generate(CONTRACT, name), because


@pytest.mark.parametrize(
    ("one", "other", "exclude"),
    [
        ("email", "email[$ne]", True),
        ("email[$in]", "email", True),
        ("email[$in]", "email[$ne]", False),
        ("email", "fax[$ne]", False),
        ("email", "$sort[email]", False),
        ("email[$ne]", "$sort[email]", False),
        ("email", "$limit", False),
    ],
)
def test_a_plain_value_and_an_operator_for_one_field_exclude_each_other(one: str, other: str, exclude: bool) -> None:
    assert PROVIDER.exclude_each_other(one, other) is exclude


@pytest.mark.parametrize(
    ("name", "generated", "fair"),
    [
        ("$limit", "7", "7"),
        ("$limit", "7.0", "7"),
        ("$limit", "0", "1"),
        ("$limit", "2147483648", "10"),
        ("$limit", "ten", "1"),
        ("$skip", "0", "0"),
        ("$skip", "7", "0"),
        ("$skip", "-1", "0"),
        ("$sort[email]", "-1", "-1"),
        ("$sort[email]", "2", "1"),
        ("owner_user_id", "12", "12"),
        ("owner_user_id", "0", "1"),
        ("owner_user_id[$in]", "twelve", "1"),
        ("last_name", "Zoë 1", "xoxx1"),
        ("last_name", "", "x"),
        ("last_name", "a" * 100, "a" * 45),
        ("fax", "", "1 (202) 555-0100"),
    ],
)
def test_a_generated_value_becomes_a_fair_one(name: str, generated: str, fair: str) -> None:
    assert PROVIDER.fair_value(CONTRACT, name, generated) == fair


@given(st.sampled_from(["created_at[$lt]", "modified_at"]), st.text())
def test_a_value_for_a_time_is_an_instant(name: str, generated: str) -> None:
    fair = PROVIDER.fair_value(CONTRACT, name, generated)

    assert instants.parse(fair) is not None
    assert PROVIDER.fair_value(CONTRACT, name, generated) == fair
