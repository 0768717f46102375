"""Judges exchanges that took place earlier by today's checks of answers. Nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from contacts_conformance import __version__
from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract
from contacts_conformance.contract import register as registers
from contacts_conformance.contract.register import Register
from contacts_conformance.http.redaction import SENSITIVE, Redactor
from contacts_conformance.model import ExitCode, Fact, Outcome, Requirement, Traffic
from contacts_conformance.report import json as report_json
from contacts_conformance.target import Offers
from contacts_conformance.traffic import Origin, Seen
from contacts_conformance.traffic.stored_exchange import ON_PURPOSE
from contacts_conformance.verdicts import response_checks, rules
from contacts_conformance.verdicts.result import Result

_ASPECTS = ("no-server-error", "status", "content-type", "body")


@dataclass(frozen=True)
class Rejudgement:
    """What stored exchanges show: a result like a run's, and what they could not show.

    `leaks` are places in the exchanges that hold what looks like a secret, in words that do not repeat it.
    """

    result: Result
    exchanges: Sequence[Seen]
    leaks: tuple[str, ...] = ()

    @cached_property
    def unjudged(self) -> Mapping[str, int]:
        """How many exchanges were not judged, by reason."""
        return dict(Counter(s.unjudged for s in self.exchanges if s.unjudged).most_common())

    @cached_property
    def lacking(self) -> Mapping[str, int]:
        """How many exchanges lack something of what would have been judged, by what that is."""
        return dict(Counter(s.lacks for s in self.exchanges if s.lacks).most_common())

    @cached_property
    def unseen(self) -> tuple[Requirement, ...]:
        """The requirements that such a look can judge, and of which these exchanges show nothing."""
        judged = {j.requirement.id for j in self.result.judgements}
        return tuple(r for r in observable(self.result.provider) if r.id not in judged)

    @cached_property
    def beyond(self) -> tuple[Requirement, ...]:
        """The requirements that no look at answers alone can judge: only a run does."""
        within = {r.id for r in observable(self.result.provider)}
        return tuple(r for r in registers.load(self.result.provider).tested() if r.id not in within)

    @property
    def exit_code(self) -> int:
        """5 where a secret lies in the exchanges (the suite is to keep them out), else that of the result."""
        return ExitCode.SUITE_ERROR if self.leaks else self.result.exit_code

    def to_document(self) -> dict[str, Any]:
        """All of it as plain data; `report` is by the schema of report.json."""
        return {
            "exit_code": self.exit_code,
            "exchanges": {
                "stored": len(self.exchanges),
                "judged": sum(not s.unjudged for s in self.exchanges),
                "not_judged": dict(self.unjudged),
                "not_recorded": dict(self.lacking),
            },
            "leaks": list(self.leaks),
            "unseen": [r.id for r in self.unseen],
            "only_a_run_judges": [r.id for r in self.beyond],
            "report": report_json.to_document(self.result),
        }


def observable(provider: str) -> tuple[Requirement, ...]:
    """The requirements that answers alone can show to be kept or broken."""
    contract, register = contracts.load(provider), registers.load(provider)
    names = [f"{provider}.operation.{o.id}.{a}" for o in contract.operations for a in _ASPECTS]
    names += [f"{provider}.field.{f.name}.type" for f in contract.answered_fields]
    return tuple(register[n] for n in names if n in register and not register[n].excluded)


def rejudge(
    origin: Origin,
    exchanges: Iterable[Seen],
    *,
    command: str,
    strict: bool = False,
    secrets: Redactor | None = None,
    clean: Callable[[str], str] = str,
) -> Rejudgement:
    """Judges stored exchanges; each kind of problem is told at most three times for each check that met it.

    The exchanges are also searched for the secrets that `secrets` knows, if it is given. `clean` is laid over every
    message, where the exchanges still hold what must not be shown.
    """
    contract, register = contracts.load(origin.provider), registers.load(origin.provider)
    seen = [_current(contract, s) for s in exchanges]
    facts = [replace(f, message=clean(f.message)) for f in _facts(contract, register, seen)]
    judgements = rules.judge_all([r for r in register if r.id in {f.requirement for f in facts}], facts)
    shown = {x for j in judgements for f in j.facts for x in f.exchanges}
    code = rules.exit_code(judgements, strict=strict) if judgements else ExitCode.INCOMPLETE
    if code == ExitCode.CONFORMANT and any(s.lacks for s in seen):
        code = ExitCode.INCOMPLETE
    result = Result(
        provider=origin.provider,
        title=contract.title,
        suite_version=__version__,
        spec_digest=contract.digest,
        target=origin.target,
        base_url=origin.base_url,
        embedded=origin.embedded,
        offers=Offers(),
        command=command,
        seed=origin.seed,
        tag=origin.tag,
        started=origin.started,
        seconds=0,
        strict=strict,
        exit_code=code,
        judgements=judgements,
        excluded=(),
        exchanges=tuple(s.exchange for s in seen if s.exchange.id in shown),
        traffic=Traffic(),
        complete=False,
    )
    return Rejudgement(result, seen, tuple(_leaks(seen, secrets)))


def lines(rejudgement: Rejudgement) -> Iterator[str]:
    """What a person is told, line by line."""
    result = rejudgement.result
    judged = sum(not s.unjudged for s in rejudgement.exchanges)
    if not result.judgements:
        yield f"{result.provider}: nothing could be judged"
    else:
        broken = any(f.outcome is Outcome.BROKEN for j in result.judgements for f in j.facts)
        words = "every answer keeps to the contract, as far as answers alone show it"
        if broken or rejudgement.lacking:
            words = "problems found" if broken else "what was recorded keeps to the contract, but not all was recorded"
        yield f"{result.provider}: {words}"
    yield f"{len(rejudgement.exchanges)} exchanges, {judged} judged; {len(result.judgements)} requirements bear on them"
    for reason, number in rejudgement.unjudged.items():
        yield f"not judged: {number} ({reason})"
    for reason, number in Counter(s.lacks for s in rejudgement.exchanges if s.lacks and not s.unjudged).most_common():
        yield f"judged by status and headers alone: {number} ({reason})"
    for judgement in result.judgements:
        first = next((f for f in judgement.facts if f.outcome is Outcome.BROKEN), None)
        if first is not None:
            requirement = judgement.requirement
            number = sum(f.outcome is Outcome.BROKEN for f in judgement.facts)
            more = f" (and {number - 1} more)" if number > 1 else ""
            yield f"{judgement.verdict}: {requirement.id} ({requirement.level})"
            yield f"  promised: {requirement.statement} [{requirement.source}]"
            for line in first.message.splitlines():
                yield f"  found:    {line}"
            yield f"  exchange: {first.exchanges[0]}{more}"
    for leak in rejudgement.leaks:
        yield f"secret: {leak}"
    yield (
        f"{len(rejudgement.unseen)} further requirements could be judged this way, but nothing here shows them; "
        f"{len(rejudgement.beyond)} only a run can judge"
    )


def _current(contract: Contract, seen: Seen) -> Seen:
    """The exchange, not to be judged where today's contract has no such operation any more."""
    if seen.unjudged or any(o.id == seen.operation for o in contract.operations):
        return seen
    return replace(seen, unjudged=f"the contract has no operation {seen.operation}")


