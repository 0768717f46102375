"""Operators that a few well-chosen requests pass by: a sequence of three, a pair of values, one rare value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contacts_conformance.contract import Field
from contacts_conformance.reference.kit.drawn.breach import Breach
from contacts_conformance.reference.kit.drawn.exchange import Act, Call, Forward, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.kit.drawn.parts import plain_fields, plainly
from contacts_conformance.reference.kit.drawn.texts import rows_of
from contacts_conformance.reference.kit.drawn.world import Witness, World

_LENGTHS = (7, 11, 13, 17, 19)


def operators(ground: Ground) -> Iterator[Breach]:
    """Every such operator at every text that can be given freely."""
    fields = [f for f in plain_fields(ground) if not f.required]
    for index, field in enumerate(fields):
        beside = fields[(index + 1) % len(fields)]
        yield from _sequences(field, beside, ground)
        if not field.shape:
            yield from _rare_values(field, ground)
        yield from _pairs(field, beside, ground)


# A sequence of three


def _sequences(field: Field, beside: Field, ground: Ground) -> Iterator[Breach]:
    if not ground.contract.has("change") or "change" not in field.writeable:
        return
    first, second = plainly([field]), plainly([field], 1)
    other = plainly([beside])

    async def to_and_fro(world: World) -> None:
        contact = await world.create()
        for values in (first, second, first):
            await world.change(contact, values)
        await world.send("read", contact=contact)

    def is_set_back(call: Call) -> bool:
        """Whether a change sets the field to what it had before the change before."""
        before: list[object] = call.memory.setdefault(f"history {call.path}", [])
        value = next((c[field.name] for c in ground.sent(call) if field.name in c), None)
        if call.kind != "change" or value is None:
            return False
        before.append(value)
        return len(before) > 2 and before[-3] == value != before[-2]

    yield _lost(
        "set back",
        "set-back-is-lost",
        f"a change that sets {field.name} to what it had before the last change is not carried out",
        is_set_back,
        to_and_fro,
        "change",
        field,
        ground,
    )
    if "change" in beside.writeable and ground.contract.has("list"):

        async def one_after_the_other(world: World) -> None:
            contact = await world.create(first)
            await world.change(contact, other)
            await world.send("list")
            await world.change(contact, second)
            await world.send("read", contact=contact)

        yield _lost(
            "one after the other",
            f"lost-after-{beside.name}-and-a-list",
            f"a change of {field.name} right after one of {beside.name} and a list is not carried out",
            _follows(("change", beside.name), ("list", ""), ("change", field.name), ground=ground),
            one_after_the_other,
            "change",
            field,
            ground,
        )
    if ground.contract.has("remove") and ground.contract.has("list"):

        async def in_its_place(world: World) -> None:
            contact = await world.create()
            await world.send("remove", contact=contact)
            await world.send("list")
            await world.send("read", contact=await world.create(first))

        yield _lost(
            "after a removal",
            "lost-after-a-removal-and-a-list",
            f"a contact that is created right after a removal and a list has no {field.name}",
            _follows(("remove", ""), ("list", ""), ("create", field.name), ground=ground),
            in_its_place,
            "create",
            field,
            ground,
        )


def _follows(*kinds: tuple[str, str], ground: Ground) -> Callable[[Call], bool]:
    """Whether a call is the last of a sequence: each of a kind, with a field that it carries."""

    def holds(call: Call) -> bool:
        names = {name for contact in ground.sent(call) for name in contact} if call.body is not None else set()
        seen: list[tuple[str, set[str]]] = call.memory.setdefault("sequence", [])
        if not (call.kind == "read" and kinds[-1][0] != "read"):
            seen.append((call.kind, names))
        last = seen[-len(kinds) :]
        return len(last) == len(kinds) and all(
            kind == wanted and (not name or name in carried)
            for (kind, carried), (wanted, name) in zip(last, kinds, strict=True)
        )

    return holds


# A pair of values


def _pairs(field: Field, beside: Field, ground: Ground) -> Iterator[Breach]:
    if field.shape != beside.shape:
        return
    alike = {**plainly([field]), **{beside.name: plainly([field])[field.name]}}

    def are_alike(call: Call) -> bool:
        return any(c.get(field.name) and c.get(field.name) == c.get(beside.name) for c in ground.sent(call))

    for kind in ("create", "change"):
        if not ground.contract.has(kind) or not {kind} <= field.writeable & beside.writeable:
            continue
        yield _lost(
            "alike",
            f"lost-where-{beside.name}-is-alike",
            f"{field.name} is lost where {beside.name} is sent with the same text",
            are_alike,
            _puts(kind, alike),
            kind,
            field,
            ground,
        )
    if field.shape or "create" not in field.writeable & beside.writeable:
        return
    pair = {field.name: "Lund 7", beside.name: "O'Hara"}

    def are_odd_together(call: Call) -> bool:
        return any(
            any(x.isdigit() for x in str(c.get(field.name, ""))) and "'" in str(c.get(beside.name, ""))
            for c in ground.sent(call)
        )

    yield _lost(
        "odd together",
        f"digits-lost-beside-an-apostrophe-in-{beside.name}",
        f"a {field.name} with a digit is lost where {beside.name} has an apostrophe",
        are_odd_together,
        _puts("create", pair),
        "create",
        field,
        ground,
    )


# One rare value


@dataclass(frozen=True, slots=True)
class _Rare:
    """Texts that seldom come, and one of them."""

    name: str
    told: str
    holds: Callable[[str], bool]
    example: str


def _rare_texts(field: Field) -> Sequence[_Rare]:
    lengths = [n for n in _LENGTHS if field.max_length is None or n <= field.max_length]
    words = "Marlowe Hill and Sons of Lund"
    return (
        *(
            _Rare(f"of-{n}-characters", f"a text of {n} characters", _is_long(n), (words * 2)[:n].replace(" ", "e"))
            for n in lengths
        ),
        _Rare(
            "hyphen-and-apostrophe",
            "a text with a hyphen and an apostrophe",
            lambda t: "-" in t and "'" in t,
            "O'Hara-Lund",
        ),
        _Rare(
            "only-doubled", "a text of one letter twice", lambda t: len(t) == 2 and t[0] == t[1] and t.isalpha(), "oo"
        ),
        _Rare("ends-in-a-dot", "a text that ends in a dot", lambda t: len(t) > 1 and t.endswith("."), "Marlowe Jr."),
    )


def _is_long(number: int) -> Callable[[str], bool]:
    return lambda text: len(text) == number


def _rare_values(field: Field, ground: Ground) -> Iterator[Breach]:
    for rare in _rare_texts(field):
        if field.max_length is not None and len(rare.example) > field.max_length:
            continue

        def holds(call: Call, rare: _Rare = rare) -> bool:
            return any(isinstance(c.get(field.name), str) and rare.holds(c[field.name]) for c in ground.sent(call))

        kinds = [k for k in ("create", "change") if ground.contract.has(k) and k in field.writeable]
        for kind in kinds:
            yield _lost(
                "of a length" if rare.name.startswith("of-") else rare.name,
                f"{rare.name}-lost",
                f"{field.name} is lost where it is {rare.told}",
                holds,
                _puts(kind, {field.name: rare.example}),
                kind,
                field,
                ground,
            )


# What they share


def _puts(kind: str, values: Values) -> Witness:
    async def witness(world: World) -> None:
        contact = await world.create(values if kind == "create" else None)
        if kind == "change":
            await world.change(contact, values)
        await world.send("read", contact=contact)

    return witness


def _lost(
    family: str,
    name: str,
    told: str,
    holds: Callable[[Call], bool],
    witness: Witness,
    kind: str,
    field: Field,
    ground: Ground,
) -> Breach:
    """The fault by which a call of this kind loses the field where the condition holds."""
    return Breach(
        operator=name,
        place=f"{kind}/{field.name}",
        sentence=f"By `{kind}`, {told}.",
        rows=rows_of(field.name, kind, ground),
        act=_losing(kind, field.name, holds, ground),
        witness=witness,
        family=family,
        kind=kind,
        fields=(field.name,),
    )


def _losing(kind: str, name: str, holds: Callable[[Call], bool], ground: Ground) -> Act:
    async def act(call: Call, forward: Forward) -> Reply:
        if holds(call) and call.kind == kind:
            for contact in ground.sent(call):
                contact.pop(name, None)
        return await forward(call)

    return act
