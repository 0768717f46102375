from __future__ import annotations

import gc
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from contacts_conformance.pytest_plugin import closing


@pytest.mark.parametrize(("sent", "looks"), [(100, 0), (101, 1)])
def test_what_is_held_in_cycles_is_looked_for_after_many_requests(sent: int, looks: int) -> None:
    forget = mock.Mock()
    session: Any = SimpleNamespace(forget=forget, client=SimpleNamespace(pace=SimpleNamespace(sent=sent)))

    with mock.patch.object(gc, "collect") as collect:
        closing.make_room(session)

    assert collect.call_count == looks
    forget.assert_called_once_with()
