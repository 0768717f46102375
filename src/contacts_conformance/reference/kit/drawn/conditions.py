"""Conditions under which alone a fault acts: at the third time, for one role or form, beside another field."""

from __future__ import annotations

from collections.abc import Iterator

from contacts_conformance.contract import Field, Operation
from contacts_conformance.reference.kit.drawn.breach import Breach
from contacts_conformance.reference.kit.drawn.exchange import Call
from contacts_conformance.reference.kit.drawn.ground import Ground
from contacts_conformance.reference.kit.drawn.parts import plain_fields, plainly


def of(breach: Breach, ground: Ground) -> Iterator[Breach]:
    """The same fault under each condition that it can have."""
    if "third" in breach.conditions:
        yield _third(breach)
    if "role" in breach.conditions and not (ground.users and breach.kind == "create"):
        denied = {r for o in ground.contract.operations if o.kind == breach.kind for r in _denied(o)}
        for role in tuple(ground.roles)[1:]:
            if role in denied:
                continue
            yield _role(breach, role, ground)
    if "form" in breach.conditions and len(ground.forms) > 1:
        for form in ground.forms:
            if all(ground.takes(breach.kind, form, n) for n in breach.fields):
                yield _form(breach, form, ground)
    if ground.merges and breach.kind == "create" and "beside" in breach.conditions:
        yield _merging(breach, ground)
    if "beside" in breach.conditions:
        for field in _neighbours(breach, ground):
            yield _beside(breach, field, ground)


def _denied(operation: Operation) -> Iterator[str]:
    """The roles that the page does not let carry out an operation."""
    roles = operation.raw.get("x-roles", {})
    return (role for role, may in roles.items() if not may)


def _third(breach: Breach) -> Breach:
    def holds(call: Call) -> bool:
        if call.kind != breach.kind:
            return False
        key = f"times {call.path}"
        call.memory[key] = call.memory.get(key, 0) + 1
        return bool(call.memory[key] >= 3)

    return breach.under("from-the-third-time", "from the third time on", holds, before=2)


def _role(breach: Breach, role: str, ground: Ground) -> Breach:
    headers = {n.lower(): v for n, v in ground.roles[role].items()}

    def holds(call: Call) -> bool:
        return all(call.headers.get(n) == v for n, v in headers.items())

    return breach.under(f"as-{role}", f"if {role} calls", holds, role=role, role_at="" if ground.users else breach.kind)


def _merging(breach: Breach, ground: Ground) -> Breach:
    names = {name for form in ground.forms for name in ground.least(0, form)}

    def holds(call: Call) -> bool:
        for contact in ground.sent(call) if call.kind == "create" else ():
            key = f"known {[contact.get(n) for n in sorted(names)]}"
            if key in call.memory and contact.get("emails"):
                return True
            call.memory[key] = True
        return False

    return breach.under("merging", "if the contact is merged into another one", holds, merging=True)


def _form(breach: Breach, form: str, ground: Ground) -> Breach:
    def holds(call: Call) -> bool:
        return any(contact.get("type") == form for contact in ground.sent(call))

    return breach.under(f"form-{form}", f"if the contact is of the type {form}", holds, form=form)


def _beside(breach: Breach, beside: Field, ground: Ground) -> Breach:
    def holds(call: Call) -> bool:
        return any(contact.get(beside.name) for contact in ground.sent(call))

    return breach.under(f"with-{beside.name}", f"if {beside.name} is sent as well", holds, beside=plainly([beside]))


def _neighbours(breach: Breach, ground: Ground) -> Iterator[Field]:
    """The text fields on both sides of those of the fault, in the order of the contract."""
    fields = [f for f in plain_fields(ground) if not f.required]
    for index, field in enumerate(fields):
        if field.name in breach.fields:
            yield from (f for f in fields[max(0, index - 1) : index + 2] if f.name not in breach.fields)
