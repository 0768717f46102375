"""Standard output that may fail, because a disk is full or nobody reads any more, without ending what writes to it."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@dataclass(slots=True)
class Outlet:
    """What became of standard output: why something of it is lost; empty where nothing is."""

    lost: str = ""


class _Lasting(io.FileIO):
    """A file that takes everything; from the first text on that cannot be written, it keeps nothing of it."""

    def __init__(self, descriptor: int, outlet: Outlet, *, close: bool = False) -> None:
        super().__init__(descriptor, "w", closefd=close)
        self._outlet = outlet

    def write(self, content: ReadableBuffer, /) -> int:
        if not self._outlet.lost:
            try:
                return super().write(content) or 0
            except OSError as error:
                self._outlet.lost = f"standard output cannot be written: {error.strerror or error}"
        return memoryview(content).nbytes


@contextlib.contextmanager
def lasting() -> Iterator[Outlet]:
    """Lets standard output last for a while, where it is the process's own, and no console of Windows."""
    outlet, before = Outlet(), sys.stdout
    buffer = getattr(before, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # Python can be told not to buffer
    if before is not sys.__stdout__ or not isinstance(raw, io.FileIO) or not isinstance(before, io.TextIOWrapper):
        yield outlet
        return
    with contextlib.suppress(OSError):
        before.flush()
    file = _Lasting(raw.fileno(), outlet)
    sys.stdout = ours = io.TextIOWrapper(
        file if buffer is raw else io.BufferedWriter(file),
        encoding=before.encoding,
        errors=before.errors,
        line_buffering=before.line_buffering,
        write_through=before.write_through,
    )
    try:
        yield outlet
    finally:
        ours.flush()
        sys.stdout = before


@contextlib.contextmanager
def copied(stream: IO[str]) -> Iterator[IO[str]]:
    """Another way to where a stream leads, which stays when its descriptor is turned elsewhere; what fails is lost."""
    stream.flush()
    try:
        descriptor = os.dup(stream.fileno())
    except OSError:  # it leads to no file
        yield stream
        return
    buffer = io.BufferedWriter(_Lasting(descriptor, Outlet(), close=True))
    with io.TextIOWrapper(buffer, encoding=getattr(stream, "encoding", None), errors="replace") as copy:
        yield copy
