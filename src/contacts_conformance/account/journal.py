"""The journal: each creation is written down before it is sent, so that a killed run can be swept up.

So is how a contact was that the target file sets aside, before it is changed for the first time.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from contacts_conformance.errors import UsageError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None

FORMAT = 1


@dataclass(slots=True)
class Creation:
    """One intended creation, and what became of it.

    `find` are the attributes by which the contact can be found where its id never arrived; `state` is `intended`,
    `created`, `wrong-id` (the answer's id is of another contact), `refused`, `removed`, `absent` (it was looked for,
    and is not there) or `unsent`. `proven` says that the contact of this id was seen to carry what was sent, when its
    own address was read; `altered`, that the run has changed it since, so that it need not carry that any more;
    `doubted`, that it may be gone since, and its id somebody else's; `remarked`, that a change may have taken its
    mark; `tried`, that the run asked for its removal, and nothing has shown since that it is still there. `confirmed`
    says that evidence shows it to be gone, or never to have been there. `sent` is when it was sent, by the monotonic
    clock, where this process did that and has no answer to it, and `times` how often: what is answered 429 is sent
    again. A `control` was made by a clean-up for its searches. `exchange` is the one whose answer named the id, where
    this process got it.
    """

    number: int
    identity: str
    find: dict[str, str]
    state: str = "intended"
    id: str = ""
    proven: bool = False
    altered: bool = False
    doubted: bool = False
    remarked: bool = False
    tried: bool = field(default=False, compare=False)
    confirmed: bool = field(default=False, compare=False)
    sent: float | None = field(default=None, compare=False)
    times: int = field(default=1, compare=False)
    control: bool = field(default=False, compare=False)
    exchange: str = field(default="", compare=False)

    @property
    def lost(self) -> bool:
        """Whether it may have happened under an id that is not known."""
        return self.state in ("intended", "wrong-id")

    @property
    def open(self) -> bool:
        """Whether it is not known that the id is, at this moment, of the contact that was created."""
        return self.state == "created" and (self.doubted or not self.proven)

    @property
    def may_be_gone(self) -> bool:
        """Whether it was asked to be removed, and nothing shows what became of that."""
        return self.state == "created" and (self.doubted or self.tried)


@dataclass(frozen=True, slots=True)
class Loan:
    """A contact that the target file sets aside, and how it was before the run changed it.

    `contact` is empty for the identity's own one; `id` is the one that it read with. `names` are the attributes that
    the borrower meant to change. `was` has the attributes as they read, without secrets.
    """

    number: int
    identity: str
    contact: str
    id: str
    names: frozenset[str]
    was: Mapping[str, Any]

    @property
    def of(self) -> tuple[str, str]:
        """What tells its contact apart."""
        return self.id, "" if self.contact else self.identity


@dataclass(slots=True)
class Journal:
    """What one run created on one target; on disk where a path is given.

    `durable` forces every line to the disk, so that it outlives the machine and not the process alone.
    """

    path: Path | None = None
    durable: bool = False
    header: Mapping[str, str] = field(default_factory=dict)
    creations: list[Creation] = field(default_factory=list)
    loans: list[Loan] = field(default_factory=list)
    """What was borrowed and is not known to be given back, in the order in which it was borrowed."""
    problem: str = ""
    """Why the file cannot be written any more. From then on the journal is kept in memory alone."""
    _lent: int = 0
    _file: BinaryIO | None = None
    _whole: bool = True
    """Whether the file is known to end with a whole line."""

    def intend(self, identity: str, find: Mapping[str, str]) -> Creation:
        """Writes down a creation that is about to be sent; OSError where it cannot be: then it must not be sent."""
        creation = self.note(identity, find)
        if self.problem:
            self.creations.pop()
            raise OSError(self.problem)
        creation.sent = time.monotonic()
        return creation

    def note(self, identity: str, find: Mapping[str, str]) -> Creation:
        """Writes down a creation that was sent already, where that can be written."""
        creation = Creation(len(self.creations), identity, dict(find))
        self.creations.append(creation)
        self._write({"intended": creation.number, "identity": identity, "find": creation.find}, sync=True)
        return creation

    def created(self, creation: Creation, contact: str) -> None:
        """Writes down that it happened, and the id."""
        creation.state, creation.id = "created", contact
        self._write({"created": creation.number, "id": contact})

    def proved(self, creation: Creation) -> None:
        """Writes down that the id is of the contact that was created."""
        creation.proven, creation.doubted, creation.tried = True, False, False
        self._write({"proved": creation.number})

    def wrong_id(self, creation: Creation) -> None:
        """Writes down that the id is of another contact, so that what was created has to be looked for."""
        creation.state = "wrong-id"
        self._write({"misled": creation.number})

    def doubted(self, contact: str) -> None:
        """Writes down that a contact may be gone, and its id somebody else's: it is read before it is written to."""
        for creation in self.creations_with_id(contact):
            if creation.state == "created":
                creation.doubted = True
                self._write({"doubted": creation.number})

    def tried(self, contact: str) -> None:
        """Notes that a removal was asked for, and not answered with a success: even after a refusal it may be gone."""
        for creation in self.creations_with_id(contact):
            creation.tried = True

    def refused(self, creation: Creation) -> None:
        """Writes down that the target plainly refused it, which alone does not show that it stored nothing."""
        creation.state = "refused"
        self._write({"refused": creation.number})

    def unsent(self, creation: Creation) -> None:
        """Writes down that it was never sent."""
        creation.state = "unsent"
        self._write({"unsent": creation.number})

    def absent(self, creation: Creation) -> None:
        """Writes down that it was looked for, in a way that would have found it, and is not there."""
        creation.state, creation.confirmed = "absent", True
        self._write({"absent": creation.number})

    def remarked(self, creation: Creation) -> None:
        """Writes down that it need not carry its mark any more."""
        if not creation.remarked:
            creation.remarked = True
            self._write({"remarked": creation.number})

    def removed(self, contact: str) -> None:
        """Writes down that a contact is gone."""
        self._gone(contact)
        self._write({"removed": contact})

    def lend(self, identity: str, contact: str, id_: str, names: Iterable[str], was: Mapping[str, Any]) -> Loan:
        """Writes down how a contact is that the target file sets aside; OSError where it cannot be written: then it
        must not be changed."""
        loan = Loan(self._lent, identity, contact, id_, frozenset(names), was)
        entry = {"borrowed": loan.number, "identity": identity, "of": contact, "id": id_}
        self._write({**entry, "names": sorted(loan.names), "was": dict(was)}, sync=True)
        if self.problem:
            raise OSError(self.problem)
        self._lent += 1
        self.loans.append(loan)
        return loan

    def returned(self, loan: Loan) -> None:
        """Writes down that a contact is as it was again, or that nothing more can be done; later loans end with it."""
        self._return(loan.number)
        self._write({"returned": loan.number})

    def _return(self, number: int) -> None:
        ends = {loan.of for loan in self.loans if loan.number == number}
        self.loans = [loan for loan in self.loans if loan.number < number or loan.of not in ends]

    def _gone(self, contact: str) -> None:
        """Of several creations that were answered with one id, it was that of the proven one, or of the first."""
        creations_with_id = [c for c in self.creations_with_id(contact) if c.state in ("created", "removed")]
        real = next((c for c in creations_with_id if c.proven), creations_with_id[0] if creations_with_id else None)
        for creation in creations_with_id:
            creation.state = "removed" if creation is real else "wrong-id"

    def owns(self, contact: str) -> bool:
        """Whether a creation was answered with this id."""
        return bool(self.creations_with_id(contact))

    def creations_with_id(self, contact: str) -> tuple[Creation, ...]:
        """The creations that were answered with this id."""
        return tuple(c for c in self.creations if c.id == contact) if contact else ()

    @property
    def standing(self) -> tuple[Creation, ...]:
        """What the run created and did not remove, the newest first."""
        return tuple(c for c in reversed(self.creations) if c.state == "created")

    @property
    def unconfirmed(self) -> tuple[Creation, ...]:
        """What was sent and never confirmed or refused."""
        return tuple(c for c in self.creations if c.lost)

    def close(self, *, keep: bool = False) -> None:
        """Closes the file; it is deleted where nothing stands any more, unless it is to be kept.

        Nobody else can take the file before it is deleted, where the system can hold it for one process.
        """
        finished = not (keep or self.standing or self.unconfirmed or self.loans)
        if self.path is not None and finished and fcntl is not None:
            with suppress(OSError):
                self.path.unlink()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        if self.path is not None and finished and fcntl is None:
            with suppress(OSError):
                self.path.unlink()

    def take(self) -> bool:
        """Takes the file for this process until it is closed; false where another one has it, or has deleted it.

        UsageError where it cannot be opened.
        """
        assert self.path is not None
        try:
            file = self.path.open("ab", buffering=0)
            if _lock(file) and self.path.exists() and os.path.samestat(os.fstat(file.fileno()), self.path.stat()):
                self._file = file
                return True
            file.close()
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be written: {error.strerror or error}") from None
        return False

    def hold(self, other: Journal) -> None:
        """Writes to the file that another one has taken."""
        self._file, other._file = other._file, None

    def _write(self, entry: Mapping[str, Any], *, sync: bool = False) -> None:
        """Writes a line; where that fails, says so in `problem`, and never tries again."""
        if self.path is None or self.problem:
            return
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("ab", buffering=0)
                _lock(self._file)
            if sync and not self.path.exists():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
            lines = [entry]
            if os.fstat(self._file.fileno()).st_size == 0:
                lines.insert(0, {"journal": FORMAT, **self.header})
            # what a killed run did not finish stays a line of its own
            content = b"" if self._whole else b"\n"
            content += "".join(f"{json.dumps(line)}\n" for line in lines).encode()
            if self._file.write(content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            self._whole = True
            if sync and self.durable:
                os.fsync(self._file.fileno())
        except OSError as error:
            self.problem = f"{error.strerror or error}: {self.path}"


def read(path: Path) -> Journal:
    """The journal of an earlier run; lines that were cut off are left out.

    Raises UsageError where the file cannot be read or is no journal.
    """
    journal = Journal(path, _whole=False)
    by_number: dict[int, Creation] = {}
    try:
        for entry in _entries(path):
            if entry.get("journal", FORMAT) != FORMAT:
                raise UsageError(f"{path}: is a journal of another version of contacts-conformance")
            if "journal" in entry:
                journal.header = {k: str(v) for k, v in entry.items() if k != "journal"}
            elif "intended" in entry:
                find = {_text(k): _text(v) for k, v in dict(entry["find"]).items()}
                creation = Creation(entry["intended"], _text(entry["identity"]), find)
                by_number[creation.number] = creation
                journal.creations.append(creation)
            elif "created" in entry:
                by_number[entry["created"]].state = "created"
                by_number[entry["created"]].id = _text(entry["id"])
            elif "proved" in entry:
                by_number[entry["proved"]].proven = True
                by_number[entry["proved"]].doubted = False
            elif "misled" in entry:
                by_number[entry["misled"]].state = "wrong-id"
            elif "doubted" in entry:
                by_number[entry["doubted"]].doubted = True
            elif "remarked" in entry:
                by_number[entry["remarked"]].remarked = True
            elif state := next((s for s in ("refused", "unsent", "absent") if s in entry), ""):
                by_number[entry[state]].confirmed = state == "absent"
                by_number[entry[state]].state = state
            elif "removed" in entry:
                journal._gone(entry["removed"])
            elif "borrowed" in entry:
                journal.loans.append(_loan(entry))
                journal._lent = entry["borrowed"] + 1
            elif "returned" in entry:
                journal._return(entry["returned"])
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (KeyError, TypeError, ValueError):
        raise UsageError(f"{path}: is no journal of a run") from None
    if not journal.header:
        raise UsageError(f"{path}: is no journal of a run")
    return journal


def left(folder: Path, since: datetime) -> tuple[tuple[str, ...], int]:
    """The ids of contacts that stand by the journals of runs that began since then, and how many more there may be."""
    ids: dict[str, None] = {}
    unknown = 0
    for path in sorted(folder.glob("*.jsonl")):
        try:
            journal = read(path)
            begun = datetime.fromisoformat(journal.header.get("started", ""))
            if begun >= since.replace(microsecond=0):
                ids |= dict.fromkeys(c.id for c in journal.standing if not c.may_be_gone)
                unknown += len(journal.unconfirmed) + sum(c.may_be_gone for c in journal.standing)
        except (UsageError, ValueError, TypeError):
            continue
    return tuple(ids), unknown


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            yield entry


def _loan(entry: Mapping[str, Any]) -> Loan:
    identity, contact, id_ = (_text(entry[k]) for k in ("identity", "of", "id"))
    return Loan(entry["borrowed"], identity, contact, id_, frozenset(map(_text, entry["names"])), dict(entry["was"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _lock(file: BinaryIO) -> bool:
    """Takes the file for this process until it is closed, where the system can; false where another has it."""
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
