"""What a plan for Spark can do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json, Query
from contacts_conformance.providers.plans import MARK, Step, known, user
from contacts_conformance.providers.spark.filters import OWN, Filters
from contacts_conformance.providers.spark.kinds import CORE, field_types
from contacts_conformance.providers.spark.worth import worth
from contacts_conformance.providers.sparkapi import NOBODY
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.drawing import Dice, mostly, move, one_of, some_of
from contacts_conformance.providers.sparkapi.people import People, Person
from contacts_conformance.providers.sparkapi.vocabulary import WORDS, Vocabulary, address
from contacts_conformance.target import Target

_APART = frozenset({
    "RecordStatus", "Settings", "Note", "Notify", "SecondaryEmails", "AdditionalNotificationEmails", "PrimaryEmail",
    "Tags", "MobilePhoneCountryCode",
})  # fmt: skip
"""Attributes that plans set in their own way, or not at all."""
_WRITERS, _READERS = ("private", "idx", "colleague"), ("private", "idx", "public", "signed", "colleague")
_CONFINED = ("read", "list", "change", "remove")
_REFUSED = {"public": ("change", "remove"), "vow": _CONFINED, "portal": _CONFINED}
"""What roles may not do. Creations are left out: who may not remove could leave one behind."""
_MOST = 6
"""So many contacts at most has a plan."""
_FEW = 3
"""So many contacts at least a plan has before it does anything else with them."""
_CANDIDATES = 6
"""So many filters are drawn for each that is sent."""
_EXPANDED: Query = (("_expand", "VowActive"),)


class Moves:
    """The moves of a plan: each offers steps that fit what the plan has created so far."""

    def __init__(self, contract: Contract, callers: Callers, people: People, target: Target) -> None:
        fields = [f for f in contract.create_fields if f.reads_back and f.name not in _APART]
        self._contract = contract
        self._names = [f.name for f in fields]
        self._core = [n for n in CORE if n in self._names]
        self._vocabulary = Vocabulary(fields)
        self._types = field_types(contract)
        self._filters = Filters(self._types)
        self._last: Step | None = None
        """The last list of a part of what there is."""
        self._callers = callers
        self._people = people
        self._writers = callers.there(*_WRITERS)
        self._readers = callers.there(*_READERS)
        self._forbidden = [(r, k) for r, kinds in _REFUSED.items() if r in target.identities for k in kinds]
        self._signed_in = [r for r in ("vow", "portal") if callers.own_contact(r)]
        self._owners = self._new_owners(target)
        self.all = (
            one_of(
                "create",
                (9, self._may_create, self._creation),
                (3, lambda: bool(self._free()) and self._may_create(), self._creation_again),
            ),
            one_of(
                "write",
                (12, self._has_any, self._change),
                (4, self._has_any, self._removal),
                (3, lambda: bool(self._owners and self._own()), self._transfer),
                (2, lambda: bool(people.removed), self._of_the_gone),
                (1, lambda: bool(self._forbidden and self._own()), self._forbidden_step),
            ),
            one_of(
                "read",
                (16, self._has_any, self._read),
                (1, lambda: bool(self._signed_in) and self._has_any(), self._own_reading),
            ),
            move("list", self._has_any, self._filtered),
            one_of(
                "list-more",
                (3, self._has_any, self._filtered),
                (2, lambda: self._last is not None, self._next_page),
                (3, lambda: bool(self._readers) and self._people.made >= _FEW, self._whole),
            ),
        )

    def _may_create(self) -> bool:
        return bool(self._writers) and self._people.made < _MOST

    def _has_any(self) -> bool:
        return self._people.made >= _FEW and any(p.life == "there" for p in self._people)

    def _own(self) -> list[int]:
        return self._people.of([self._callers.user("")])

    def _somebody(self, dice: Dice, roles: Sequence[str]) -> tuple[int, str]:
        """A contact, and one of these roles of its owner; the first of them in most cases."""
        person = dice.choice([p for p in self._people if p.life == "there"])
        his = self._callers.of_the_user(person.owner, roles) or [""]
        return person.place, mostly(dice, his[0], his)

    # Writes

    def _creation(self, dice: Dice) -> Step:
        number, word = self._people.made, dice.choice(WORDS)
        values: dict[str, Json] = {"DisplayName": word, "PrimaryEmail": address(number, word)}
        shape = dice.random()
        if shape < 0.08:
            values |= self._vocabulary.all(dice)
        else:
            values |= self._vocabulary.few(dice, self._core)
            values |= self._vocabulary.some(dice, self._names, 5) if shape < 0.5 else {}
        if dice.random() < 0.4:
            values |= _tags(dice)
        if dice.random() < 0.15:
            values |= _emails(dice, number)
        return Step("create", mostly(dice, self._writers[0], self._writers, odds=0.75), values=values)

    def _creation_again(self, dice: Dice) -> Step:
        """A contact with the name and the address of one that was removed, and little else of it."""
        person = dice.choice(self._free())
        kept = {"DisplayName", "PrimaryEmail", *some_of(dice, sorted(person.sent), 0, 1)}
        roles = self._callers.of_the_user(person.owner, self._writers) or [""]
        return Step("create", roles[0], values={n: v for n, v in person.sent.items() if n in kept}, expects="")

    def _free(self) -> list[Person]:
        """Those who were removed, and whose address nobody has."""
        taken = {p.values.get("PrimaryEmail") for p in self._people if p.life != "removed"}
        return [p for p in self._people if p.life == "removed" and p.values.get("PrimaryEmail") not in taken]

    def _change(self, dice: Dice) -> Step:
        place, role = self._somebody(dice, self._writers)
        if dice.random() < 0.05:
            unset = {dice.choice(("DisplayName", "PrimaryEmail")): dice.choice((None, ""))}
            return Step("change", role, of=place, values=unset, expects="")
        number = self._people.made
        match dice.randrange(8):
            case 0:
                values = _tags(dice)
            case 1:
                values = {"PrimaryEmail": address(number + 50, dice.choice(WORDS))}
            case 2:
                person = self._people.get(place)
                has_notified = person is not None and not person.is_unset("AdditionalNotificationEmails")
                values = _emails(dice, number, both=has_notified)
            case 3 | 4 | 5:
                values = self._vocabulary.some(dice, self._core, 2)
            case _:
                values = self._vocabulary.some(dice, self._names, 4)
        return Step("change", role, of=place, values=values)

    def _removal(self, dice: Dice) -> Step:
        place, role = self._somebody(dice, self._writers)
        return Step("remove", role, of=place)

    def _of_the_gone(self, dice: Dice) -> Step:
        """What is asked of a contact that was removed."""
        place = dice.choice(self._people.removed)
        person = self._people.get(place)
        roles = self._callers.of_the_user(person.owner, self._writers) if person is not None else []
        kind = dice.choice(("read", "read", "remove", "change"))
        values = {"GivenName": "ada"} if kind == "change" else {}
        return Step(kind, roles[0] if roles else "", of=place, values=values, expects="")

    def _forbidden_step(self, dice: Dice) -> Step:
        role, kind = dice.choice(self._forbidden)
        place = dice.choice(self._own())
        return Step(
            kind,
            role,
            of=None if kind == "list" else place,
            values={"GivenName": "byron"} if kind == "change" else {},
            query=(("_limit", "10"),) if kind == "list" else (),
            expects="refusal",
            row=f"{self._contract.provider}.role.{role}.{self._contract.operation(kind).id}",
            wrong=f"the role {role} may not do this",
        )

    def _new_owners(self, target: Target) -> list[Step]:
        """Transfers, but for the contact. Only where contacts may be left behind: who gets one may be out of reach when
        the run cleans up."""
        if not (target.disposable or target.embedded):
            return []
        nobody = Step("change", values={"OwnerId": NOBODY}, expects="refusal", wrong="nobody has this Id")
        made = [replace(nobody, row="spark.transfer.unknown-owner")]
        if self._callers.knows("colleague"):
            made += [Step("change", values={"OwnerId": user("colleague")}, row="spark.transfer.own-office")] * 2
        if self._callers.knows("stranger"):
            to = {"OwnerId": user("stranger")}
            made.append(Step("change", values=to, expects="", row="spark.transfer.stranger"))
        if "elsewhere" in target.known:
            to = {"OwnerId": known("elsewhere")}
            made.append(Step("change", values=to, expects="", row="spark.transfer.other-mls"))
        return made

    def _transfer(self, dice: Dice) -> Step:
        return replace(dice.choice(self._owners), of=dice.choice(self._own()))

    # Reads

    def _read(self, dice: Dice) -> Step:
        place, role = self._somebody(dice, self._readers)
        query: Query = () if dice.random() < 0.75 else mostly(dice, self._selection(dice), [_EXPANDED], odds=0.6)
        return Step("read", role, of=place, query=query)

    def _own_reading(self, dice: Dice) -> Step:
        return Step("my-read", dice.choice(self._signed_in))

    def _whole(self, dice: Dice) -> Step:
        """The list of all contacts of the plan, or the Ids of the caller's list: other plans' contacts are in it."""
        role = self._reader(dice)
        if dice.random() < 0.7:
            return self._list(dice, OWN, role, paged=True)
        return Step("list", role, query=(("_limit", dice.choice(("1", "5", "25"))), ("_select", "Id")))

    def _filtered(self, dice: Dice) -> Step:
        """A list by the most telling of some filters; all of them, where no answer has shown all contacts."""
        role = self._reader(dice)
        people = [p for p in self._people if p.life == "there" and p.owner == self._callers.user(role)]
        if any(p.written for p in people) and dice.random() < 0.6:
            return Step("list", role, query=(("_filter", OWN), ("_limit", "25")))
        held = {n: [p.values.get(n) for p in people if not p.is_unset(n)] for n in (*self._names, "Tags")}
        places = [p.place for p in people]
        drawn = [self._filters.any(dice, held, places) for _ in range(_CANDIDATES)]
        # what holds for all contacts alike, such as when they were created, is never the most telling
        text = drawn[0] if dice.random() < 0.3 else max(drawn, key=lambda t: worth(t, self._types, people))
        return self._list(dice, text, role)

    def _reader(self, dice: Dice) -> str:
        """A role that reads; in most cases one of the user who has most contacts."""
        most = max(self._readers, key=lambda r: len(self._people.of([self._callers.user(r)])))
        his = self._callers.of_the_user(self._callers.user(most), self._readers)
        return mostly(dice, mostly(dice, his[0], his), self._readers, odds=0.85)

    def _list(self, dice: Dice, text: str, role: str, *, paged: bool = False) -> Step:
        """A list by this filter. A `paged` one is mostly ordered, and cut to a part of it."""
        limit = dice.choice(("1", "2", "2", "3", "5", "")) if paged else mostly(dice, "25", ("1", "3", ""), odds=0.7)
        page = dice.choice((1, 1, 2, 3)) if limit and limit != "25" else 1
        count = mostly(dice, "", ("1", "1", "0", "count"))
        order = self._order(dice) if dice.random() < (0.7 if paged else 0.35) else ""
        query = {"_filter": text, "_orderby": order, "_limit": limit}
        query |= {"_page": str(page) if page > 1 else "", "_pagination": count}
        asked: Query = tuple((n, v) for n, v in query.items() if v)
        if dice.random() < 0.3:
            asked += mostly(dice, self._selection(dice), [_EXPANDED], odds=0.6)
        # a page past the end may be refused
        step = Step("list", role, query=asked or (("_limit", "10"),), expects="success" if page == 1 else "")
        self._last = step if limit else self._last
        return step

    def _next_page(self, dice: Dice) -> Step:
        """The page that follows the last one, or the first one again."""
        assert self._last is not None
        page = int(dict(self._last.query).get("_page", "1")) + 1
        rest = tuple((n, v) for n, v in self._last.query if n != "_page")
        again = dice.random() < 0.2
        step = replace(
            self._last, query=rest if again else (*rest, ("_page", str(page))), expects="success" if again else ""
        )
        self._last = step
        return step

    def _order(self, dice: Dice) -> str:
        names = some_of(dice, self._core, 1, 2)
        return ",".join(f"{dice.choice('+-')}{name}" for name in names)

    def _selection(self, dice: Dice) -> Query:
        names = some_of(dice, [*self._core, *self._core, *self._names, "Id"], 1, 4)
        return (("_select", ",".join(dict.fromkeys(names))),)


def _tags(dice: Dice) -> dict[str, Json]:
    return {"Tags": [MARK, *some_of(dice, WORDS, 0, 2)]}


def _emails(dice: Dice, number: int, *, both: bool = False) -> dict[str, Json]:
    """One or two addresses, and in some cases that one of them is notified."""
    several = some_of(dice, [address(number + 20, w) for w in ("one", "two")], 1, 2)
    notified = {"AdditionalNotificationEmails": several[:1]} if both or dice.random() < 0.5 else {}
    return {"SecondaryEmails": several, **notified}
