"""Parts of runs, and what they come to when they are put together, beside runs that were not cut."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.checks.session import Session
from contacts_conformance.cli.main import main
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.traffic import evidence

from ..night import at_night

SEVERAL = 3
"""What takes more contacts than so many is seeded in one part alone."""
FAULT = "accents-are-lost"


def _command(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(w) for w in words])
    return int(ended.value.code or 0)


def _report(folder: Path, provider: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / provider / "report.json").read_text(encoding="ascii"))
    return document


def _masked(report: dict[str, Any]) -> dict[str, Any]:
    """What a report says of each row, without what each run draws anew."""
    rows = report["requirements"]
    return {
        "rows": [(r["id"], r["verdict"], r["observed"]) for r in rows],
        "checks": [{(c["check"], c["outcome"]) for c in r["checks"]} for r in rows],
        "number": [Counter(c["check"] for c in r["checks"] if "::" in c["check"]) for r in rows],
        "verdict": report["verdict"],
        "findings": [f["requirements"] for f in report["findings"]],
        "run": {k: report["run"][k] for k in ("seed", "strict", "complete", "command")},
        **{k: report[k] for k in ("provider", "suite", "spec", "counts", "deviations", "excluded")},
    }


class _Seeding:
    """Notes what each part has seeded once for several checks, and how many contacts that took."""

    def __init__(self) -> None:
        self.parts: list[dict[str, int]] = []

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        once = Session.once

        def noted(session: Session, name: str, make: Callable[[], Any]) -> Any:
            before = len(session.journal.creations)
            try:
                return once(session, name, make)
            finally:
                created = len(session.journal.creations) - before
                if created and session.generation == 1:
                    self.parts[-1][name] = created

        monkeypatch.setattr(Session, "once", noted)

    @property
    def twice(self) -> set[str]:
        """What more than one part has seeded, of that which takes several contacts."""
        names = Counter(name for part in self.parts for name, created in part.items() if created > SEVERAL)
        return {name for name, number in names.items() if number > 1}


def judge_in_parts(provider: str, fault: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shards merged equal one run, and nothing expensive is seeded in both."""
    seeding = _Seeding()
    seeding.watch(monkeypatch)
    for name, shard in (("whole", ""), ("one", "1/2"), ("two", "2/2")):
        seeding.parts.append({})
        run(Order(provider, reports=folder / name, fault=fault, shard=shard))
    whole, *parts = seeding.parts
    assert max(whole.values()) > SEVERAL
    seeding.parts = parts

    code = _command("merge", folder / "one", folder / "two", "--reports", folder / "merged")

    one, merged = (_report(folder / name, provider) for name in ("whole", "merged"))
    assert _masked(merged) == _masked(one)
    assert code == one["verdict"]["exit_code"] == (1 if fault else 0)
    assert seeding.twice == set()
    kept = [evidence.read(folder / name / provider / evidence.NAME).exchanges for name in ("one", "two", "merged")]
    assert len(kept[0]) + len(kept[1]) == len(kept[2]) == len({seen.exchange.id for seen in kept[2]})
    for file in ("conformance.html", "junit.xml", "summary.md"):
        assert (folder / "merged" / provider / file).is_file()
    assert f"{provider}/conformance.html" in (folder / "merged" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("provider", ["flexmls", *at_night("liondesk")])
def test_two_shards_merged_equal_one_run(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge_in_parts(provider, FAULT, tmp_path, monkeypatch)


def test_a_missing_shard_is_named_and_what_it_judges_not_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(
        Order("flexmls", reports=tmp_path / "one", shard="1/2", requirements=("flexmls.auth", "flexmls.tag"), workers=2)
    )

    code = _command("merge", tmp_path / "one", "--reports", tmp_path / "merged")

    assert code == 3
    assert "shard 2/2 is missing" in capsys.readouterr().out
    verdicts = Counter(row["verdict"] for row in _report(tmp_path / "merged", "flexmls")["requirements"])
    assert set(verdicts) == {"pass", "not-verified"}


def test_more_shards_than_groups_of_checks_are_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = ("run", "flexmls", "--requirement", "flexmls.tag", "--shard", "9/9", "--reports", tmp_path)

    assert _command(*order) == 2
    assert "cut them into so many parts at most" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "flexmls", "--shard", "3/2"), "--shard 3/2: is no part of a run"),
        (("merge", "{empty}"), "no report.json is there"),
        (("merge", "{empty}/none"), "cannot be read"),
    ],
)
def test_mistakes_are_told_in_a_line(
    words: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(*(w.format(empty=tmp_path) for w in words)) == 2
    assert told in capsys.readouterr().err
