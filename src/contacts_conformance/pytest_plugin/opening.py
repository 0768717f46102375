"""Where a run's target comes from: a target file, or a reference server that is started for the run."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from contacts_conformance import contract, providers, target
from contacts_conformance.contract import Contract, packages, register, resources
from contacts_conformance.contract.register import Register
from contacts_conformance.errors import UsageError
from contacts_conformance.http.wire import certificates
from contacts_conformance.target import Target


def provider_of(name: str | None, file: Path | None) -> str:
    """The provider that is meant; UsageError where the name and the file disagree, or there is no such provider."""
    if file is not None:
        stated = target.provider_of(file)
        if name is not None and name != stated:
            raise UsageError(f"{file} is for {stated}, not for {name}")
        return stated
    return packages.find(name or "").name


def names() -> tuple[str, ...]:
    """The names of all providers."""
    return contract.providers()


def contract_of(provider: str) -> Contract:
    """The contract of a provider."""
    return contract.load(provider)


def register_of(provider: str) -> Register:
    """The register of a provider."""
    return register.load(provider)


def suites_of(provider: str) -> tuple[Path, ...]:
    """The folders of checks that judge a provider: those that it shares, and its own, if it has any."""
    own = packages.find(provider).suites
    shared = tuple(resources.suites() / name for name in providers.load(provider).suites)
    return (*shared, own) if own.is_dir() else shared


class Embedding:
    """Opens the target of a run, and closes what had to be started for it."""

    def __init__(
        self, name: str | None, file: Path | None, fault: str | None = None, variant: str | None = None
    ) -> None:
        if file is not None and (fault or variant):
            raise UsageError("--fault and --variant belong to a reference server, not to a target file")
        self._name = name
        self._file = file
        self._fault = fault
        self._variant = variant
        self._stack = ExitStack()

    def open(self, *, start: bool = True) -> Target:
        """The target; its reference server runs from here on, unless `start` is false."""
        provider = provider_of(self._name, self._file)
        keys = providers.load(provider).keys
        if self._file is not None:
            loaded = target.load(self._file, keys)
            certificates(loaded)  # what cannot be read is told before the run begins
            return loaded
        # a target of one's own needs no server, and takes a third less time to begin without
        from contacts_conformance import reference

        server = reference.load(provider)
        if not start:
            return target.embedded(server.TARGET, "http://127.0.0.1", keys)
        url = self._stack.enter_context(reference.serving(server.application(fault=self._fault, variant=self._variant)))
        besides = server.VARIANTS[self._variant].target if self._variant else {}
        return target.embedded({**server.TARGET, **besides}, url, keys)

    def close(self) -> None:
        """Stops the reference server, if there is one."""
        self._stack.close()
