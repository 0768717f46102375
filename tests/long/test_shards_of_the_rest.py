"""Parts of runs of the providers whose runs are long, beside runs that were not cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.integration.test_shards import judge_in_parts


@pytest.mark.parametrize("provider", ["ngpvan", "spark"])
def test_two_shards_merged_equal_one_run(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge_in_parts(provider, None, tmp_path, monkeypatch)
