"""Accepts failures of a report: writes them into a file of deviations, and leaves the rest of the file as it is."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array

from contacts_conformance.errors import UsageError
from contacts_conformance.model import Verdict
from contacts_conformance.verdicts import deviations

HEADING = (
    "Failures that are accepted on this target, each with a reason and an end.",
    "`contacts-conformance accept` adds entries and writes what was observed; a run says which ones have to go.",
)
_ACCEPTABLE = {v.value for v in (*deviations.ACCEPTABLE, Verdict.KNOWN_DEVIATION)}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was written: the ids of new entries, and of those that were there already and now say what was observed."""

    added: tuple[str, ...]
    updated: tuple[str, ...]


def accept(
    report: Mapping[str, Any], ids: Sequence[str], *, reason: str, expires: date, link: str, file: Path, today: date
) -> Accepted:
    """Writes an entry for each of these requirements of a report; the file changes whole or not at all.

    Raises UsageError with one line for each requirement that does not fail in the report, and for each mistake in the
    file or in what is to be written.
    """
    rows = {r["id"]: r for r in report["requirements"]}
    mistakes = [line for i in dict.fromkeys(ids) for line in _unacceptable(i, rows, report)]
    if not reason.strip():
        mistakes.append('--reason: is empty; say why this is accepted, as in --reason "vendor ticket 4711"')
    if expires < today:
        mistakes.append(f"--expires {expires}: is over already; give a day that is still to come")
    if link and not link.startswith(("https://", "http://")):
        mistakes.append(f"--link {link}: is no address; it begins with https://")
    if mistakes:
        raise UsageError(mistakes)
    file = file.resolve()
    text = _text(file)
    known = {e.requirement for e in deviations.load(file).entries} if text is not None else set()
    document = tomlkit.parse(text) if text else tomlkit.document()
    if not text:
        for line in HEADING:
            document.add(tomlkit.comment(line))
        document.add(tomlkit.nl())
    started = date.fromisoformat(report["run"]["started"][:10])
    for requirement in dict.fromkeys(ids):
        entry = {
            "requirement": requirement,
            "reason": reason.strip(),
            **({"link": link} if link else {}),
            "first_seen": started,
            "expires": expires,
            "seed": report["run"]["seed"],
            "observed": rows[requirement]["observed"],
        }
        _enter(document, entry, known=requirement in known)
    written = tomlkit.dumps(document)
    if text and "\r\n" in text:
        written = re.sub("(?<!\r)\n", "\r\n", written)
    deviations.parse(tomlkit.parse(written).unwrap(), str(file))
    _write(file, written)
    unique = tuple(dict.fromkeys(ids))
    return Accepted(tuple(i for i in unique if i not in known), tuple(i for i in unique if i in known))


def _unacceptable(requirement: str, rows: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[str]:
    row = rows.get(requirement)
    if row is None:
        if any(r["id"] == requirement for r in report["excluded"]):
            yield f"{requirement}: is excluded, so that no check judges it"
            return
        close = difflib.get_close_matches(requirement, rows, n=1)
        narrowed = "" if report["run"]["complete"] else " (its run was narrowed)"
        yield f"{requirement}: is not in this report{narrowed}" + (f"; did you mean {close[0]}?" if close else "")
    elif row["verdict"] not in _ACCEPTABLE or not row["observed"]:
        yield f"{requirement}: does not fail in this report: its verdict is {row['verdict']}"


def _enter(document: tomlkit.TOMLDocument, entry: Mapping[str, Any], *, known: bool) -> None:
    """Adds an entry, or brings the one that is there up to date; when it was first seen stays."""
    if "deviation" not in document:
        document.append("deviation", tomlkit.aot())
    tables: Any = document["deviation"]
    if known:
        table = next(t for t in tables if t["requirement"] == entry["requirement"])
    elif isinstance(tables, AoT):
        table = tomlkit.table()
        tables.append(table)
        table = tables[-1]
    else:
        tables.append(tomlkit.inline_table())
        table = tables[-1]
    for key, value in entry.items():
        if known and key == "first_seen":
            continue
        table[key] = _lines(value) if key == "observed" else value


def _lines(values: Sequence[str]) -> Array:
    array = tomlkit.array()
    array.extend(values)
    return array.multiline(True)


def _text(file: Path) -> str | None:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return opened.read()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8 (byte {error.start}); save it as UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from None


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
        if file.exists():
            shutil.copymode(file, draft)
        else:
            os.chmod(draft, 0o644)
        os.replace(draft, file)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None
