"""The model of merging: what it is sure of, and where it is silent."""

from dataclasses import replace
from typing import Any

import pytest

from contacts_conformance.oracle.merging import Merging, Submission

MAIN = ("MAIN", "ada@example.com")
WORK = ("WORK", "byron@example.com")
OTHER = ("MAIN", "grace@example.com")
PHONE = "2025550101"
ADA = Submission(("person", "Ada", "Byron"), ("Ada", "Byron"), (MAIN,))
GRACE = Submission(("person", "Grace", "Hopper"), ("Grace", "Hopper"), (OTHER,))
FIRM = Submission(("firm", "Analytical Engines"), ("Analytical Engines",), (MAIN,))


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
        {"phones": (PHONE,)},
        {"emails": (("MAIN", "ADA@example.com"),)},
        {"emails": (MAIN, WORK)},
        {"emails": (("HOME", "ada@example.com"),)},
    ],
    ids=["same", "phone", "capitals", "second", "other-type"],
)
def test_the_same_name_and_email_is_the_same_contact(model: Merging, more: dict[str, Any]) -> None:
    expected = model.expect(replace(ADA, **more))

    assert expected.must_merge
    assert expected.among == {"A"}
    assert not expected.allows("B", model.known)


@pytest.mark.parametrize(
    "submission",
    [
        replace(ADA, emails=(OTHER,)),
        replace(GRACE, emails=(MAIN,)),
        replace(ADA, emails=()),
        Submission(None, emails=(MAIN,)),
        Submission(("person", "Grace", "BYRON"), ("Grace", "BYRON"), (OTHER,)),
        FIRM,
    ],
    ids=["name", "email", "name-alone", "email-alone", "last-name", "other-type"],
)
def test_it_is_silent_where_less_is_shared(model: Merging, submission: Submission) -> None:
    expected = model.expect(submission)

    assert not expected.must_merge
    assert not expected.must_be_new
    assert expected.allows("A", model.known)
    assert expected.allows("B", model.known)


def test_a_third_contact_is_wrong_even_where_it_is_silent(model: Merging) -> None:
    model.learn(GRACE, "G")

    assert not model.expect(replace(ADA, emails=(WORK,))).allows("G", model.known)


def test_what_was_added_is_known(model: Merging) -> None:
    model.learn(
        replace(
            ADA,
            emails=(
                MAIN,
                WORK,
            ),
            phones=(PHONE,),
        ),
        "A",
    )

    assert model.expect(replace(ADA, emails=(WORK,))).must_merge
    assert model.expect(replace(GRACE, phones=("+1 202-555-0101",))).among == {"A"}


def test_two_emails_of_one_type_leave_it_unsure(model: Merging) -> None:
    model.learn(replace(ADA, emails=(OTHER,)), "A")

    assert not model.expect(ADA).must_merge
    assert not model.expect(replace(ADA, emails=(OTHER,))).must_merge


def test_emails_that_later_ones_leave_out_are_unsure(model: Merging) -> None:
    model.learn(
        replace(
            ADA,
            emails=(
                MAIN,
                WORK,
            ),
        ),
        "A",
    )
    model.learn(replace(ADA, emails=(WORK,)), "A")

    assert not model.expect(ADA).must_merge
    assert model.expect(replace(ADA, emails=(WORK,))).must_merge


def test_two_names_leave_it_unsure(model: Merging) -> None:
    model.learn(replace(GRACE, emails=(MAIN,)), "A")

    assert not model.expect(ADA).must_merge
    assert model.expect(ADA).among == {"A"}


def test_any_of_several_will_do_where_one_has_to(model: Merging) -> None:
    model.learn(replace(GRACE, emails=(MAIN,)), "G")

    expected = model.expect(ADA)

    assert expected.must_merge
    assert expected.among == {"A", "G"}


def test_traits_are_names_addresses_and_numbers() -> None:
    assert replace(ADA, phones=(PHONE,)).traits == {
        ("name", "ada"),
        ("name", "byron"),
        ("email", "ada@example.com"),
        ("phone", "2025550101"),
    }
