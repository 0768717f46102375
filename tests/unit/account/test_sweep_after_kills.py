"""What a sweep makes of a journal that ends between an answer and its line."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from contacts_conformance.account import sweep
from contacts_conformance.account.journal import Journal
from contacts_conformance.target import Identity, Secret

from ...miniatures import serving
from ...miniatures.accounts import account as reference_account
from ..making import a_target
from .test_sweep import TAG, Account
from .test_sweep import _journal as write_journal


@pytest.mark.parametrize("stands", [False, True])
def test_what_a_role_may_not_create_nor_list_is_looked_for_by_the_main_one(stands: bool, tmp_path: Path) -> None:
    roles = {r: Identity(r, {"token": Secret(r, f"reference-{r}-token")}) for r in ("private", "vow")}
    with reference_account("spark") as held:
        if stands:
            contact = {"DisplayName": "Ada", "PrimaryEmail": "ada@example.com", "Tags": [f"{TAG}x1"]}
            as_private = {"Authorization": "OAuth reference-private-token"}
            made = httpx.post(f"{held.url}/v1/contacts", json={"D": contact}, headers=as_private)
        path = tmp_path / f"{TAG}.jsonl"
        journal = Journal(path, header={"provider": "spark", "base_url": held.url, "tag": TAG})
        journal.intend("vow", {"Tags": f"{TAG}x1"})
        journal.close()
        report = sweep.sweep(a_target(held.url, provider="spark", identities=roles), tmp_path)
        added = held.added()

    assert not stands or made.status_code == 201
    assert (report.clean, path.exists(), added) == (True, False, frozenset()), report.lines


def test_a_removal_that_a_kill_kept_from_the_journal_does_not_spoil_the_search(tmp_path: Path) -> None:
    account = Account("foreign", f"{TAG}x3")

    def fill(journal: Journal) -> None:
        for contact, mark in (("2", "x3"), ("7", "x1")):
            creation = journal.intend("owner", {"company": f"{TAG}{mark}"})
            journal.created(creation, contact)
            journal.proved(creation)
        for number in range(4, 9):
            journal.intend("owner", {"company": f"{TAG}x{number}"})

    with serving(account) as server:
        path = write_journal(tmp_path, server.url, fill)
        report = sweep.sweep(a_target(server.url), tmp_path)

    assert account.contacts == {"1": "foreign"}
    assert (report.clean, path.exists()) == (True, False), report.lines
