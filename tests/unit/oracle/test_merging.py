"""The model of merging: what it is sure of, and where it is silent."""

from typing import Any

import pytest

from contacts_conformance.oracle.merging import Merging, name_of, traits_of

MAIN = {"address": "ada@example.com", "type": "MAIN"}
WORK = {"address": "byron@example.com", "type": "WORK"}
OTHER = {"address": "grace@example.com", "type": "MAIN"}
PHONE = {"number": "2025550101", "type": "MOBILE"}
ADA = {"type": "INDIVIDUAL", "firstName": "Ada", "lastName": "Byron", "emails": [MAIN]}
GRACE = {"type": "INDIVIDUAL", "firstName": "Grace", "lastName": "Hopper", "emails": [OTHER]}
FIRM = {"type": "ORGANIZATION", "commonName": "Analytical Engines", "emails": [MAIN]}


@pytest.fixture
def model() -> Merging:
    """A model that knows Ada as A."""
    found = Merging()
    found.learn(ADA, "A")
    return found


def test_who_shares_nothing_is_new(model: Merging) -> None:
    expected = model.expect(GRACE)

    assert expected.must_be_new
    assert expected.allows("G", model.known)
    assert not expected.allows("A", model.known)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"phones": [PHONE]},
        {"emails": [{**MAIN, "address": "ADA@example.com"}]},
        {"emails": [MAIN, WORK]},
        {"emails": [{**MAIN, "type": "HOME"}]},
    ],
    ids=["same", "phone", "capitals", "second", "other-type"],
)
def test_the_same_name_and_email_is_the_same_contact(model: Merging, more: dict[str, Any]) -> None:
    expected = model.expect({**ADA, **more})

    assert expected.must_merge
    assert expected.among == {"A"}
    assert not expected.allows("B", model.known)


@pytest.mark.parametrize(
    "body",
    [
        {**ADA, "emails": [OTHER]},
        {**GRACE, "emails": [MAIN]},
        {**ADA, "emails": []},
        {"type": "INDIVIDUAL", "emails": [MAIN]},
        {**GRACE, "lastName": "BYRON"},
        FIRM,
    ],
    ids=["name", "email", "name-alone", "email-alone", "last-name", "other-type"],
)
def test_it_is_silent_where_less_is_shared(model: Merging, body: dict[str, Any]) -> None:
    expected = model.expect(body)

    assert not expected.must_merge
    assert not expected.must_be_new
    assert expected.allows("A", model.known)
    assert expected.allows("B", model.known)


def test_a_third_contact_is_wrong_even_where_it_is_silent(model: Merging) -> None:
    model.learn(GRACE, "G")

    assert not model.expect({**ADA, "emails": [WORK]}).allows("G", model.known)


def test_what_was_added_is_known(model: Merging) -> None:
    model.learn({**ADA, "emails": [MAIN, WORK], "phones": [PHONE]}, "A")

    assert model.expect({**ADA, "emails": [WORK]}).must_merge
    assert model.expect({**GRACE, "phones": [{**PHONE, "number": "+1 202-555-0101"}]}).among == {"A"}


def test_two_emails_of_one_type_leave_it_unsure(model: Merging) -> None:
    model.learn({**ADA, "emails": [OTHER]}, "A")

    assert not model.expect(ADA).must_merge
    assert not model.expect({**ADA, "emails": [OTHER]}).must_merge


def test_emails_that_later_ones_leave_out_are_unsure(model: Merging) -> None:
    model.learn({**ADA, "emails": [MAIN, WORK]}, "A")
    model.learn({**ADA, "emails": [WORK]}, "A")

    assert not model.expect(ADA).must_merge
    assert model.expect({**ADA, "emails": [WORK]}).must_merge


def test_two_names_leave_it_unsure(model: Merging) -> None:
    model.learn({**GRACE, "emails": [MAIN]}, "A")

    assert not model.expect(ADA).must_merge
    assert model.expect(ADA).among == {"A"}


def test_any_of_several_will_do_where_one_has_to(model: Merging) -> None:
    model.learn({**GRACE, "emails": [MAIN]}, "G")

    expected = model.expect(ADA)

    assert expected.must_merge
    assert expected.among == {"A", "G"}


def test_names_are_whole_or_none() -> None:
    assert name_of(ADA) == ("INDIVIDUAL", "Ada", "Byron")
    assert name_of(FIRM) == ("ORGANIZATION", "Analytical Engines")
    assert name_of({"type": "INDIVIDUAL", "firstName": "Ada"}) is None
    assert name_of({**FIRM, "type": "PERSON"}) is None


def test_traits_are_names_addresses_and_numbers() -> None:
    assert traits_of({**ADA, "phones": [PHONE]}) == {
        ("name", "ada"),
        ("name", "byron"),
        ("email", "ada@example.com"),
        ("phone", "2025550101"),
    }
