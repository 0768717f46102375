"""Ending a run without a clean-up, so that somebody can look at its contacts; `sweep` removes them later."""

from __future__ import annotations

from contacts_conformance.account import leavings
from contacts_conformance.account.account import Account
from contacts_conformance.account.borrowing import give_back_all
from contacts_conformance.account.patience import Patience
from contacts_conformance.model import Traffic


def keep(account: Account) -> Traffic:
    """Gives back what was borrowed, leaves what was created, and says what was done; the journal stays."""
    account.begin_clean_up()
    notes = [*account.notes, *give_back_all(account, Patience(account).attempt)]
    notes += leavings.besides(account, kept=True)
    standing = len({c.id for c in account.journal.standing})
    if standing and account.contract.has("remove"):
        notes.append(
            f"{standing} contacts are kept on the target (--keep); "
            "`contacts-conformance sweep` with the same target file and --reports removes them"
        )
    traffic = leavings.counted(account, notes)
    account.journal.close(keep=True)
    account.client.close()
    return traffic
