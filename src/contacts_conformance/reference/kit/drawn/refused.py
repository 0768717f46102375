"""Operators that carry out in part what they refuse: the illegal value is dropped or cut, and the rest is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from contacts_conformance.contract import Field
from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach
from contacts_conformance.reference.kit.drawn.exchange import Call, Forward, Reply, same
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.kit.drawn.parts import plain_fields, plainly
from contacts_conformance.reference.kit.drawn.world import World


def operators(ground: Ground) -> Iterator[Breach]:
    """Each field with a limit, and each for which the provider names an illegal value, in a creation and a change."""
    for field in ground.contract.create_fields:
        illegal = _illegal(field, ground)
        for kind in ("create", "change") if illegal is not None else ():
            if not any(ground.takes(kind, form, field.name) for form in ground.forms):
                continue
            if field.max_length is not None:
                yield _breach(
                    "stored-cut", "is refused, and stored all the same, cut", _cut, illegal, field, kind, ground
                )
            if not field.required:
                told = "is refused, and the rest is stored all the same"
                yield _breach("stored-without-it", told, _dropped, illegal, field, kind, ground)


def _illegal(field: Field, ground: Ground) -> Any:
    if field.name in ground.illegal:
        return ground.illegal[field.name]
    if field.max_length is None or not field.is_text or field.shape:
        return None
    return "Ada Lund of Exampleton " * (field.max_length // 23 + 1) + "and more"


def _cut(contact: Values, field: Field) -> None:
    contact[field.name] = str(contact[field.name])[: field.max_length]


def _dropped(contact: Values, field: Field) -> None:
    contact.pop(field.name, None)


def _breach(
    name: str,
    told: str,
    mend: Callable[[Values, Field], None],
    illegal: Any,
    field: Field,
    kind: str,
    ground: Ground,
) -> Breach:
    async def act(call: Call, forward: Forward) -> Reply:
        reply = await forward(call)
        concerned = [c for c in ground.sent(call) if field.name in c] if call.kind == kind else []
        if concerned and 400 <= reply.status < 500 and reply.status not in (401, 403, 404):
            again = same(call)
            for contact in ground.sent(again):
                if field.name in contact:
                    mend(contact, field)
            await forward(again)
        return reply

    others = [f for f in plain_fields(ground) if f is not field and not f.required]

    async def witness(world: World) -> None:
        world.form = world.form or world.form_for({field.name: illegal})
        takes = [f for f in others if ground.takes(kind, world.form, f.name)][:1]
        contact = await world.create(plainly(takes))
        if kind == "change":
            await world.change(contact, {**plainly(takes, 1), field.name: illegal})
            await world.send("read", contact=contact)
            return
        await world.create({**plainly(takes, 1), field.name: illegal})
        # the next id tells whether the refused one was stored
        await world.create(plainly(takes, 2))

    provider = ground.contract.provider
    rows = (
        f"{provider}.{'text.refused-is-not-stored' if kind == 'create' else 'change.refused-alters-nothing'}",
        f"{provider}.refused",
        f"{provider}.{field.name}",
        f"{provider}.field.{field.name}",
    )
    return Breach(
        operator=name,
        place=f"{kind}/{field.name}",
        sentence=f"`{kind}` with an illegal {field.name} {told}.",
        rows=rows,
        act=act,
        witness=witness,
        # a page may speak of the text that is refused alone, and not of what else a refusal does
        level=Level.MUST if kind == "create" and name == "stored-cut" else Level.SHOULD,
        refuses=True,
        family="refused yet carried out",
        kind=kind,
        fields=(field.name,),
    )
