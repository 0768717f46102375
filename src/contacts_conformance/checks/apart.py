"""Pairs of texts that no change has sent apart: what depends on the other one of a pair has not been seen yet."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from contacts_conformance.checks import dense
from contacts_conformance.checks.session import Session


def never_apart(session: Session, names: Collection[str]) -> list[tuple[str, str]]:
    """The pairs of these texts of which no dense change had the first, as a value that is kept, without the second.

    Those come first that stand close to each other on the page, since a service may take them for one thing.
    """
    order = [f.name for f in session.contract.change_fields if f.name in names]
    taken = [t for t in dense.changed(session).taken if t is not None]
    pairs = [
        (one, other)
        for one, other in itertools.permutations(order, 2)
        if not any(one in t.sure and other not in t.values for t in taken)
    ]
    return sorted(pairs, key=lambda pair: abs(order.index(pair[0]) - order.index(pair[1])))


_SEEN = 0.01
"""How much it still matters to part a pair that was sent apart: one value may have been the other's by chance."""


def _weights(session: Session, names: Collection[str]) -> dict[frozenset[str], float]:
    """How much it matters that two texts are parted: the more, the closer they stand."""
    order = [f.name for f in session.contract.change_fields if f.name in names]
    together = {frozenset(pair) for pair in never_apart(session, names)}
    pairs = itertools.combinations(enumerate(order), 2)
    return {
        frozenset((one, other)): (place - start) ** -2.0 * (1 if frozenset((one, other)) in together else _SEEN)
        for (start, one), (place, other) in pairs
    }


def halves(session: Session, units: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """Units of fields in two halves that part as many of the pairs as they can, and of others those that stand close.

    Where that says nothing, the smaller half gets the next one.
    """
    weights = _weights(session, {name for unit in units for name in unit})
    parted: tuple[list[str], list[str]] = [], []
    for unit in units:
        pull = [sum(weights.get(frozenset((n, o)), 0.0) for n in unit for o in half) for half in parted]
        is_second = len(parted[0]) > len(parted[1]) if pull[0] == pull[1] else pull[0] > pull[1]
        parted[is_second].extend(unit)
    return parted


def alone(session: Session, names: Collection[str]) -> list[str]:
    """Texts that one change can hold so that it parts as many of the pairs as it can, and has none without need."""
    held: list[str] = []
    left_out: set[str] = set()
    for one, other in never_apart(session, names):
        if one not in left_out and other not in held:
            held.append(one)
            left_out.add(other)
    return list(dict.fromkeys(held))
