"""Serialises facts between pytest-xdist's workers, and formats a failure for the terminal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from contacts_conformance.account.claims import Claim, Wrong
from contacts_conformance.contract.register import Register
from contacts_conformance.http.client import Client
from contacts_conformance.http.redaction import whole_characters
from contacts_conformance.model import Breach, Cases, Exchange, Explored, Fact, Finding, Outcome, Traffic
from contacts_conformance.report.failure import describe
from contacts_conformance.verdicts.outcomes import Judge, facts_of


def pack(traffic: Traffic, unreachable: bool, selected: Sequence[str]) -> dict[str, Any]:
    """What a worker sends to the process that judges."""
    packed = {"traffic": asdict(traffic), "unreachable": unreachable, "selected": list(selected)}
    clean: dict[str, Any] = writable(packed)
    return clean


def unpack_explored(packed: Mapping[str, Any]) -> Explored | None:
    """What exploring has come to, as a worker has packed it; None where it explored nothing."""
    told = packed.get("explored")
    if told is None:
        return None
    lists = ("exchanges", "also")
    findings = tuple(Finding(**{**f, **{k: tuple(f[k]) for k in lists}}) for f in told["findings"])
    cases = tuple(Cases(**c) for c in told["cases"])
    return Explored(
        **{**told, "findings": findings, "cases": cases, "once": tuple(told["once"]), "traffic": _traffic(told)}
    )


def unpack_mistakes(packed: Mapping[str, Any]) -> list[Wrong]:
    """What a process has found to be wrong in the target file."""
    claims = [Claim(**{**w["claim"], "members": tuple(w["claim"]["members"])}) for w in packed.get("mistakes", ())]
    return [Wrong(c, w["line"], w["swapped"]) for c, w in zip(claims, packed.get("mistakes", ()), strict=True)]


def so_far(process: str, client: Client) -> dict[str, Any]:
    """What a worker has sent until now, for the case that it does not come to its end, and would need to clean up."""
    traffic = [client.pace.sent, client.throttled, client.unanswered]
    return {"so_far": {"process": process, "traffic": traffic, "owed": client.pace.owed()}}


def unpack(packed: Mapping[str, Any]) -> tuple[Traffic, bool, list[str]]:
    """The reverse of `pack`."""
    return _traffic(packed), packed["unreachable"], packed["selected"]


def _traffic(packed: Mapping[str, Any]) -> Traffic:
    traffic: dict[str, Any] = {k: tuple(v) if isinstance(v, list | tuple) else v for k, v in packed["traffic"].items()}
    return Traffic(**traffic)


def pack_facts(facts: Sequence[Fact], exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """What a check's report carries."""
    return {
        "facts": [
            {
                **_members(f),
                "outcome": f.outcome.value,
                "exchanges": list(f.exchanges),
                "kinds": list(f.kinds),
                "breach": asdict(f.breach) if f.breach is not None else None,
            }
            for f in facts
        ],
        "exchanges": [_lists(_members(e)) for e in exchanges],
    }


def unpack_facts(packed: Mapping[str, Any]) -> tuple[list[Fact], list[Exchange]]:
    """The reverse of `pack_facts`."""
    return [_fact(f) for f in packed["facts"]], [exchange(e) for e in packed["exchanges"]]


def writable(value: Any) -> Any:
    """The value with every half of a surrogate pair replaced: a server can send one, and no process can send it on."""
    if isinstance(value, str):
        return value if value.isascii() else whole_characters(value)
    if isinstance(value, list):
        return [writable(v) for v in value]
    if isinstance(value, tuple):
        return tuple(writable(v) for v in value)
    return {writable(k): writable(v) for k, v in value.items()} if isinstance(value, dict) else value


def _fact(packed: Mapping[str, Any]) -> Fact:
    breach = Breach(**packed["breach"]) if packed["breach"] else None
    lists = {k: tuple(packed.get(k, ())) for k in ("exchanges", "kinds")}
    return Fact(**{**packed, **lists, "outcome": Outcome(packed["outcome"]), "breach": breach})


def exchange(packed: Mapping[str, Any]) -> Exchange:
    """An exchange that has travelled."""
    headers = {k: tuple((n, v) for n, v in packed[k]) for k in ("request_headers", "response_headers")}
    return Exchange(**{**packed, **headers, "notes": tuple(packed["notes"])})


def command(option: Any) -> str:
    """The command that repeats a run, without what narrowed it."""
    words = ["contacts-conformance", "run"]
    words += ["--target", str(option.target)] if option.target else [option.provider]
    words += ["--yes"] if option.yes else []
    for name in ("fault", "variant"):
        if getattr(option, name):
            words += [f"--{name}", getattr(option, name)]
    if option.profile:
        words += ["--profile", option.profile]
    for name in ("max_seconds", "max_requests"):
        if getattr(option, name) is not None:
            words += [f"--{name.replace('_', '-')}", f"{getattr(option, name):g}"]
    words += ["--examples", option.examples] if option.examples else []
    if option.deviations:
        words += ["--deviations", str(option.deviations)]
    return shlex.join([*words, "--seed", str(option.seed)])


def failure_text(
    judge: Judge,
    bound: Sequence[str],
    failure: BaseException | None,
    register: Register,
    exchanges: Sequence[Exchange],
    said: str,
) -> str:
    """What a terminal and report.html show of a broken check; `said` is the command that repeats the run."""
    broken = list(judge.broken)
    if failure is not None:
        judged = {f.requirement for f in judge.facts}
        broken += [f for r in bound if r not in judged for f in facts_of(failure, r, "") if f.outcome is Outcome.BROKEN]
    return describe([(register[f.requirement], f) for f in broken if f.requirement in register], exchanges, said)


def _members(value: Fact | Exchange) -> dict[str, Any]:
    """What `dataclasses.asdict` gives of the outermost value, without a copy of all that it holds."""
    return {name: getattr(value, name) for name in _NAMES[type(value)]}


_NAMES = {each: tuple(f.name for f in fields(each)) for each in (Fact, Exchange)}


def _lists(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_lists(v) for v in value]
    return {k: _lists(v) for k, v in value.items()} if isinstance(value, dict) else value
