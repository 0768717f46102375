"""Operators that refuse one kind of text, or break at it, although the page allows it."""

from __future__ import annotations

from collections.abc import Iterator

from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach, instead, sends
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground
from contacts_conformance.reference.kit.drawn.kinds import OTHERS, SIGNS, Kind
from contacts_conformance.reference.kit.drawn.parts import Part, kinds_of_writing, text_parts
from contacts_conformance.reference.kit.drawn.texts import rows_of

RARE = frozenset(SIGNS) - {"apostrophe", "ampersand", "dot", "hyphen"}
"""Kinds that no page speaks of, and that a service may refuse by a rule of its own: that is a warning."""
_STATUSES = {"refused": 400, "broken": 500}


def operators(ground: Ground) -> Iterator[Breach]:
    """Every kind at every text, refused and answered 500."""
    for part in text_parts(ground):
        for kind in (*(k for _, k in SIGNS.values()), *OTHERS):
            example = kind.examples.get(part.shape)
            if example is None or (part.limit is not None and len(example) > part.limit):
                continue
            for operation in kinds_of_writing(part.field, ground):
                for word, status in _STATUSES.items():
                    if word == "refused" and part.shape == "phone" and not ground.plain_phones:
                        continue  # a service may ask for digits alone
                    if word == "refused" and not part.shape and kind.name in ground.may_refuse:
                        continue
                    yield _refusing(part, kind, example, operation, word, status, ground)


def _refusing(part: Part, kind: Kind, example: str, operation: str, word: str, status: int, ground: Ground) -> Breach:
    def make(call: Call) -> Reply | None:
        for contact in ground.sent(call):
            if any(kind.holds(container[key]) for container, key in part.slots(contact)):
                return ground.refusal(status)
        return None

    provider = ground.contract.provider
    is_phone = part.shape == "phone" and not ground.plain_phones
    is_doubtful = is_phone or ground.is_unprinted(part.shape, kind.holds) or part.field.name in ground.caseless
    told = "is refused" if status < 500 else "is answered 500"
    return Breach(
        operator=f"{word}-{kind.name}",
        place=f"{operation}/{part.name}",
        sentence=f"`{operation}` with {kind.told} in {part.name} {told}.",
        rows=(*rows_of(part.field.name, operation, ground), f"{provider}.operation", f"{provider}.text"),
        act=instead((operation,), make),
        witness=sends(operation, part.holding(example, ground)),
        level=Level.SHOULD if is_doubtful or (status < 500 and not part.shape and kind.name in RARE) else kind.level,
        family=f"{word} for a kind of text",
        kind=operation,
        fields=(part.field.name,),
    )
