"""Faults of equality, inclusion, exclusion and comparison."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, func, literal, not_, or_, true

from contacts_conformance.reference.faults import Catalogue
from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.fields import INSTANTS, TEXTS
from contacts_conformance.reference.liondesk.query import Condition, Query
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import CONTACTS

FAULTS = Catalogue()
fault = FAULTS.fault

_BOUNDS = ("$lt", "$lte", "$gt", "$gte")
_IDS = ("assigned_user_id", "hotness_id", "source_id")
Clause = ColumnElement[bool]


# Equality


@fault(breaks="liondesk.filter.eq", at="condition", each={"field": (*TEXTS, *_IDS, *INSTANTS)})
def equality_is_ignored(clause: Clause, condition: Condition, *, field: str) -> Clause:
    """A filter for equality with `{field}` is ignored."""
    return true() if (condition.field, condition.operator) == (field, "$eq") else clause


@fault(breaks="liondesk.filter.eq", at="condition")
def equality_finds_what_begins_so(clause: Clause, condition: Condition) -> Clause:
    """A filter for equality finds every text that begins with the value."""
    return _matching(clause, condition, lambda c, text: c.startswith(text, autoescape=True))


@fault(breaks="liondesk.filter.eq", at="condition")
def equality_finds_what_ends_so(clause: Clause, condition: Condition) -> Clause:
    """A filter for equality finds every text that ends with the value."""
    return _matching(clause, condition, lambda c, text: c.endswith(text, autoescape=True))


@fault(breaks="liondesk.filter.eq", at="condition")
def equality_finds_what_contains_it(clause: Clause, condition: Condition) -> Clause:
    """A filter for equality finds every text that contains the value."""
    return _matching(clause, condition, lambda c, text: c.contains(text, autoescape=True))


@fault(breaks="liondesk.filter.eq-and", at="query")
def only_the_first_equality_counts(query: Query) -> Query:
    """Of several filters for equality, the first alone is applied."""
    return _without(query, _of(query, "$eq")[1:])


@fault(breaks="liondesk.filter.eq-and", at="query")
def third_equality_is_ignored(query: Query) -> Query:
    """Of several filters for equality, two are applied."""
    return _without(query, _of(query, "$eq")[2:])


@fault(breaks="liondesk.filter.eq-and", at="where")
def conditions_are_joined_by_or(clauses: list[Clause]) -> list[Clause]:
    """Of several filters, one has to hold."""
    return [or_(*clauses)] if clauses else clauses


@fault(
    breaks="liondesk.filter.ne",
    at="condition",
    each={"field": ("last_name", "email", "tags", "birthday", "spouse_birthday")},
)
def inequality_is_ignored(clause: Clause, condition: Condition, *, field: str) -> Clause:
    """`$ne` on `{field}` is ignored."""
    return true() if (condition.field, condition.operator) == (field, "$ne") else clause


@fault(breaks="liondesk.filter.ne", at="condition")
def inequality_answers_as_equality(clause: Clause, condition: Condition) -> Clause:
    """`$ne` finds the contacts that have the value."""
    return CONTACTS.c[condition.field].in_(condition.values) if condition.operator == "$ne" else clause


@fault(breaks="liondesk.filter.ne", at="condition")
def inequality_excludes_what_begins_so(clause: Clause, condition: Condition) -> Clause:
    """`$ne` leaves out every text that begins with the value."""
    if condition.operator != "$ne" or condition.field not in TEXTS:
        return clause
    return not_(CONTACTS.c[condition.field].startswith(condition.texts[0], autoescape=True))


# Lists of values


@fault(breaks="liondesk.filter.{operator}", at="query", each={"operator": ("in", "nin")})
def only_the_first_value_counts(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds the first of its values alone."""
    return _with_values(query, f"${operator}", slice(1))


