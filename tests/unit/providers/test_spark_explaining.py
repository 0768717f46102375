import pytest

from contacts_conformance import contract
from contacts_conformance.model import Record
from contacts_conformance.oracle import sparkql
from contacts_conformance.providers.spark.explaining import Sight, explained, shown_to_work
from contacts_conformance.providers.spark.kinds import Kinds, field_types, kind_of

TYPES = field_types(contract.load("spark"))
PEOPLE: list[Record] = [
    {"Tags": ["m"], "GivenName": g, "FamilyName": f, "HomeRegion": r, "Pets": p}
    for g, f, r, p in (
        ("ada", "byron", "nd", "cat"),
        ("ada", "hopper", "mn", "dog"),
        ("grace", "byron", "mn", "cat"),
        ("grace", "hopper", "nd", "dog"),
        ("neddy", "hopper", "ny", "cat"),
    )
]
EQUAL = ("filter.eq", "HomeRegion"), ("filter.eq", "GivenName"), ("filter.eq", "FamilyName"), ("filter.eq", "Tags")


def seen(listed: str) -> list[Sight]:
    """Those of the people that are listed, by their places, and nobody else."""
    return [*(Sight(p, str(i) in listed) for i, p in enumerate(PEOPLE)), Sight(None, False)]


@pytest.mark.parametrize(
    ("text", "listed", "row"),
    [
        ("GivenName Eq 'ada'", "", "filter.eq"),
        ("GivenName Eq 'ada'", "01234", "filter.eq"),
        ("GivenName Ne 'ada','grace'", "01", "filter.list"),
        ("(GivenName Eq 'ada' Or GivenName Eq 'grace')", "01", "filter.generated"),
    ],
)
def test_a_condition_that_does_not_work_is_told_where_nothing_else_explains_it(
    text: str, listed: str, row: str
) -> None:
    filter_ = sparkql.parse(f"Tags Eq 'm' And {text}")

    assert explained(filter_, TYPES, seen(listed), set()) == row


@pytest.mark.parametrize(
    ("text", "listed", "row"),
    [
        ("Tags Eq 'm' And (GivenName Eq 'ada' Or GivenName Eq 'grace')", "01", "filter.or"),
        ("Tags Eq 'm' And GivenName Eq 'ada' And HomeRegion Eq 'nd'", "01", "filter.and"),
        ("Tags Eq 'm' And HomeRegion Eq 'nd' Not GivenName Eq 'ada'", "0", "filter.not"),
        (
            "Tags Eq 'm' And HomeRegion Eq 'nd' And (GivenName Eq 'ada' Or FamilyName Eq 'hopper')",
            "0134",
            "filter.groups",
        ),
        ("Tags Eq 'm' Not (GivenName Eq 'ada' And HomeRegion Eq 'nd')", "3", "filter.groups"),
        (
            "Tags Eq 'm' And HomeRegion Eq 'mn' Or Tags Eq 'm' And HomeRegion Eq 'nd' And GivenName Eq 'ada'",
            "0",
            "filter.precedence",
        ),
    ],
)
def test_what_joins_conditions_is_told_where_these_are_known_to_work(text: str, listed: str, row: str) -> None:
    assert explained(sparkql.parse(text), TYPES, seen(listed), {*EQUAL}) == row


def test_a_field_is_told_where_the_operator_works_for_another_one() -> None:
    filter_ = sparkql.parse("Tags Eq 'm' And Pets Eq 'cat'")

    assert explained(filter_, TYPES, seen(""), {*EQUAL}) == "field.Pets.searchable"
    assert explained(filter_, TYPES, seen(""), set()) == "filter.generated"


def test_what_nothing_explains_is_told_of_filters_as_a_whole() -> None:
    filter_ = sparkql.parse("Tags Eq 'm' And (GivenName Eq 'ada' Or FamilyName Eq 'byron') And HomeRegion Eq 'mn'")

    assert explained(filter_, TYPES, seen("034"), {*EQUAL}) == "filter.generated"


def test_a_right_list_shows_which_conditions_work() -> None:
    def works(text: str, listed: str) -> Kinds:
        return shown_to_work(sparkql.parse(text), TYPES, seen(listed))

    assert works("Tags Eq 'm' And GivenName Eq 'ada'", "01") >= {("filter.eq", "GivenName")}
    assert works("Tags Eq 'm' And GivenName Eq 'nobody'", "") == set()


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("GivenName Eq 'ada'", "filter.eq"),
        ("GivenName Ne 'ada'", "filter.ne"),
        ("GivenName Eq 'ada','grace'", "filter.list"),
        ("GivenName Eq 'a*'", "filter.wildcards"),
        ("DisplayName Eq 'a*'", "name.word"),
        ("DisplayName Eq 'A*'", "name.case"),
        ("GivenName Eq NULL", "filter.null"),
        ("Other Eq 'o\\'brien'", "filter.quote"),
        ("Other Eq '100%'", "filter.text"),
        ("VowActive Eq true", "filter.boolean"),
        ("CreatedTimestamp Gt days(-7)", "filter.days"),
        ("CreatedTimestamp Gt 2011-01-01", "filter.comparisons"),
        ("CreatedTimestamp Bt 2011-01-01,2012-01-01", "filter.between"),
    ],
)
def test_a_condition_has_the_row_of_its_kind(text: str, row: str) -> None:
    assert kind_of(sparkql.parse(text).conditions[0]) == row
