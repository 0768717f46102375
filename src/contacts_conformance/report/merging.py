"""Makes the result of one run from the reports of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from contacts_conformance import contract as contracts
from contacts_conformance.account import readable
from contacts_conformance.contract import Contract
from contacts_conformance.contract import register as registers
from contacts_conformance.contract.register import Register
from contacts_conformance.model import ExitCode, Fact, Outcome, Traffic
from contacts_conformance.report import restoring, shards
from contacts_conformance.target import Offers
from contacts_conformance.verdicts import deviations, rules
from contacts_conformance.verdicts.result import Result
from contacts_conformance.verdicts.shard import Place, Shard


def merge(documents: Mapping[Path, Mapping[str, Any]]) -> Result:
    """The result of the run whose parts these reports are of, judged anew from the facts of all of them.

    What the checks of a missing part judge is not verified. UsageError where the reports are not of one run.
    """
    provider = next(iter(documents.values()))["provider"]
    contract, register = contracts.load(provider), registers.load(provider)
    found = shards.fitting(documents, contract)
    read = [s for s in map(shards.of_document, found.values()) if s is not None]
    missing = [Place(n, read[0].place.of) for n in range(1, read[0].place.of + 1) if n not in found]
    return _result(list(found.values()), read, missing, contract, register)


def _result(
    found: Sequence[Mapping[str, Any]],
    parts: Sequence[Shard],
    missing: Sequence[Place],
    contract: Contract,
    register: Register,
) -> Result:
    first, target = found[0], found[0]["target"]
    complete = not missing and all(s.complete for s in parts)
    started = min(d["run"]["started"] for d in found)
    situation = deviations.Situation(
        ids=frozenset(r.id for r in register),
        others=frozenset(contracts.providers()) - {contract.provider},
        seed=first["run"]["seed"],
        complete=complete,
        whole=not missing and all(s.whole for s in parts),
        today=datetime.fromisoformat(started).date(),
    )
    wanted = parts[0].rows
    rows = [r for r in register if complete or r.id in wanted]
    facts = _in_order([*(f for d in found for f in restoring.facts(d)), *_unjudged(found, parts, missing)], parts[0])
    judgements, rulings = deviations.rule(restoring.deviations(first), rules.judge_all(rows, facts), situation)
    every = sum(1 for _ in register.tested())
    notes = tuple(f"shard {place} is missing: what its checks judge is not verified" for place in missing)
    if len(rows) < every:
        notes = (f"not every check was asked for: {len(rows)} of {every} requirements are judged", *notes)
    if not parts[0].writes:
        notes = (*notes, readable.note(contract, register, judgements))
    traffic = reduce(add, (restoring.traffic(d, s.notes) for d, s in zip(found, parts, strict=True)))
    codes = {d["verdict"]["exit_code"] for d in found}
    cited = {x for j in judgements for f in j.facts for x in f.exchanges}
    return Result(
        provider=contract.provider,
        title=contract.title,
        suite_version=first["suite"]["version"],
        spec_digest=contract.digest,
        target=target["name"],
        base_url=target["base_url"],
        embedded=target["embedded"],
        offers=Offers.model_validate(target["offers"]),
        tls_verify=all(d["target"].get("tls_verify", True) for d in found),
        command=first["run"]["command"],
        seed=first["run"]["seed"],
        tag=" ".join(d["run"]["tag"] for d in found),
        started=started,
        seconds=round(sum(d["run"]["seconds"] for d in found), 2),
        strict=first["run"]["strict"],
        exit_code=rules.exit_code(
            judgements,
            broken=ExitCode.SUITE_ERROR in codes,
            unreachable=ExitCode.UNREACHABLE in codes,
            strict=first["run"]["strict"],
            outdated=any(r.wrong for r in rulings),
        ),
        judgements=judgements,
        excluded=tuple(r for r in register if r.excluded),
        exchanges=tuple(e for d in found for e in restoring.exchanges(d) if e.id in cited),
        traffic=traffic + Traffic(notes=notes),
        complete=complete,
        deviations=rulings,
        deviations_file=first["deviations"]["file"],
        site=first["run"].get("site", ""),
        explored=next(filter(None, map(restoring.explored, found)), None),
    )


def _in_order(facts: Sequence[Fact], shard: Shard) -> list[Fact]:
    """The facts in the order of the run's checks, as one run would have found them; last, what no check found."""
    places = {module: n for n, module in enumerate(shard.modules)}
    return sorted(facts, key=lambda f: places.get(f.check.partition("::")[0], len(places)))


def _unjudged(found: Sequence[Mapping[str, Any]], parts: Sequence[Shard], missing: Sequence[Place]) -> Iterator[Fact]:
    """What no check could see: all that a missing part judges, and what one left unjudged that ended early."""
    for place in missing:
        for row in parts[0].parts[place.index - 1]:
            yield Fact(row, f"shard {place}", Outcome.UNVERIFIED, f"shard {place} is missing")
    for document, shard in zip(found, parts, strict=True):
        judged = {row["id"] for row in document["requirements"] if row["checks"]}
        for row in shard.parts[shard.place.index - 1]:
            if row not in judged and not shard.ended:
                yield Fact(row, f"shard {shard.place}", Outcome.UNVERIFIED, f"shard {shard.place} ended early")
