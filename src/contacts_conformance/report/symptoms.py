"""What was observed where a promise is broken, as far as it can have a cause of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from contacts_conformance.model import Level, Verdict

REFUSED = 400
"""The first status that is no success."""
_NOT_FOUND = 404
_BROKEN_DOWN = 500


class Symptom(NamedTuple):
    """What was observed; `about` names an operation, a field or a kind, and `status` is that of the answer."""

    kind: str
    about: str = ""
    status: int = 0


class Seen(NamedTuple):
    """One breach: its members, and the operation and the status of the exchange that shows it."""

    kind: str
    subject: str
    observed: str
    operation: str
    status: int
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken promise, in the order of the register."""

    id: str
    level: Level
    verdict: Verdict
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a contract for reading breaches.

    `fields` are the names of its fields; by the `anchors` among them contacts are told apart and found again, or by
    what they hold, where there are none. `basic` are the operations that all else rests on: contacts are created and
    read back by them. `shown` are the names under which answers show fields that are sent under others.
    """

    fields: Collection[str]
    anchors: Collection[str] = ()
    basic: Collection[str] = ()
    shown: Mapping[str, str] = field(default_factory=dict)


_CLAUSE = re.compile(r", | (?:of|with|after|beside|in|past|by|on|that|when|from)\b|\[| \(")
_OTHER_TYPE = re.compile(r" instead of |no date-time|another notation")
_SEVERAL = 3
"""How many fields have to lose their changes, for all changes to be what is wrong."""
_UPSTREAM = ("answered", "body", "taken", "type", "change")
"""What is nearer to a cause than what is read of it."""
_FOLLOWING = ("list", "which", "field", "answered", "kind", "body", "taken", "success")
"""What can follow where contacts cannot be created, read back or told apart."""
_OF_OTHERS = ("list", "which", "success")
"""What can follow where a value that contacts are told apart by is not stored."""
_WORDS: Mapping[str, str] = {
    "answered": "{about} is answered {status}",
    "taken": "a request that has to be refused is answered with a success",
    "success": "{about} is answered {status}, another success than the page has",
    "body": "the answer to {about} is not as documented",
    "same": "{about} is the same for several contacts",
    "type": "{about} has the wrong type",
    "change": "changes are not carried out as they were sent",
    "kind": "values of the kind {about} are not stored as they were sent",
    "field": "{about} is not as it should be",
    "which": "another contact is meant than the one that it should be",
    "total": "the total is wrong",
    "list": "lists do not have the contacts that they should have",
}
_NEAREST: Mapping[str, tuple[str, ...]] = {
    "answered": (r"\.operation\.{about}\.accepts", r"\.operation\.{about}\.", r"\.operation\."),
    "broken down": (r"\.operation\.{about}\.no-server-error", r"\.operation\.{about}\.", r"\.operation\."),
    "taken": (r"\.envelope\.|\.refusal\.", r"refus|unknown|status"),
    "body": (r"\.operation\.{about}\.body", r"\.operation\.{about}\.", r"\.envelope\."),
    "same": (r"fresh|unique|same", r"\.create\."),
    "type": (r"\.field\.{about}\.type",),
    "change": (r"\.lifecycle", r"\.change\.", r"\.success\."),
    "kind": (r"\.text\.",),
    "field": (r"\.field\.{about}\.type", r"\.field\.{about}\.create", r"\.field\.{about}\."),
    "total": (r"\btotal", r"pagination|count"),
    "list": (r"\.page\.", r"\.(list|tag|filter|sort)\."),
}


class Symptoms:
    """The symptoms of broken promises, read together: some can only be seen by several."""

    def __init__(self, rows: Sequence[Broken], reading: Reading) -> None:
        self._reading = reading
        every = {row.id: row for row in rows}
        self._mistyped = {parts[2] for name in every if len(parts := name.split(".")) == 4 and parts[3] == "type"}
        self._lost = {
            self._shown(parts[2])
            for name, row in every.items()
            if len(parts := name.split(".")) == 4 and parts[3] == "create"
            if any(each.observed == "missing" for each in row.seen)
        }
        unchanged = {name for name in every if self._loses_changes(name, every)}
        self._unchanged = unchanged if len(unchanged) >= _SEVERAL else set()
        self._operations = {row.id: {each.operation for each in row.seen} for row in rows}
        self.of = {row.id: self._of_row(row) for row in rows}

    def _shown(self, name: str) -> str:
        return self._reading.shown.get(name, name)

    def is_basic(self, symptom: Symptom) -> bool:
        """Whether it lies before everything else: contacts cannot be created, read back, or told apart."""
        known = self._reading
        match symptom.kind:
            case "type":
                return symptom.about in known.anchors
            case "field":
                return symptom.about in self._lost and (symptom.about in known.anchors or not known.anchors)
            case "body":
                return symptom.about in known.basic
            case "answered":
                return symptom.about in known.basic and symptom.status != _NOT_FOUND
        return symptom.kind == "same"

    def weight(self, symptom: Symptom, number: int) -> float:
        """How much a finding of so many rows explains."""
        return number * (1.5 if symptom.kind in _UPSTREAM else 1) + (1_000 if self.is_basic(symptom) else 0)

    def explains(self, first: Symptom, met: set[Symptom], name: str) -> bool:
        """Whether what a row shows can follow from the symptom of a finding, in whose rows others were met as well."""
        symptoms = self.of[name]
        if symptoms <= met:
            return True
        if self.is_basic(first):
            if first.kind == "field":
                return all(s in met or s.kind in _OF_OTHERS or self._is_other_field(s) for s in symptoms)
            mine = first.kind in ("answered", "body") and self._operations[name] == {first.about}
            return mine or all(s.kind in _FOLLOWING or s.kind == first.kind or s.about == first.about for s in symptoms)
        match first.kind:
            case "type":
                return all(s.about == first.about for s in symptoms)
            case "kind":
                return all(s.kind == "kind" or s in met for s in symptoms)
            case "change":
                kinds = {s.kind for s in symptoms}
                return kinds <= {"kind", "field", "change"} and ("change" in name or "kind" in kinds)
        return False

    def _is_other_field(self, symptom: Symptom) -> bool:
        return symptom.kind == "field" and symptom.about not in self._lost

    def _loses_changes(self, name: str, every: Collection[str]) -> bool:
        """Whether the field of a row takes values on creation, and not by a change."""
        about, _, last = name.rpartition(".")
        return last == "change" and ".field." in about and f"{about}.create" not in every

    def _of_row(self, row: Broken) -> set[Symptom]:
        found = {self._of(each) for each in row.seen} or {Symptom("unknown", row.id)}
        return found | {Symptom("change")} if row.id in self._unchanged else found

    def _of(self, seen: Seen) -> Symptom:
        fields = self._reading.fields
        subject = seen.subject.rpartition(": ")[2]
        last = subject.rpartition(".")[2] if " " not in subject else subject
        word = self._shown(_CLAUSE.split(last)[0].strip())
        kind = subject.partition(", ")[2].partition(",")[0]
        refused = seen.status >= REFUSED
        match seen.kind:
            case "status" if refused:
                return Symptom("answered", seen.operation, seen.status)
            case "status" if re.fullmatch(r"20\d( or 20\d)*", seen.expected):
                return Symptom("success", seen.operation, seen.status)
            case "status":
                return Symptom("taken")
            case "body" | "member":
                return Symptom("body", seen.operation)
            case "schema" if word not in fields:
                return Symptom("body", seen.operation)
            case "effect" if subject == "change":
                return Symptom("change")
        if refused and word in fields:
            return Symptom("answered", seen.operation, seen.status)
        if seen.observed == "no id":
            return Symptom("body", seen.operation)
        if seen.kind == "type" or word in self._mistyped or _OTHER_TYPE.search(seen.observed):
            return Symptom("type", word)
        return self._of_value(seen, last, word, kind)

    def _of_value(self, seen: Seen, last: str, word: str, kind: str) -> Symptom:
        name = word.removeprefix("the ")
        if seen.observed == "same" and name in self._reading.anchors:
            return Symptom("same", name)
        if word in self._reading.fields:
            return Symptom("kind", kind) if re.fullmatch("[a-z][a-z0-9-]*", kind) else Symptom("field", word)
        if seen.kind == "value" and re.search(r"[a-z]I[dD]$|(^|_)[iI]d$", word):
            return Symptom("which")
        if "total" in word.lower():
            return Symptom("total")
        if seen.kind in ("order", "contacts") or re.search("contacts|page", last):
            return Symptom("list")
        return Symptom(seen.kind, f"{word}: {seen.observed}")


def nearest(symptom: Symptom, rows: Sequence[Broken]) -> list[Broken]:
    """The rows of a finding, the nearest to the cause first; the order of the register decides where several are."""
    broken_down = symptom.kind == "answered" and symptom.status >= _BROKEN_DOWN
    listed = _NEAREST.get("broken down" if broken_down else symptom.kind, ())
    patterns = [p.format(about=re.escape(symptom.about)) for p in listed]
    levels = list(Level)

    def distance(row: Broken) -> tuple[int, bool, int]:
        near = next((n for n, pattern in enumerate(patterns) if re.search(pattern, row.id)), len(patterns))
        return near, row.verdict is not Verdict.FAIL, levels.index(row.level)

    return sorted(rows, key=distance)


def is_told(symptom: Symptom) -> bool:
    """Whether it has words of its own."""
    return symptom.kind in _WORDS


def told(symptom: Symptom) -> str:
    """The symptom in words."""
    words = _WORDS.get(symptom.kind, "{about}" if symptom.kind != "unknown" else "broken")
    return words.format(about=symptom.about or "a request", status=symptom.status)
