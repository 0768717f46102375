"""Faults of refusals that have an effect."""

from __future__ import annotations

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan.context import Call, Hooks
from contacts_conformance.reference.ngpvan.faults.identification import create
from contacts_conformance.reference.ngpvan.refusals import Refusal

FAULTS = Catalogue()
fault = FAULTS.fault

_RULES = {
    "unknown-prefix": "prefix",
    "structure": "text",
    "object-for-a-collection": "collection",
    "second-of-a-type": "one of a type",
    "relative-url": "url",
}


@fault(breaks="ngpvan.refusal.no-effect", at=Hooks.refusal, each={"cause": _RULES})
def refused_but_stored(refusal: Refusal, call: Call, *, cause: str) -> Refusal:
    """A new contact that is refused for this cause is stored without what is wrong: {cause}."""
    wrong = [p.path.partition("[")[0].partition(".")[0] for p in refusal.problems if p.rule == _RULES[cause]]
    if wrong and call.operation == "createContact":
        create(call, {n: v for n, v in call.sent.items() if n not in wrong})
    return refusal


@fault(breaks="ngpvan.refused.creates-nothing", at=Hooks.refusal)
def second_refusal_is_stored(refusal: Refusal, call: Call) -> Refusal:
    """A contact that is refused twice is stored at the second time."""
    key = f"refused {call.sent.get('emails')}"
    call.memory[key] = call.memory.get(key, 0) + 1
    if call.operation == "createContact" and refusal.problems and call.memory[key] == 2:
        wrong = {p.path.partition("[")[0].partition(".")[0] for p in refusal.problems}
        create(call, {**{n: v for n, v in call.sent.items() if n not in wrong}, "type": "INDIVIDUAL"})
    return refusal
