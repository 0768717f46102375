"""One drawn fault, and what makes of one function a fault that acts on requests or on answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.exchange import Act, Call, Forward, Reply
from contacts_conformance.reference.kit.drawn.ground import Values
from contacts_conformance.reference.kit.drawn.world import Witness, World


@dataclass(frozen=True, slots=True)
class Breach:
    """An operator at a place.

    `rows` are the beginnings of the ids of the requirements that the place concerns; the first one is what is broken.
    `level` is MUST where a strict reader of the page has to call it a breach, and SHOULD where it may be a warning.
    `refuses` says that the witness meets a refusal on the sound server as well. `conditions` names the kinds of
    condition that the fault may get, and `setting` is what a condition asks of the witness. `family` is the operator's
    where it has many alike. `kind` and `fields` tell which kind of call and which fields it acts on.
    """

    operator: str
    place: str
    sentence: str
    rows: tuple[str, ...]
    act: Act
    witness: Witness
    level: Level = Level.MUST
    refuses: bool = False
    conditions: tuple[str, ...] = ()
    family: str = ""
    kind: str = ""
    fields: tuple[str, ...] = ()
    condition: str = ""
    needs_condition: bool = False
    """Whether it is a listed fault where it acts always."""
    setting: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name that the fault can be made again from."""
        return "/".join(filter(None, (f"drawn:{self.place}", self.operator, self.condition)))

    def under(self, condition: str, sentence: str, holds: Callable[[Call], bool], **setting: Any) -> Breach:
        """The same fault, acting only where the condition holds; `setting` is what its witness needs for that."""
        act = self.act

        async def conditional(call: Call, forward: Forward) -> Reply:
            return await (act(call, forward) if holds(call) else forward(call))

        told = f"{self.sentence.removesuffix('.')}, {sentence}."
        return replace(self, condition=condition, sentence=told, act=conditional, setting=setting)


def before(kinds: Iterable[str], change: Callable[[Call], object]) -> Act:
    """Changes calls of these kinds before the server gets them."""
    concerned = frozenset(kinds)

    async def act(call: Call, forward: Forward) -> Reply:
        if call.kind in concerned:
            change(call)
        return await forward(call)

    return act


def after(kinds: Iterable[str], change: Callable[[Call, Reply], object]) -> Act:
    """Changes the successful answers to calls of these kinds."""
    concerned = frozenset(kinds)

    async def act(call: Call, forward: Forward) -> Reply:
        reply = await forward(call)
        if call.kind in concerned and reply.succeeded:
            change(call, reply)
        return reply

    return act


def instead(kinds: Iterable[str], make: Callable[[Call], Reply | None]) -> Act:
    """Answers calls of these kinds in the server's stead, where `make` gives an answer."""
    concerned = frozenset(kinds)

    async def act(call: Call, forward: Forward) -> Reply:
        made = make(call) if call.kind in concerned else None
        return await forward(call) if made is None else made

    return act


def sends(kind: str, values: Values) -> Witness:
    """Gives a contact the values by a call of this kind, or so that a call of this kind shows them, and looks at it."""

    async def witness(world: World) -> None:
        await put(world, kind, values)

    return witness


async def put(world: World, kind: str, values: Values) -> str:
    """Gives a contact the values by a call of this kind, or so that a call of this kind shows them; its id."""
    if kind in ("my-change", "my-read"):
        await world.change("", values, "my-change")
        await world.read("", "my-read")
        return ""
    if kind == "change":
        world.form = world.form or world.form_for(values)
        contact = await world.create(warm=False)
        await world.change(contact, values)
        await world.send("read", contact=contact)
        return contact
    contact = await world.create(values, warm=kind == "create")
    if kind == "list":
        await world.send("list")
    else:
        await world.read(contact) if kind == "read" else await world.send("read", contact=contact)
    return contact