@fault(breaks="liondesk.filter.{operator}", at="query", each={"operator": ("in", "nin")})
def only_the_last_value_counts(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds the last of its values alone."""
    return _with_values(query, f"${operator}", slice(-1, None))


@fault(breaks="liondesk.filter.{operator}", at="query", each={"operator": ("in", "nin")})
def third_value_is_ignored(query: Query, *, operator: str) -> Query:
    """`${operator}` heeds two of its values."""
    return _with_values(query, f"${operator}", slice(2))


@fault(breaks="liondesk.filter.{operator}", at="condition", each={"operator": ("in", "nin")})
def list_of_values_is_ignored(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` is ignored."""
    return true() if condition.operator == f"${operator}" else clause


@fault(breaks="liondesk.filter.{operator}", at="condition", each={"operator": ("in", "nin")})
def list_of_values_is_turned_round(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` finds the other contacts."""
    return not_(clause) if condition.operator == f"${operator}" else clause


@fault(breaks="liondesk.filter.{operator}-single", at="query", each={"operator": ("in", "nin")})
def single_value_is_refused(query: Query, *, operator: str) -> Query:
    """`${operator}` with one value is refused."""
    if any(len(c.values) == 1 for c in _of(query, f"${operator}")):
        raise Refusal(400, f"The value for ${operator} is not an array")
    return query


@fault(breaks="liondesk.filter.{operator}-single", at="condition", each={"operator": ("in", "nin")})
def single_value_is_taken_letter_by_letter(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` with one value takes each of its characters as a value."""
    if condition.operator != f"${operator}" or len(condition.values) != 1 or condition.field not in TEXTS:
        return clause
    found = CONTACTS.c[condition.field].in_(list(condition.texts[0]))
    return found if operator == "in" else not_(found)


# Comparison


@fault(breaks="liondesk.filter.lte", at="query")
def lte_excludes_its_bound(query: Query) -> Query:
    """`$lte` answers as `$lt` does."""
    return _with_operator(query, "$lte", "$lt")


@fault(breaks="liondesk.filter.gte", at="query")
def gte_excludes_its_bound(query: Query) -> Query:
    """`$gte` answers as `$gt` does."""
    return _with_operator(query, "$gte", "$gt")


@fault(breaks="liondesk.filter.lt", at="query")
def lt_includes_its_bound(query: Query) -> Query:
    """`$lt` answers as `$lte` does."""
    return _with_operator(query, "$lt", "$lte")


@fault(breaks="liondesk.filter.gt", at="query")
def gt_includes_its_bound(query: Query) -> Query:
    """`$gt` answers as `$gte` does."""
    return _with_operator(query, "$gt", "$gte")


@fault(breaks="liondesk.filter.{operator}", at="query", each={"operator": ("lt", "lte", "gt", "gte")})
def bound_on_modified_at_is_off_at_the_boundary(query: Query, *, operator: str) -> Query:
    """`${operator}` on `modified_at` is wrong for a contact that lies on the bound."""
    wrong = {"lt": "$lte", "lte": "$lt", "gt": "$gte", "gte": "$gt"}[operator]
    return _with_operator(query, f"${operator}", wrong, field="modified_at")


@fault(breaks="liondesk.filter.{operator}", at="condition", each={"operator": ("lt", "lte", "gt", "gte")})
def bound_is_ignored(clause: Clause, condition: Condition, *, operator: str) -> Clause:
    """`${operator}` is ignored."""
    return true() if condition.operator == f"${operator}" else clause


@fault(breaks="liondesk.filter.{operator}", at="query", each={"operator": ("lt", "lte", "gt", "gte")})
def bound_is_turned_round(query: Query, *, operator: str) -> Query:
    """`${operator}` finds what lies on the other side of the bound."""
    wrong = {"lt": "$gt", "lte": "$gte", "gt": "$lt", "gte": "$lte"}[operator]
    return _with_operator(query, f"${operator}", wrong)


@fault(breaks="liondesk.filter.comparison-on-text", at="condition")
def comparison_of_text_is_ignored(clause: Clause, condition: Condition) -> Clause:
    """A comparison of text is ignored."""
    return true() if condition.operator in _BOUNDS and condition.field in TEXTS else clause


@fault(breaks="liondesk.filter.comparison-on-text", at="query")
def comparison_of_text_is_turned_round(query: Query) -> Query:
    """A comparison of text goes against the alphabet."""
    turned = {"$lt": "$gt", "$lte": "$gte", "$gt": "$lt", "$gte": "$lte"}
    return _mapped(query, lambda c: replace(c, operator=turned.get(c.operator, c.operator)) if c.field in TEXTS else c)


@fault(breaks="liondesk.filter.range", at="query")
def second_bound_is_ignored(query: Query) -> Query:
    """Of two bounds on one field, the first alone is applied."""
    return _without(query, [c for pair in _ranges(query) for c in pair[1:]])


@fault(breaks="liondesk.filter.range", at="query")
def range_leaves_out_its_ends(query: Query) -> Query:
    """Where a field has two bounds, `$gte` answers as `$gt` does and `$lte` as `$lt` does."""
    paired = {c for pair in _ranges(query) for c in pair}
    strict = {"$gte": "$gt", "$lte": "$lt"}
    return _mapped(query, lambda c: replace(c, operator=strict.get(c.operator, c.operator)) if c in paired else c)


@fault(breaks="liondesk.filter.notation", at="condition")
def bounds_are_compared_as_text(clause: Clause, condition: Condition) -> Clause:
    """A bound is compared as text with the instant as it is answered."""
    if condition.operator not in _BOUNDS or condition.field not in INSTANTS:
        return clause
    shown = func.strftime("%Y-%m-%dT%H:%M:%fZ", CONTACTS.c[condition.field] / 1e6, "unixepoch")
    bound = literal(condition.texts[0])
    by_operator = {"$lt": shown < bound, "$lte": shown <= bound, "$gt": shown > bound, "$gte": shown >= bound}
    return by_operator[condition.operator]


@fault(breaks="liondesk.filter.notation", at="query")
def offset_of_a_bound_is_ignored(query: Query) -> Query:
    """The offset of a bound is ignored, as if it were UTC."""
    return _with_bounds(query, lambda text: re.sub(r"(?<=:\d\d)[+-]\d\d:?\d\d$", "Z", text))


@fault(breaks="liondesk.filter.notation", at="query")
def offset_of_a_bound_is_turned_round(query: Query) -> Query:
    """The offset of a bound is applied with the opposite sign."""
    signs = str.maketrans("+-", "-+")
    return _with_bounds(query, lambda text: text[:19] + text[19:].translate(signs))


@fault(breaks="liondesk.filter.notation", at="query")
def bound_without_a_fraction_is_a_second_late(query: Query) -> Query:
    """A bound that is written without a fraction is taken as the end of its second."""
    return _with_bounds(query, lambda text: text if "." in text else f"{text[:19]}.999{text[19:]}")


@fault(breaks="liondesk.filter.date-only", at="query")
def bare_date_is_refused(query: Query) -> Query:
    """A bound without a time is refused."""
    if any(_is_bare_date(c) for c in query.conditions):
        raise Refusal(400, "Invalid date")
    return query


@fault(breaks="liondesk.filter.date-only", at="condition")
def bare_date_is_ignored(clause: Clause, condition: Condition) -> Clause:
    """A bound without a time is ignored."""
    return true() if _is_bare_date(condition) else clause


@fault(breaks="liondesk.filter.date-only", at="query")
def bare_date_begins_with_its_month(query: Query) -> Query:
    """A bound without a time is taken as the first day of its month."""
    return _with_bounds(query, lambda text: f"{text[:8]}01" if len(text) == 10 else text)


# Together


@fault(breaks="liondesk.filter.combined", at="query")
def operators_on_a_second_field_are_ignored(query: Query) -> Query:
    """Operators are applied to one field, and ignored on every other."""
    operators = [c for c in query.conditions if c.operator != "$eq"]
    return _without(query, [c for c in operators if c.field != operators[0].field])


@fault(breaks="liondesk.filter.combined", at="query")
def exclusion_is_ignored_beside_an_inclusion(query: Query) -> Query:
    """`$ne` and `$nin` are ignored where there is another operator."""
    operators = [c for c in query.conditions if c.operator != "$eq"]
    return _without(query, [c for c in operators if c.operator in ("$ne", "$nin") and len(operators) > 1])


@fault(breaks="liondesk.filter.unencoded", at="query_string")
def raw_brackets_are_refused(text: str) -> str:
    """A query with raw brackets is refused."""
    if "[" in text:
        raise Refusal(400, "Illegal character in query")
    return text


@fault(breaks="liondesk.filter.unencoded", at="query_string")
def raw_dollar_signs_are_lost(text: str) -> str:
    """A parameter whose name holds a raw dollar sign is ignored."""
    return "&".join(part for part in text.split("&") if "$" not in part.partition("=")[0])


def _matching(clause: Clause, condition: Condition, match: Callable[[ColumnElement[str], str], Clause]) -> Clause:
    if condition.operator != "$eq" or condition.field not in TEXTS:
        return clause
    return match(CONTACTS.c[condition.field], condition.texts[0])


def _mapped(query: Query, change: Callable[[Condition], Condition]) -> Query:
    return replace(query, conditions=tuple(map(change, query.conditions)))


def _of(query: Query, operator: str) -> list[Condition]:
    return [c for c in query.conditions if c.operator == operator]


def _without(query: Query, dropped: list[Condition]) -> Query:
    return replace(query, conditions=tuple(c for c in query.conditions if c not in dropped))


def _with_values(query: Query, operator: str, part: slice) -> Query:
    return _mapped(query, lambda c: replace(c, values=c.values[part]) if c.operator == operator else c)


def _with_operator(query: Query, operator: str, other: str, field: str = "") -> Query:
    def change(condition: Condition) -> Condition:
        meant = condition.operator == operator and field in ("", condition.field)
        return replace(condition, operator=other) if meant else condition

    return _mapped(query, change)


def _with_bounds(query: Query, rewrite: Callable[[str], str]) -> Query:
    def change(condition: Condition) -> Condition:
        if condition.operator not in _BOUNDS or condition.field not in INSTANTS:
            return condition
        instant = instants.parsed(rewrite(condition.texts[0]))
        return condition if instant is None else replace(condition, values=(instant,))

    return _mapped(query, change)


def _ranges(query: Query) -> list[list[Condition]]:
    bounds = [c for c in query.conditions if c.operator in _BOUNDS]
    by_field = {c.field: [b for b in bounds if b.field == c.field] for c in bounds}
    return [pair for pair in by_field.values() if len(pair) > 1]


def _is_bare_date(condition: Condition) -> bool:
    return condition.operator in _BOUNDS and condition.field in INSTANTS and len(condition.texts[0]) == 10
