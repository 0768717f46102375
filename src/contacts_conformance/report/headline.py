"""The first lines of a report: how many promises are broken, how many findings that is, and what was judged."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.model import Verdict

_OTHERS = {
    Verdict.KNOWN_DEVIATION: "broken as accepted",
    Verdict.NOT_VERIFIED: "not verified",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.SUITE_ERROR: "not judged for an error of the suite",
}


def of(totals: Mapping[Verdict, int], findings: int) -> str:
    """One line from the number of requirements with each verdict, and of the findings that they are put together to."""
    every = sum(totals.values())
    if not every:
        return "no requirement was judged"
    number = {verdict: totals.get(verdict, 0) for verdict in Verdict}
    fails, warns = number[Verdict.FAIL], number[Verdict.WARN]
    parts = [
        f"{fails} of {_promises(every)} {_are(fails)} broken"
        if fails
        else f"{number[Verdict.PASS]} of {_promises(every)} {_are(number[Verdict.PASS])} kept"
    ]
    if warns:
        parts.append(f"{warns}{' more' if fails else ''} {'are warnings' if warns > 1 else 'is a warning'}")
    if fails + warns > 1:
        parts[-1] += f" ({'one finding' if findings == 1 else f'{findings} findings'})"
    parts += [f"{number[verdict]} {words}" for verdict, words in _OTHERS.items() if number[verdict]]
    return ", ".join(parts)


def named(target: str, base_url: str) -> str:
    """A target by its name and its address, which is said once where it is the name as well."""
    return base_url if target == base_url else f"{target} at {base_url}"


def _promises(number: int) -> str:
    return f"{number} promise{'s' if number != 1 else ''}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
