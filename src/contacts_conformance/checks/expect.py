"""Expectations: how a check states what has to be, so that a failure says what was expected and what came instead.

Each function evaluates one expectation. Where it does not hold it raises `Broken` with a `Breach`: what was expected,
what came, the exchange that shows it, and what stays the same from run to run, from which fingerprints are made. A
bare `assert` in a check works too, and says less.

`about` names the field, parameter, header or case that an expectation is about. It must not hold data of a run: no id,
no tag, no time. `shown_by` is the answer that shows the fact.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NoReturn

from contacts_conformance.errors import Broken, NotShown
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Breach, Json
from contacts_conformance.verdicts.outcomes import count_expectation
from contacts_conformance.verdicts.response_checks import Observation

_LONGEST = 300
_UNSET: tuple[Json, ...] = (None, "", [], {})
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}


# Statuses


def success(answer: Answer, about: str = "") -> None:
    """The status is 2xx."""
    _status(answer.succeeded, answer, "a success (2xx)", about)


def refusal(answer: Answer, about: str = "") -> None:
    """The status is 4xx."""
    _status(answer.refused, answer, "a refusal (4xx)", about)


def no_success(answer: Answer, about: str = "") -> None:
    """The status is not 2xx."""
    _status(not answer.succeeded, answer, "no success (no 2xx)", about)


def status(answer: Answer, *statuses: int, about: str = "") -> None:
    """The status is one of these."""
    _status(answer.status in statuses, answer, " or ".join(map(str, statuses)), about)


def no_server_error(answer: Answer, about: str = "") -> None:
    """The status is below 500."""
    _status(answer.status < 500, answer, "no server error (no 5xx)", about)


# Values


def equal(got: Json, expected: Json, about: str = "", shown_by: Answer | None = None) -> None:
    """A value is the one that was expected."""
    same = got == expected and _kind(got) == _kind(expected)
    that(
        same,
        shown(expected),
        shown(got),
        about=about,
        observed="" if same else difference(got, expected),
        shown_by=shown_by,
    )


def different(got: Json, other: Json, about: str = "", shown_by: Answer | None = None) -> None:
    """A value is not this one."""
    that(
        got != other, f"another value than {shown(other)}", shown(got), about=about, observed="same", shown_by=shown_by
    )


def same_id(got: Json, expected: Json, about: str = "", shown_by: Answer | None = None) -> None:
    """Two ids are the same, whether they are shown as numbers or as texts."""
    that(
        str(got) == str(expected),
        shown(expected),
        shown(got),
        about=about,
        observed="missing" if got in _UNSET else "another id",
        shown_by=shown_by,
    )


def present(got: Json, about: str = "", shown_by: Answer | None = None) -> None:
    """There is a value: not null, and not empty."""
    that(got not in _UNSET, "a value", shown(got), about=about, observed="missing", shown_by=shown_by)


def absent(got: Json, about: str = "", shown_by: Answer | None = None) -> None:
    """There is no value: it is missing, null or empty."""
    that(not got, "nothing", shown(got), about=about, observed="present", shown_by=shown_by)


def of_type(got: Json, *types: str, about: str = "", shown_by: Answer | None = None) -> None:
    """A value has one of these JSON types: `object`, `array`, `string`, `number`, `boolean`, `null`."""
    kind = json_type(got)
    that(
        kind in types,
        f"a value of type {' or '.join(types)}",
        shown(got),
        about=about,
        kind="type",
        observed=kind,
        shown_by=shown_by,
    )


def unchanged(
    before: Mapping[str, Json],
    after: Mapping[str, Json],
    *,
    but: Iterable[str] = (),
    about: str = "",
    shown_by: Answer | str | None = None,
) -> None:
    """Two states of a contact are the same, but for these members."""
    differing = sorted(n for n in (before.keys() | after.keys()) - set(but) if before.get(n) != after.get(n))
    that(
        not differing,
        "; ".join(f"{n} stays {shown(before.get(n))}" for n in differing),
        "; ".join(f"{n} is {shown(after.get(n))}" for n in differing),
        about=about,
        kind="changed",
        observed=", ".join(differing),
        shown_by=shown_by,
    )


# Contacts in lists


def same_contacts(
    got: Sequence[str],
    expected: Collection[str],
    about: str = "",
    shown_by: Answer | None = None,
    *,
    names: Mapping[str, object] | None = None,
) -> None:
    """A list holds exactly these contacts (ids), each once and in any order; `names` tells what is known of them."""
    wanted, times = set(expected), Counter(got)  # a service can list a hundred thousand
    missing = [i for i in dict.fromkeys(expected) if i not in times]
    extra = [i for i in times if i not in wanted]
    twice = sorted(i for i, number in times.items() if number > 1)
    ways = [(w, ids) for w, ids in (("missing", missing), ("extra", extra), ("twice", twice)) if ids]
    that(
        not ways,
        f"{len(set(expected))} contacts: {_named(expected, names)}",
        "; ".join(f"{way}: {_named(ids, names)}" for way, ids in ways),
        about=about,
        kind="contacts",
        observed=", ".join(way for way, _ in ways),
        shown_by=shown_by,
    )


def same_order(got: Sequence[Json], expected: Sequence[Json], about: str = "", shown_by: Answer | None = None) -> None:
    """A list holds exactly these values (or ids) in this order."""
    missing, extra = any(v not in got for v in expected), any(v not in expected for v in got)
    twice = not (missing or extra) and len(got) != len(expected)
    observed = ", ".join(w for w, is_so in (("missing", missing), ("extra", extra), ("twice", twice)) if is_so)
    that(
        list(got) == list(expected),
        shown(list(expected)),
        shown(list(got)),
        about=about,
        kind="order",
        observed=observed or "other order",
        shown_by=shown_by,
    )


# What an answer shows by itself


def as_documented(seen: Iterable[Observation], requirement: str) -> None:
    """Answers keep a requirement (its full id), by what `response_checks.observe` saw in them.

    NotShown where they show nothing of it.
    """
    observation = next((o for o in seen if o.requirement == requirement), None)
    if observation is None:
        raise NotShown(f"no answer showed {requirement.partition('.')[2]}")
    count_expectation()
    if observation.breaches:
        raise Broken(observation.breaches[0])


# Anything else


def each_of(expectation: Callable[[str], None], cases: Iterable[str]) -> None:
    """The expectation holds for every case; those for which it does not are told one by one, not the first alone."""
    failures: list[Exception] = []
    for case in cases:
        try:
            expectation(case)
        except Broken as failure:
            failures.append(failure)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup(f"{len(failures)} cases", failures)


def that(
    holds: object,
    expected: str,
    got: str,
    *,
    about: str = "",
    kind: str = "value",
    observed: str = "",
    shown_by: Answer | str | None = None,
) -> None:
    """Something holds; `expected` and `got` are texts for people, `shown_by` is an answer or the id of an exchange."""
    count_expectation()
    if not holds:
        exchange = shown_by.exchange.id if isinstance(shown_by, Answer) else shown_by or ""
        raise Broken(Breach(kind, expected, got, about, observed, exchange))


def broken(
    expected: str, got: str, *, about: str = "", kind: str = "value", observed: str = "", shown_by: Answer | None = None
) -> NoReturn:
    """An expectation that was found not to hold."""
    that(False, expected, got, about=about, kind=kind, observed=observed, shown_by=shown_by)
    raise AssertionError("unreachable")  # pragma: no cover  (`that` raises)


def shown(value: Json) -> str:
    """A value as the API shows it (JSON), cut to a length that a message can carry."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except TypeError:
        text = str(value)
    except ValueError:  # a number of more digits than Python writes
        text = f"a value of type {json_type(value)} that is too large to show"
    return cut(text, _LONGEST)


