"""Draws faults by a seed, and has each of them witnessed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from starlette.types import ASGIApp

from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn import (
    conditions,
    entries,
    life,
    plain,
    rare,
    refused,
    refusing,
    siblings,
    texts,
)
from contacts_conformance.reference.kit.drawn.breach import Breach
from contacts_conformance.reference.kit.drawn.exchange import Acting
from contacts_conformance.reference.kit.drawn.ground import Ground
from contacts_conformance.reference.kit.drawn.world import World

PREFIX = "drawn:"
_CONDITIONED = 0.4
"""The share of faults that get a condition, of those that can have one and need none."""

_FAMILIES = (
    texts.operators,
    plain.operators,
    refused.operators,
    refusing.operators,
    entries.operators,
    siblings.operators,
    life.operators,
)

Sound: TypeAlias = Callable[[], ASGIApp]
"""Makes a sound server with a clock and ids that are the same each time."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What was drawn: faults that a witness shows, and the names of those that none shows."""

    witnessed: tuple[Breach, ...]
    unseen: tuple[str, ...]


class Drawing:
    """All operators at all places of one provider; `more` are operators that only this provider can have."""

    def __init__(self, ground: Ground, *more: Callable[[Ground], Iterator[Breach]]) -> None:
        self._ground = ground
        self._families = (*_FAMILIES, *more)
        self._plain: dict[str, Breach] = {}
        self._rare: dict[str, Breach] = {}

    @property
    def ground(self) -> Ground:
        """Where the provider's values stand."""
        return self._ground

    def plain(self) -> dict[str, Breach]:
        """Every operator at every place, without a condition, by the names of the faults."""
        if not self._plain:
            found = _by_name(b for family in self._families for b in family(self._ground))
            for name, breach in found.items():
                is_doubtful = self._ground.doubtful(breach.kind, breach.fields)
                self._plain[name] = replace(breach, level=Level.SHOULD) if is_doubtful else breach
        return self._plain

    def rare(self) -> dict[str, Breach]:
        """Every operator that a few well-chosen requests pass by, at every place, by the names of the faults."""
        if not self._rare:
            self._rare |= _by_name(rare.operators(self._ground))
        return self._rare

    def find(self, name: str) -> Breach:
        """The fault of this name; UsageError where no operator and place make it."""
        if name in self.rare():
            return self.rare()[name]
        plain = self.plain()
        if name in plain and not plain[name].needs_condition:
            return plain[name]
        unconditional = plain.get(name.rpartition("/")[0])
        for breach in () if unconditional is None else conditions.of(unconditional, self._ground):
            if breach.name == name:
                return breach
        raise UsageError(f"no fault {name!r}; no operator at a place of {self._ground.contract.provider} has this name")

    def before(self, app: ASGIApp, name: str) -> ASGIApp:
        """The server with the fault of this name before it."""
        return Acting(app, self._ground.contract, self.find(name).act)

    def draw(self, number: int, seed: int, sound: Sound, *, rare: bool = False) -> Draw:
        """So many faults that a witness shows; each operator has its turn before one comes again.

        Fewer where there are no more. With `rare`, they are of those that a few well-chosen requests pass by.
        """
        chance = random.Random(f"{self._ground.contract.provider} {seed}")  # noqa: S311  (a draw that can be repeated)
        witnessed: list[Breach] = []
        unseen: list[str] = []
        for breach in self._turns(chance, self.rare() if rare else self.plain()):
            if len(witnessed) == number:
                break
            if self.is_witnessed(breach, sound):
                witnessed.append(breach)
            else:
                unseen.append(breach.name)
        return Draw(tuple(witnessed), tuple(unseen))

    def is_witnessed(self, breach: Breach, sound: Sound) -> bool:
        """Whether the witness of a fault gets other answers of the server that has it than of the sound one."""
        return asyncio.run(self._is_witnessed(breach, sound))

    async def _is_witnessed(self, breach: Breach, sound: Sound) -> bool:
        right = World(self._ground, sound(), **breach.setting)
        await breach.witness(right)
        if right.refusals and not breach.refuses:
            return False
        wrong = World(self._ground, Acting(sound(), self._ground.contract, breach.act), **breach.setting)
        await breach.witness(wrong)
        return right.told != wrong.told

    def _turns(self, chance: random.Random, breaches: Mapping[str, Breach]) -> Iterator[Breach]:
        """Faults in a drawn order: operators in turn, each at the place that was drawn least often so far."""
        by_operator: dict[str, list[Breach]] = {}
        for breach in breaches.values():
            by_operator.setdefault(breach.family or breach.operator, []).append(breach)
        used: dict[str, int] = {}
        while by_operator:
            turn = sorted(by_operator)
            chance.shuffle(turn)
            for operator in turn:
                left = by_operator[operator]
                chance.shuffle(left)
                left.sort(key=lambda b: used.get(b.place, 0) + used.get(b.place.partition("/")[0], 0) / 10)
                breach = left.pop(0)
                if not left:
                    del by_operator[operator]
                for key in (breach.place, breach.place.partition("/")[0]):
                    used[key] = used.get(key, 0) + 1
                if not breach.needs_condition and chance.random() > _CONDITIONED:
                    yield breach
                    continue
                under = list(conditions.of(breach, self._ground))
                kinds = sorted({b.condition.partition("-")[0] for b in under})
                if kinds:
                    kind = chance.choice(kinds)
                    yield chance.choice([b for b in under if b.condition.startswith(kind)])
                elif not breach.needs_condition:
                    yield breach


def _by_name(breaches: Iterable[Breach]) -> dict[str, Breach]:
    """The faults by their names; ValueError where two have one name, since one of them could never be drawn."""
    found: dict[str, Breach] = {}
    for breach in breaches:
        if breach.name in found:
            raise ValueError(
                f"two faults have the name {breach.name!r}: {found[breach.name].sentence} {breach.sentence}"
            )
        found[breach.name] = breach
    return found


def concerned(breach: Breach, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids that the rows of a fault begin, in the order of these rows; the first one is what is broken."""
    there_are = tuple(ids)
    found = [i for row in breach.rows for i in there_are if i == row or i.startswith(f"{row}.")]
    return tuple(dict.fromkeys(found))
