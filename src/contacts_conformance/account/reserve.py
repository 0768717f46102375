"""What clean-up needs: where it looks for what a run created, and how many requests have to be kept back for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from contacts_conformance.account.journal import Creation, Journal
from contacts_conformance.contract import Contract

AT_ONCE = 18
"""So many marks are looked for by one list, beside those of two controls: what every parser of queries takes."""
FEW = 3
"""Up to so many marks are looked for one by one: their answers prove more."""
SAMPLE = 12
"""So many refused creations are looked for where each takes a request of its own; all, if one of them is there."""
_FOR_A_PLACE = 8
"""Requests for a place beside its lists: two controls that are made, proven, removed and read."""

_FOR_A_LOAN = 5
"""Requests for a contact that is borrowed: it is read, set back in two steps, and read after each."""

Place: TypeAlias = tuple[str, str]
"""Where one list can show contacts: the role that created them, and the attribute that carries their marks."""


def place(creation: Creation, tag: str, markers: Sequence[str]) -> Place | None:
    """Where a creation can be looked for: by the first attribute for marks that carries one, or by another one."""
    marked = [n for n, v in creation.find.items() if tag in v]
    names = [*(n for n in markers if n in marked), *marked]
    return (creation.identity, names[0]) if names else None


def is_denied(contract: Contract, role: str) -> bool:
    """Whether the contract says that a role may not create contacts, or not list them."""
    needed = {o.id for o in contract.operations if o.kind in ("create", "list")}
    return any((role, o) in contract.denied_roles for o in needed)


def beyond_sample(creations: Sequence[Creation], name: str, standing: Sequence[Creation]) -> set[str]:
    """The texts that only refused creations sent, and no standing contact carries, but for those of the sample."""
    refused = dict.fromkeys(c.find[name] for c in creations if c.state == "refused")
    others = {c.find[name] for c in creations if c.state != "refused"} | {c.find.get(name) for c in standing}
    return set([t for t in refused if t not in others][SAMPLE:])


def open_ends(journal: Journal) -> tuple[Creation, ...]:
    """The creations of which nothing shows whether contacts stand because of them."""
    sought = ("intended", "wrong-id", "refused", "removed")
    return tuple(c for c in journal.creations if c.state in sought and not c.confirmed)


def owed(journal: Journal, contract: Contract, tag: str, markers: Sequence[str]) -> int:
    """How many requests remove all that a run created so far, show that it is gone, and give back what is borrowed."""
    ends = open_ends(journal)
    loans = _FOR_A_LOAN * len({loan.of for loan in journal.loans})
    if not (contract.has("list") and journal.creations):
        return loans
    if not contract.has("remove"):
        refused = sum(c.state == "refused" for c in ends)
        return 1 + max(FEW, min(SAMPLE, refused)) + sum(c.lost for c in ends) + loans
    standing = journal.standing
    places = {place(c, tag, markers) for c in (*standing, *ends)}
    single = sum(place(c, tag, markers) is None or c.remarked for c in (*standing, *ends))
    lists = (len(standing) + len(ends)) // AT_ONCE + 1
    return (
        sum(2 if c.open else 1 for c in standing)
        + 3 * sum(c.lost for c in ends)  # it may be there, and is then read and removed
        + single
        + lists
        + _FOR_A_PLACE * len(places)
        + loans
    )
