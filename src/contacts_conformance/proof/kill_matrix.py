"""The kill matrix: each fault of a reference server has to be caught by a check of the requirement that it breaks,
and each variant has to pass."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import ExitCode, Level, Verdict
from contacts_conformance.proof import drawn
from contacts_conformance.proof.haste import Hasty
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.drawn import PREFIX


@dataclass(frozen=True, slots=True)
class Case:
    """One fault, drawn fault or variant to be proved; `full` runs the whole suite against a fault.

    With `seconds`, a drawn fault is proved by exploring alone, for so long at most. With the profile quick, a listed
    fault is proved by any row, like a drawn one, since the checks of its own may be left out.
    """

    provider: str
    kind: str
    name: str
    full: bool = False
    seconds: float = 0
    profile: str = ""


def cases(
    provider: str,
    *,
    full: bool = False,
    names: Sequence[str] = (),
    variants: bool = True,
    seconds: float = 0,
    profile: str = "",
) -> tuple[Case, ...]:
    """The faults and variants of a provider, or those of these names, which may be of drawn faults.

    Drawn faults are proved by exploring alone, for so many seconds, where they are given.

    Raises UsageError where a name is none of them, where a fault breaks no requirement that is tested, or where the
    checks cannot be collected.
    """
    server = reference.load(provider)
    tested = {r.id for r in register.load(provider).tested()}
    wrong = [n for n, f in server.FAULTS.items() if f.breaks not in tested]
    if wrong:
        raise UsageError(
            [
                f"{provider}: the fault {n} breaks {server.FAULTS[n].breaks}, which is no tested requirement"
                for n in wrong
            ]
        )
    collect.checks(provider)
    known = [Case(provider, "fault", n, full, profile=profile) for n in server.FAULTS]
    known += [Case(provider, "variant", n, True, profile=profile) for n in server.VARIANTS] if variants or names else []
    drawn_names = [n for n in dict.fromkeys(names) if n.startswith(PREFIX)]
    for name in drawn_names:
        drawn.drawing(provider).find(name)
    known += [Case(provider, "drawn", n, full, seconds, profile) for n in drawn_names]
    unknown = set(names) - {c.name for c in known}
    if unknown:
        raise UsageError(
            [f"{provider} has no fault or variant {n!r}; `serve {provider} --list` names them" for n in sorted(unknown)]
        )
    return tuple(c for c in known if not names or c.name in names)


def one_of_each_row(chosen: Sequence[Case], seed: int) -> tuple[Case, ...]:
    """Of the listed faults one for each requirement, drawn by the seed; all of the other cases."""
    by_row: dict[str, list[Case]] = {}
    for case in chosen:
        row = reference.faults(case.provider)[case.name].breaks if case.kind == "fault" else f"{case.kind} {case.name}"
        by_row.setdefault(row, []).append(case)
    return tuple(random.Random(f"{seed} {row}").choice(some) for row, some in by_row.items())  # noqa: S311  # no secret


def prove(
    chosen: Sequence[Case], *, processes: int = 0, watch: Callable[[Proof], None] = lambda proof: None
) -> list[Proof]:
    """Proves the cases in so many processes; `watch` sees each as it is done.

    0 takes three for each core, since a run waits for its server, and for the clock, most of the time.
    """
    processes = processes or 3 * (os.cpu_count() or 1)
    order = {c: n for n, c in enumerate(chosen)}
    longest_first = sorted(chosen, key=lambda c: not c.full)
    proofs: list[Proof] = []
    for proof in _spread(longest_first, min(processes, len(chosen) or 1)):
        watch(proof)
        proofs.append(proof)
    return sorted(
        proofs, key=lambda p: next(n for c, n in order.items() if (c.provider, c.name) == (p.provider, p.name))
    )


def prove_one(case: Case) -> Proof:
    """Runs the checks that a case needs, and judges what they said."""
    server = reference.load(case.provider)
    if case.kind == "variant":
        variant = server.VARIANTS[case.name]
        return _variant(case, variant.sentence, tells_little=variant.tells_little)
    if case.kind == "drawn":
        return drawn.prove(case.provider, case.name, full=case.full, seconds=case.seconds, profile=case.profile)
    fault = server.FAULTS[case.name]
    level = register.load(case.provider)[fault.breaks].level
    if case.profile == "quick":
        return _by_any_row(case, fault.sentence, fault.breaks, level)
    selection = () if case.full else (fault.breaks,)
    files = () if case.full else tuple(dict.fromkeys(n.partition("::")[0] for n in collect.judging(fault.breaks)))
    hasty = Hasty(() if case.full else (fault.breaks,))
    done = run(Order(case.provider, requirements=selection, fault=case.name, files=files), [hasty])
    judgement = (
        next((j for j in done.result.judgements if j.requirement.id == fault.breaks), None) if done.result else None
    )
    verdict = judgement.verdict if judgement is not None else Verdict.NOT_VERIFIED
    wanted = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.MAY: Verdict.NOT_APPLICABLE}[level]
    code_fits = level is not Level.MUST or done.exit_code == ExitCode.NOT_CONFORMANT
    return Proof(
        case.provider,
        "fault",
        case.name,
        fault.sentence,
        fault.breaks,
        level.value,
        verdict.value,
        done.exit_code,
        verdict is wanted and code_fits,
        (judgement.reason if judgement is not None else done.output[-2000:]).partition("\n")[0][:400],
        done.result.traffic.requests if done.result else 0,
    )


def _by_any_row(case: Case, sentence: str, row: str, level: Level) -> Proof:
    """What a quick run makes of a listed fault."""
    found = drawn.search(case.provider, case.name, (row,), level, full=case.full, profile=case.profile)
    caught = found.caught
    return Proof(
        case.provider,
        "fault",
        case.name,
        sentence,
        caught.requirement.id if caught is not None else row,
        level.value,
        (caught.verdict if caught is not None else Verdict.NOT_VERIFIED).value,
        found.done.exit_code,
        caught is not None,
        (caught.reason if caught is not None else found.done.output[-2000:]).partition("\n")[0][:400],
        found.requests,
        profile=case.profile,
    )


def _variant(case: Case, sentence: str, *, tells_little: bool) -> Proof:
    """What a run makes of a variant: it is conformant, or may be incomplete where the variant tells little."""
    lawful = (ExitCode.CONFORMANT, *((ExitCode.INCOMPLETE,) if tells_little else ()))
    done = run(Order(case.provider, variant=case.name, profile=case.profile))
    unwanted = (Verdict.FAIL, Verdict.SUITE_ERROR, *(() if tells_little else (Verdict.NOT_VERIFIED,)))
    bad = done.result.of(*unwanted) if done.result else ()
    return Proof(
        case.provider,
        "variant",
        case.name,
        sentence,
        "",
        "",
        bad[0].verdict.value if bad else Verdict.PASS.value,
        done.exit_code,
        done.exit_code in lawful,
        "; ".join(f"{j.requirement.id}: {j.reason[:200]}" for j in bad) if done.result else done.output[-2000:],
        done.result.traffic.requests if done.result else 0,
    )


def _spread(chosen: Sequence[Case], processes: int) -> Iterator[Proof]:
    if processes == 1:
        yield from map(prove_one, chosen)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(prove_one, chosen)
