"""`evidence.jsonl`: every exchange of a run, redacted, so that it can be judged again later.

Bodies of answers are whole as long as the budget of the run allows; from there on their beginnings and shapes are kept.
"""

from __future__ import annotations

import base64
import json
import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TextIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contacts_conformance import __version__
from contacts_conformance import contract as contracts
from contacts_conformance.errors import UsageError
from contacts_conformance.http import lanes
from contacts_conformance.http.recording import Kept, Recorder, cut, shortened
from contacts_conformance.model import Exchange, Json
from contacts_conformance.report import folders
from contacts_conformance.target import Target
from contacts_conformance.traffic.stored_exchange import ON_PURPOSE, Seen

NAME = "evidence.jsonl"
BUDGET = 64_000_000
"""Bytes that the exchanges of a run may take with whole bodies; each one beyond takes some kilobytes."""
_FOR_FAILURES = BUDGET // 4
"""The part of it that is kept back for exchanges that show failures."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(_Model):
    """The first line: which run the exchanges come from."""

    evidence: Literal[1] = 1
    provider: str
    target: str
    base_url: str
    embedded: bool
    suite_version: str
    spec_sha256: str
    seed: int
    tag: str
    started: str


_Headers = tuple[tuple[str, str], ...]


class _Request(_Model):
    method: str
    url: str
    headers: _Headers
    body: str
    bytes: Annotated[int, Field(ge=0)]


class _Response(_Model):
    status: int
    reason: str
    headers: _Headers
    body: str
    encoding: Literal["", "base64"] = ""
    """How the body is written: as it is, or in base64 where it is no UTF-8."""
    bytes: Annotated[int, Field(ge=0)]
    whole: bool = True
    """Whether `body` is all of it, and not its beginning."""
    shape: Json = None
    """The names, types and lengths in a body of which the beginning alone was kept."""


class _Line(_Model):
    """One exchange; `judged_as` names the operation, and is empty where the answer was not judged by itself."""

    id: str
    check: str
    judged_as: str
    legal: bool
    identity: str
    operation: str
    started: str
    milliseconds: float
    request: _Request
    response: _Response | None
    error: str
    notes: tuple[str, ...]


class Writer:
    """Writes the evidence of one process of a run; what a check sent is on the disk when the check is over.

    Lanes write to parts of their own, which `take_in` puts in their order.
    """

    _file = lanes.PerLane[TextIO | None](lambda: None, inherited=True)
    _mark = lanes.PerLane(int, joined=operator.add)
    """How many exchanges of its lane are written down."""

    def __init__(self, folder: Path, origin: Origin, worker: str = "", processes: int = 1) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._worker = worker
        self._parts: list[Path] = []
        self._file = _part(folder, worker).open("w", encoding="ascii", newline="\n")
        self._left = BUDGET // processes
        self._kept_back = _FOR_FAILURES // processes
        self._print(json.dumps(origin.model_dump(mode="json")))

    def add(
        self,
        check: str,
        exchanges: Iterable[Exchange],
        bodies: Mapping[str, Kept],
        judged: Mapping[str, str],
        failing: Collection[str] = (),
    ) -> None:
        """Adds what one check sent; `bodies` and `judged` go by the ids of exchanges.

        `failing` are the exchanges that show failures: they have room where others have none any more.
        """
        for exchange in exchanges:
            body = bodies.get(exchange.id, Kept(b""))
            self._write(check, exchange, body, judged.get(exchange.id, ""), fails=exchange.id in failing)
        if self._file is not None:
            self._file.flush()

    def keep(self, check: str, recorder: Recorder, judged: Mapping[str, str], failing: Collection[str] = ()) -> None:
        """Adds what a check sent since the last time, and takes its bodies from the recorder."""
        sent = recorder.since(self._mark)
        self._mark += len(sent)
        self.add(check, sent, recorder.take_bodies(sent), judged, failing)

    def begin_part(self, place: int) -> None:
        """Writes what this lane sends to a part of its own, which has this place among all parts."""
        part = _part(self._folder, f"{self._worker or 'lane'}-{place:04}")
        self._parts.append(part)
        self._file = part.open("w", encoding="ascii", newline="\n")

    def take_in(self) -> None:
        """Moves what lanes have written into the file of the process, in the order of their places."""
        for part in sorted(self._parts):
            with part.open(encoding="ascii", newline="\n") as lines:
                for line in lines:
                    self._print(line.removesuffix("\n"))
            part.unlink()
        self._parts.clear()

    def close(self) -> None:
        """Closes the file of this lane."""
        if self._file is not None:
            self._file.close()

    def _write(self, check: str, exchange: Exchange, body: Kept, judged: str, *, fails: bool) -> None:
        room = self._left if fails else self._left - self._kept_back
        if len(body.content) <= room:
            line = json.dumps(_line(check, exchange, body, judged).model_dump(mode="json"))
            if len(line) <= room:
                self._left -= len(line)
                self._print(line)
                return
        kept = shortened(body.content) if body.whole else body
        self._print(json.dumps(_line(check, exchange, kept, judged).model_dump(mode="json")))

    def _print(self, line: str) -> None:
        print(line, file=self._file)


def origin(target: Target, seed: int, tag: str, started: datetime) -> Origin:
    """Which run it is, for the first line."""
    return Origin(
        provider=target.provider,
        target=target.name or target.base_url,
        base_url=target.base_url,
        embedded=target.embedded,
        suite_version=__version__,
        spec_sha256=contracts.load(target.provider).digest,
        seed=seed,
        tag=tag,
        started=started.isoformat(timespec="seconds"),
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a file of evidence holds."""

    origin: Origin
    exchanges: Sequence[Seen]


