"""The dense bodies of a quick run: few, each without about half of the texts, so that what was not sent shows."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterator, Mapping, Sequence

from contacts_conformance.contract import Field
from contacts_conformance.contract.specimens import Grade, Specimen

BODIES = 8
"""So many bodies of one kind of request."""
_HELD = 6
"""So many of them hold a text that may be left out; of two texts, each goes without the other in one of them."""


def may_be_absent(field: Field, fields: Collection[Field]) -> bool:
    """Whether a body may leave out a field: a text that is not required, and on which no other one rests."""
    rests = field.within or field.either or field.known or any(f.within == field.name for f in fields)
    return field.is_text and not (field.required or field.enum or rests)


def bodies(
    columns: Mapping[str, Sequence[Specimen]],
    sparse: Collection[str],
    markers: Sequence[str],
    taken: Mapping[str, Sequence[Specimen]],
    draw: random.Random,
) -> Iterator[tuple[str, dict[str, Specimen]]]:
    """The bodies, each with the field that is the mark of the run, if one is.

    `columns` are what fields are to hold, `sparse` those that may be left out, `taken` what the markers hold where
    another one marks. What holds several kinds comes first, and what holds one is drawn.
    """
    codes = list(itertools.combinations(range(BODIES), _HELD))
    draw.shuffle(codes)
    order = {name: _ordered(column, draw) for name, column in {**columns, **taken}.items()}
    held = {name: codes[i % len(codes)] for i, name in enumerate(sorted({*columns} & {*sparse}))}
    for number in range(BODIES):
        body = {}
        for name in columns:
            turns = held.get(name, range(BODIES))
            if number in turns and order[name]:
                body[name] = order[name][turns.index(number) % len(order[name])]
        marker = markers[number % len(markers)] if markers else ""
        carried = next((m for m in markers if m != marker), "")
        if carried and number % 5 < 3:  # else the other marker is left out, too
            body[carried] = order[carried][number // 2 % len(order[carried])]
        yield marker, body


def _ordered(column: Sequence[Specimen], draw: random.Random) -> list[Specimen]:
    sure = [s for s in column if s.grade is not Grade.FORM] or column  # other forms need not be kept, and hide the rest
    several = [s for s in sure if not s.is_single]
    others = [s for s in sure if s.is_single]
    draw.shuffle(others)
    return [*several, *others]
