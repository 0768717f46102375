"""Operators that change any value of a field: stored so under a condition, or shown so in one operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from contacts_conformance.contract import Field
from contacts_conformance.reference.kit.drawn.breach import Breach, after, before, sends
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.kit.drawn.parts import kinds_of_writing, plain_fields, plainly
from contacts_conformance.reference.kit.drawn.texts import rows_of
from contacts_conformance.reference.kit.drawn.world import World


def _lost(contact: Values, name: str) -> None:
    contact.pop(name, None)


def _emptied(contact: Values, name: str) -> None:
    if contact.get(name):
        contact[name] = None


def _last_letter_lost(contact: Values, name: str) -> None:
    if isinstance(contact.get(name), str):
        contact[name] = contact[name][:-1]


def _doubled(contact: Values, name: str) -> None:
    if isinstance(contact.get(name), str):
        contact[name] = f"{contact[name]}{contact[name][-1:]}"


_OPERATORS: dict[str, tuple[str, Callable[[Values, str], None]]] = {
    "lost": ("lost", _lost),
    "emptied": ("emptied", _emptied),
    "last-letter-lost": ("without its last letter", _last_letter_lost),
    "last-letter-doubled": ("with its last letter twice", _doubled),
}


def operators(ground: Ground) -> Iterator[Breach]:
    """Each operator at each plain field, stored by each kind of call and shown by each."""
    for field in plain_fields(ground):
        for name, (told, change) in _OPERATORS.items():
            for kind in kinds_of_writing(field, ground) if name != "emptied" and not field.required else ():
                yield _stored(name, told, change, field, kind, ground)
            for kind in ("read", "list"):
                is_brief = kind == "list" and name == "lost" and ground.brief_lists
                if ground.contract.has(kind) and not is_brief:
                    yield _shown(name, told, change, field, kind, ground)
        if ground.contract.has("list"):
            yield _from_the_first(field, ground)
            yield _of_the_next(field, ground)


def _stored(
    name: str, told: str, change: Callable[[Values, str], None], field: Field, kind: str, ground: Ground
) -> Breach:
    def act(call: Call) -> None:
        for contact in ground.sent(call):
            change(contact, field.name)

    return Breach(
        operator=name,
        place=f"{kind}/{field.name}",
        sentence=f"{field.name} is stored {told} by `{kind}`.",
        rows=rows_of(field.name, kind, ground),
        act=before((kind,), act),
        witness=sends(kind, plainly([field])),
        family=f"stored {name.replace('-', ' ')} under a condition",
        conditions=("third", "role", "form", "beside"),
        kind=kind,
        fields=(field.name,),
        needs_condition=True,
    )


def _shown(
    name: str, told: str, change: Callable[[Values, str], None], field: Field, kind: str, ground: Ground
) -> Breach:
    def act(_: Call, reply: Reply) -> None:
        for contact in ground.shown(reply):
            change(contact, ground.shown_name(field.name))

    return replace(
        _stored(name, told, change, field, kind, ground),
        sentence=f"{field.name} is shown {told} by `{kind}`.",
        act=after((kind,), act),
        family="shown wrong in one operation",
        conditions=("role", "third") if kind == "read" else ("role",),
        needs_condition=False,
    )


def _from_the_first(field: Field, ground: Ground) -> Breach:
    def act(_: Call, reply: Reply) -> None:
        name = ground.shown_name(field.name)
        contacts = ground.shown(reply)
        for contact in contacts[1:]:
            if name in contact and name in contacts[0]:
                contact[name] = contacts[0][name]

    return _in_lists("taken-from-the-first-contact", "is that of the first contact of the page", act, field, ground)


def _of_the_next(field: Field, ground: Ground) -> Breach:
    def act(_: Call, reply: Reply) -> None:
        name = ground.shown_name(field.name)
        contacts = [c for c in ground.shown(reply) if name in c]
        values = [c[name] for c in contacts]
        for contact, value in zip(contacts, [*values[1:], *values[:1]], strict=True):
            contact[name] = value

    return _in_lists("taken-from-the-next-contact", "is that of the next contact of the page", act, field, ground)


def _in_lists(name: str, told: str, act: Callable[[Call, Reply], None], field: Field, ground: Ground) -> Breach:
    async def witness(world: World) -> None:
        for turn in range(3):
            await world.create(plainly([field], turn))
        await world.send("list")

    return Breach(
        operator=name,
        place=f"list/{field.name}",
        sentence=f"{field.name} of a contact in a list {told}.",
        rows=rows_of(field.name, "list", ground),
        act=after(("list",), act),
        witness=witness,
        family="contacts of a page mixed up",
        kind="list",
        fields=(field.name,),
    )
