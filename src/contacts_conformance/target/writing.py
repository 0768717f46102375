"""Writes a target file: whole or not at all, and for its owner's eyes alone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from contacts_conformance.errors import UsageError


def rendered(values: Mapping[str, str | bool | int]) -> str:
    """The TOML of these values by their keys, as in `identities.owner.token`."""
    tables: dict[str, list[str]] = {"": []}
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        tables.setdefault(table, []).append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    blocks = ["\n".join([*([f"[{table}]"] if table else []), *lines]) for table, lines in tables.items() if lines]
    return "\n\n".join(blocks) + "\n"


def write(path: Path, text: str, *, over: bool) -> None:
    """Writes the file; UsageError where it is there already and may not be written `over`, or cannot be written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        if over:
            draft.replace(path)
        else:
            path.hardlink_to(draft)
    except FileExistsError:
        raise UsageError(f"{path}: is there already; --force writes over it") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            draft.unlink()
