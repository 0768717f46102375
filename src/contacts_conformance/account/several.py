"""What one list says of several contacts of the run, by their ids, so that clean-up need not read each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Creation
from contacts_conformance.account.patience import Patience
from contacts_conformance.account.reserve import AT_ONCE, FEW, place
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.providers import IDS, Relying


def believe(account: Account, patience: Patience) -> None:
    """Takes what lists have shown for the run's own, where many stand, so that lists will show what became of them.

    Those that no list has shown yet are listed by their ids, where there are more than a few.
    """
    standing = [(place(c, account.tag, account.provider.markers), c) for c in account.journal.standing]
    crowds = Counter(at for at, _ in standing)
    crowded = [c for at, c in standing if at is not None and crowds[at] > FEW]
    if not account.ownership.agrees:
        return
    for role in dict.fromkeys(c.identity for c in crowded):
        unseen = [c.id for c in crowded if c.identity == role and c.open and not (c.listed or c.altered)]
        size = account.lacks.page_size
        for start in range(0, len(unseen) if len(unseen) > FEW else 0, size):
            _listed(account, patience, role, unseen[start : start + size])
    account.ownership.believe(crowded)


def confirm(account: Account, patience: Patience, controls: Sequence[Creation]) -> None:
    """Finds out which removed contacts are gone, where a list by ids shows both controls and none of these contacts."""
    if len(controls) < 2:
        return
    first, last = controls[:2]
    role = first.identity
    removed = [c for c in account.journal.creations if c.state == "removed" and c.proven and not c.confirmed]
    sought = [c for c in removed if c.identity == role]
    for start in range(0, len(sought) if len(sought) > FEW else 0, AT_ONCE):
        some = sought[start : start + AT_ONCE]
        shown = _listed(account, patience, role, [first.id, *(c.id for c in some), last.id])
        if shown != {first.id, last.id}:
            return
        for creation in some:
            creation.confirmed = True


def _listed(account: Account, patience: Patience, role: str, ids: Sequence[str]) -> set[str]:
    """The ids that the first page of a list by these ids shows; none where there is no such list."""
    provider = account.provider
    query = provider.by_ids(ids) if isinstance(provider, Relying) and IDS not in account.lacks.missing else ()
    if query:
        with suppress(NotVerified, NotOffered):
            contacts = Contacts(account, account.target.identity(role))
            paging = provider.limiting(account.lacks.page_size)
            answer = patience.attempt(lambda: contacts.send_list((*query, *paging), essential=True))
            return set(contacts.ids(contacts.page(answer).records))
    return set()
