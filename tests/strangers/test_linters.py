"""The specs in the eyes of linters that others wrote: free of errors in their recommended rules."""

import subprocess
from pathlib import Path

import pytest

from contacts_conformance import contract

LINTERS = Path(__file__).parent / "linters"
SPECS = Path(__file__).parents[2] / "specs"
COMMANDS = {
    "redocly": ["redocly", "lint", "--format=stylish"],
    "spectral": ["spectral", "lint", "--fail-severity=error", f"--ruleset={LINTERS / 'spectral.yaml'}"],
}


@pytest.mark.parametrize("linter", COMMANDS)
@pytest.mark.parametrize("provider", contract.providers())
def test_a_spec_has_no_errors(provider: str, linter: str) -> None:
    program = LINTERS / "node_modules" / ".bin"
    assert program.is_dir(), f"first run: npm ci --prefix {LINTERS}"
    name, *options = COMMANDS[linter]

    command = [str(program / name), *options, str(SPECS / provider / "openapi.yaml")]
    done = subprocess.run(command, cwd=LINTERS, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
