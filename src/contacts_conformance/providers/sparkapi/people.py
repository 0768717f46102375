"""The contacts of a plan as they have to be: whose they are, what they hold, and which answers have shown it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from contacts_conformance.model import Json, Record
from contacts_conformance.providers.sparkapi.telling import NOTHING

Life = Literal["there", "removed", "unclear"]
Event = Literal["changed", "transferred", "another changed", "another removed"]


@dataclass
class Person:
    """A contact that a step of the plan created.

    `values` are what it has to show, by the names under which answers show them: what was sent, and of the rest what
    its first reading showed. `written` says of what was sent, and no answer has shown yet, by which kind of write that
    was. `before` has the values that changes have replaced, `refused` what refused changes have sent.
    """

    place: int
    owner: str
    values: dict[str, Json]
    written: dict[str, str]
    life: Life = "there"
    former: list[str] = field(default_factory=list)
    """Its owners before transfers."""
    events: set[Event] = field(default_factory=set)
    """What was done since it was last read, beside what `written` tells."""
    before: list[dict[str, Json]] = field(default_factory=list)
    refused: dict[str, list[Json]] = field(default_factory=dict)
    together: dict[str, frozenset[str]] = field(default_factory=dict)
    """The names that were sent with a name of `written`."""
    stays: str = ""
    """The row that would be broken where a transfer that was not refused had moved it."""
    sent: dict[str, Json] = field(default_factory=dict)
    """What its creation sent, as the plan says it."""
    remains: dict[str, Json] = field(default_factory=dict)
    """What a removed contact had that this one follows, and that was not sent again."""
    is_listed: bool = False
    """Whether a list has shown it: what was not sent, and no list shows, it does not have."""
    first: Record | None = None
    """Its first reading."""
    last: Record | None = None

    @property
    def is_read(self) -> bool:
        """Whether a reading has shown all of it once."""
        return self.first is not None

    def knows(self, name: str) -> bool:
        """Whether an answer has shown what it has under a name, since that was last written."""
        return name not in self.written and (self.is_read or self.is_listed or name in self.values)

    def is_unset(self, name: str) -> bool:
        """Whether it has nothing under a name."""
        return self.values.get(name) in NOTHING

    def changed(self, values: Mapping[str, Json]) -> None:
        """Takes in that a change of these values was carried out."""
        self.before.append({**(self.before[-1] if self.before else {}), **{n: self.values.get(n) for n in values}})
        self.values |= values
        names = frozenset(values)
        for name in values:
            self.written[name] = "change"
            self.together[name] = names
        self.events.add("changed")


class People:
    """The contacts of a plan, by the steps that created them. `ids` are those of the answers, empty where one is
    not known; `is_blind` says that contacts may exist which the plan does not know."""

    def __init__(self) -> None:
        self._of: dict[int, Person] = {}
        self.is_blind = False
        self.made = 0

    def add(self, person: Person) -> None:
        """Takes in a contact that was created."""
        self._of[person.place] = person
        self.made += 1

    def get(self, place: int | None) -> Person | None:
        """The contact that a step created; None where there is none."""
        return self._of.get(place) if place is not None else None

    def __iter__(self) -> Iterator[Person]:
        return iter(self._of.values())

    def others(self, person: Person) -> Iterator[Person]:
        """All but one."""
        return (p for p in self if p is not person)

    def of(self, users: Iterable[str]) -> list[int]:
        """The places of what these users have, and is there."""
        wanted = {*users}
        return [p.place for p in self if p.owner in wanted and p.life == "there"]

    @property
    def removed(self) -> list[int]:
        """The places of what was removed."""
        return [p.place for p in self if p.life == "removed"]
