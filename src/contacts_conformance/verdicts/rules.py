"""From facts to verdicts, and from verdicts to the exit code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from contacts_conformance.model import ExitCode, Fact, Judgement, Level, Outcome, Requirement, Verdict

_WEIGHT = (
    Outcome.ERROR,
    Outcome.BROKEN,
    Outcome.UNVERIFIED,
    Outcome.HELD,
    Outcome.UNSEEN,
    Outcome.NOT_OFFERED,
)


NOT_JUDGED = "no check judged it"
"""Why a requirement without any fact is not verified."""


def judge(requirement: Requirement, facts: Sequence[Fact]) -> Judgement:
    """The verdict on one requirement, from every fact that checks found; what speaks against it stands first.

    Broken weighs by level: a MUST fails, a SHOULD warns, and a MAY is not offered. A requirement that no check
    judged is not verified.
    """
    by = {o: [f for f in facts if f.outcome is o] for o in Outcome}
    facts = sorted(facts, key=lambda f: _WEIGHT.index(f.outcome))
    if by[Outcome.ERROR]:
        return _judgement(requirement, Verdict.SUITE_ERROR, facts)
    if by[Outcome.BROKEN]:
        match requirement.level:
            case Level.MUST:
                verdict = Verdict.FAIL
            case Level.SHOULD:
                verdict = Verdict.WARN
            case _:
                verdict = Verdict.NOT_APPLICABLE
        return _judgement(requirement, verdict, facts)
    if by[Outcome.UNVERIFIED]:
        return _judgement(requirement, Verdict.NOT_VERIFIED, facts)
    if by[Outcome.HELD]:
        return _judgement(requirement, Verdict.PASS, facts)
    if by[Outcome.UNSEEN]:
        return _judgement(requirement, Verdict.NOT_VERIFIED, facts)
    if by[Outcome.NOT_OFFERED]:
        return _judgement(requirement, Verdict.NOT_APPLICABLE, facts)
    return Judgement(requirement, Verdict.NOT_VERIFIED, (), NOT_JUDGED)


def judge_all(requirements: Iterable[Requirement], facts: Iterable[Fact]) -> tuple[Judgement, ...]:
    """The verdicts on these requirements, in their order; excluded ones are left out."""
    by_requirement: dict[str, list[Fact]] = {}
    for fact in facts:
        by_requirement.setdefault(fact.requirement, []).append(fact)
    return tuple(judge(r, by_requirement.get(r.id, ())) for r in requirements if not r.excluded)


def exit_code(
    judgements: Iterable[Judgement],
    *,
    broken: bool = False,
    unreachable: bool = False,
    strict: bool = False,
    outdated: bool = False,
) -> int:
    """The exit code of a run; the worst wins: suite error, unreachable, not conformant, incomplete, conformant.

    `broken` says that the suite itself could not run as it should, `outdated` that the list of deviations has entries
    that must not stay. Without any judgement nothing was verified: the run is incomplete.
    """
    verdicts = {j.verdict for j in judgements}
    if broken or Verdict.SUITE_ERROR in verdicts:
        return ExitCode.SUITE_ERROR
    if unreachable:
        return ExitCode.UNREACHABLE
    if outdated or Verdict.FAIL in verdicts or (strict and Verdict.WARN in verdicts):
        return ExitCode.NOT_CONFORMANT
    if Verdict.NOT_VERIFIED in verdicts or not verdicts:
        return ExitCode.INCOMPLETE
    return ExitCode.CONFORMANT


def worst(codes: Iterable[int]) -> int:
    """The exit code of several runs together."""
    order = (
        ExitCode.WRONG_USE,
        ExitCode.SUITE_ERROR,
        ExitCode.UNREACHABLE,
        ExitCode.NOT_CONFORMANT,
        ExitCode.INCOMPLETE,
        ExitCode.CONFORMANT,
    )
    return min(codes, key=order.index, default=ExitCode.CONFORMANT)


def counts(judgements: Iterable[Judgement]) -> Mapping[Level, Mapping[Verdict, int]]:
    """How many requirements of each level have each verdict."""
    table = {level: dict.fromkeys(Verdict, 0) for level in Level}
    for judgement in judgements:
        table[judgement.requirement.level][judgement.verdict] += 1
    return table


def _judgement(requirement: Requirement, verdict: Verdict, facts: Sequence[Fact]) -> Judgement:
    return Judgement(requirement, verdict, tuple(facts), facts[0].message.strip())
