"""What a clean-up says: what it removed, what it could not remove, and what it does not know the end of."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from contacts_conformance.account.account import Account
from contacts_conformance.account.journal import Creation, Journal
from contacts_conformance.account.reserve import open_ends
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Record, Traffic


def counted(account: Account, notes: Sequence[str]) -> Traffic:
    """What a run did, in numbers. What was to be removed, and may be gone or not, is unknown, and not left.

    Of several that stand under one id, it is that of one at most: the others are unknown as well.
    """
    journal, client = account.journal, account.client
    standing = {c.id: c for c in journal.standing}
    nameless = len(journal.standing) - len(standing)
    left = tuple(i for i, c in standing.items() if not c.may_be_gone)
    removed = len({c.id for c in journal.creations if c.state == "removed"} - standing.keys())
    return Traffic(
        requests=client.pace.sent,
        created=removed + len(standing),
        removed=removed,
        left=left,
        throttled=client.throttled,
        unanswered=client.unanswered,
        notes=tuple(notes),
        unknown=sum(c.times for c in open_ends(journal)) + len(standing) - len(left) + nameless,
        unmarked=sum(not _marks(account, c) and c.state in ("created", "removed") for c in journal.creations),
    )


def said(journal: Journal, doubts: Mapping[str, str], problems: Sequence[str], *, removes: bool) -> list[str]:
    """What is left, what may be left, and what may exist besides, each with a reason.

    `doubts` say by the id why a contact was not removed; `problems`, why creations could not be looked for. Where
    nothing `removes` contacts, what stands goes without saying.
    """
    notes = []
    standing = {c.id: c.may_be_gone for c in journal.standing}
    for unclear in (False, True) if removes else ():
        if some := [i for i, may_be_gone in standing.items() if may_be_gone is unclear]:
            named = f"may be left, or gone ({_named(some)})" if unclear else "are left"
            why = doubts.get(some[0], "clean-up gave up after requests failed")
            notes.append(f"{len(some)} contacts {named}: {why}")
    if unknown := sum(c.times for c in open_ends(journal)):
        notes.append(f"{unknown} more contacts may exist: {'; '.join(problems) or 'they were not looked for'}")
    others = {c.id for c in journal.creations if c.id and c.state in ("wrong-id", "absent", "refused")}
    others -= {c.id for c in journal.creations if c.state in ("created", "removed")}
    if others:
        notes.append(
            f"the target answered creations with ids of other contacts; they were not touched: {_named(sorted(others))}"
        )
    return notes


def besides(account: Account, *, kept: bool = False) -> list[str]:
    """What a run says besides: that contacts stay since nothing removes them, or what removes those that clean-up has
    not removed, unless they are `kept` on purpose; and that its journal is not whole."""
    journal, notes = account.journal, []
    if not kept and journal.path is not None and account.contract.has("remove") and _is_for_sweep(journal):
        notes.append("`contacts-conformance sweep` with the same target file and --reports removes what is left")
    if journal.standing and not account.contract.has("remove"):
        standing = len({c.id for c in journal.standing})
        notes.append(f"{standing} contacts stay: the contract documents no way to remove one")
    if journal.problem:
        notes.append(f"the journal could not be written, so that nothing more was created: {journal.problem}")
    return notes


def _is_for_sweep(journal: Journal) -> bool:
    return bool(journal.standing or open_ends(journal))


def _named(ids: Sequence[str]) -> str:
    return ", ".join(cut(i, 60) for i in ids[:3]) + (", …" if len(ids) > 3 else "")


def _marks(account: Account, creation: Creation) -> dict[str, str]:
    return {k: v for k, v in creation.find.items() if account.tag in v}


def is_known(account: Account, record: Record, text: str) -> bool:
    """Whether the journal has a contact of the record's id with this text, or had it."""
    contact = account.provider.id_of(record) or ""
    return any(
        c.state in ("created", "removed") and text in c.find.values()
        for c in account.journal.creations_with_id(contact)
    )


def under_way(account: Account, creation: Creation) -> float:
    """For how many seconds a creation without an answer may be under way yet."""
    latest = (creation.sent or 0.0) + account.target.timeouts.total
    return 0.0 if creation.sent is None else latest - time.monotonic()
