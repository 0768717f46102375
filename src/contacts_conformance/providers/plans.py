"""Plans: requests as plain data, in an order, which can be sent again.

A plan names no contact, mark, user or id of a target, but has places for them, so that it can be kept in a file and
sent in another run:

- `⟦mark⟧` is a text that no other contact carries;
- `⟦id 2⟧` is the id of the contact that step 2 created;
- `⟦known hotness⟧` is what the target file gives under this name in its table `known`;
- `⟦user assignee⟧` is the id of that identity's user.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from contacts_conformance.model import Json, Query

MARK = "⟦mark⟧"

Expects: TypeAlias = Literal["success", "refusal", ""]
"""What the page says of the answer to a request: a success, a refusal (4xx), or nothing."""


def id_of(step: int) -> str:
    """The place of the id of the contact that a step created."""
    return f"⟦id {step}⟧"


def known(name: str) -> str:
    """The place of an id that the target file names."""
    return f"⟦known {name}⟧"


def user(role: str) -> str:
    """The place of the id of an identity's user."""
    return f"⟦user {role}⟧"


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a plan: an operation of the contract by its kind, as a role.

    `of` is the step that created the contact in question; `at` fills the path where there is no such step. `values` are
    the values of a body and `raw` is a body as it is, for requests that break the contract. `marked` says that a
    creation carries the mark of the plan in the first attribute for marks. `expects` is what the page says of the
    answer, and `row` (a full id) the row that this is judged by; without a row, a success is judged by the operation's
    `accepts`. `wrong` says in words how the request breaks the contract.
    """

    kind: str
    role: str = ""
    of: int | None = None
    at: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)
    query: Query = ()
    raw: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    marked: bool = True
    expects: Expects = "success"
    row: str = ""
    wrong: str = ""

    @property
    def legal(self) -> bool:
        """Whether the answer is judged as that to any legal request."""
        return self.expects == "success"


Plan: TypeAlias = tuple[Step, ...]


def to_text(plan: Plan) -> str:
    """A plan as a line of JSON, of which `from_text` makes the same plan again."""
    return json.dumps([_members(step) for step in plan], ensure_ascii=True, separators=(",", ":"))


def from_text(text: str) -> Plan:
    """The plan in a text of `to_text`; ValueError where it is none."""
    try:
        return tuple(_step(members) for members in json.loads(text))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no plan: {error}") from None


def without(plan: Plan, place: int) -> Plan:
    """The plan without a step, and without those that are about the contact that it created."""
    gone = {place}
    for n, step in enumerate(plan):
        if _needs(step) & gone:
            gone.add(n)
    return tuple(_moved(step, gone) for n, step in enumerate(plan) if n not in gone)


def filled(value: Json, fill: Callable[[str], str]) -> Json:
    """A value in which every place, `⟦…⟧`, is replaced by what `fill` gives for its words."""
    if isinstance(value, str):
        return _filled_text(value, fill)
    if isinstance(value, list | tuple):
        return [filled(v, fill) for v in value]
    if isinstance(value, dict):
        return {filled(k, fill): filled(v, fill) for k, v in value.items()}
    return value


def _filled_text(text: str, fill: Callable[[str], str]) -> str:
    before, opened, rest = text.partition("⟦")
    words, closed, after = rest.partition("⟧")
    return before + fill(words) + _filled_text(after, fill) if opened and closed else text


def _needs(step: Step) -> set[int]:
    """The steps whose contacts a step is about, or names."""
    needed = set() if step.of is None else {step.of}

    def note(words: str) -> str:
        name, _, number = words.partition(" ")
        if name == "id":
            needed.add(int(number))
        return words

    filled([dict(step.values), [v for _, v in step.query], step.raw], note)
    return needed


def _moved(step: Step, gone: set[int]) -> Step:
    """The step as it stands where those steps are gone."""

    def place(number: int) -> int:
        return number - sum(g < number for g in gone)

    def fill(words: str) -> str:
        name, _, number = words.partition(" ")
        return id_of(place(int(number))) if name == "id" else f"⟦{words}⟧"

    return replace(
        step,
        of=place(step.of) if step.of is not None else None,
        values=filled(dict(step.values), fill),
        query=tuple((n, _filled_text(v, fill)) for n, v in step.query),
        raw=_filled_text(step.raw, fill) if step.raw is not None else None,
    )


_PLAIN = Step("")


def _members(step: Step) -> dict[str, Any]:
    names = (n for n in Step.__slots__ if n == "kind" or getattr(step, n) != getattr(_PLAIN, n))
    return {name: getattr(step, name) for name in names}


def _step(members: Mapping[str, Any]) -> Step:
    pairs = {n: tuple((k, v) for k, v in members[n]) for n in ("query", "headers") if n in members}
    return Step(**{**members, **pairs})
