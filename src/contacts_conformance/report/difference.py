"""Two reports of one provider side by side: what got worse, what got better, and what is no longer looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contacts_conformance.contract.register import is_below
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Verdict
from contacts_conformance.verdicts import fingerprints

_BAD = (Verdict.FAIL, Verdict.SUITE_ERROR)
_JUDGED = ("held", "broken")


class Kind(StrEnum):
    """What happened to a requirement from one report to the next."""

    NEWLY_FAILING = "newly-failing"
    CHANGED = "changed"
    NEWLY_WARNED = "newly-warned"
    NEWLY_NOT_VERIFIED = "newly-not-verified"
    NO_LONGER_OFFERED = "no-longer-offered"
    LOST_REQUIREMENT = "lost-requirement"
    LOST_CHECK = "lost-check"
    NEW_REQUIREMENT = "new-requirement"
    FIXED = "fixed"
    OTHER = "other"


TITLES = {
    Kind.NEWLY_FAILING: "Newly failing",
    Kind.CHANGED: "Failing in another way",
    Kind.NEWLY_WARNED: "Newly warned",
    Kind.NEWLY_NOT_VERIFIED: "Newly not verified",
    Kind.NO_LONGER_OFFERED: "No longer offered",
    Kind.LOST_REQUIREMENT: "Lost requirements",
    Kind.LOST_CHECK: "Lost checks",
    Kind.NEW_REQUIREMENT: "New requirements",
    Kind.FIXED: "Fixed",
    Kind.OTHER: "Otherwise changed",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different; `worse` says whether it counts against the newer report.

    `before` and `after` are verdicts, `excluded`, or empty where the report does not have the requirement. `check`
    names the check that was lost.
    """

    kind: Kind
    requirement: str
    level: str
    before: str
    after: str
    worse: bool
    detail: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that is different between two reports, in the order of the kinds.

    `notes` say what keeps the two from being compared in full.
    """

    provider: str
    title: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    notes: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def worse(self) -> bool:
        """Whether anything got worse."""
        return any(c.worse for c in self.changes)

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(c for c in self.changes if c.kind is kind)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Compares two reports, as `report.json.read` yields them. Raises UsageError where their providers differ."""
    if old["provider"] != new["provider"]:
        raise UsageError(f"the older report is about {old['provider']}, the newer one about {new['provider']}")
    before, after = _rows(old), _rows(new)
    changes: list[Change] = []
    for requirement in dict.fromkeys([*before, *after]):
        one, other = before.get(requirement), after.get(requirement)
        if other is None and one is not None:
            changes += _lost(one, new)
        elif one is None and other is not None:
            changes += _new(other, old)
        elif one is not None and other is not None:
            changes += _changes(one, other, old, new)
    order = list(Kind)
    changes.sort(key=lambda c: order.index(c.kind))
    return Comparison(
        new["provider"], new["spec"]["title"], _origin(old), _origin(new), _notes(old, new), tuple(changes)
    )


