"""Many strings are found in a text as few are."""

from __future__ import annotations

import pytest

from contacts_conformance.http.forms import Forms


def forms_of(*values: str) -> Forms:
    forms = Forms()
    forms |= {v.encode(): b"x" for v in values}
    return forms


@pytest.mark.parametrize("others", [0, 2_000])
@pytest.mark.parametrize(
    "value", ["abcd", "abcdef", "a-longer-secret", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.signature-1"]
)
def test_a_string_is_found_however_many_others_there_are(others: int, value: str) -> None:
    forms = forms_of(value, *(f"eyJhbGciOiJIUzI1NiJ9.{n:08x}==" for n in range(others)))

    for text in (value, f"before {value}", f"{value} after", f"x{value}x"):
        assert (value.encode(), b"x") in list(forms.within(text.encode()))
    assert list(forms.within(b"nothing of the kind")) == []


def test_a_string_that_is_added_later_is_found() -> None:
    forms = forms_of(*(f"secret-number-{n:06}" for n in range(1_000)))
    assert list(forms.within(b"the new one")) == []

    forms |= {b"the new one": b"y"}

    assert list(forms.within(b"say the new one")) == [(b"the new one", b"y")]


def test_a_string_is_found_where_a_long_text_is_taken_apart() -> None:
    forms = forms_of("the-secret", *(f"secret-number-{n:06}" for n in range(1_000)))

    for before in (65_525, 65_530, 65_536, 200_000):
        assert list(forms.within(b"." * before + b"the-secret" + b"." * 70_000)) == [(b"the-secret", b"x")]
