"""Operators that change one text: where it is stored, where it is shown, and where it is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach, after, before, sends
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground, Values
from contacts_conformance.reference.kit.drawn.parts import Part, kinds_of_writing, text_parts
from contacts_conformance.reference.kit.drawn.rewritings import REWRITINGS, Rewriting, shortenings

_SHOWS = ("read", "list", "my-read")


def operators(ground: Ground) -> Iterator[Breach]:
    """Every rewriting at every text of a contact, stored by each kind of call and shown by each."""
    for part in text_parts(ground):
        for rewriting in (*REWRITINGS, *shortenings(part.limit, part.shape)):
            example = rewriting.examples.get(part.shape)
            is_phone = part.shape == "phone" and not ground.plain_phones
            too_long = part.limit is not None and example is not None and len(example) > part.limit
            if rewriting.family == "re-cased" and part.field.name in ground.caseless:
                continue
            if example is None or not rewriting.acts(example) or is_phone or too_long:
                continue
            for kind in kinds_of_writing(part.field, ground):
                yield _stored(part, rewriting, example, kind, ground)
            for kind in _SHOWS:
                if kind == "list" and ground.brief_lists and rewriting.rewrite(example) is None:
                    continue
                is_own = kind != "my-read" or part.field.name in ground.own_changes
                doubtful = rewriting.level is Level.SHOULD or ground.is_unprinted(part.shape, rewriting.acts)
                if is_own and ground.contract.has(kind) and not (kind == "list" and doubtful):
                    yield _shown(part, rewriting, example, kind, ground)


def _stored(part: Part, rewriting: Rewriting, example: str, kind: str, ground: Ground) -> Breach:
    def change(call: Call) -> None:
        for contact in ground.sent(call):
            _apply(rewriting, part, contact, part.field.name)

    return replace(
        _breach(part, rewriting, kind, ground),
        sentence=f"{part.name} is stored {rewriting.told} by `{kind}`.",
        act=before((kind,), change),
        witness=sends(kind, part.holding(example, ground)),
    )


def _shown(part: Part, rewriting: Rewriting, example: str, kind: str, ground: Ground) -> Breach:
    name = ground.shown_name(part.field.name)

    def change(call: Call, reply: Reply) -> None:
        for contact in ground.shown(reply):
            _apply(rewriting, part, contact, name)

    return replace(
        _breach(part, rewriting, kind, ground),
        sentence=f"{part.name} is shown {rewriting.told} by `{kind}`.",
        act=after((kind,), change),
        witness=sends(kind, part.holding(example, ground)),
    )


def _breach(part: Part, rewriting: Rewriting, kind: str, ground: Ground) -> Breach:
    is_unprinted = ground.is_unprinted(part.shape, rewriting.acts)
    is_doubtful = is_unprinted or part.field.name in ground.caseless
    return Breach(
        operator=rewriting.name,
        place=f"{kind}/{part.name}",
        sentence="",
        rows=rows_of(part.field.name, kind, ground),
        act=before((), lambda call: None),
        witness=sends(kind, {}),
        level=Level.SHOULD if is_doubtful else rewriting.level,
        family=rewriting.family,
        kind=kind,
        fields=(part.field.name,),
    )


def rows_of(field: str, kind: str, ground: Ground) -> tuple[str, ...]:
    """The requirements that a value of a field concerns; the first that there is names what is broken."""
    provider = ground.contract.provider
    own = {"create": "create", "change": "change"}.get(kind, "create")
    if kind.startswith("my-"):
        return (f"{provider}.my.change.{field}", f"{provider}.my")
    more = (f"{provider}.text", f"{provider}.create", f"{provider}.change") if kind != "list" else ()
    listed = (f"{provider}.list", f"{provider}.shape.list-items", f"{provider}.read") if kind == "list" else ()
    return (f"{provider}.field.{field}.{own}", f"{provider}.field.{field}", *listed, *more)


def _apply(rewriting: Rewriting, part: Part, contact: Values, name: str) -> None:
    gone = []
    for container, key in part.slots(contact, shown=name):
        rewritten = rewriting.rewrite(container[key])
        if rewritten is None:
            gone.append((container, key))
        else:
            container[key] = rewritten
    for container, key in reversed(gone):
        del container[key]
