"""A part of the checks of a run, and what the report of one keeps so that all parts can be put together again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contacts_conformance.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """Which of how many parts it is, counted from 1; as a text `2/3`."""

    index: int
    of: int

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of a run: `modules` and `parts` are those of the whole run, and the same in each of its shards.

    `modules` are the files of the checks in their order, `parts` the ids of the requirements that the checks of each
    part judge. `complete` and `whole` say of the run what `Result.complete` and `Situation.whole` do, as if it were not
    cut; `ended` says that no check of the part was left out for its early end, `writes` whether the target
    file permits writing, and `notes` what has to be said of the whole run as well.
    """

    place: Place
    modules: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    complete: bool
    whole: bool
    ended: bool
    writes: bool
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> frozenset[str]:
        """The ids of all requirements that checks of any part judge."""
        return frozenset(row for part in self.parts for row in part)


def parse(text: str) -> Place:
    """The place that a text names, as in `2/3`; UsageError where it names none."""
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text, re.ASCII)
    place = Place(int(found[1]), int(found[2])) if found else Place(0, 0)
    if not 1 <= place.index <= place.of:
        raise UsageError(f"--shard {text}: is no part of a run; give its number and how many there are, as in 1/2")
    return place
