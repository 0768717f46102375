"""Operators of two fields of one contact: values swapped, written to a neighbour as well, or lost with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contacts_conformance.contract import Field
from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach, before
from contacts_conformance.reference.kit.drawn.exchange import Call
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.kit.drawn.parts import WRITES, plain_fields, plainly
from contacts_conformance.reference.kit.drawn.texts import rows_of
from contacts_conformance.reference.kit.drawn.world import World

_BLANK = object()
"""Stands for what clears a field."""


def _swapped(sent: Values, one: str, other: str) -> None:
    if one in sent and other in sent:
        sent[one], sent[other] = sent[other], sent[one]


def _joined(sent: Values, one: str, other: str) -> None:
    if sent.get(one) and sent.get(other):
        sent[other] = sent[one]


def _written_too(sent: Values, one: str, other: str) -> None:
    if one in sent and other not in sent:
        sent[other] = sent[one]


def _cleared(sent: Values, one: str, other: str) -> None:
    if one in sent and other not in sent:
        sent[other] = _BLANK


def _lost_beside(sent: Values, one: str, other: str) -> None:
    if one in sent and other in sent:
        del sent[other]


def _lost_alone(sent: Values, one: str, other: str) -> None:
    if other in sent and one not in sent:
        del sent[other]


_OPERATORS: tuple[tuple[str, str, Callable[[Values, str, str], None], tuple[str, ...], tuple[bool, bool]], ...] = (
    ("swapped-with", "{one} and {other} are swapped", _swapped, ("create", "change"), (True, True)),
    ("overwrites", "{other} gets the value of {one}", _joined, ("create", "change"), (True, True)),
    ("lost-beside", "{other} is lost if {one} is sent", _lost_beside, ("create", "change"), (True, True)),
    ("lost-without", "{other} is lost unless {one} is sent", _lost_alone, ("create", "change"), (False, True)),
    ("written-to", "{one} is written to {other} as well", _written_too, ("create", "change"), (True, False)),
    ("clears", "{one} clears {other}, which was not sent", _cleared, ("change",), (True, False)),
)


def operators(ground: Ground) -> Iterator[Breach]:
    """Each operator for each field with the next ones of its shape, and with the next one in the contract."""
    fields = [f for f in plain_fields(ground) if not f.required]
    for index, one in enumerate(fields):
        for other in dict.fromkeys((*_of_shape(fields[index + 1 :], one.shape), *fields[index + 1 : index + 2])):
            for first, second in ((one, other), (other, one)):
                for name, told, change, kinds, sends in _OPERATORS:
                    if name == "swapped-with" and first is other:
                        continue
                    if (name == "written-to" and ground.fills_in) or (name == "clears" and ground.replaces):
                        continue
                    for kind in kinds:
                        if kind in WRITES and any(_both(kind, form, first, second, ground) for form in ground.forms):
                            yield _breach(name, told, change, sends, kind, first, second, ground)


def _of_shape(fields: list[Field], shape: str) -> list[Field]:
    return [f for f in fields if f.shape == shape][:2]


def _both(kind: str, form: str, one: Field, other: Field, ground: Ground) -> bool:
    return all(ground.takes(kind, form, f.name) for f in (one, other))


def _breach(
    name: str,
    told: str,
    change: Callable[[Values, str, str], None],
    sends: tuple[bool, bool],
    kind: str,
    one: Field,
    other: Field,
    ground: Ground,
) -> Breach:
    def act(call: Call) -> None:
        for contact in ground.sent(call):
            change(contact, one.name, other.name)
            for name, value in contact.items():
                contact[name] = ground.blank if value is _BLANK else value

    both = {**plainly([one]), **plainly([other], 1)}
    sent = {n for n, is_sent in zip(both, sends, strict=True) if is_sent}
    values = {n: v for n, v in both.items() if n in sent}
    anew = {n: v for n, v in {**plainly([one], 2), **plainly([other])}.items() if n in sent}

    async def witness(world: World) -> None:
        if not world.form:
            world.form = next(f for f in ground.forms if _both(kind, f, one, other, ground))
        if kind == "create":
            contact = await world.create(values)
        else:
            contact = await world.create(both, warm=False)
            await world.change(contact, anew)
        await world.send("read", contact=contact)

    provider = ground.contract.provider
    more = (f"{provider}.change",) if kind == "change" else (f"{provider}.create",)
    seen = other if name != "written-to" else one
    return Breach(
        operator=f"{name}-{other.name}",
        place=f"{kind}/{one.name}",
        sentence=f"{told.format(one=one.name, other=other.name)} by `{kind}`.",
        rows=(*rows_of(seen.name, kind, ground), *rows_of(one.name, kind, ground), *more),
        act=before((kind,), act),
        witness=witness,
        level=Level.SHOULD if name == "written-to" and kind == "create" else Level.MUST,
        family=f"{name.replace('-', ' ')} a sibling",
        conditions=("form",),
        kind=kind,
        fields=(one.name, other.name),
    )