def json_type(value: Json) -> str:
    """The JSON type of a value."""
    return "null" if value is None else _TYPES.get(type(value), type(value).__name__)


def difference(got: Json, expected: Json) -> str:
    """In which way a value differs from another one, without either: `missing`, `cut`, `too large`, …."""
    if expected not in _UNSET and got in _UNSET:
        return "missing"
    if expected in _UNSET and got not in _UNSET:
        return "present"
    if _kind(got) != _kind(expected):
        return f"{json_type(got)} instead of {json_type(expected)}"
    if isinstance(got, str):
        return _difference_of_texts(got, expected)
    if isinstance(got, int | float) and not isinstance(got, bool):
        return "too large" if got > expected else "too small"
    if isinstance(got, list):
        missing, extra = [v for v in expected if v not in got], [v for v in got if v not in expected]
        return ", ".join(["missing entries"] * bool(missing) + ["extra entries"] * bool(extra)) or "other order"
    if isinstance(got, dict):
        return "other " + ", ".join(sorted(k for k in got.keys() | expected.keys() if got.get(k) != expected.get(k)))
    return "other value"


def _difference_of_texts(got: str, expected: str) -> str:
    if got.casefold() == expected.casefold():
        return "other case"
    if got.split() == expected.split():
        return "other white space"
    if expected.startswith(got):
        return "cut"
    return "other text"


def _kind(value: Json) -> type:
    return float if type(value) is int else type(value)


def _status(holds: bool, answer: Answer, expected: str, about: str) -> None:
    that(
        holds,
        expected,
        answer.status_line,
        about=about,
        kind="status",
        observed=str(answer.status),
        shown_by=answer,
    )


def _named(ids: Iterable[str], names: Mapping[str, object] | None) -> str:
    return cut(", ".join(f"{i} ({shown(names[i])})" if names and i in names else i for i in ids), 1_000) or "none"
