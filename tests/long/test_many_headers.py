"""A server whose answers have very many headers: each is searched for what must not be told, which takes its time."""

from pathlib import Path

from ..integration.runs import describe, run
from ..miniatures import hostile, serving


def test_a_run_against_very_many_headers_ends_with_its_verdict(tmp_path: Path) -> None:
    with serving(hostile.many_headers) as server:
        done = run(describe(server.url, tmp_path), tmp_path / "reports")

    assert done.code == done.report["verdict"]["exit_code"] == 1, done.output[-3_000:]
    assert done.totals["fail"] >= 10
