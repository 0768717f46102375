from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from contacts_conformance.http.desk import kept
from contacts_conformance.http.ledger import OwnLedger
from contacts_conformance.http.shared_ledger import Shared, calls


def test_what_one_process_learns_all_know() -> None:
    with kept(calls(OwnLedger())) as access:
        one, other = Shared(access), Shared(access)
        one.opened("ada", "token")
        assert one.tries_other(False)
        one.accepted(True)

        assert (other.token("ada"), other.begin("ada"), other.decoded()) == ("token", "token", True)
        other.ended("ada", "token")
        other.turns_back(True)
        assert (one.token("ada"), one.decoded()) == ("", True)


def test_one_process_opens_a_session_and_the_others_wait_for_it() -> None:
    with kept(calls(OwnLedger())) as access, ThreadPoolExecutor() as pool:
        one, other = Shared(access), Shared(access)
        assert one.begin("ada") == ""
        waiting = pool.submit(other.begin, "ada")
        one.opened("ada", "token")
        assert not waiting.done()
        one.done("ada")

        assert waiting.result(10) == "token"


def test_a_stranger_learns_nothing_and_changes_nothing() -> None:
    with kept(calls(OwnLedger())) as access:
        Shared(access).opened("ada", "token")
        stranger = Shared(replace(access, key="0" * 64))
        stranger.opened("ada", "forged")

        assert Shared(replace(access, key="")).token("ada") == ""
        assert Shared(access).token("ada") == "token"


def test_a_process_goes_on_by_itself_once_the_ledger_is_gone() -> None:
    with kept(calls(OwnLedger())) as access:
        shared = Shared(access)
        shared.opened("ada", "token")

    assert shared.begin("ada") == ""
    shared.opened("ada", "own")
    assert shared.token("ada") == "own"
