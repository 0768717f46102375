"""Faults of what joins the comparisons of a filter: And, Or, Not, and parentheses."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, not_, or_

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Hooks
from contacts_conformance.reference.sparkapi.filters import joined
from contacts_conformance.reference.sparkapi.grammar import Comparison, Group, Reading

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]
Parts = list[tuple[str, Clause]]


@fault(breaks="spark.filter.and", at=Hooks.combined)
def and_is_or(clause: Clause, parts: Parts) -> Clause:
    """And needs one of the conditions."""
    return joined([("or" if b == "and" else b, c) for b, c in parts]) if _has(parts, "and") else clause


@fault(breaks="spark.filter.and", at=Hooks.combined)
def and_forgets_the_second(clause: Clause, parts: Parts) -> Clause:
    """What stands behind And is ignored."""
    return joined([p for p in parts if p[0] != "and"]) if _has(parts, "and") else clause


@fault(breaks="spark.filter.or", at=Hooks.combined)
def or_is_and(clause: Clause, parts: Parts) -> Clause:
    """Or needs both conditions."""
    return joined([("and" if b == "or" else b, c) for b, c in parts]) if _has(parts, "or") else clause


@fault(breaks="spark.filter.or", at=Hooks.combined)
def or_forgets_the_second(clause: Clause, parts: Parts) -> Clause:
    """What stands behind Or is ignored."""
    return joined([p for p in parts if p[0] != "or"]) if _has(parts, "or") else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def first_not_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Not at the start of a filter is ignored."""
    return joined([("", parts[0][1]), *parts[1:]]) if parts[0][0] == "not" else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_between_is_and(clause: Clause, parts: Parts) -> Clause:
    """Not between two conditions is taken for And."""
    return joined([parts[0], *(("and" if b == "not" else b, c) for b, c in parts[1:])])


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_turns_all_that_follows(clause: Clause, parts: Parts) -> Clause:
    """Not at the start of a filter turns the whole filter."""
    return not_(joined([("", parts[0][1]), *parts[1:]])) if parts[0][0] == "not" else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_between_is_or_not(clause: Clause, parts: Parts) -> Clause:
    """Not between two conditions needs either the first or the opposite of the second."""
    return joined([parts[0], *(("or", not_(c)) if b == "not" else (b, c) for b, c in parts[1:])])


@fault(breaks="spark.filter.precedence", at=Hooks.combined)
def goes_from_left_to_right(clause: Clause, parts: Parts) -> Clause:
    """Conditions are joined from left to right."""
    made = joined(parts[:1])
    for before, each in parts[1:]:
        made = or_(made, each) if before == "or" else and_(made, not_(each) if before == "not" else each)
    return made


@fault(breaks="spark.filter.precedence", at=Hooks.combined)
def or_binds_tighter(clause: Clause, parts: Parts) -> Clause:
    """Or binds more tightly than And."""
    needed: list[list[Clause]] = [[not_(parts[0][1]) if parts[0][0] == "not" else parts[0][1]]]
    for before, each in parts[1:]:
        if before == "or":
            needed[-1].append(each)
        else:
            needed.append([not_(each) if before == "not" else each])
    return and_(*(or_(*each) for each in needed))


@fault(breaks="spark.filter.groups", at=Hooks.reading)
def parentheses_are_ignored(reading: Reading) -> Reading:
    """Parentheses are ignored."""

    def flat(group: Group) -> list[tuple[str, Comparison | Group]]:
        parts: list[tuple[str, Comparison | Group]] = []
        for before, part in group.parts:
            inner = flat(part) if isinstance(part, Group) else [("", part)]
            parts += [(before or inner[0][0], inner[0][1]), *inner[1:]]
        return parts

    return reading if reading.group is None else replace(reading, group=Group(tuple(flat(reading.group))))


@fault(breaks="spark.filter.groups", at=Hooks.reading)
def first_of_a_group_alone(reading: Reading) -> Reading:
    """Of a group only the first condition counts."""
    if reading.group is None:
        return reading
    parts = tuple((b, Group(p.parts[:1]) if isinstance(p, Group) else p) for b, p in reading.group.parts)
    return replace(reading, group=Group(parts))


@fault(breaks="spark.filter.generated", at=Hooks.combined)
def fourth_condition_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Of four conditions the last is ignored."""
    return joined(parts[:3]) if len(parts) > 3 else clause


@fault(breaks="spark.filter.not", at=Hooks.combined)
def not_behind_or_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Not is taken for And once there was an Or."""
    names = [before for before, _ in parts]
    if "or" not in names:
        return clause
    since = names.index("or")
    return joined([("and" if i > since and b == "not" else b, c) for i, (b, c) in enumerate(parts)])


@fault(breaks="spark.filter.generated", at=Hooks.combined)
def goes_from_left_to_right_behind_three(clause: Clause, parts: Parts) -> Clause:
    """Three conditions and more are joined from left to right."""
    return goes_from_left_to_right(clause, parts) if len(parts) > 2 else clause


@fault(breaks="spark.filter.and", at=Hooks.combined)
def fourth_of_a_chain_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Of four conditions in parentheses that And joins the last is ignored."""
    is_chain = len(parts) > 3 and all(before in ("", "and") for before, _ in parts)
    return joined(parts[:3]) if is_chain else clause


@fault(breaks="spark.filter.or", at=Hooks.combined)
def fourth_of_several_ways_is_ignored(clause: Clause, parts: Parts) -> Clause:
    """Of four conditions in parentheses that Or joins the last is ignored."""
    are_ways = len(parts) > 3 and all(before in ("", "or") for before, _ in parts)
    return joined(parts[:3]) if are_ways else clause


def _has(parts: Parts, name: str) -> bool:
    return any(before == name for before, _ in parts)
