"""`list`: the requirements, by the beginnings of their ids."""

from __future__ import annotations

from collections.abc import Sequence

import click

from contacts_conformance.cli import as_json
from contacts_conformance.cli.choice import chosen
from contacts_conformance.cli.common import near
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Requirement


@click.command("list")
@click.argument("prefix", default="")
@as_json.FORMAT
def command(prefix: str, form: str) -> int:
    """List the requirements: all, or those whose ids begin with PREFIX."""
    choice = chosen([prefix.partition(".")[0]] if prefix else [])
    listed = _below(prefix, choice.names)
    if form == "json":
        click.echo(as_json.requirements(listed))
        return choice.code
    for each in listed:
        excluded = f" (excluded: {each.excluded})" if each.excluded else ""
        click.echo(f"{each.id}  {each.level}  {each.statement}{excluded}")
    return choice.code


def _below(prefix: str, names: Sequence[str]) -> tuple[Requirement, ...]:
    provider = prefix.partition(".")[0]
    requirements = tuple(r for n in names for r in (register.load(n).below(prefix) if prefix else register.load(n)))
    if not requirements:
        hint = near(prefix, [r.id for r in register.load(provider)])
        raise UsageError(f"no requirement below {prefix!r}; {hint}see `contacts-conformance list {provider}`")
    return requirements
