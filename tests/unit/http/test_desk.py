"""Calls between the processes of a run: each is answered in turn, and none once nobody is there."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from contacts_conformance.http.desk import Line, kept


def test_a_call_returns_what_was_called() -> None:
    with kept({"double": lambda text: text * 2}) as access:
        line = Line(access)

        assert [line.call("double", text) for text in ("a", "ü")] == ["aa", "üü"]


def test_one_that_waits_keeps_nobody_from_calling() -> None:
    free = threading.Event()
    with kept({"wait": lambda: free.wait(10), "go": free.set}) as access, ThreadPoolExecutor() as pool:
        line = Line(access)
        waiting = pool.submit(line.call, "wait")
        line.call("go")

        assert waiting.result(10) is True


def test_what_is_not_there_and_who_has_no_key_get_no_answer() -> None:
    with kept({"name": lambda: "Ada"}) as access:
        for line, call in ((Line(access), "other"), (Line(replace(access, key="")), "name")):
            with pytest.raises(ValueError, match="Expecting value"):
                line.call(call)

        assert Line(access).call("name") == "Ada"


def test_a_line_that_was_open_ends_with_the_desk() -> None:
    with kept({"name": lambda: "Ada"}) as access:
        line = Line(access)
        line.call("name")

    with pytest.raises((OSError, ValueError)):
        line.call("name")
