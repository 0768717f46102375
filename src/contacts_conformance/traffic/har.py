"""HAR 1.2, read and written.

`harfile` writes. Nothing that is kept reads HAR files as data (the readers there are judge how fast pages load), so the
few members that matter here are models of our own; whatever else a recorder adds is passed over.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import harfile
from pydantic import ValidationError

from contacts_conformance import __version__
from contacts_conformance.errors import UsageError
from contacts_conformance.http.callers import caller
from contacts_conformance.traffic.entries import Entry, Model
from contacts_conformance.traffic.stored_exchange import Seen


class _Log(Model):
    entries: list[Any]


class _Har(Model):
    log: _Log


def read(path: Path) -> list[Entry | str]:
    """The entries of a file; in place of one that is not as HAR has it, what is wrong with it.

    Raises UsageError where the file cannot be read, is no HAR, or has no entry that can be understood.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise UsageError(f"{path}: is no HAR: it is an archive; unpack it first")
    coding = json.detect_encoding(content)
    try:
        text = content.decode(coding)
        del content  # a capture may be large, and is in memory twice as it is
        log = _Har.model_validate(json.loads(text)).log
    except ValidationError as error:
        raise UsageError(f"{path}: is no HAR: {_first(error)}") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: is no HAR: no JSON at line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is no HAR: no JSON in UTF-8") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: is no HAR: its JSON is too deep, or has a number of too many digits") from None
    del text
    log.entries.reverse()
    entries = [_entry(log.entries.pop()) for _ in range(len(log.entries))]  # each is let go when it was read
    if not entries:
        raise UsageError(f"{path}: the capture is empty")
    if all(isinstance(e, str) for e in entries):
        raise UsageError(f"{path}: is no HAR: the first entry: {entries[0]}")
    return entries


def write(path: Path, exchanges: Sequence[Seen]) -> None:
    """Writes exchanges as HAR; without secrets, since they have none. UsageError where the file cannot be written."""
    creator = harfile.Creator(name="contacts-conformance", version=__version__)
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file, harfile.HarFile(file, creator=creator) as har:
            for seen in exchanges:
                _write(har, seen)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from None


def _entry(raw: object) -> Entry | str:
    try:
        return Entry.model_validate(raw)
    except ValidationError as error:
        return _first(error)


def _first(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg']}"


def _write(har: harfile.HarFile, seen: Seen) -> None:
    shown = seen.exchange
    body, encoding = _text(seen.content)
    content_type = next((v for n, v in shown.response_headers if n.lower() == "content-type"), "")
    query = urlsplit(shown.url).query
    har.add_entry(
        startedDateTime=shown.started,
        time=shown.milliseconds,
        request=harfile.Request(
            method=shown.method,
            url=shown.url,
            httpVersion="HTTP/1.1",
            headers=[harfile.Record(n, v) for n, v in shown.request_headers],
            queryString=[harfile.Record(n, v) for n, v in parse_qsl(query, keep_blank_values=True)],
            postData=harfile.PostData("application/json", text=shown.request_body) if shown.request_body else None,
            bodySize=shown.request_size,
        ),
        response=harfile.Response(
            status=shown.status,
            statusText=shown.reason,
            httpVersion="HTTP/1.1",
            headers=[harfile.Record(n, v) for n, v in shown.response_headers],
            content=harfile.Content(len(seen.content), mimeType=content_type, text=body, encoding=encoding),
            redirectURL=next((v for n, v in shown.response_headers if n.lower() == "location"), ""),
            bodySize=-1,
        ),
        timings=harfile.Timings(send=0, wait=shown.milliseconds, receive=0),
        comment="; ".join(filter(None, (f"exchange {shown.id} {caller(shown)}", shown.error, *shown.notes))),
    )


def _text(content: bytes) -> tuple[str, str | None]:
    try:
        return content.decode(), None
    except UnicodeDecodeError:
        return base64.b64encode(content).decode(), "base64"
