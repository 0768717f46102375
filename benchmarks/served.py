"""A reference server in a process of its own, and a target file for it."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from contacts_conformance import providers, reference


@dataclass(frozen=True, slots=True)
class Served:
    """A server: its address, a target file for it, and the variables of the environment that the file names."""

    url: str
    file: Path
    variables: Mapping[str, str]


@contextlib.contextmanager
def served(provider: str, folder: Path, seconds: float = 0.0) -> Iterator[Served]:
    """Serves the reference server of a provider, with an empty database; the target file lies in the folder.

    Each answer takes so many `seconds`.
    """
    slow = ["benchmarks.slow", provider, str(seconds)]
    command = [sys.executable, "-m", *(slow if seconds else ("contacts_conformance", "serve", provider, "--port", "0"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  (our own command)
        try:
            assert server.stdout is not None
            found = re.search(r"http://[\d.:]+", server.stdout.readline())
            if found is None:
                raise RuntimeError(f"the reference server of {provider} did not start")
            yield described(provider, found[0], folder)
        finally:
            server.terminate()
            server.communicate()


def described(provider: str, url: str, folder: Path) -> Served:
    """A reference server at an address, with a target file for it in the folder."""
    known = reference.load(provider).TARGET
    secret = set(providers.load(provider).keys.secrets)
    variables: dict[str, str] = {}
    identities: dict[str, dict[str, Any]] = {}
    for role, entries in known["identities"].items():
        identities[role] = dict(entries)
        for name in secret & entries.keys():
            variable = f"BENCHMARK_{role}_{name}".upper()
            variables[variable] = entries[name]
            identities[role][name] = f"${{{variable}}}"
    file = folder / f"{provider}.toml"
    whole = {**known, "base_url": url, "disposable": True, "identities": identities}
    file.write_text(tomlkit.dumps(whole), encoding="utf-8")
    return Served(url, file, variables)
