"""What a fleet has to do: a run for each target file, and which of these runs are on one account."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contacts_conformance import providers, target
from contacts_conformance.errors import UsageError
from contacts_conformance.target import Target


@dataclass(frozen=True, slots=True)
class Job:
    """The run of one target; `account` is the name of the first job on the same account, which may be this one.

    `name` is that of its folder, and `digest` tells whether the target file is still the same.
    """

    name: str
    provider: str
    file: Path
    digest: str
    account: str = ""


def jobs(files: Sequence[Path]) -> tuple[Job, ...]:
    """The runs of these target files. UsageError with all mistakes in them, and where two have one name."""
    mistakes: list[str] = []
    found: list[tuple[Job, Target]] = []
    names = _names(files)
    for file in files:
        try:
            provider = target.provider_of(file)
            described = target.load(file, providers.load(provider).keys)
        except UsageError as error:
            mistakes += error.lines
            continue
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        found.append((Job(names[file], provider, file.absolute(), digest), described))
    if mistakes:
        raise UsageError(mistakes)
    return tuple(_on_accounts(found))


def by_account(planned: Sequence[Job]) -> list[list[Job]]:
    """The runs of each account in their order, those of the account with most of them first."""
    accounts: dict[str, list[Job]] = {}
    for job in planned:
        accounts.setdefault(job.account, []).append(job)
    return sorted(accounts.values(), key=lambda each: -len(each))


def _names(files: Sequence[Path]) -> Mapping[Path, str]:
    """A name for each file: its own, with that of its folder where two files are called alike."""
    absolute = {file: file.resolve() for file in files}
    if len(set(absolute.values())) < len(files):
        twice = next(f for f, n in Counter(f.resolve() for f in files).items() if n > 1)
        raise UsageError(f"{twice}: is named twice")
    alike = Counter(path.stem for path in absolute.values())
    names = {f: p.stem if alike[p.stem] == 1 else f"{p.parent.name}-{p.stem}" for f, p in absolute.items()}
    for name, number in Counter(names.values()).items():
        if number > 1:
            raise UsageError(
                f"{number} target files would have the folder {name} for their reports; rename one of them"
            )
    return names


def _on_accounts(found: Sequence[tuple[Job, Target]]) -> Iterator[Job]:
    """The jobs with their accounts: those that share credentials at one address, directly or by way of another."""
    first: dict[str, str] = {}
    joined: dict[str, str] = {job.name: job.name for job, _ in found}

    def root(name: str) -> str:
        return name if joined[name] == name else root(joined[name])

    order = {job.name: n for n, (job, _) in enumerate(found)}
    for job, described in found:
        for key in credentials(described):
            one, other = sorted((root(first.setdefault(key, job.name)), root(job.name)), key=order.__getitem__)
            joined[other] = one
    return (replace(job, account=root(job.name)) for job, _ in found)


def credentials(described: Target) -> frozenset[str]:
    """What the credentials of each identity are at the target's address, as digests; its address where it has none."""
    address = described.base_url.rstrip("/").lower()
    each = [sorted((k, s.value) for k, s in i.secrets.items()) for i in described.identities.values() if i.secrets]
    return frozenset(hashlib.sha256(json.dumps([address, one]).encode()).hexdigest() for one in each or [[]])
