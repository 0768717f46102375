"""`show`: one requirement, with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from contacts_conformance import contract
from contacts_conformance.cli import as_json, belongings
from contacts_conformance.cli.common import near
from contacts_conformance.cli.printing import Printer
from contacts_conformance.contract import examples, packages, register, specimens
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Requirement


@click.command("show")
@click.argument("requirement")
@as_json.FORMAT
def command(requirement: str, form: str) -> int:
    """Show one REQUIREMENT: its text, its source, how it is judged, its checks and its faults."""
    provider = requirement.partition(".")[0]
    known = register.load(provider) if provider in {*contract.providers(), *packages.mistakes()} else None
    if known is None or requirement not in known:
        hint = near(requirement, [r.id for r in known]) if known else ""
        where = f"list {provider}" if known else "list"
        raise UsageError(f"no requirement {requirement!r}; {hint}see `contacts-conformance {where}`")
    its = belongings.of(requirement)
    told = (known[requirement], its.checks, its.faults, _kinds_of(requirement))
    if form == "json":
        click.echo(as_json.requirement(*told))
    else:
        _print(*told)
    return ExitCode.CONFORMANT


def _kinds_of(requirement: str) -> dict[str, specimens.Grade]:
    """The kinds of values that the field of a requirement is tried with; none where it is about no writing."""
    provider, *parts = requirement.split(".")
    if len(parts) != 3 or parts[0] != "field" or parts[2] not in ("create", "change"):
        return {}
    field = contract.load(provider).find_field(parts[1])
    return specimens.kinds(field, examples.printed_forms(provider)) if field is not None else {}


def _print(requirement: Requirement, checks: Sequence[str], faults: Sequence[str], kinds: Mapping[str, Grade]) -> None:
    """Kinds that are not plain on the page warn at most, under the requirement that stands beside them."""
    out = Printer()
    out.print(f"{requirement.id} ({requirement.level})", style="bold")
    out.print(requirement.statement)
    out.print(f"source: {requirement.source}")
    if requirement.judged:
        out.print(f"judged: {requirement.judged}")
    if requirement.excluded:
        out.print(f"excluded: {requirement.excluded}")
    for grade in dict.fromkeys(kinds.values()):
        named = ", ".join(kind for kind, its in kinds.items() if its is grade)
        out.print(f"kinds: {named}" if grade is Grade.PLAIN else f"kinds that warn at most ({grade}): {named}")
    for label, lines in (("check", checks), ("fault", faults)):
        for line in lines:
            out.print(f"{label}: {line}")