def _facts(contract: Contract, register: Register, exchanges: Sequence[Seen]) -> Iterator[Fact]:
    operations = {o.id: o for o in contract.operations}
    by_check: dict[str, dict[str, list[Fact]]] = {}
    for seen in exchanges:
        if not seen.unjudged:
            kept = by_check.setdefault(seen.check, {})
            response_checks.collect(kept, contract, register, operations[seen.operation], seen.answer)
        elif seen.unjudged == ON_PURPOSE and seen.operation and seen.check:
            kept = by_check.setdefault(seen.check, {})
            response_checks.collect_refusal(kept, contract, register, seen.answer)
    for kept in by_check.values():
        for facts in kept.values():
            yield from facts


def _leaks(exchanges: Sequence[Seen], redactor: Redactor | None) -> Iterator[str]:
    for seen in exchanges:
        shown = seen.exchange
        for name, value in (*shown.request_headers, *shown.response_headers):
            if name.lower() in SENSITIVE and value and not ("[removed]" in value or "${" in value):
                yield f"exchange {shown.id}: the header {name} is not redacted"
        if redactor is None:
            continue
        headers = (*shown.request_headers, *shown.response_headers)
        texts = (shown.url, shown.request_body, shown.error, *(v for _, v in headers), *shown.notes)
        if any(redactor.text(t) != t for t in texts) or redactor.content(seen.content) != seen.content:
            yield f"exchange {shown.id}: a secret of the target file"
