"""Dense bodies that leave some texts out, so that what was not sent shows; those of a quick run are few."""

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
_ABSENT = 1
"""Of so many bodies each text is left out at least, whatever it may hold."""


def may_be_absent(field: Field, fields: Collection[Field]) -> bool:
    """Whether a body may leave out a field: a text that is not required, and on which no other one rests."""
    rests = field.within or field.either or field.known or any(f.within == field.name for f in fields)
    return field.is_text and not (field.required or field.enum or rests)


def spread(
    columns: Mapping[str, Sequence[Specimen]], sparse: Collection[str], length: int, draw: random.Random
) -> dict[str, dict[int, Specimen]]:
    """Which of so many bodies hold which specimen of the fields that may be left out; these are drawn.

    Each field is left out of a few bodies at least, so that any other one is sent without it. Those that are left out
    of one body alone share it with as few others as there can be: of two that share it none is sent without the other.
    """
    turns = {}
    absent = itertools.cycle(draw.sample(range(length), length))
    for name in (n for n in columns if n in sparse):
        count = min(len(columns[name]), max(length - _ABSENT, 1))
        without = {next(absent)} if length - count == 1 else set[int]()
        numbers = sorted(draw.sample([n for n in range(length) if n not in without], min(count, length)))
        turns[name] = dict(zip(numbers, columns[name], strict=False))
    return turns


def in_turn(
    taken: Mapping[str, Sequence[Specimen]], carrier: str, alone: int
) -> Iterator[tuple[str, dict[str, Specimen]]]:
    """For each body the field that is the mark of the run, and what the fields hold that mark other contacts.

    One of these holds a specimen while another one is the mark; from the `alone`th body on all hold one, and the
    `carrier` is the mark, if there is such a field.
    """
    left = {name: list(column) for name, column in taken.items()}
    number = 0
    while any(left.values()):
        most = max(left, key=lambda name: len(left[name]))
        held = [n for n, column in left.items() if column] if carrier and number >= alone else [most]
        marker = next((n for n in left if n not in held), carrier)
        yield marker, {name: left[name].pop(0) for name in held}
        number += 1


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
