import pytest

from contacts_conformance import contract
from contacts_conformance.model import Record
from contacts_conformance.oracle import sparkql
from contacts_conformance.providers.spark.kinds import field_types
from contacts_conformance.providers.spark.truth import Truth, evaluate, holds, is_judged

TYPES = field_types(contract.load("spark"))
NEDDY: Record = {
    "DisplayName": "Neddy Nederlander",
    "GivenName": "neddy",
    "Other": "zoë",
    "HomePhoneNumber": "202-555-0101",
    "Tags": ["buyers", "sellers"],
}


def truth(text: str) -> Truth:
    node = sparkql.parse(text).node
    assert node is not None
    return evaluate(node, holds(TYPES, NEDDY))


@pytest.mark.parametrize(
    "text",
    [
        "GivenName Eq 'neddy'",
        "GivenName Ne 'ada'",
        "GivenName Eq 'ada','neddy'",
        "Not GivenName Eq 'ada'",
        "GivenName Eq 'ned*'",
        "GivenName Eq '*dy'",
        "DisplayName Eq 'neddy*'",
        "DisplayName Eq 'NEDER*'",
        "Tags Eq 'sellers'",
        "Tags Ne 'leads'",
        "FamilyName Eq NULL",
        "GivenName Ne NULL",
        "CreatedTimestamp Gt days(-3000)",
        "CreatedTimestamp Bt 2011-01-01,2091-01-01",
        "GivenName Eq 'ada' Or Tags Eq 'buyers'",
    ],
)
def test_what_the_page_says_holds_in_any_case(text: str) -> None:
    assert truth(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "GivenName Eq 'nedd'",
        "GivenName Ne 'neddy'",
        "GivenName Eq '*x'",
        "FamilyName Eq 'neddy'",
        "DisplayName Eq 'ada*'",
        "Other Eq 'zola'",
        "VowActive Eq true",
        "Not GivenName Ne 'ada'",
        "GivenName Eq 'neddy' And Tags Eq 'leads'",
        "CreatedTimestamp Lt 2011-01-01T00:00:00Z",
    ],
)
def test_what_the_page_excludes_does_not_hold_in_any_case(text: str) -> None:
    assert truth(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "GivenName Eq 'Neddy'",
        "Other Eq 'zoe'",
        "GivenName Eq 'NED*'",
        "GivenName Eq 'nedd?'",
        "GivenName Eq ''",
        "FamilyName Ne 'neddy'",
        "Not FamilyName Eq 'neddy'",
        "Tags Eq 'sell*'",
        "DisplayName Eq 'eder*'",
        "DisplayName Eq 'Neddy N*'",
        "DisplayName Ne 'Ned*'",
        "HomePhoneNumber Eq '(202) 555-0101'",
        "VowActive Eq false",
        "ModificationTimestamp Gt days(0)",
    ],
)
def test_what_the_page_leaves_open_is_left_open(text: str) -> None:
    assert truth(text) is None


@pytest.mark.parametrize(
    ("text", "judged"),
    [
        ("GivenName Eq 'a' And (Tags Eq 'b' Or Tags Eq 'c')", True),
        ("GivenName Eq 'a' Not (Tags Eq 'b' And Tags Eq 'c')", True),
        ("GivenName Eq 'a' And (Tags Eq 'b' Or (Tags Eq 'c' Or Tags Eq 'd') And Tags Eq 'e')", False),
    ],
)
def test_groups_within_groups_are_not_judged(text: str, judged: bool) -> None:
    assert is_judged(sparkql.parse(text).node) is judged
