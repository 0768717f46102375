"""What belongs to the requirements of a provider: the checks that judge them, and the faults that break them.

pytest alone can tell the checks, and the servers alone their faults, and to load both takes longer than anybody likes
to wait for one requirement. So they are asked once, and what they said is kept in the user's folder of caches as long
as no file of the suite or of the provider, and nothing else that it hangs on, has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from contacts_conformance.contract import packages, resources
from contacts_conformance.target.environment import variables

_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Belongings:
    """The node ids of the checks of a requirement, and its faults, each by its name and its sentence."""

    checks: tuple[str, ...]
    faults: tuple[str, ...]


def of(requirement: str) -> Belongings:
    """What belongs to a requirement; UsageError where checks cannot be collected, or a server cannot be loaded."""
    known = _known(requirement.partition(".")[0])
    return Belongings(*(tuple(known[part].get(requirement, ())) for part in ("checks", "faults")))


def _known(provider: str) -> dict[str, dict[str, list[str]]]:
    state = _state(packages.find(provider))
    file = user_cache_path("contacts-conformance", appauthor=False) / "belongings" / f"{provider}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["state"] == state:
            return {part: dict(kept[part]) for part in ("checks", "faults")}
    known = _asked(provider)
    with suppress(OSError):  # without a folder of caches it takes longer, and no harm is done
        _keep(file, {"state": state, **known})
    return known


def _asked(provider: str) -> dict[str, dict[str, list[str]]]:
    """What pytest and the reference server say."""
    from contacts_conformance import reference
    from contacts_conformance.pytest_plugin import collect

    checks: dict[str, list[str]] = {}
    for check, bound in collect.checks(provider).items():
        for requirement in dict.fromkeys(bound):
            checks.setdefault(requirement, []).append(check)
    faults: dict[str, list[str]] = {}
    for name, fault in reference.faults(provider).items():
        faults.setdefault(fault.breaks, []).append(f"{name}: {fault.sentence}")
    return {"checks": checks, "faults": faults}


def _keep(file: Path, known: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(known), encoding="utf-8")
    draft.replace(file)


def _state(package: packages.Package) -> str:
    """A digest of the names, sizes and times of all files that the answer hangs on, and of what else it does."""
    said = hashlib.sha256()
    of_pytest = [variables().get(name, "") for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")]
    said.update(repr([sys.version, version("pytest"), *of_pytest]).encode())
    for folder in dict.fromkeys([_PACKAGE, resources.suites(), package.documents, package.suites]):
        for path, size, changed in sorted(_files(str(folder))):
            said.update(f"{path} {size} {changed}\n".encode())
    return said.hexdigest()


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith((".py", ".yaml", ".json")):
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns
