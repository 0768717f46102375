"""Moves that ask for lists: by every operator, order and page, and by what has been answered rightly put together.

Every list is narrowed to the plan's own contacts by the mark. After something was written, a list of the mark alone
comes first, as it shows the contacts by which all others are judged.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Field
from contacts_conformance.model import Query
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.operators import COMPARISONS, EQUAL, Condition
from contacts_conformance.providers.liondesk.model import values
from contacts_conformance.providers.liondesk.model.certainty import Time
from contacts_conformance.providers.liondesk.model.listing import Answered
from contacts_conformance.providers.liondesk.model.state import ASSIGNED, MAIN, MARKED, OWNED, Account
from contacts_conformance.providers.liondesk.queries import LIMIT, SKIP, query_of
from contacts_conformance.providers.modelling import MARK, Step, known, user

_MARK: Query = ((MARKED, MARK),)
_ONE = (EQUAL, EQUAL, "ne")
_MANY = 5
FEWEST = 2
"""So many contacts are created before anything else is done."""


class Lists:
    """The lists that a plan may ask for next."""

    def __init__(self, account: Account, answered: Answered) -> None:
        self._account = account
        self._answered = answered

    def marked(self) -> SearchStrategy[Step] | None:
        """The list of the mark alone, by the main role or another one."""
        if len(self._account.contacts) < FEWEST:
            return None
        roles = st.sampled_from(self._account.roles)
        own = st.just(_list(MAIN))
        return st.one_of(own, own, roles.map(_list)) if self._all_listed(MAIN) else own

    def filtered(self) -> SearchStrategy[Step] | None:
        """One condition."""
        role, fields = self._ready(), self._fields()
        if role is None or not fields:
            return None
        conditions = st.sampled_from(fields).flatmap(self._condition)
        return st.builds(lambda r, c: _list(r, query_of([c]), legal=_is_legal(c)), role, conditions)

    def combined(self) -> SearchStrategy[Step] | None:
        """Two or three conditions, of which each has been answered rightly by itself, mostly."""
        role, fields = self._ready(), self._fields()
        if role is None or not fields:
            return None
        fresh = st.lists(st.sampled_from(fields).flatmap(self._condition), min_size=1, max_size=2)

        def step(asked: str, more: list[Condition], picked: list[Condition]) -> Step:
            chosen = _apart([*picked, *more[: max(1, 2 - len(picked))]])
            return _list(asked, query_of(chosen), legal=all(map(_is_legal, chosen)))

        return role.flatmap(lambda r: st.builds(step, st.just(r), fresh, self._known_conditions(r)))

    def sorted(self) -> SearchStrategy[Step] | None:
        """An order by one key or two."""
        role = self._ready()
        if role is None or len(self._account.standing) < 2:
            return None
        return st.builds(lambda r, o: _list(r, o), role, self._orders())

    def paged(self) -> SearchStrategy[Step] | None:
        """A page, with an order, mostly, and with conditions that have been answered rightly, at times."""
        role = self._ready()
        if role is None:
            return None
        orders = st.one_of(self._orders(), self._orders(), st.just(()))
        return role.flatmap(
            lambda r: st.builds(
                lambda c, o, p: _list(r, (*query_of(_apart(c)), *o, *p), legal=all(map(_is_legal, c))),
                self._known_conditions(r), orders, self._pages(),
            )
        )  # fmt: skip

    # Parts

    def _ready(self) -> SearchStrategy[str] | None:
        """The roles whose list of the mark alone has shown all that it has to."""
        ready = [r for r in self._account.roles if self._all_listed(r)]
        if not ready or not self._account.standing:
            return None
        return st.sampled_from([*([MAIN] * len(ready)), *ready] if MAIN in ready else ready)

    def _all_listed(self, role: str) -> bool:
        visible = [c for c in self._account.standing if self._account.sees(role, c)]
        return all(role in c.listed for c in visible) and (bool(visible) or role in self._answered.seen)

    def _known_conditions(self, role: str) -> SearchStrategy[list[Condition]]:
        answered = sorted((c for r, c in self._answered.conditions if r == role), key=repr)
        in_places = [replace(c, values=tuple(map(self._placed, c.values))) if _is_id(c) else c for c in answered]
        return st.lists(st.sampled_from(in_places), max_size=2, unique=True) if answered else st.just([])

    def _placed(self, value: str) -> str:
        """The place of an id that the target file gives, so that a plan can be sent to another target."""
        users = {self._account.user(r): user(r) for r in self._account.roles}
        return users.get(value) or (known("outsider") if self._account.target.known.get("outsider") == value else value)

    def _fields(self) -> list[Field]:
        """The fields of which a contact shows a value, times and ids of users among them."""
        names = dict.fromkeys(n for c in self._account.standing for n, v in c.shown.items() if v not in (None, ""))
        fields = [f for n in names if (f := self._account.contract.find_field(n)) is not None and n != MARKED]
        return [f for f in fields if f.is_text or f.kind == "instant" or f.name in (ASSIGNED, OWNED)]

    def _held(self, field: Field) -> list[str]:
        """The values that contacts show in a field, and others that they might show."""
        held = [self._account.value(c, field.name) for c in self._account.standing]
        if field.kind == "instant":
            shown = [v.instant for v in held if isinstance(v, Time) and v.exact]
            return [
                *(instants.utc(i, fraction=True) for i in shown), *(instants.at_offset(i, -7) for i in shown),
                *(instants.at_offset(i, 5.5) for i in shown), *(instants.utc(i) for i in shown),
                *values.BOUNDS,
            ]  # fmt: skip
        mine = [v for v in held if isinstance(v, str) and v]
        if field.kind == "id":
            roles = [r for r in self._account.roles if self._account.user(r)]
            outside = [known("outsider")] if "outsider" in self._account.target.known else []
            return [*(user(r) for r in roles), *outside]
        return [*mine, *mine, *values.few(field)]

    def _condition(self, field: Field) -> SearchStrategy[Condition]:
        held = list(dict.fromkeys(self._held(field)))
        mine = [v for c in self._account.standing if isinstance(v := self._account.value(c, field.name), str) and v]
        if not held:
            held = ["nobody"]
        one = st.one_of(st.sampled_from(held), st.sampled_from([v for v in held if v in mine] or held))
        if field.kind == "instant":
            whole = [v for v in held if "T" in v]
            bounds = st.builds(lambda o, v: Condition(field.name, o, (v,)), st.sampled_from([*COMPARISONS]), one)
            exact = st.builds(
                lambda o, v: Condition(field.name, o, (v,)), st.sampled_from(_ONE), st.sampled_from(whole)
            )
            return st.one_of(bounds, bounds, exact, _several(field, whole))
        single = st.builds(lambda o, v: Condition(field.name, o, (v,)), st.sampled_from(_ONE), one)
        compared = st.builds(lambda o, v: Condition(field.name, o, (v,)), st.sampled_from([*COMPARISONS]), one)
        return st.one_of(single, single, _several(field, held), _several(field, held), compared)

    def _orders(self) -> SearchStrategy[Query]:
        fields = [f.name for f in self._fields()] or ["last_name"]
        key = st.tuples(st.sampled_from(fields), st.sampled_from(["1", "-1"]))
        keys = st.lists(key, min_size=1, max_size=2, unique_by=lambda k: k[0])
        return keys.map(lambda several: tuple((f"$sort[{name}]", direction) for name, direction in several))

    def _pages(self) -> SearchStrategy[Query]:
        many = len(self._account.standing)
        limits = st.integers(1, many + 2).map(lambda n: ((LIMIT, str(n)),))
        skips = st.integers(0, many + 1).map(lambda n: ((SKIP, str(n)),))
        return st.one_of(limits, st.builds(lambda a, b: (*a, *b), limits, skips), skips)


def _several(field: Field, held: list[str]) -> SearchStrategy[Condition]:
    """`$in` or `$nin` with one to five values."""
    several = st.lists(st.sampled_from([*held, "nobody"] if field.is_text else held), min_size=1, max_size=_MANY,
                       unique=True)  # fmt: skip
    return st.builds(lambda o, v: Condition(field.name, o, tuple(v)), st.sampled_from(["in", "nin"]), several)


def _apart(conditions: list[Condition]) -> list[Condition]:
    """The conditions without those that have an operator of a field twice, or a plain value beside an operator."""
    kept: list[Condition] = []
    for condition in conditions:
        same = [c for c in kept if c.field == condition.field]
        if all(c.operator != condition.operator and EQUAL not in (c.operator, condition.operator) for c in same):
            kept.append(condition)
    return kept


def _is_legal(condition: Condition) -> bool:
    """Whether the page says that a service takes it: it shows a list of values with two, comparisons of times alone."""
    if condition.operator in COMPARISONS and condition.field not in ("created_at", "modified_at"):
        return False
    return condition.operator not in ("in", "nin") or len(condition.values) > 1


def _list(role: str, query: Query = (), *, legal: bool = True) -> Step:
    return Step("list", "" if role == MAIN else role, query=(*_MARK, *query), expects="success" if legal else "")


def _is_id(condition: Condition) -> bool:
    return condition.field.endswith("_id")