def forget(folder: Path) -> None:
    """Removes what an earlier run left in the folder."""
    for part in (folder / NAME, *folder.glob("evidence-*.jsonl")):
        part.unlink(missing_ok=True)


def merge(folder: Path) -> None:
    """Makes one file of what the processes of a spread run wrote."""
    parts = sorted(folder.glob("evidence-*.jsonl"))
    join(parts, folder / NAME)
    for part in parts:
        part.unlink()


def join(parts: Iterable[Path], path: Path) -> None:
    """Writes the exchanges of several files into one, after the first line of the first; without any, it writes none.

    A part that is not there is left out, and so is a last line that was cut off.
    """
    there = [part for part in parts if part.is_file()]
    if not there:
        return
    with path.open("wb") as whole:
        for number, part in enumerate(there):
            with part.open("rb") as lines:
                kept = (line for line in lines if line.endswith(b"\n"))
                whole.writelines(line for place, line in enumerate(kept) if place > 0 or number == 0)


def find(path: Path) -> tuple[Path, ...]:
    """The files of evidence that a path means: itself, beside a report, in a folder, or in the folders in it.

    Raises UsageError where there is none.
    """
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    if path.is_file() and path.suffix == ".jsonl":
        return (path,)
    beside = path.with_name(NAME)
    paths = folders.files(path, NAME) if path.is_dir() else (beside,) if beside.is_file() else ()
    if not paths:
        raise UsageError(f"{path}: no {NAME} here; `run --reports DIR` writes it to DIR/<provider>")
    return paths


def read(path: Path) -> Evidence:
    """The evidence of a run; a last line that was cut off is left out.

    Raises UsageError where the file cannot be read, or is no evidence of a run.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    try:
        origin = Origin.model_validate_json(lines[0])
    except ValidationError:
        raise UsageError(f"{path}: is no evidence of a run (line 1 says not which)") from None
    exchanges = []
    for number, line in enumerate(lines[1:-1], start=2):
        try:
            exchanges.append(_seen(_Line.model_validate_json(line)))
        except ValueError as error:
            why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise UsageError(f"{path}: line {number} is no exchange: {why}") from None
    return Evidence(origin, exchanges)


def _part(folder: Path, worker: str) -> Path:
    return folder / (f"evidence-{worker}.jsonl" if worker else NAME)


def _line(check: str, exchange: Exchange, body: Kept, judged: str) -> _Line:
    text, encoding = _written(body.content)
    return _Line(
        id=exchange.id,
        check=check,
        judged_as=judged,
        legal=exchange.legal,
        identity=exchange.identity,
        operation=exchange.operation,
        started=exchange.started,
        milliseconds=exchange.milliseconds,
        request=_Request(
            method=exchange.method,
            url=exchange.url,
            headers=exchange.request_headers,
            body=exchange.request_body,
            bytes=exchange.request_size,
        ),
        response=_Response(
            status=exchange.status,
            reason=exchange.reason,
            headers=exchange.response_headers,
            body=text,
            encoding=encoding,
            bytes=exchange.response_size,
            whole=body.whole,
            shape=body.shape,
        )
        if exchange.status
        else None,
        error=exchange.error,
        notes=exchange.notes,
    )


def _written(body: bytes) -> tuple[str, Literal["", "base64"]]:
    try:
        return body.decode(), ""
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"


def _seen(line: _Line) -> Seen:
    sent, came = line.request, line.response
    content = b""
    if came is not None:
        content = base64.b64decode(came.body, validate=True) if came.encoding else came.body.encode()
    exchange = Exchange(
        id=line.id,
        started=line.started,
        milliseconds=line.milliseconds,
        identity=line.identity,
        operation=line.operation,
        method=sent.method,
        url=sent.url,
        request_headers=sent.headers,
        request_body=sent.body,
        request_size=sent.bytes,
        status=came.status if came else 0,
        reason=came.reason if came else "",
        response_headers=came.headers if came else (),
        response_body=cut(content.decode("utf-8", "replace")),
        response_size=came.bytes if came else 0,
        error=line.error,
        notes=line.notes,
        legal=line.legal,
    )
    return Seen(exchange, content, line.judged_as, line.check, _unjudged(line))


def _unjudged(line: _Line) -> str:
    if line.response is None:
        return "no answer came"
    if not line.response.whole:
        return "its body was too long to be kept whole"
    if not line.legal:
        return ON_PURPOSE
    if not line.check:
        return "sent outside a check, to prepare or to clean up"
    return "" if line.judged_as else "belongs to no operation, or was sent again"
