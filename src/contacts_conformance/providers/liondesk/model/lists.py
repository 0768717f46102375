"""Moves that ask for lists: by every operator, order and page, and by several of these at once.

Every list is narrowed to the plan's own contacts by the mark. After something was written, a list of the mark alone
comes first, as it shows the contacts by which all others are judged. A list that is answered wrongly by what could be
several of its parts is followed by its parts.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Field
from contacts_conformance.model import Query
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.operators import COMPARISONS, EQUAL, Condition
from contacts_conformance.providers.liondesk.model import values
from contacts_conformance.providers.liondesk.model.asked import Asked
from contacts_conformance.providers.liondesk.model.certainty import Time
from contacts_conformance.providers.liondesk.model.drawing import any_of, later
from contacts_conformance.providers.liondesk.model.listing import Answered
from contacts_conformance.providers.liondesk.model.state import ASSIGNED, MAIN, MARKED, OWNED, Account
from contacts_conformance.providers.liondesk.queries import LIMIT, SKIP, query_of
from contacts_conformance.providers.plans import MARK, Step, known, user

_MARK: Query = ((MARKED, MARK),)
_MANY = 5
_TIMES_OFTEN = 3
FEWEST = 3
"""So many contacts are created before anything else is done."""


class Lists:
    """The lists that a plan may ask for next."""

    def __init__(self, account: Account, answered: Answered) -> None:
        self._account = account
        self._answered = answered

    def pending(self) -> SearchStrategy[Step] | None:
        """The list that has to come next, as it shows what is wrong with one before it."""
        if not self._answered.pending:
            return None
        role, asked = self._answered.pending[0]
        return st.just(self._step(role, asked))

    def marked(self) -> SearchStrategy[Step] | None:
        """The list of the mark alone, by the main role or another one."""
        if len(self._account.contacts) < FEWEST:
            return None
        roles = st.sampled_from(self._account.roles if self._all_listed(MAIN) else (MAIN,))
        own = self._step(MAIN, Asked())
        return any_of(st.just(MAIN), st.just(MAIN), roles).map(lambda r: own if r == MAIN else self._step(r, Asked()))

    def filtered(self) -> SearchStrategy[Step] | None:
        """One condition."""
        return self._asking(lambda: st.builds(Asked, self._conditions(1, 1)))

    def combined(self) -> SearchStrategy[Step] | None:
        """Two or three conditions."""
        return self._asking(lambda: st.builds(Asked, self._conditions(2, 3)))

    def sorted(self) -> SearchStrategy[Step] | None:
        """An order by one key or two, with a condition at times."""
        return self._asking(lambda: st.builds(Asked, self._conditions(0, 1), self._orders()))

    def paged(self) -> SearchStrategy[Step] | None:
        """A page, in an order, mostly."""
        return self._asking(lambda: st.builds(_paged, st.just(()), any_of(self._orders(), st.just(())), self._pages()))

    def together(self) -> SearchStrategy[Step] | None:
        """Conditions, an order and a page."""
        return self._asking(lambda: st.builds(_paged, self._conditions(1, 3), self._orders(), self._pages()))

    # Parts

    def _asking(self, wanted: Callable[[], SearchStrategy[Asked]]) -> SearchStrategy[Step] | None:
        """A list by a role whose list of the mark alone has shown all that it has to."""
        ready = [r for r in self._account.roles if self._all_listed(r)]
        if not ready or not self._account.standing or not self._fields():
            return None
        roles = [*([MAIN] * len(ready)), *ready] if MAIN in ready else ready
        return later(lambda: st.builds(self._step, st.sampled_from(roles), wanted()))

    def _all_listed(self, role: str) -> bool:
        visible = [c for c in self._account.standing if self._account.sees(role, c)]
        return all(role in c.listed for c in visible) and (bool(visible) or role in self._answered.seen)

    def _fields(self) -> list[Field]:
        """The fields of which a contact shows a value; times more often, and ids of users."""
        names = dict.fromkeys(n for c in self._account.standing for n, v in c.shown.items() if v not in (None, ""))
        fields = [f for n in names if (f := self._account.contract.find_field(n)) is not None and n != MARKED]
        times = [f for f in fields if f.kind == "instant" and any(self._is_exact(f))]
        return [f for f in fields if f.is_text or f.name in (ASSIGNED, OWNED)] + times * _TIMES_OFTEN

    def _is_exact(self, field: Field) -> list[str]:
        """The instants that contacts surely have in a field."""
        held = [self._account.value(c, field.name) for c in self._account.standing]
        return [instants.utc(v.instant, fraction=True) for v in held if isinstance(v, Time) and v.exact]

    def _conditions(self, least: int, most: int) -> SearchStrategy[tuple[Condition, ...]]:
        fields = self._fields()
        if not fields:
            return st.just(())
        several = st.lists(st.sampled_from(fields).flatmap(self._condition), min_size=least, max_size=most).map(_apart)
        times = [f for f in fields if f.kind == "instant"]
        return any_of(several, several, several, self._range(times)) if times and most > 1 else several

    def _range(self, times: list[Field]) -> SearchStrategy[tuple[Condition, ...]]:
        """Two bounds on one time, the upper or the lower one first."""

        def between(field: Field) -> SearchStrategy[tuple[Condition, ...]]:
            bound = st.sampled_from(self._held(field))
            lower = st.builds(lambda o, v: Condition(field.name, o, (v,)), st.sampled_from(("gt", "gte")), bound)
            upper = st.builds(lambda o, v: Condition(field.name, o, (v,)), st.sampled_from(("lt", "lte")), bound)
            return any_of(st.tuples(lower, upper), st.tuples(upper, lower))

        return st.sampled_from(times).flatmap(between)

    def _condition(self, field: Field) -> SearchStrategy[Condition]:
        held = self._held(field)
        one = st.sampled_from(held)
        exact = [v for v in held if "T" in v] if field.kind == "instant" else held
        equal = st.builds(
            lambda o, v: Condition(field.name, o, (v,)), st.sampled_from((EQUAL, "ne")), st.sampled_from(exact)
        )
        bounds = st.builds(lambda o, v: Condition(field.name, o, (v,)), st.sampled_from([*COMPARISONS]), one)
        several = _several(field, exact)
        if field.kind == "instant":
            return any_of(bounds, bounds, bounds, equal, several)
        return any_of(equal, equal, equal, several, several, several, bounds)

    def _held(self, field: Field) -> list[str]:
        """The values that contacts show in a field, and others that nearly match; an id stands at its place."""
        if field.kind == "instant":
            shown = self._is_exact(field)
            ways = [instants.parse(v) for v in shown]
            written = [
                w for i in ways if i for w in (instants.at_offset(i, -7), instants.at_offset(i, 5.5), instants.utc(i))
            ]
            return [*shown, *shown, *written, *values.BOUNDS]
        if field.kind == "id":
            roles = [r for r in self._account.roles if self._account.user(r)]
            outside = [known("outsider")] if "outsider" in self._account.target.known else []
            return [*(user(r) for r in roles), *outside] or ["1"]
        mine = [v for c in self._account.standing if isinstance(v := self._account.value(c, field.name), str) and v]
        return [*mine, *mine, *values.few(field)]

    def _orders(self) -> SearchStrategy[tuple[tuple[str, int], ...]]:
        fields = [f.name for f in self._fields()]
        if not fields:
            return st.just(())
        key = st.tuples(st.sampled_from(fields), st.sampled_from([1, -1]))
        return st.lists(key, min_size=1, max_size=2, unique_by=lambda k: k[0]).map(tuple)

    def _pages(self) -> SearchStrategy[tuple[int | None, int | None]]:
        many = len(self._account.standing)
        limits, skips = st.integers(1, many + 2), st.integers(0, many + 1)
        none = st.none()
        return any_of(
            st.tuples(limits, none), st.tuples(limits, skips), st.tuples(limits, skips), st.tuples(none, skips)
        )

    def _step(self, role: str, asked: Asked) -> Step:
        sorts = tuple((f"$sort[{name}]", str(direction)) for name, direction in asked.keys)
        page = tuple((n, str(v)) for n, v in ((LIMIT, asked.limit), (SKIP, asked.skip)) if v is not None)
        query = (*_MARK, *((n, self._placed(n, v)) for n, v in query_of(asked.conditions)), *sorts, *page)
        legal = all(map(is_legal, asked.conditions))
        return Step("list", "" if role == MAIN else role, query=query, expects="success" if legal else "")

    def _placed(self, name: str, value: str) -> str:
        """The place of an id that the target file gives, so that a plan can be sent to another target."""
        if not name.partition("[")[0].endswith("_id"):
            return value
        users = {self._account.user(r): user(r) for r in self._account.roles}
        return users.get(value) or (known("outsider") if self._account.target.known.get("outsider") == value else value)


def _paged(
    conditions: tuple[Condition, ...], keys: tuple[tuple[str, int], ...], page: tuple[int | None, int | None]
) -> Asked:
    return Asked(conditions, keys, *page)


def _several(field: Field, held: list[str]) -> SearchStrategy[Condition]:
    """`$in` or `$nin` with one to five values, mostly more than one."""
    values_ = list(dict.fromkeys([*held, "nobody"] if field.is_text else held))
    lists = st.lists(st.sampled_from(values_), min_size=min(2, len(values_)), max_size=_MANY, unique=True)
    one = st.lists(st.sampled_from(values_), min_size=1, max_size=1)
    several = any_of(lists, lists, lists, one)
    return st.builds(lambda o, v: Condition(field.name, o, tuple(v)), st.sampled_from(["in", "nin"]), several)


def _apart(conditions: list[Condition]) -> tuple[Condition, ...]:
    """The conditions without those that have an operator of a field twice, or a plain value beside an operator."""
    kept: list[Condition] = []
    for condition in conditions:
        same = [c for c in kept if c.field == condition.field]
        if all(c.operator != condition.operator and EQUAL not in (c.operator, condition.operator) for c in same):
            kept.append(condition)
    return tuple(kept)


def is_legal(condition: Condition) -> bool:
    """Whether the page says that a service takes it: it shows a list of values with two, comparisons of times alone."""
    if condition.operator in COMPARISONS and condition.field not in ("created_at", "modified_at"):
        return False
    return condition.operator not in ("in", "nin") or len(condition.values) > 1
