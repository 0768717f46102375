"""Writes down what a process of a run sends, check by check, as long as that can be written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.traffic.evidence import Origin, Writer


class Writing:
    """The evidence of one process. Where it cannot be written any more, the run goes on without, and says so.

    Raises a UsageError of pytest where it cannot be written from the beginning.
    """

    def __init__(self, folder: Path, origin: Origin, worker: str, processes: int, session: Session) -> None:
        self._session = session
        self._writer: Writer | None = None
        try:
            self._writer = Writer(folder, origin, worker, processes)
        except OSError as error:
            raise pytest.UsageError(f"--reports {folder.parent}: cannot be written: {error}") from None
        session.recorder.bodies = {}

    def keep(self, check: str, failing: frozenset[str] = frozenset()) -> None:
        """Writes down what this lane sent since the last time, and by which check."""
        with self._attempted() as writer:
            if writer is not None:
                writer.keep(check, self._session.recorder, self._session.judged, failing)

    def close(self) -> None:
        """Writes down what is left, and nothing any more."""
        self.keep("")
        with self._attempted() as writer:
            if writer is not None:
                writer.close()

    # Lanes

    def begin_part(self, place: int) -> None:
        """Begins the part of this lane, which has this place among the parts of all lanes."""
        with self._attempted() as writer:
            if writer is not None:
                writer.begin_part(place)

    def end_part(self) -> None:
        """Ends the part of this lane."""
        self.close()

    def take_in_parts(self) -> None:
        """Brings what lanes sent into the order of their places."""
        with self._attempted() as writer:
            if writer is not None:
                writer.take_in()

    @contextmanager
    def _attempted(self) -> Iterator[Writer | None]:
        try:
            yield self._writer
        except OSError as error:
            with suppress(OSError):
                if self._writer is not None:
                    self._writer.close()
            self._writer, self._session.recorder.bodies = None, None
            self._session.account.notes.append(f"the evidence cannot be written any more: {error}")
