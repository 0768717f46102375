"""`init`: asks for what a target file needs, and writes it so that `doctor` takes it as it is."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import click

from contacts_conformance import contract, providers
from contacts_conformance import target as targets
from contacts_conformance.account import suggestions
from contacts_conformance.contract import packages
from contacts_conformance.errors import UsageError
from contacts_conformance.target import Target, template, writing
from contacts_conformance.target.template import Entry

Value: TypeAlias = "str | bool | int"
Values: TypeAlias = "dict[str, Value]"

_SWITCHES = ("writes", "leaves_contacts", "disposable")
_NAME = re.compile(r"^(?:\$\{)?([A-Z_][A-Z0-9_]*)\}?$")


@click.command("init")
@click.argument("provider")
@click.option(
    "--file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("target.toml"),
    show_default=True,
    help="The file to write.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="An entry of the file, which is then not asked for, as in known.source=12. A secret is named by its variable.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(provider: str, file: Path, given: Sequence[str], force: bool) -> int:
    """Write a target file for an API of PROVIDER: asks for the address, the identities and the ids that checks need.

    Secrets stay in the environment: the file names their variables. Without a terminal, nothing is asked, and --set
    says everything. Sends one request, which reads, to offer ids that your contacts have.
    """
    name = packages.find(provider).name
    interactive = is_terminal()
    if file.exists() and not force:
        if not interactive:
            raise UsageError(f"{file}: is there already; --force writes over it")
        click.confirm(f"{file} is there already. Write over it?", abort=True)
        force = True
    asking = _Asking(name, _given(given), interactive)
    values = asking.values()
    text = writing.rendered(values)
    asking.described(text, str(file))
    writing.write(file, text, over=force)
    click.echo(f"{file} is written. Next: contacts-conformance doctor --target {file}")
    for variable in asking.unset:
        click.echo(f"Set the environment variable {variable} before that.")
    return 0


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _given(pairs: Sequence[str]) -> dict[str, str]:
    """The entries of --set by their keys."""
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"--set {pair}: write KEY=VALUE, as in base_url=https://api.example.com")
    return {key.strip(): value.strip() for key, _, value in (pair.partition("=") for pair in pairs)}


class _Asking:
    def __init__(self, provider: str, given: dict[str, str], interactive: bool) -> None:
        self._provider = provider
        self._keys = providers.load(provider).keys
        self._given = given
        self._interactive = interactive
        text = (contract.provider_path(provider) / "target.toml").read_text(encoding="utf-8")
        self._entries = {e.key: e for e in template.entries(text)}
        self._values: Values = {"provider": provider}
        self.unset: list[str] = []
        """The variables of secrets that the environment does not have."""

    def values(self) -> Values:
        """The entries of the file, in its order."""
        self._ask("base_url", "Address of the API", default=self._entries["base_url"].example)
        if "base_url" not in self._values:
            raise UsageError("there is no terminal to ask at; say --set base_url=URL, and --set for each other entry")
        identities: Values = {}
        for role in dict.fromkeys([*self._roles(), *self._roles_given()]):
            identities |= self._identity(role)
        if not identities:
            first = next(iter(self._keys.roles), "ROLE")
            raise UsageError(f"no identity is given; say --set identities.{first}.KEY=VALUE for its credentials")
        self._switches()
        self._values |= identities
        offered = self._found()
        for entry in self._of("known"):
            self._ask(entry.key, entry.comment or entry.key, default=offered.get(entry.key.partition(".")[2], ""))
        for entry in self._of("limits"):
            self._ask(entry.key, entry.comment or entry.key, default=entry.example, convert=_number, anyway=True)
        self._values |= {k: _plain(v) for k, v in self._given.items() if k not in self._values}
        return self._values

    def described(self, text: str, name: str) -> Target:
        """The target that the text of a file describes; UsageError where it describes none."""
        environment = dict(targets.variables())
        standing = {v: environment.get(v) or "not-yet-set" for v in re.findall(r"\$\{(\w+)\}", text)}
        return targets.parse(tomllib.loads(text), self._keys, standing, name)

    def _of(self, table: str) -> list[Entry]:
        return [e for e in self._entries.values() if e.table == table and (e.usual or e.key in self._given)]

    def _roles(self) -> list[str]:
        tables = dict.fromkeys(e.table for e in self._entries.values() if e.table.startswith("identities."))
        return [t.partition(".")[2] for t in tables]

    def _roles_given(self) -> list[str]:
        return [k.split(".")[1] for k in self._given if k.startswith("identities.") and k.count(".") == 2]

    def _identity(self, role: str) -> Values:
        """The entries of an identity, as far as there is one."""
        table = f"identities.{role}"
        entries = [e for e in self._entries.values() if e.table == table]
        given = {k: v for k, v in self._given.items() if k.startswith(f"{table}.")}
        usual = bool(entries) and any(e.usual for e in entries)
        about = f" ({entries[0].about})" if entries and entries[0].about else ""
        if not given and not (self._interactive and click.confirm(f"Is there a {role}{about}?", default=usual)):
            return {}
        before, self._values = self._values, {}
        secret = [e for e in entries if e.key.rpartition(".")[2] in self._keys.secrets]
        for entry in entries:
            if entry in secret:
                self._ask(entry.key, f"  Variable with its {entry.key.split('.')[-1]}", entry.variable, self._secret)
            elif entry.usual or not usual:
                self._ask(entry.key, f"  {entry.key.split('.')[-1]}" + (f" ({entry.comment})" if entry.comment else ""))
        for key, value in given.items():
            is_secret = key.rpartition(".")[2] in self._keys.secrets
            self._values[key] = self._secret(value) if is_secret else value
        mine, self._values = self._values, before
        return mine

    def _switches(self) -> None:
        for key in _SWITCHES:
            entry = self._entries.get(key)
            if key in self._given:
                self._values[key] = _plain(self._given[key])
            elif self._interactive and entry is not None and (entry.usual or key == "disposable"):
                self._values[key] = click.confirm(f"{key}: {entry.comment}?", default=entry.usual and key == "writes")

    def _found(self) -> dict[str, str]:
        """Ids that the contacts of the account show, where the environment has the credentials to ask."""
        wanted = [e for e in self._of("known") if e.key not in self._given]
        if not self._interactive or not wanted or self.unset:
            return {}
        return suggestions.find(self.described(writing.rendered(self._values), "target file"))

    def _ask(
        self,
        key: str,
        text: str,
        default: str = "",
        convert: Callable[[str], Value] = str,
        anyway: bool = False,
    ) -> None:
        """Takes an entry as it is given, or asks for it; what nobody gives is left out, or its default `anyway`."""
        if key in self._given:
            self._values[key] = convert(self._given[key])
        elif self._interactive:
            answer = click.prompt(text, default=default, show_default=bool(default), type=str).strip()
            if answer:
                self._values[key] = convert(answer)
        elif anyway and default:
            self._values[key] = convert(default)

    def _secret(self, text: str) -> str:
        """The reference to the variable of a secret."""
        found = _NAME.match(text)
        if found is None:
            raise UsageError(
                "a secret is put in no file: say the name of the environment variable that holds it, in capitals"
            )
        if not targets.variables().get(found[1]) and found[1] not in self.unset:
            self.unset.append(found[1])
        return f"${{{found[1]}}}"


def _number(text: str) -> Value:
    return int(text) if text.isdecimal() else text


def _plain(text: str) -> Value:
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
