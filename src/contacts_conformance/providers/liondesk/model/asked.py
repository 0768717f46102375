"""What a list of a plan asks for: conditions, an order, and a page."""

from __future__ import annotations

from dataclasses import dataclass

from contacts_conformance.model import Query
from contacts_conformance.oracle.operators import COMPARISONS, EQUAL, LISTS, Condition
from contacts_conformance.providers.liondesk.model.state import MARKED, Account
from contacts_conformance.providers.liondesk.queries import LIMIT, SKIP, parse

DEFAULT = 10
"""The size of a page where nothing is asked; a service may have a larger one, or a largest page of so many."""
_OPERATORS = frozenset({EQUAL, "ne", *LISTS, *COMPARISONS})


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that is narrowed to the plan's own contacts. `keys` are fields with 1 for upwards and -1 for downwards."""

    conditions: tuple[Condition, ...] = ()
    keys: tuple[tuple[str, int], ...] = ()
    limit: int | None = None
    skip: int | None = None

    @property
    def paged(self) -> bool:
        """Whether it asks for a part of the list."""
        return self.limit is not None or bool(self.skip)

    @property
    def page(self) -> Asked:
        """The same page of the list of the mark alone."""
        return Asked(keys=self.keys, limit=self.limit, skip=self.skip)

    @property
    def parts(self) -> tuple[Asked, ...]:
        """What it is put together from: each condition, the order and the page by themselves, and all but the page."""
        alone = [Asked((c,)) for c in self.conditions]
        if self.keys:
            alone.append(Asked(keys=self.keys))
        if self.paged:
            if self.limit and self.skip and self.keys:
                alone.append(Asked(keys=self.keys, limit=self.limit))
            alone += [self.page, Asked(self.conditions, self.keys)]
        elif self.keys:
            alone.append(Asked(self.conditions))
        return tuple(dict.fromkeys(a for a in alone if not a.plain and a != self))

    @property
    def plain(self) -> bool:
        """Whether it asks for nothing but the plan's own contacts."""
        return not (self.conditions or self.keys or self.paged)


def asked(account: Account, query: Query) -> Asked | None:
    """What a query asks for; None where it is not narrowed to the plan's own contacts, or no page shows it."""
    values: dict[tuple[str, str], list[str]] = {}
    keys: dict[str, int] = {}
    paging: dict[str, int] = {}
    for name, sent in query:
        value, parameter = account.text(sent), parse(name)
        if value is None:
            return None
        if name in (LIMIT, SKIP):
            if not (value.isascii() and value.isdecimal()) or name in paging:
                return None
            paging[name] = int(value)
        elif parameter is None or account.contract.find_field(parameter.field) is None:
            return None
        elif not parameter.operator:
            if value not in ("1", "-1") or parameter.field in keys:
                return None
            keys[parameter.field] = int(value)
        else:
            values.setdefault((parameter.field, parameter.operator), []).append(value)
    marks = values.pop((MARKED, EQUAL), [])
    conditions = tuple(Condition(f, o, tuple(v)) for (f, o), v in values.items())
    if marks != [account.mark] or not account.mark or not all(map(_is_documented, conditions)):
        return None
    if paging.get(LIMIT) == 0 or _has_both(conditions):
        return None
    return Asked(conditions, tuple(keys.items()), paging.get(LIMIT), paging.get(SKIP))


def _is_documented(condition: Condition) -> bool:
    several = condition.operator in LISTS
    return condition.operator in _OPERATORS and (several or len(condition.values) == 1)


def _has_both(conditions: tuple[Condition, ...]) -> bool:
    """Whether a field is given a plain value and an operator, which the page does not show."""
    plain = {c.field for c in conditions if c.operator == EQUAL}
    return any(c.field in plain and c.operator != EQUAL for c in conditions)
