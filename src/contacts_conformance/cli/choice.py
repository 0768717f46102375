"""Which providers a command is about: those that were named, or all that can be used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from contacts_conformance import contract
from contacts_conformance.contract import packages, register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode


@dataclass(frozen=True, slots=True)
class Choice:
    """The names of providers; `code` is 2 where a package that announces another one cannot be used."""

    names: tuple[str, ...]
    code: int = ExitCode.CONFORMANT


def chosen(names: Sequence[str], *, served: bool = False) -> Choice:
    """The providers of these names, or all where none is named; `served` leaves out those without a reference server.

    Where all are meant, one that cannot be used is told on stderr and left out. UsageError where one that is named
    cannot be used.
    """
    if names:
        for name in names:
            _load(name)
            if served:
                _serve(name)
        return Choice(tuple(dict.fromkeys(names)))
    usable, lines = [], list(packages.mistakes().values())
    for name in contract.providers():
        try:
            _load(name)
            if served and packages.find(name).reference is None:
                click.echo(f"note: {name} has no reference server, so it is left out", err=True)
                continue
            if served:
                _serve(name)
        except UsageError as error:
            lines += error.lines
        else:
            usable.append(name)
    for line in lines:
        click.echo(f"contacts-conformance: {line}", err=True)
    return Choice(tuple(usable), ExitCode.WRONG_USE if lines else ExitCode.CONFORMANT)


def judged(names: Sequence[str], file: Path | None) -> Choice:
    """The providers whose reference servers are judged, or the one that a target file is for.

    Raises UsageError where the file is for another provider than those named.
    """
    if file is None:
        return chosen(names, served=True)
    from contacts_conformance import target

    stated = target.provider_of(file)
    if any(n != stated for n in names):
        raise UsageError(f"{file} is for {stated}, not for {', '.join(n for n in names if n != stated)}")
    return chosen([stated])


def _load(name: str) -> None:
    """Raises UsageError where a provider's documents or module cannot be used.

    Of those that ship, only the documents are looked at: `list` needs no more, and tests load the modules.
    """
    register.load(name)
    if not packages.ships(name):
        from contacts_conformance import providers

        providers.load(name)


def _serve(name: str) -> None:
    """Raises UsageError where a provider's reference server cannot be used."""
    from contacts_conformance import reference

    reference.load(name)
