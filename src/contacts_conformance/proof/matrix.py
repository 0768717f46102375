"""What a proof yields, and the page that shows all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one fault or variant.

    `proved` is true for a listed fault that its requirement's check caught, for a drawn fault that any check caught,
    and for a variant that conforms. `operator`, its `family`, `place` and `condition` say what was drawn.
    """

    provider: str
    kind: str
    name: str
    sentence: str
    requirement: str
    level: str
    verdict: str
    exit_code: int
    proved: bool
    explanation: str
    requests: int
    operator: str = ""
    family: str = ""
    place: str = ""
    condition: str = ""
    seconds: float = 0
    """How long it was explored for, at most, where nothing but exploring was to catch it."""
    profile: str = ""
    """The profile of the runs; empty for all checks."""


def command(proof: Proof) -> str:
    """The command that shows this one again."""
    deep = f" --deep {proof.seconds:g}" if proof.seconds else ""
    profile = f" --profile {proof.profile}" if proof.profile else ""
    return f"contacts-conformance prove {proof.provider} --name '{proof.name}'{deep}{profile}"


def write(proofs: Sequence[Proof], folder: Path) -> None:
    """Writes the matrix as `kill-matrix.json` and `kill-matrix.html` into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kill-matrix.json").write_text(json.dumps([asdict(p) for p in proofs], indent=1) + "\n", encoding="utf-8")
    (folder / "kill-matrix.html").write_text(page(proofs), encoding="utf-8")


def counted(proofs: Sequence[Proof]) -> str:
    """How many there are of each kind, and how many were not proved."""
    kinds = {"faults": "fault", "drawn faults": "drawn", "variants": "variant"}
    numbers = {told: sum(p.kind == kind for p in proofs) for told, kind in kinds.items()}
    told = [f"{n} {words}" for words, n in numbers.items() if n or words != "drawn faults"]
    return f"{', '.join(told)}, {sum(not p.proved for p in proofs)} not proved"


def page(proofs: Sequence[Proof]) -> str:
    """The matrix as a page of HTML."""
    missed = [p for p in proofs if not p.proved]
    rows = "".join(
        f"<tr class='{'ok' if p.proved else 'missed'}'><td>{escape(p.provider)}</td><td>{p.kind}</td>"
        f"<td><code>{escape(p.name)}</code><br>{escape(p.sentence)}</td><td>{escape(p.requirement)}</td><td>{p.level}</td>"
        f"<td>{p.verdict}</td><td>{'yes' if p.proved else 'no'}</td><td>{escape(p.explanation)}</td></tr>"
        for p in [*missed, *(p for p in proofs if p.proved)]
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Kill matrix</title><style>"
        "body{font:15px/1.4 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
        "td,th{border:1px solid #8886;padding:.3rem .5rem;text-align:left;vertical-align:top}"
        ".missed{background:#f003}:root{color-scheme:light dark}</style></head><body><h1>Kill matrix</h1>"
        f"<p>{counted(proofs)}.</p>{_tables(proofs)}"
        "<table><thead><tr><th>Provider</th><th>Kind</th><th>Name</th><th>Requirement</th><th>Level</th>"
        f"<th>Verdict</th><th>Proved</th><th>What the run said</th></tr></thead><tbody>{rows}</tbody></table>"
        "</body></html>\n"
    )


def tally(proofs: Sequence[Proof], key: Callable[[Proof], str]) -> dict[str, tuple[int, int]]:
    """By key, for the drawn faults: how many were caught, and how many there are; the worst first."""
    found: dict[str, tuple[int, int]] = {}
    for proof in proofs:
        if proof.kind == "drawn":
            caught, drawn = found.get(key(proof), (0, 0))
            found[key(proof)] = caught + proof.proved, drawn + 1
    return dict(sorted(found.items(), key=lambda item: (item[1][0] / item[1][1], item[0])))


def _tables(proofs: Sequence[Proof]) -> str:
    if not any(p.kind == "drawn" for p in proofs):
        return ""
    by_operator = _table("Operator", tally(proofs, lambda p: p.family))
    by_place = _table("Place", tally(proofs, lambda p: f"{p.provider} {p.place}"))
    return f"<h2>Drawn faults by operator</h2>{by_operator}<h2>Drawn faults by place</h2>{by_place}<h2>All</h2>"


def _table(head: str, rows: dict[str, tuple[int, int]]) -> str:
    lines = "".join(
        f"<tr class='{'ok' if caught == drawn else 'missed'}'><td>{escape(key)}</td><td>{caught} of {drawn}</td></tr>"
        for key, (caught, drawn) in rows.items()
    )
    return f"<table><thead><tr><th>{head}</th><th>Caught of witnessed</th></tr></thead><tbody>{lines}</tbody></table>"
