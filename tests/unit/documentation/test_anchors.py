"""Names as they stand in addresses."""

from __future__ import annotations

from contacts_conformance.documentation.anchors import slugs


def test_names_become_small_letters_and_hyphens() -> None:
    assert slugs(["Current User's Account, GET"]) == {"Current User's Account, GET": "current-users-account-get"}


def test_two_are_never_alike_and_none_is_empty_or_taken() -> None:
    found = slugs(["Id", "id", "…", "id 2", "spec"], taken=["spec"])

    assert list(found.values()) == ["id", "id-2", "x", "id-2-2", "spec-2"]
