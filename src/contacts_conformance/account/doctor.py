"""Checks a target file before a run: what is set, what answers, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from contacts_conformance import contract, providers
from contacts_conformance.account import forecast, mistakes
from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import granted, preflight
from contacts_conformance.account.recognition import recognise
from contacts_conformance.contract import register
from contacts_conformance.errors import NotVerified
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import ExitCode
from contacts_conformance.target import Target
from contacts_conformance.verdicts import deviations, rules


@dataclass(frozen=True, slots=True)
class Line:
    """One result; its state is `ok`, `missing` or `wrong`, and `code` the exit code that it asks for."""

    state: str
    text: str
    code: int = ExitCode.INCOMPLETE


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All results."""

    lines: tuple[Line, ...]

    @property
    def exit_code(self) -> int:
        """0 where a run can verify everything, 2 where it is not the API that answers, 3 where something is missing or
        wrong, 4 where nothing answers."""
        return rules.worst(line.code for line in self.lines if line.state != "ok")

    @property
    def sentence(self) -> str:
        """What the results mean for a run."""
        sentences: dict[int, str] = {
            ExitCode.CONFORMANT: "a run can verify everything",
            ExitCode.WRONG_USE: "a run cannot begin: it is not the API that answers at this address",
            ExitCode.INCOMPLETE: "a run cannot verify what needs a missing or a wrong entry",
            ExitCode.UNREACHABLE: "a run cannot begin: the target does not answer",
        }
        return sentences[self.exit_code]


def examine(target: Target) -> Diagnosis:
    """Checks a target: reads as each identity, and sends no request that writes."""
    clean = Redactor(target.secrets).text
    return Diagnosis(tuple(replace(line, text=clean(line.text)) for line in _lines(target)))


def _lines(target: Target) -> Iterator[Line]:
    keys = providers.load(target.provider).keys
    mistake, answers = _answers(target)
    yield Line("ok", f"{target.provider} at {target.base_url}") if mistake is None else mistake
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
    yield from answers


def _reads(target: Target) -> str:
    known = forecast.shipped(target.provider)
    return f", with about {known.reads} requests" if known is not None and known.reads else ""


def _permissions(target: Target) -> Iterator[Line]:
    if not target.writes:
        yield Line(
            "missing",
            f"writing is not permitted, so a run judges what contacts that are there already show by reading"
            f"{_reads(target)}; to permit it, set writes = true",
        )
        return
    is_tidy = contract.load(target.provider).has("remove")
    then = " and removes them again" if is_tidy else ", which stay, since no page says how to remove one"
    yield Line("ok", f"writing is permitted: a run creates contacts{then}")
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


def _answers(target: Target) -> tuple[Line | None, list[Line]]:
    """What is wrong with the address, or None; and how each identity fares, where nothing is."""
    account = Account(target)
    account.guard.held = "nothing is written"
    clean = account.client.discreet
    try:
        problems = preflight(account)
        mistake = recognise(account)
        if mistake is not None:
            return Line("wrong", mistake.text, mistake.exit_code), []
        fares = [_fares(account, role, clean(problem)) for role, problem in problems.items()]
        if account.client.closed_for is not None:
            return None, fares
        return None, [*fares, *(Line("wrong", line) for line in dict.fromkeys(w.line for w in mistakes.find(account)))]
    except NotVerified as failure:
        return None, [Line("wrong", clean(str(failure)))]
    finally:
        account.client.close()


def _fares(account: Account, role: str, problem: str) -> Line:
    """How asking as an identity went."""
    if account.client.is_unreachable:
        return Line("wrong", f"as {role}: no answer: {problem}", ExitCode.UNREACHABLE)
    if problem:
        return Line("wrong", f"as {role}: {problem}")
    operation = granted(account, role)
    if operation is None:  # the contract has no list
        return Line("ok", f"as {role}: the target answers who asks for a contact that does not exist")
    asked = "a list of contacts" if operation.lists else f"GET {operation.path}"
    return Line("ok", f"as {role}: the target answers {asked}")
