"""What a plan for flexmls can do next: contacts are added, read, and listed by their tags; nothing is changed."""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json, Query
from contacts_conformance.providers.plans import MARK, Step
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.drawing import Dice, mostly, move, one_of, some_of
from contacts_conformance.providers.sparkapi.people import People
from contacts_conformance.providers.sparkapi.vocabulary import WORDS, Vocabulary, address
from contacts_conformance.target import Target

TAGS = (MARK, f"web {MARK}", f"{MARK} leads", f"old web {MARK}", f"{MARK}y")
"""Names of tags, each within another one or like it."""
LETTERS = f"{MARK} zoë's ковалевская"
"""A tag that a service may refuse."""
_APART = frozenset({"DisplayName", "PrimaryEmail", "Tag", "Notify"})
_ROLES = ("idx", "signed", "colleague")
_WRITERS = ("idx", "colleague")
_MOST = 6
"""So many contacts at most has a plan: none of them can be removed."""
_FEW = 2
"""So many contacts at least a plan has before it does anything else with them."""


class Moves:
    """The moves of a plan: each offers steps that fit what the plan has created so far."""

    def __init__(self, contract: Contract, callers: Callers, people: People, target: Target) -> None:
        fields = [f for f in contract.create_fields if f.reads_back and f.name not in _APART]
        self._contract = contract
        self._names = [f.name for f in fields]
        self._vocabulary = Vocabulary([contract.field("DisplayName"), *fields])
        self._callers = callers
        self._people = people
        self._last: Step | None = None
        """The last list of a part of what there is."""
        self._writers = callers.there(*_WRITERS)
        self._readers = callers.there(*_ROLES)
        self._signed_in = "portal" in target.identities
        self.all = (
            move("create", self._may_create, self._creation),
            one_of(
                "read",
                (12, self._has_any, self._read),
                (1, lambda: self._signed_in and self._has_any(), lambda dice: Step("my-read", "portal")),
                (1, lambda: self._signed_in and self._has_any(), self._refused),
            ),
            one_of(
                "list",
                (4, self._has_any, self._tagged),
                (2, self._has_any, self._list),
                (2, lambda: self._last is not None, self._next_page),
            ),
        )

    def _may_create(self) -> bool:
        return bool(self._writers) and self._people.made < _MOST

    def _has_any(self) -> bool:
        return self._people.made >= _FEW

    def _creation(self, dice: Dice) -> Step:
        number = self._people.made
        name = self._vocabulary.any(dice, "DisplayName")
        values: dict[str, Json] = {"DisplayName": name, "PrimaryEmail": address(number, dice.choice(WORDS))}
        values |= self._vocabulary.all(dice) if dice.random() < 0.15 else self._vocabulary.some(dice, self._names, 4)
        values["DisplayName"] = name
        expects = "success"
        if dice.random() < 0.75:
            tags: list[Json] = some_of(dice, TAGS, 1, 3)
            values["Tag"] = tags
            if dice.random() < 0.1:
                values["Tag"], expects = [*tags, LETTERS], ""
        role = mostly(dice, self._writers[0], self._writers, odds=0.6)
        return Step("create", role, values=values, expects="success" if expects else "")

    def _read(self, dice: Dice) -> Step:
        person = dice.choice(list(self._people))
        roles = self._callers.of_the_user(person.owner, self._readers) or [""]
        return Step("read", mostly(dice, roles[0], roles), of=person.place)

    def _tagged(self, dice: Dice) -> Step:
        role = mostly(dice, self._readers[0], self._readers, odds=0.6)
        user = self._callers.user(role)
        borne = sorted({str(t) for p in self._people if p.owner == user for t in p.sent.get("Tag", [])})
        tag = mostly(dice, dice.choice(borne or TAGS), (*TAGS, LETTERS), odds=0.7)
        query = self._window(dice) if dice.random() < 0.4 else ()
        # a tag that nobody bears may be answered 404, and parameters be refused
        return self._noted(
            Step("tagged", role, at=tag, query=query, expects="success" if tag in borne and not query else "")
        )

    def _list(self, dice: Dice) -> Step:
        role = mostly(dice, self._readers[0], self._readers, odds=0.5)
        query = self._window(dice) if dice.random() < 0.6 else ()
        return self._noted(Step("list", role, query=query, expects="" if query else "success"))

    def _noted(self, step: Step) -> Step:
        self._last = step if "_limit" in dict(step.query) else self._last
        return step

    def _next_page(self, dice: Dice) -> Step:
        """The page that follows the last one."""
        assert self._last is not None
        page = int(dict(self._last.query).get("_page", "1")) + 1
        rest = tuple((n, v) for n, v in self._last.query if n != "_page")
        return self._noted(replace(self._last, query=(*rest, ("_page", str(page))), expects=""))

    def _window(self, dice: Dice) -> Query:
        limit = dice.choice(("1", "2", "3", "25", ""))
        page = dice.choice((1, 1, 2, 3)) if limit and limit != "25" else 1
        count = dice.choice(("", "1", "1", "0", "count"))
        asked = {"_limit": limit, "_page": str(page) if page > 1 else "", "_pagination": count}
        return tuple((n, v) for n, v in asked.items() if v)

    def _refused(self, dice: Dice) -> Step:
        """What a key may not do: that of a portal with contacts, that of an agent with the portal's own contact."""
        kind, role = dice.choice((("read", "portal"), ("list", "portal"), ("tagged", "portal"), ("my-read", "")))
        of = dice.choice(list(self._people)).place if kind == "read" else None
        name = role or self._callers.main
        return Step(
            kind,
            role,
            of=of,
            at=MARK if kind == "tagged" else "",
            expects="refusal",
            row=f"{self._contract.provider}.role.{name}.{self._contract.operation(kind).id}",
            wrong=f"the role {name} may not do this",
        )
