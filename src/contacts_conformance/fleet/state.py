"""How far a fleet has come, in a file that is whole at any moment, so that a killed fleet goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contacts_conformance import __version__
from contacts_conformance.errors import UsageError
from contacts_conformance.fleet.plan import Job

NAME = "fleet.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """How the run of a target ended; `seconds` is what it took, `text` what there is to say in a line."""

    name: str
    exit_code: int
    seconds: float
    text: str
    lost: bool = False
    """Whether nobody knows how it ended, so that a fleet that goes on judges the target again."""


class State:
    """What has ended so far; every change is on the disk before anything else is begun."""

    def __init__(self, path: Path, asked: Mapping[str, Any]) -> None:
        self._path = path
        self._asked = dict(asked)
        """The options of the fleet: one with others does not go on with this one."""
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self.ended: dict[str, Ended] = {}
        self._digests: dict[str, str] = {}

    @classmethod
    def opened(cls, folder: Path, planned: Sequence[Job], asked: Mapping[str, Any], *, again: bool) -> State:
        """The state of a fleet that was killed, where one in this folder was, and else that of a new one.

        Runs of target files that have changed since are not kept. UsageError where the file cannot be read.
        """
        state = cls(folder / NAME, asked)
        before = None if again else _read(state._path)
        if before is not None and not before["complete"] and before["asked"] == json.loads(json.dumps(state._question)):
            state.started = before["started"]
            kept = {job.name for job in planned if before["digests"].get(job.name) == job.digest}
            state.ended = {name: Ended(**told) for name, told in before["ended"].items() if name in kept}
            state._digests = {name: before["digests"][name] for name in state.ended}
        return state

    @staticmethod
    def was_complete(folder: Path) -> bool:
        """Whether the last fleet of a folder came to its end; False where there was none."""
        before = _read(folder / NAME)
        return before is not None and bool(before["complete"])

    def note(self, job: Job, ended: Ended) -> None:
        """Notes how a run ended."""
        if not ended.lost:
            self.ended[job.name] = ended
            self._digests[job.name] = job.digest
        self.write(complete=False)

    def write(self, *, complete: bool) -> None:
        """Writes the file anew: it is replaced as a whole."""
        document = {
            "fleet": VERSION,
            "started": self.started,
            "complete": complete,
            "asked": self._question,
            "digests": self._digests,
            "ended": {name: asdict(ended) for name, ended in self.ended.items()},
        }
        draft = self._path.with_name(NAME + ".part")
        draft.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        draft.replace(self._path)

    @property
    def _question(self) -> dict[str, Any]:
        return {**self._asked, "version": __version__}


def _read(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {error}; --again does without it") from None
    if not isinstance(document, dict) or document.get("fleet") != VERSION:
        raise UsageError(f"{path}: is no state of a fleet of this version; --again does without it")
    return document
