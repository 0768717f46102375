"""The wheel is all that a user needs: installed in an empty environment, it runs outside of any checkout.

By day the libraries are those of the environment of the tests; that the wheel brings them all, the night shows.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ..night import night

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_specs_and_checks(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert "contacts_conformance/specs/liondesk/openapi.yaml" in names
    assert "contacts_conformance/specs/schemas/report.schema.json" in names
    assert "contacts_conformance/suites/contract/test_fields.py" in names
    assert not any(n.startswith(("tests/", "reports/")) for n in names)


def test_it_runs_outside_of_a_checkout(wheel: Path, tmp_path: Path) -> None:
    install = ["install", "--quiet", "--no-deps", "--target", str(tmp_path / "lib"), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "lib")}

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", *words]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    found = python("-c", "from contacts_conformance.contract import resources; print(resources.suites())")
    done = python("-m", "contacts_conformance", "run", "liondesk", "--profile", "quick")

    assert Path(found.stdout.strip()) == tmp_path / "lib/contacts_conformance/suites"
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "reports/liondesk/report.json").is_file()


@night
def test_it_runs_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], check=True)

    command = [str(python.with_name("contacts-conformance")), "run", "liondesk"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "reports/liondesk/report.json").is_file()
