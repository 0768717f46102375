"""What contacts that are there already can show, to a run that may not write."""

from __future__ import annotations

from collections.abc import Iterable

from contacts_conformance.account.forecast import shipped
from contacts_conformance.contract import Contract
from contacts_conformance.contract.register import Register, is_below
from contacts_conformance.http.messages import READS
from contacts_conformance.model import Judgement, Verdict

_OF_FIELDS = ("type", "searchable")


def rows(contract: Contract, register: Register) -> frozenset[str]:
    """The ids of these requirements.

    They are those on operations that read, or open a session, for each role, too; those on the types of fields, and on
    filters by them; and what the provider's `forecast.yaml` names.
    """
    known = shipped(contract.provider)
    named = known.readable if known is not None else ()
    return frozenset(
        r.id
        for r in register
        if not r.excluded and (_is_about_reading(contract, r.id) or any(is_below(r.id, n) for n in named))
    )


def _is_about_reading(contract: Contract, row: str) -> bool:
    reads = {o.id for o in contract.operations if o.method in READS or o.opens_session}
    match row.split(".")[1:]:
        case ["operation", operation, _]:
            return operation in reads
        case ["role", _, operation]:
            return operation in reads
        case ["field", _, aspect]:
            return aspect in _OF_FIELDS
    return False


def note(contract: Contract, register: Register, judgements: Iterable[Judgement]) -> str:
    """How much a run that may not write could judge by contacts that are there, in a sentence."""
    able = rows(contract, register)
    every = tuple(judgements)
    judged = [j for j in every if j.verdict is not Verdict.NOT_VERIFIED]
    seen = sum(j.requirement.id in able for j in judged)
    asked = sum(j.requirement.id in able for j in every)
    return (
        f"the target file does not permit writing (writes = true), so contacts that are there already were read: "
        f"{len(judged)} of {len(every)} requirements could be judged, {seen} of the {asked} that reading can show"
    )