def _rows(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows: dict[str, Mapping[str, Any]] = {r["id"]: r for r in report["requirements"]}
    return rows | {r["id"]: {**r, "verdict": "excluded", "checks": [], "observed": []} for r in report["excluded"]}


def _origin(report: Mapping[str, Any]) -> dict[str, Any]:
    run = report["run"]
    return {
        "target": report["target"]["name"],
        "suite_version": report["suite"]["version"],
        "started": run["started"],
        "seed": run["seed"],
        "complete": run["complete"],
        "exit_code": report["verdict"]["exit_code"],
        "text": report["verdict"]["text"],
    }


def _notes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    notes = []
    for name, report in (("older", old), ("newer", new)):
        if not report["run"]["complete"]:
            notes.append(
                f"the {name} report is of a narrowed run: what it leaves out is not compared, and no check is lost"
            )
        if report["verdict"]["exit_code"] == 4:
            notes.append(f"the target of the {name} report was unreachable")
    if not all(r["run"]["complete"] for r in (old, new)):
        both = {r["id"] for r in old["requirements"]} & {r["id"] for r in new["requirements"]}
        notes.append(f"requirements that both of them judged: {len(both)}")
    for label, path in (
        ("targets", ("target", "name")),
        ("suite versions", ("suite", "version")),
        ("seeds", ("run", "seed")),
    ):
        first, second = (r[path[0]][path[1]] for r in (old, new))
        if first != second:
            notes.append(f"the {label} differ: {first} and {second}")
    if old["spec"]["sha256"] != new["spec"]["sha256"]:
        notes.append("the contract was changed between the two")
    return tuple(notes)


def _lost(one: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """A requirement that the newer report does not have."""
    if new["run"]["complete"]:
        yield Change(Kind.LOST_REQUIREMENT, one["id"], one["level"], one["verdict"], "", one["verdict"] != "excluded")


def _new(other: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Change]:
    """A requirement that the older report does not have: what it says is no change of the target."""
    if old["run"]["complete"]:
        detail = "" if other["verdict"] == "excluded" else _said(other)
        yield Change(Kind.NEW_REQUIREMENT, other["id"], other["level"], "", other["verdict"], False, detail)


def _changes(
    one: Mapping[str, Any], other: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """What happened to a requirement that both reports have."""
    before, after = one["verdict"], other["verdict"]

    def change(kind: Kind, worse: bool, detail: str = "", check: str = "") -> Change:
        return Change(kind, other["id"], other["level"], before, after, worse, detail, check)

    if after == "excluded" and before != "excluded":
        yield change(Kind.LOST_REQUIREMENT, True, f"now excluded: {other['reason']}")
        return
    if before == after:
        if other["observed"] and one["observed"]:
            other_way = _other_way(one, other, old, new)
            if other_way:
                yield change(Kind.CHANGED, bool(other_way.new), str(other_way))
    elif after in _BAD:
        yield change(Kind.NEWLY_FAILING, True, _said(other))
    elif after == Verdict.NOT_VERIFIED:
        yield change(Kind.NEWLY_NOT_VERIFIED, before != "excluded", _said(other))
    elif after == Verdict.WARN:
        yield change(Kind.NEWLY_WARNED, before not in _BAD, _said(other))
    elif after == Verdict.PASS and before in (*_BAD, Verdict.WARN, Verdict.KNOWN_DEVIATION):
        yield change(Kind.FIXED, False)
    elif after == Verdict.NOT_APPLICABLE and before == Verdict.PASS and not _declared(other["id"], old, new):
        yield change(Kind.NO_LONGER_OFFERED, True, _said(other))
    else:
        yield change(Kind.OTHER, False)
    if old["run"]["complete"] and new["run"]["complete"]:
        here = {_check(c) for c in other["checks"]}
        for gone in dict.fromkeys(_check(c) for c in one["checks"] if c["outcome"] in _JUDGED):
            if gone not in here and "::" in gone:
                yield change(Kind.LOST_CHECK, True, check=gone)


def _other_way(
    one: Mapping[str, Any], other: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
) -> fingerprints.Difference:
    """In what a requirement fails differently; nothing where one of the reports is of an earlier version."""
    if any(map(fingerprints.is_earlier, (*one["observed"], *other["observed"]))):
        return fingerprints.Difference()
    same_seed = old["run"]["seed"] == new["run"]["seed"]
    whole = new["run"]["complete"] and not other.get("unsteady")  # what is unsteady need not show in each way each time
    return fingerprints.difference(one["observed"], other["observed"], same_seed=same_seed, whole=whole)


def _declared(requirement: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the newer target declares that it is without a requirement, or offers less than the older one did."""
    before, now = old["target"]["offers"], new["target"]["offers"]
    if any(is_below(requirement, prefix) for prefix in now["without"]):
        return True
    if not set(before["also"]) <= set(now["also"]):
        return True
    return now["roles"] is not None and (before["roles"] is None or not set(before["roles"]) <= set(now["roles"]))


def _check(fact: Mapping[str, Any]) -> str:
    """The node id of a check below the folder of suites, wherever that lay."""
    return str(fact["check"]).rpartition("suites/")[2]


def _said(row: Mapping[str, Any]) -> str:
    mark = "unsteady: " if row.get("unsteady") else ""
    return mark + str(row["reason"]).strip().partition("\n")[0][:400]
