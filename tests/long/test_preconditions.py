"""Every server that lacks what checks find their own contacts by, with twenty listed faults beside it."""

import pytest

from ..integration.preconditions import ABOUT_LISTS, OWN_ROWS, broken, drawn, missed


@pytest.mark.parametrize(("provider", "lack"), OWN_ROWS)
def test_the_rows_of_what_is_lacking_fail_alone(provider: str, lack: str) -> None:
    assert broken(provider, lack) == set(OWN_ROWS[provider, lack])


@pytest.mark.parametrize(("provider", "lack"), [place for place in OWN_ROWS if place[0] in ABOUT_LISTS])
def test_faults_beside_what_is_lacking_are_found(provider: str, lack: str) -> None:
    assert missed(provider, lack, drawn(provider, lack, 20)) == []
