"""The specs and their overlays in the eyes of tools that others wrote: no error, no warning, and the same result."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from contacts_conformance import contract

STRANGERS = Path(__file__).parent
LINTERS = STRANGERS / "linters"
SPECS = STRANGERS.parents[1] / "specs"
each_provider = pytest.mark.parametrize("provider", contract.providers())


def _run(folder: str, name: str, *options: str) -> subprocess.CompletedProcess[str]:
    program = STRANGERS / folder / "node_modules" / ".bin" / name
    assert program.exists(), f"first run: npm ci --prefix {STRANGERS / folder}"
    return subprocess.run([str(program), *options], cwd=LINTERS, capture_output=True, text=True, check=False)


@each_provider
def test_redocly_says_nothing_of_a_spec(provider: str) -> None:
    done = _run("linters", "redocly", "lint", "--format=json", str(SPECS / provider / "openapi.yaml"))

    report: dict[str, Any] = json.loads(done.stdout)
    assert report["problems"] == []
    assert report["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}


@each_provider
def test_spectral_says_nothing_of_a_spec(provider: str) -> None:
    rules = f"--ruleset={LINTERS / 'spectral.yaml'}"
    done = _run("linters", "spectral", "lint", "--fail-severity=hint", rules, str(SPECS / provider / "openapi.yaml"))

    assert done.returncode == 0, done.stdout + done.stderr


@each_provider
def test_another_tool_lays_an_overlay_as_the_suite_does(provider: str) -> None:
    files = [str(SPECS / provider / name) for name in ("openapi.yaml", "overlay.yaml")]
    done = _run("generators", "overlayjs", "--openapi", files[0], "--overlay", files[1])

    assert done.stderr == ""
    assert yaml.safe_load(done.stdout) == contract.load(provider).document
