"""Writes down what a process of a run sends, check by check, as long as that can be written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
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
        self._attempt(lambda writer: writer.keep(check, self._session.recorder, self._session.judged, failing))

    def close(self) -> None:
        """Writes down what is left of this lane, and nothing of it any more."""
        self.keep("")
        self._attempt(Writer.close)

    # Lanes

    def begin_part(self, place: int) -> None:
        """Begins the part of this lane, which has this place among the parts of all lanes; `close` ends it."""
        self._attempt(lambda writer: writer.begin_part(place))

    def take_in_parts(self) -> None:
        """Brings what lanes sent into the order of their places."""
        self._attempt(Writer.take_in)

    def _attempt(self, act: Callable[[Writer], None]) -> None:
        writer = self._writer
        if writer is None:
            return
        try:
            act(writer)
        except OSError as error:
            with suppress(OSError):
                writer.close()
            self._writer, self._session.recorder.bodies = None, None
            self._session.account.notes.append(f"the evidence cannot be written any more: {error}")
