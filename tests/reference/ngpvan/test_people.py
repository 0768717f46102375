"""The people that a run submits: nobody else has their names, addresses and numbers, and they read back loosely."""

import re
from typing import Any

import pytest

from contacts_conformance.providers import ngpvan

MARKS = [f"{tag}x{number}" for tag in ("cc00000001", "cc00000002") for number in range(1, 200)]


def test_no_two_marks_share_anything() -> None:
    bodies = [who(m) for m in MARKS for who in (ngpvan.person, ngpvan.organization)]
    traits = [t for body in bodies for t in ngpvan.submission(body).traits if t[0] == "name"]

    assert len(traits) == len(set(traits))
    assert len({ngpvan.email(m, k)["address"] for m in MARKS for k in ("MAIN", "WORK")}) == 2 * len(MARKS)
    assert len({ngpvan.phone(m)["number"] for m in MARKS}) == len(MARKS)


def test_nobody_can_be_mailed_or_called() -> None:
    for mark in MARKS:
        assert re.fullmatch(rf"[a-z]+@{mark}\.example\.com", ngpvan.email(mark)["address"])
        assert re.fullmatch(r"[2-9][0-8]\d55501\d\d", ngpvan.phone(mark)["number"])


@pytest.mark.parametrize(
    ("sent", "read", "name", "same"),
    [
        ("2025550101", "+1 (202) 555-0101", "number", True),
        ("2025550101", "2025550102", "number", False),
        ("a@example.com", "A@example.com", "address", True),
        ("a", "A", "nickName", False),
        ("13", 13, "externalSourceTypeId", True),
        (True, 1, "doNotEmail", False),
        ("", None, "nickName", True),
        ("x", None, "nickName", False),
        ([], None, "emails", True),
        ([{"type": "MAIN"}], [{"type": "WORK"}, {"type": "MAIN", "isPrimary": True}], "emails", True),
        ([{"type": "MAIN"}], [{"type": "WORK"}], "emails", False),
        ({"a": 1}, [{"a": 1}], "communicationPreferences", False),
    ],
)
def test_what_was_sent_is_found_in_what_is_read(sent: Any, read: Any, name: str, same: bool) -> None:
    assert ngpvan.holds(sent, read, name) is same
