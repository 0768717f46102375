"""Checks a target file before a run: what is set, what answers, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contacts_conformance import contract, providers
from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import preflight
from contacts_conformance.contract import register
from contacts_conformance.errors import NotVerified
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import ExitCode
from contacts_conformance.target import Target
from contacts_conformance.verdicts import deviations


@dataclass(frozen=True, slots=True)
class Line:
    """One result; its state is `ok`, `missing` or `wrong`."""

    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All results."""

    lines: tuple[Line, ...]

    @property
    def exit_code(self) -> int:
        """0 where a run can verify everything, 3 where something is missing, 4 where nothing answers."""
        if any(line.state == "wrong" and "no answer" in line.text for line in self.lines):
            return ExitCode.UNREACHABLE
        states = {line.state for line in self.lines}
        return ExitCode.INCOMPLETE if states & {"missing", "wrong"} else ExitCode.CONFORMANT

    @property
    def sentence(self) -> str:
        """What the results mean for a run."""
        return {
            ExitCode.CONFORMANT: "a run can verify everything",
            ExitCode.INCOMPLETE: "a run cannot verify what needs a missing entry, and may fail because of a wrong one",
            ExitCode.UNREACHABLE: "a run cannot begin: the target does not answer",
        }[self.exit_code]


def examine(target: Target) -> Diagnosis:
    """Checks a target: sends one reading request as each identity, and none that writes."""
    clean = Redactor(target.secrets).text
    return Diagnosis(tuple(Line(line.state, clean(line.text)) for line in _lines(target)))


def _lines(target: Target) -> Iterator[Line]:
    keys = providers.load(target.provider).keys
    yield Line("ok", f"{target.provider} at {target.base_url}")
    yield from _permissions(target)
    offered = target.offers.roles
    for role in keys.roles:
        if role in target.identities:
            known = ", ".join(f"{k} {v}" for k, v in target.identities[role].attributes.items())
            yield Line("ok", f"identity {role} is set" + (f" ({known})" if known else ""))
        elif offered is not None and role not in offered:
            yield Line("ok", f"identity {role} is not needed: offers.roles says that the target has no such role")
        else:
            yield Line("missing", f"identity {role} is not set; add a table [identities.{role}]")
    for name in keys.known:
        known_id = target.known.get(name)
        yield (
            Line("ok", f"known id {name}: {known_id}")
            if known_id
            else Line("missing", f"known id {name} is not set; add the key {name} to [known]")
        )
    if target.deviations is not None:
        yield from _accepted(target.provider, target.deviations)
    for role, problem in _answers(target).items():
        yield (
            Line("wrong", f"as {role}: {problem}")
            if problem
            else Line("ok", f"as {role}: the target answers a list of contacts")
        )


def _permissions(target: Target) -> Iterator[Line]:
    if not target.writes:
        yield Line(
            "missing",
            "writing is not permitted, so a run verifies only what it can read; to permit it, set writes = true",
        )
        return
    yield Line("ok", "writing is permitted: a run creates contacts and removes them again")
    if target.disposable:
        yield Line("ok", "disposable: a run may also send what could change or remove every contact of the account")
    elif lost := _lost(target):
        yield Line(
            "missing",
            f"the account is not said to be disposable, so {lost}; if it may be emptied, set disposable = true",
        )
    for role, identity in target.identities.items():
        set_aside = identity.attributes.get("shared_contact")
        if set_aside and target.share is None:
            text = f"shared_contact {set_aside}: as {role}, a run reads it, changes it and back, and tries to remove it"
            yield Line("ok", text)


def _lost(target: Target) -> str:
    """What a run does not do in an account that may not be emptied; empty where it does everything."""
    promises = contract.load(target.provider)
    if promises.refused_methods:
        return "methods that the page rules out are not tried at all contacts, nor at a caller's own"
    readable = promises.has("read") and (not promises.operation("read").optional or "read" in target.offers.also)
    return "" if readable or not promises.has("change") else "contacts, which cannot be read, are not changed"


def _accepted(provider: str, file: Path) -> Iterator[Line]:
    """What can be said before a run about the entries in the file of deviations."""
    tested = {r.id for r in register.load(provider).tested()}
    others = set(contract.providers()) - {provider}
    today = datetime.now(UTC).date()
    for entry in deviations.load(file).entries:
        if entry.requirement.partition(".")[0] in others:
            continue
        if entry.requirement not in tested:
            yield Line("wrong", f"deviation {entry.requirement} in {file}: no tested requirement has this id")
        elif entry.expires < today:
            yield Line("wrong", f"deviation {entry.requirement} in {file}: its last day was {entry.expires}")
        else:
            yield Line("ok", f"deviation {entry.requirement} is accepted until {entry.expires}: {entry.reason}")


def _answers(target: Target) -> dict[str, str]:
    account = Account(target)
    account.guard.held = "nothing is written"
    try:
        clean = account.client.discreet
        problems = {role: clean(problem) for role, problem in preflight(account).items()}
        if account.client.is_unreachable:
            return {role: f"no answer: {problem}" for role, problem in problems.items()}
        return problems
    except NotVerified as failure:
        return {"": account.client.discreet(str(failure))}
    finally:
        account.client.close()
