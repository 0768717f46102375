"""Makes a plan that shows something smaller: fewer steps, fewer values, plainer values, as long as it shows it still.

Hypothesis's shrinker works on what it drew, by as many executions as it likes; here each one costs requests of the
target, and plans come from files, too. So this works on the plan itself, within a number of tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from contacts_conformance.model import Json
from contacts_conformance.providers.plans import Plan, Step, without

TRIES = 60
"""So often a plan is sent again, at most, to make one smaller."""


def smaller(
    plan: Plan,
    shows: Callable[[Plan], bool],
    tries: int = TRIES,
    over: Callable[[], bool] = lambda: False,
    may: Callable[[Plan], bool] = lambda candidate: True,
) -> Plan:
    """The smallest plan that was found within so many tries, and still shows it.

    The time can be `over` before; `may` says which plans may be tried at all.
    """
    left = tries

    def still(candidate: Plan) -> bool:
        nonlocal left
        left -= 1
        return shows(candidate)

    progress = True
    while progress and left > 0 and not over():
        progress = False
        for candidate in _candidates(plan):
            if left <= 0 or over():
                break
            if _size(candidate) < _size(plan) and may(candidate) and still(candidate):
                plan, progress = candidate, True
                break
    return plan


def _size(plan: Plan) -> tuple[int, int, int, int]:
    """Steps first, then values, then their length, then what is not a plain letter."""
    texts = [t for step in plan for t in _texts([step.values, step.query, step.raw, step.headers])]
    values = sum(_count(step.values) + len(step.query) + len(step.headers) for step in plan)
    return len(plan), values, sum(map(len, texts)), sum(c != "a" for t in texts for c in t)


def _candidates(plan: Plan) -> Iterator[Plan]:
    """Plans that are smaller by one cut, the largest cuts first; steps from the last one, which shows it, backwards."""
    half = len(plan) // 2
    if half > 1:
        shorter = plan
        for place in range(half - 1, -1, -1):
            if len(shorter) > place:
                shorter = without(shorter, place)
        if shorter:
            yield shorter
    for place in range(len(plan) - 1, -1, -1):
        if rest := without(plan, place):
            yield rest
    for place, step in enumerate(plan):
        for plainer in _plainer(step):
            yield (*plan[:place], plainer, *plan[place + 1 :])


def _plainer(step: Step) -> Iterator[Step]:
    if len(step.values) > 1:
        names = list(step.values)
        for half in (names[: len(names) // 2], names[len(names) // 2 :]):
            yield replace(step, values={n: step.values[n] for n in half})
    for name in step.values:
        yield replace(step, values={n: v for n, v in step.values.items() if n != name})
    for place in range(len(step.query)):
        yield replace(step, query=(*step.query[:place], *step.query[place + 1 :]))
    for name, value in step.values.items():
        for plain in _plainer_value(value):
            yield replace(step, values={**step.values, name: plain})
    if step.raw is not None and "⟦" not in step.raw:
        middle = len(step.raw) // 2
        yield from (replace(step, raw=raw) for raw in (step.raw[:middle], step.raw[middle:]) if raw)
    for place, (name, value) in enumerate(step.query):
        for plain in _plainer_value(value):
            yield replace(step, query=(*step.query[:place], (name, str(plain)), *step.query[place + 1 :]))


def _plainer_value(value: Json) -> Iterator[Json]:
    if isinstance(value, str) and "⟦" not in value and value:
        half = len(value) // 2
        yield from (v for v in (value[:half], value[half:], value[1:], value[:-1]) if v and v != value)
        if value != "a" * len(value):
            yield "a" * len(value)
    elif isinstance(value, list):
        yield from (value[:n] + value[n + 1 :] for n in range(len(value)))
        yield from ([*value[:n], plain, *value[n + 1 :]] for n, v in enumerate(value) for plain in _plainer_value(v))
    elif isinstance(value, dict):
        yield from ({k: v for k, v in value.items() if k != name} for name in value)


def _count(value: Json | Mapping[str, Any]) -> int:
    if isinstance(value, Mapping):
        return sum(1 + _count(v) for v in value.values())
    return sum(1 + _count(v) for v in value) if isinstance(value, list) else 0


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
