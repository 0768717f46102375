import pytest

from contacts_conformance import contract
from contacts_conformance.model import Json
from contacts_conformance.providers.flexmls import PROVIDER

FLEXMLS = contract.load("flexmls")


@pytest.mark.parametrize(
    ("name", "sent", "read"),
    [
        ("Tag", ["Web Leads", "Buyers"], ["buyers", "IDX Lead", "web leads"]),
        ("PrimaryPhoneNumber", "202-555-0101", "(202) 555-0101"),
        ("PrimaryPhoneNumber", "202-555-0101", "+1 202 555 0101"),
        ("PrimaryEmail", "Ada@Example.com", "ada@example.com"),
    ],
)
def test_what_the_page_leaves_open_makes_no_difference(name: str, sent: Json, read: Json) -> None:
    assert PROVIDER.same(FLEXMLS.field(name), sent, read)


@pytest.mark.parametrize(
    ("name", "sent", "read"),
    [
        ("Tag", ["Web Leads", "Buyers"], ["Web Leads"]),
        ("Tag", ["Web Leads"], "Web Leads"),
        ("PrimaryPhoneNumber", "202-555-0101", "202-555-0102"),
        ("PrimaryPhoneNumber", "202-555-0101", None),
        ("PrimaryEmail", "ada@example.com", "ada@example.co"),
        ("HomePostalCode", "00501", "501"),
        ("HomePostalCode", "00501", 501),
        ("HomeLocality", "Fargo", "FARGO"),
    ],
)
def test_what_was_lost_makes_a_difference(name: str, sent: Json, read: Json) -> None:
    assert not PROVIDER.same(FLEXMLS.field(name), sent, read)
