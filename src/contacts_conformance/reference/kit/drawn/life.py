"""Operators on whole contacts: changes and removals that are answered and not carried out, or reach another contact."""

from __future__ import annotations

from collections.abc import Iterator

from contacts_conformance.reference.kit.drawn.breach import Breach
from contacts_conformance.reference.kit.drawn.exchange import Act, Call, Forward, Reply, reading, same
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.kit.drawn.parts import plain_fields, plainly
from contacts_conformance.reference.kit.drawn.world import Witness, World


def operators(ground: Ground) -> Iterator[Breach]:
    """Each operator of a kind of call that the contract has."""
    provider = ground.contract.provider
    rows: tuple[str, ...]
    always = (f"{provider}.operation",)
    if ground.contract.has("change"):
        rows = (f"{provider}.change", f"{provider}.update", *always)
        for name, told, act, witness in _changes(ground):
            yield Breach(name, "change/contact", told, rows, act, witness, family="changes", kind="change")
    if ground.contract.has("remove"):
        rows = (f"{provider}.remove", f"{provider}.lifecycle", *always)
        for name, told, act, witness in _removals(ground):
            yield Breach(
                name, "remove/contact", told, rows, act, witness, family="removals", kind="remove", refuses=True
            )
    rows = (f"{provider}.create", f"{provider}.read", f"{provider}.answer", *always)
    for name, told, act, witness in _creations(ground):
        yield Breach(name, "create/contact", told, rows, act, witness, family="creations", kind="create")


def _nth(call: Call, kind: str, number: int, *, path: bool = True) -> bool:
    """Whether the call is at least the n-th of its kind, to one contact or to all."""
    if call.kind != kind:
        return False
    key = f"nth {kind} {call.path if path else ''}"
    call.memory[key] = call.memory.get(key, 0) + 1
    return bool(call.memory[key] >= number)


def _changes(ground: Ground) -> Iterator[tuple[str, str, Act, Witness]]:
    texts = [plainly(plain_fields(ground)[1:2], turn) for turn in (0, 1, 2, 0)]

    async def often(world: World) -> None:
        contact = await world.create()
        for values in texts:
            await world.change(contact, values)
            await world.send("read", contact=contact)

    async def second(world: World) -> None:
        first, other = await world.create(), await world.create()
        for contact in (first, other, first):
            await world.change(contact, texts[0] if contact == first else texts[1])
        for contact in (first, other):
            await world.send("read", contact=contact)

    async def dense(world: World) -> None:
        contact = await world.create()
        await world.change(contact, _many(ground, 8))
        await world.send("read", contact=contact)

    async def third_is_lost(call: Call, forward: Forward) -> Reply:
        return await forward(reading(call) if _nth(call, "change", 3) else call)

    async def only_five(call: Call, forward: Forward) -> Reply:
        for contact in ground.sent(call) if call.kind == "change" else ():
            for name in list(contact)[6:]:
                del contact[name]
        return await forward(call)

    async def other_too(call: Call, forward: Forward) -> Reply:
        reply = await forward(call)
        if call.kind == "change" and reply.succeeded:
            last: str | None = call.memory.get("last changed")
            call.memory["last changed"] = call.path
            if last not in (None, call.path):
                again = same(call)
                again.path = last or ""
                await forward(again)
        return reply

    yield (
        "third-is-not-carried-out",
        "From the third on, a change of one contact is answered, but not carried out.",
        third_is_lost,
        often,
    )
    yield "six-values-at-most", "A change stores the first six values that were sent.", only_five, dense
    yield "reaches-the-one-before", "A change reaches the contact, too, that was changed before.", other_too, second


def _removals(ground: Ground) -> Iterator[tuple[str, str, Act, Witness]]:
    async def several(world: World) -> None:
        made = [await world.create() for _ in range(4)]
        for contact in made[:3]:
            await world.send("remove", contact=contact)
        for contact in made:
            await world.send("read", contact=contact)

    async def listed(world: World) -> None:
        made = [await world.create() for _ in range(2)]
        await world.send("remove", contact=made[0])
        await world.send("list")

    async def again(world: World) -> None:
        contact = await world.create()
        await world.send("remove", contact=contact)
        await world.change(contact, _many(ground, 1))

    async def third_stays(call: Call, forward: Forward) -> Reply:
        return await forward(reading(call) if _nth(call, "remove", 3, path=False) else call)

    async def newest_too(call: Call, forward: Forward) -> Reply:
        reply = await forward(call)
        if call.kind == "create" and reply.succeeded:
            call.memory["newest"] = ground.created(reply)
        if call.kind == "remove" and reply.succeeded and call.memory.get("newest"):
            again = same(call)
            again.path = f"{call.path.rpartition('/')[0]}/{call.memory.pop('newest')}"
            await forward(again)
        return reply

    async def still_listed(call: Call, forward: Forward) -> Reply:
        if call.kind != "remove":
            reply = await forward(call)
            ghosts = call.memory.get("ghosts", [])
            if call.kind == "list" and reply.succeeded and ghosts:
                ground.page(reply).append(ghosts[-1])
            return reply
        seen = await forward(reading(call))
        reply = await forward(call)
        if reply.succeeded and ground.shown(seen):
            call.memory.setdefault("ghosts", []).append(ground.shown(seen)[0])
        return reply

    async def change_is_answered(call: Call, forward: Forward) -> Reply:
        reply = await forward(call)
        if call.kind == "remove" and reply.succeeded:
            call.memory.setdefault("gone", set()).add(call.path)
        if call.kind == "change":
            if reply.succeeded:
                call.memory["changed"] = (reply.status, reply.headers, reply.content, reply.body)
            elif call.path in call.memory.get("gone", ()) and "changed" in call.memory:
                return Reply(*call.memory["changed"])
        return reply

    async def changed_first(world: World) -> None:
        await world.change(await world.create(), _many(ground, 1))
        await again(world)

    yield "third-stays", "From the third on, a removal is answered, but the contact stays.", third_stays, several
    yield "newest-goes-too", "A removal removes the newest contact as well.", newest_too, several
    yield "still-listed", "A list still shows the contact that was removed last.", still_listed, listed
    yield (
        "change-after-it-is-answered",
        "A change of a removed contact is answered as if it were there.",
        change_is_answered,
        changed_first,
    )


def _creations(ground: Ground) -> Iterator[tuple[str, str, Act, Witness]]:
    async def three(world: World) -> None:
        for contact in [await world.create(_many(ground, 2)) for _ in range(3)]:
            await world.send("read", contact=contact)

    async def dense(world: World) -> None:
        await world.send("read", contact=await world.create(_many(ground, 12)))

    async def only_ten(call: Call, forward: Forward) -> Reply:
        for contact in ground.sent(call) if call.kind == "create" else ():
            for name in list(contact)[10:]:
                del contact[name]
        return await forward(call)

    async def third_is_empty(call: Call, forward: Forward) -> Reply:
        if _nth(call, "create", 3, path=False):
            least = ground.least(0, ground.forms[0])
            for contact in ground.sent(call):
                for name in [n for n in contact if n not in least]:
                    del contact[name]
        return await forward(call)

    yield "ten-values-at-most", "A creation stores the first ten values that were sent.", only_ten, dense
    yield "third-keeps-the-least", "From the third on, a new contact keeps only what it needs.", third_is_empty, three


def _many(ground: Ground, number: int) -> Values:
    fields = [f for f in plain_fields(ground) if ground.takes("create", ground.forms[0], f.name) and not f.required]
    return plainly(fields[:number])
