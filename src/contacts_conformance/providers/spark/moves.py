"""What a plan for Spark can do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json, Query
from contacts_conformance.providers.modelling import MARK, Move, Step, known, user
from contacts_conformance.providers.spark.explaining import CORE
from contacts_conformance.providers.spark.filters import Filters
from contacts_conformance.providers.spark.finding import field_types
from contacts_conformance.providers.sparkapi import NOBODY
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.people import People
from contacts_conformance.providers.sparkapi.vocabulary import WORDS, Vocabulary, address
from contacts_conformance.target import Target

_Making: TypeAlias = Callable[[int, str], SearchStrategy[Step]]
"""Makes steps about the contact of a place, by a role."""

_APART = frozenset({
    "RecordStatus", "Settings", "Note", "Notify", "SecondaryEmails", "AdditionalNotificationEmails", "PrimaryEmail",
    "Tags", "MobilePhoneCountryCode",
})  # fmt: skip
"""Attributes that plans set in their own way, or not at all."""
_WRITERS, _READERS = ("private", "idx", "colleague"), ("private", "idx", "public", "signed", "colleague")
_REFUSED = {
    "public": ("change", "remove"),
    "vow": ("read", "list", "change", "remove"),
    "portal": ("read", "list", "change", "remove"),
}
_OPERATIONS = {"read": "readContact", "list": "listContacts", "change": "changeContact", "remove": "removeContact"}
_MOST = 11
"""So many contacts at most has a plan."""


class Moves:
    """The moves of a plan: each offers steps that fit what the plan has created so far."""

    def __init__(self, contract: Contract, callers: Callers, people: People, target: Target) -> None:
        fields = [f for f in contract.create_fields if f.reads_back and f.name not in _APART]
        self._names = [f.name for f in fields]
        self._core = [n for n in CORE if n in self._names]
        self._vocabulary = Vocabulary(contract, fields)
        self._filters = Filters(field_types(contract))
        self._callers = callers
        self._people = people
        self._writers = callers.there(*_WRITERS)
        self._readers = callers.there(*_READERS)
        self._target = target
        made = (
            Move("create", self._creations), Move("create-alike", self._creations), Move("change", self._changes),
            Move("read", self._reads), Move("read-again", self._reads),
            Move("list", self._lists), Move("list-more", self._lists), Move("list-all", self._own_lists),
            Move("remove", self._removals), Move("after-removal", self._after_removal),
            Move("refused", self._refused), Move("transfer", self._transfers),
        )  # fmt: skip
        self.all = made

    # Writes

    def _creations(self) -> SearchStrategy[Step] | None:
        if not self._writers or self._people.made >= _MOST:
            return None
        number = self._people.made
        core = self._vocabulary.few(self._core)
        more = self._vocabulary.some(self._names, most=5)
        values = st.one_of(
            core, core, st.builds(lambda a, b: {**a, **b}, core, more), st.builds(lambda a, b: {**a, **b}, more, core),
            self._vocabulary.all(),
        )  # fmt: skip
        rest: SearchStrategy[dict[str, Json]] = st.one_of(st.just({}), _tags(), _tags(), _emails(number))
        return st.builds(
            lambda role, v, name, r: Step("create", role, values={**_required(number, name), **v, **r}),
            st.sampled_from([*self._writers[:1] * 4, *self._writers]), values, st.sampled_from(WORDS), rest,
        )  # fmt: skip

    def _changes(self) -> SearchStrategy[Step] | None:
        return self._of_somebody(self._writers, self._change)

    def _change(self, place: int, role: str) -> SearchStrategy[Step]:
        number = self._people.made
        person = self._people.get(place)
        has_notified = person is not None and not person.is_unset("AdditionalNotificationEmails")
        values = st.one_of(
            self._vocabulary.some(self._core, most=2),
            self._vocabulary.some(self._names, most=4),
            _tags(),
            st.sampled_from(WORDS).map(lambda w: {"PrimaryEmail": address(number + 50, w)}),
            _emails(number, both=has_notified),
        )
        return values.map(lambda v: Step("change", role, of=place, values=v))

    def _removals(self) -> SearchStrategy[Step] | None:
        return self._of_somebody(self._writers, lambda place, role: st.just(Step("remove", role, of=place)))

    def _after_removal(self) -> SearchStrategy[Step] | None:
        """What is asked of a contact that is gone."""
        gone = self._people.removed
        if not gone:
            return None
        steps = st.sampled_from(("read", "read", "remove", "change"))
        return st.builds(self._of_the_gone, steps, st.sampled_from(gone))

    def _of_the_gone(self, kind: str, place: int) -> Step:
        person = self._people.get(place)
        roles = self._callers.of_the_user(person.owner, self._writers) if person is not None else []
        values = {"GivenName": "ada"} if kind == "change" else {}
        return Step(kind, roles[0] if roles else "", of=place, values=values, expects="")

    def _refused(self) -> SearchStrategy[Step] | None:
        """What a role may not do."""
        places = self._people.of([self._callers.user("")])
        pairs = [(r, k) for r, kinds in _REFUSED.items() if r in self._target.identities for k in kinds]
        if not pairs or not places:
            return None

        def step(pair: tuple[str, str], place: int) -> Step:
            role, kind = pair
            row = f"spark.role.{role}.{_OPERATIONS[kind]}"
            values = {"GivenName": "byron"} if kind == "change" else {}
            query: Query = (("_limit", "10"),) if kind == "list" else ()
            return Step(
                kind, role, of=None if kind == "list" else place, values=values, query=query, expects="refusal",
                row=row, wrong=f"the role {role} may not do this",
            )  # fmt: skip

        return st.builds(step, st.sampled_from(pairs), st.sampled_from(places))

    def _transfers(self) -> SearchStrategy[Step] | None:
        """A contact is given to a colleague, or not to a stranger. Only where contacts may be left behind: whom they
        are given to may be out of reach when the run cleans up."""
        if not (self._target.disposable or self._target.embedded):
            return None
        places = self._people.of([self._callers.user("")])
        if not places:
            return None
        steps = [("⟦nobody⟧", "refusal", "spark.transfer.unknown-owner")]
        if self._callers.knows("colleague"):
            steps += [(user("colleague"), "success", "spark.transfer.own-office")] * 2
        if self._callers.knows("stranger"):
            steps.append((user("stranger"), "", "spark.transfer.stranger"))
        if "elsewhere" in self._target.known:
            steps.append((known("elsewhere"), "", "spark.transfer.other-mls"))

        def step(asked: tuple[str, str, str], place: int) -> Step:
            owner, expects, row = asked
            to = NOBODY if owner == "⟦nobody⟧" else owner
            wrong = "nobody has this Id" if expects == "refusal" else ""
            return Step("change", of=place, values={"OwnerId": to}, expects=expects, row=row, wrong=wrong)  # type: ignore[arg-type]  # one of the three words

        return st.builds(step, st.sampled_from(steps), st.sampled_from(places))

    # Reads

    def _reads(self) -> SearchStrategy[Step] | None:
        def step(place: int, role: str) -> SearchStrategy[Step]:
            plain: SearchStrategy[Query] = st.just(())
            query = st.one_of(
                plain, plain, plain, plain, plain, self._selections(), st.just((("_expand", "VowActive"),))
            )
            return query.map(lambda q: Step("read", role, of=place, query=q))

        return self._of_somebody(self._readers, step)

    def _own_lists(self) -> SearchStrategy[Step] | None:
        """The list that a filter does not narrow, or narrows to the plan alone."""
        return self._asked(st.sampled_from(("", f"Tags Eq '{MARK}'", f"Tags Eq '{MARK}'")))

    def _lists(self) -> SearchStrategy[Step] | None:
        people = [p for p in self._people if p.life == "there"]
        held = {n: [p.values.get(n) for p in people if not p.is_unset(n)] for n in (*self._names, "Tags")}
        return self._asked(self._filters.any(held, [p.place for p in people]))

    def _asked(self, filters: SearchStrategy[str]) -> SearchStrategy[Step] | None:
        if not self._readers or not self._people.made:
            return None
        roles = st.sampled_from([*self._readers[:1] * 4, *self._readers])
        limits = st.sampled_from(("25", "25", "25", "1", "2", "3", "5", ""))
        counts = st.sampled_from(("", "", "1", "1", "0", "count"))
        more = st.one_of(st.just(()), st.just(()), self._selections(), st.just((("_expand", "VowActive"),)))
        orders = st.one_of(st.just(""), self._orders())

        def step(role: str, text: str, order: str, window: tuple[str, int, str], rest: Query) -> Step:
            limit, page, count = window
            query: Query = (
                *((("_filter", text),) if text else ()), *((("_orderby", order),) if order else ()),
                *((("_limit", limit),) if limit else ()), *((("_page", str(page)),) if page > 1 else ()),
                *((("_pagination", count),) if count else ()), *rest,
            )  # fmt: skip
            # a page past the end may be refused
            return Step("list", role, query=query or (("_limit", "10"),), expects="success" if page == 1 else "")

        windows = st.tuples(limits, st.sampled_from((1, 1, 1, 2, 3)), counts)
        return st.builds(step, roles, filters, orders, windows, more)

    def _orders(self) -> SearchStrategy[str]:
        names = st.lists(st.sampled_from(self._core), min_size=1, max_size=2, unique=True)
        signs = st.lists(st.sampled_from("+-"), min_size=2, max_size=2)
        return st.builds(lambda n, s: ",".join(f"{sign}{name}" for name, sign in zip(n, s, strict=False)), names, signs)

    def _selections(self) -> SearchStrategy[Query]:
        names = st.lists(st.sampled_from([*self._core, *self._names, "Id"]), min_size=1, max_size=4, unique=True)
        return names.map(lambda n: (("_select", ",".join(n)),))

    def _of_somebody(self, roles: Sequence[str], step: _Making) -> SearchStrategy[Step] | None:
        """A step about a contact, by one of the roles of its owner."""
        pairs = [
            (p.place, r) for p in self._people if p.life == "there" for r in self._callers.of_the_user(p.owner, roles)
        ]
        return st.sampled_from(pairs).flatmap(lambda p: step(*p)) if pairs else None


def _required(number: int, word: str) -> dict[str, Json]:
    return {"DisplayName": word, "PrimaryEmail": address(number, word)}


def _tags() -> SearchStrategy[dict[str, Json]]:
    return st.lists(st.sampled_from(WORDS), max_size=2, unique=True).map(lambda w: {"Tags": [MARK, *w]})


def _emails(number: int, *, both: bool = False) -> SearchStrategy[dict[str, Json]]:
    """One or two addresses, and in some cases that one of them is notified."""
    several: list[Json] = [address(number + 20, w) for w in ("one", "two")]
    made: list[dict[str, Json]] = [
        {"SecondaryEmails": several, "AdditionalNotificationEmails": several[:1]},
        {"SecondaryEmails": several[:1], "AdditionalNotificationEmails": several[:1]},
    ]
    return st.sampled_from(made if both else [*made, {"SecondaryEmails": several}, {"SecondaryEmails": several[:1]}])
