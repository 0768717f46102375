"""Runs against servers that lack what checks find their own contacts by, with a listed fault beside that or without."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.model import Level, Outcome, Verdict
from contacts_conformance.proof.haste import Hasty
from contacts_conformance.pytest_plugin import collect
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.liondesk.faults import lacks as lacks_of_liondesk
from contacts_conformance.reference.spark.faults import lacks as lacks_of_spark

from ..miniatures.preconditions import lacking

OWN_ROWS = {
    ("liondesk", "company refused"): ("filter.eq", "filter.ne", "filter.in", "filter.nin"),
    ("liondesk", "company ignored"): ("filter.eq", "filter.ne", "filter.in", "filter.nin"),
    ("liondesk", "tags refused"): ("filter.eq", "filter.ne", "filter.in", "filter.nin"),
    ("liondesk", "pages of five"): ("page.limit",),
    ("liondesk", "sort refused"): ("sort.ascending", "sort.descending", "sort.several", "sort.before-limit"),
    ("liondesk", "in refused"): ("filter.in", "filter.in-single"),
    ("spark", "orderby refused"): ("order.ascending", "order.descending", "order.several", "order.before-page"),
    ("spark", "Tags refused"): ("field.Tags.searchable",),
    ("spark", "Tags ignored"): ("field.Tags.searchable",),
    ("spark", "pages of five"): ("page.limit",),
    ("flexmls", "tags refused"): (
        *("tag.blanks", "tag.letters", "tag.signs", "tag.unknown"),
        *("operation.listTagged.accepts", "role.idx.listTagged"),
    ),
}
"""What each server lacks, and the rows that promise just that."""

ABOUT_LISTS = {
    "liondesk": ("filter.", "sort.", "page.", "list.total", "list.echo"),
    "spark": ("filter.", "order.", "page.", "pagination.", "name.", "select."),
}
"""The beginnings of the rows whose faults are put beside a lack."""


def broken(provider: str, lack: str) -> set[str]:
    """The rows that a whole run finds broken, of any level, on a server that lacks one thing."""
    with lacking(provider, lack):
        result = run(Order(provider)).result
    assert result is not None
    assert not result.of(Verdict.SUITE_ERROR)
    assert (result.traffic.left, result.traffic.unknown) == ((), 0) or provider == "flexmls"
    rows = result.of(Verdict.FAIL, Verdict.WARN)
    return {j.requirement.id.removeprefix(f"{provider}.") for j in rows}


def drawn(provider: str, lack: str, count: int) -> list[str]:
    """So many listed faults of other filters, orders and pages, but for those of what is lacking; always the same."""
    own = {f"{provider}.{row}" for row in OWN_ROWS[provider, lack] if "." in row}
    begins = tuple(f"{provider}.{b}" for b in ABOUT_LISTS[provider])
    rows = register.load(provider)
    names = [
        name
        for name, fault in reference.load(provider).FAULTS.items()
        if fault.breaks.startswith(begins)
        and rows[fault.breaks].level is not Level.MAY
        and (fault.breaks not in own or fault.breaks.startswith(f"{provider}.filter."))
        and name not in {**lacks_of_liondesk.FAULTS, **lacks_of_spark.FAULTS}
        and lack.partition(" ")[0] not in name.split("-")
    ]
    # by digest, so that a new fault does not draw others in place of those that there are
    return sorted(names, key=lambda n: hashlib.sha256(f"{provider} {lack} {n}".encode()).digest())[:count]


def missed(provider: str, lack: str, faults: Sequence[str]) -> list[str]:
    """Those of the faults that show nothing in their row which the lack alone does not show there."""
    return [name for name in faults if not _found(provider, lack, name) - _found_alone(provider, lack, name)]


def _found_alone(provider: str, lack: str, fault: str) -> set[tuple[str, str, str]]:
    return _without_fault(provider, lack, reference.load(provider).FAULTS[fault].breaks)


@cache
def _without_fault(provider: str, lack: str, row: str) -> set[tuple[str, str, str]]:
    return _broken_in(provider, lack, row, None)


def _found(provider: str, lack: str, fault: str) -> set[tuple[str, str, str]]:
    return _broken_in(provider, lack, reference.load(provider).FAULTS[fault].breaks, fault)


def _broken_in(provider: str, lack: str, row: str, fault: str | None) -> set[tuple[str, str, str]]:
    """What is broken in one row: by check, by what it was about, and by what was observed."""
    files = tuple(dict.fromkeys(n.partition("::")[0] for n in collect.judging(row)))
    with lacking(provider, lack):
        result = run(Order(provider, requirements=(row,), fault=fault, files=files), [Hasty()]).result
    assert result is not None
    facts = next(j for j in result.judgements if j.requirement.id == row).facts
    return {
        (f.check, f.breach.subject if f.breach else "", f.breach.observed if f.breach else "")
        for f in facts
        if f.outcome is Outcome.BROKEN
    }
