"""Removes the contacts that killed runs left on a target. Their journals say which contacts these are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contacts_conformance.account import journal as journals_
from contacts_conformance.account.account import Account
from contacts_conformance.account.cleanup import tidy
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.reserve import open_ends
from contacts_conformance.errors import UsageError
from contacts_conformance.target import Target


@dataclass(frozen=True, slots=True)
class Swept:
    """What became of one journal.

    `removed` (which others may have done before) and `left` are ids of contacts; `notes` say what could not be done
    and why. A journal that was not `touched` is `foreign`, its run has not ended, or it cannot be read.
    """

    path: Path
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    touched: bool = True
    foreign: bool = False
    lent: bool = False
    """Whether nothing is left but a contact that was set aside, which may not be as it was."""

    @property
    def settled(self) -> bool:
        """Whether nothing of this run is left on the target, so that the journal was deleted."""
        return self.touched and not self.path.exists()

    @property
    def lines(self) -> Iterator[str]:
        """What was done, in words."""
        if self.touched:
            left = f", {len(self.left)} left" if self.left else ""
            number = "1 contact" if len(self.removed) == 1 else f"{len(self.removed)} contacts"
            why = "a contact that was set aside may not be as it was" if self.lent else "contacts may be left"
            end = "deleted, since nothing is left" if self.settled else f"kept, since {why}"
            yield f"{self.path.name}: {number} removed or already gone{left}; journal {end}"
        for note in self.notes:
            yield f"{self.path.name}: {note}"


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did, journal by journal; `problem` says why it could not begin."""

    journals: tuple[Swept, ...] = ()
    problem: str = ""
    clean: bool = True
    """Whether nothing that killed runs left on this target is known to be there still."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What was done, what could not be done, and why, in words."""
        if self.problem:
            return (self.problem,)
        if not self.journals:
            return ("nothing to remove: there is no journal of a killed run",)
        return tuple(line for journal in self.journals for line in journal.lines)


def sweep(target: Target, journals: Path) -> SweepReport:
    """Settles every journal in the folder that belongs to this target: its provider, at its base URL.

    What was created and not removed is removed by id, where it is not gone already; what was submitted and never
    confirmed is looked for by its marks, and removed where it carries them. A contact that the target file sets aside
    is given back as it was before the run changed it. Settled journals are deleted. Nothing else is touched, neither
    on the target nor in the folder.
    """
    paths = sorted(journals.glob("*.jsonl")) if journals.is_dir() else []
    if not paths:
        return SweepReport()
    if not target.writes:
        return SweepReport(
            problem="nothing can be removed: the target file does not permit writing; to permit it, set writes = true",
            clean=False,
        )
    account = Account(target)
    try:
        swept = tuple(_sweep(account, path) for path in paths)
    finally:
        account.client.close()
    return SweepReport(swept, clean=all(s.settled or s.foreign for s in swept))


def _sweep(account: Account, path: Path) -> Swept:
    try:
        journal = journals_.read(path)
    except UsageError as error:
        return Swept(path, notes=tuple(line.removeprefix(f"{path}: ") for line in error.lines), touched=False)
    belongs = (journal.header.get("provider"), journal.header.get("base_url"))
    if belongs != (account.target.provider, account.target.base_url):
        return Swept(
            path,
            notes=(f"skipped: it belongs to another target, {' at '.join(map(str, belongs))}",),
            touched=False,
            foreign=True,
        )
    try:
        if not journal.take():
            return Swept(path, notes=("skipped: its run, or another sweep, is still at work on it",), touched=False)
        taken = journals_.read(path)  # what was written until it was taken
        taken.hold(journal)
    except UsageError as error:
        return Swept(path, notes=tuple(line.removeprefix(f"{path}: ") for line in error.lines), touched=False)
    return _settle(account, taken)


def _settle(account: Account, journal: Journal) -> Swept:
    assert journal.path is not None
    already = {c.id for c in journal.creations if c.state == "removed"}
    account.take_over(journal, journal.header.get("tag") or journal.path.stem)
    notes = tidy(account, of_a_killed_run=True)
    gone = (c for c in journal.creations if c.state == "removed" and not c.control)  # but for what the sweep made
    removed = dict.fromkeys(c.id for c in gone if c.id not in already)
    left = dict.fromkeys(c.id for c in journal.standing)
    ends = bool(open_ends(journal))
    journal.close(keep=ends)
    clean = account.client.discreet
    lent = bool(journal.loans) and not (left or ends)
    return Swept(journal.path, tuple(removed), tuple(left), tuple(map(clean, notes)), lent=lent)
