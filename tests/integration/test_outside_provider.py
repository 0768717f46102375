"""A provider from outside: with the wheel and the example installed, every command treats it like those that ship.

The commands of docs/provider.md are among those that `test_printed_commands.py` runs.
"""

import json
import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from ..miniatures.packages import EXAMPLE, edit, install_book
from ..night import at_night
from . import once

ROOT = Path(__file__).parents[2]
TOKEN = "reference-book-token"


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment in which the wheel and the example are installed.

    What they depend on is taken from the environment of the tests, whose own copy of the suite comes after them.
    """
    return once.made(tmp_path_factory, "outside", _installed) / "venv" / "bin"


def _installed(folder: Path) -> None:
    pip = [sys.executable, "-m", "pip"]
    subprocess.run(
        [*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT), str(EXAMPLE)], check=True
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    wheels = [str(w) for w in folder.glob("*.whl")]
    subprocess.run([*pip, "--python", str(python), "install", "--quiet", "--no-deps", *wheels], check=True)
    site = next((folder / "venv").glob("lib/python*/site-packages"))
    (site / "tests.pth").write_text(sysconfig.get_path("purelib") + "\n")


def command(
    commands: Path, *words: str, cwd: Path, program: str = "contacts-conformance", path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command of that environment, with one more folder of packages where one is given."""
    environment = {**os.environ, "PYTHONPATH": str(path or ""), "BOOK_TOKEN": TOKEN}
    return subprocess.run(
        [str(commands / program), *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_it_is_judged_by_the_shared_checks_and_its_own(commands: Path, tmp_path: Path) -> None:
    done = command(commands, "run", "book", cwd=tmp_path)

    report = json.loads((tmp_path / "reports/book/report.json").read_text())
    checks = {fact["check"].partition("::")[0] for row in report["requirements"] for fact in row["checks"]}
    assert done.returncode == 0, done.stdout + done.stderr
    assert {row["verdict"] for row in report["requirements"]} == {"pass"}
    assert {"suites/contract/test_fields.py", "example_book/suites/test_lists.py"} <= checks


def test_processes_share_its_checks(commands: Path, tmp_path: Path) -> None:
    done = command(commands, "run", "book", "--workers", "2", "--requirement", "book.page", cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "MUST    2" in done.stdout


def test_it_is_listed_among_the_others(commands: Path, tmp_path: Path) -> None:
    done = command(commands, "list", cwd=tmp_path)

    providers = list(dict.fromkeys(line.partition(".")[0] for line in done.stdout.splitlines()))
    assert (done.returncode, done.stderr) == (0, "")
    assert providers == ["book", "flexmls", "liondesk", "ngpvan", "spark"]


def test_a_row_is_shown_with_its_checks_and_faults(commands: Path, tmp_path: Path) -> None:
    done = command(commands, "show", "book.filter.any-of", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "check: example_book/suites/test_lists.py::test_a_repeated_parameter_finds" in done.stdout
    assert "fault: last-value-counts" in done.stdout


def test_every_fault_is_caught_and_no_variant_accused(commands: Path, tmp_path: Path) -> None:
    done = command(commands, "prove", "book", "--processes", "2", cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "faults, 1 variants, 0 not proved" in done.stdout


def test_every_tested_row_has_a_fault(commands: Path, tmp_path: Path) -> None:
    program = (
        "from contacts_conformance import reference\n"
        "from contacts_conformance.contract import register\n"
        "broken = {f.breaks for f in reference.load('book').FAULTS.values()}\n"
        "print([r.id for r in register.load('book').tested() if r.id not in broken])\n"
    )
    done = command(commands, "-c", program, cwd=tmp_path, program="python")

    assert done.stdout == "[]\n", done.stderr


def test_it_is_documented(commands: Path, tmp_path: Path) -> None:
    done = command(commands, "docs", "book", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    pages = [p.read_text(encoding="utf-8") for p in (tmp_path / "site").glob("book.*.html")]
    assert any("example_book/suites/test_lists.py" in page for page in pages)


def test_it_is_served_examined_and_judged_by_a_target_file(commands: Path, tmp_path: Path) -> None:
    words = [str(commands / "contacts-conformance"), "serve", "book", "--port", "18098"]
    target = tmp_path / "target.toml"
    target.write_text((EXAMPLE / "example_book" / "target.toml").read_text())
    edit(target, "https://book.example.com", "http://127.0.0.1:18098")
    environment = {**os.environ, "PYTHONPATH": ""}
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        first = server.stdout.readline()
        examined = command(commands, "doctor", "--target", "target.toml", cwd=tmp_path)
        words = ["run", "--target", "target.toml", "--yes", "--requirement", "book.page"]
        judged = command(commands, *words, cwd=tmp_path)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)

    assert "book on http://127.0.0.1:18098" in first
    assert (examined.returncode, judged.returncode) == (0, 0), examined.stdout + judged.stdout
    assert "a run can verify everything" in examined.stdout


@pytest.mark.parametrize("processes", ["0", *at_night("2")])
def test_pytest_collects_its_checks_beside_the_shared_ones(commands: Path, tmp_path: Path, processes: str) -> None:
    suites = next(commands.parent.glob("lib/python*/site-packages/contacts_conformance/suites"))
    words = ["-m", "pytest", str(suites), "-p", "contacts_conformance.pytest_plugin.plugin", "-n", processes]
    words += [
        "--provider",
        "book",
        "--requirement",
        "book.page",
        "--requirement",
        "book.text",
        "--reports",
        "reports",
    ]
    done = command(commands, *words, cwd=tmp_path, program="python")

    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "reports/book/report.json").read_text())
    passed = {row["id"]: row for row in report["requirements"] if row["verdict"] == "pass"}
    checks = {fact["check"].partition("::")[0].rpartition("/")[2] for row in passed.values() for fact in row["checks"]}
    assert {row["id"] for row in report["requirements"]} == passed.keys() >= {"book.page.walk", "book.page.total"}
    assert {"test_text.py", "test_lists.py"} <= checks  # one of the shared ones, and one of its own


def test_a_broken_package_is_one_line_and_leaves_the_others_working(commands: Path, tmp_path: Path) -> None:
    broken = install_book(tmp_path / "packages", package="broken_book")
    edit(tmp_path / "packages" / "book_package-1.0.dist-info" / "entry_points.txt", "book =", "shelf =")
    edit(broken / "requirements.yaml", "provider: book", "provider: shelf")

    listed = command(commands, "list", cwd=tmp_path, path=tmp_path / "packages")
    asked = command(commands, "run", "shelf", cwd=tmp_path, path=tmp_path / "packages")
    other = command(
        commands, "run", "liondesk", "--requirement", "liondesk.filter.lte", cwd=tmp_path, path=tmp_path / "packages"
    )

    line = (
        "contacts-conformance: broken_book/requirements.yaml: requirements.0.id: 'book.auth.status' does not begin with"
    )
    assert (listed.returncode, asked.returncode, other.returncode) == (2, 2, 0), other.stdout + other.stderr
    assert listed.stderr.startswith(line)
    assert asked.stderr.startswith(line)
    assert "Traceback" not in listed.stderr + asked.stderr
    assert "book.page.walk" in listed.stdout
    assert "liondesk.filter.lte" in listed.stdout
    assert other.stderr == ""


def test_a_provider_without_a_reference_server_is_listed_and_documented_but_not_served(
    commands: Path, tmp_path: Path
) -> None:
    folder = install_book(tmp_path / "packages", package="paper_book")
    (folder / "reference.py").unlink()
    edit(tmp_path / "packages" / "book_package-1.0.dist-info" / "entry_points.txt", "book =", "paper =")
    for file in ("requirements.yaml", "provider.py", "target.toml"):
        text = (folder / file).read_text().replace("book.", "paper.").replace("provider: book", "provider: paper")
        (folder / file).write_text(text.replace('= "book"', '= "paper"'))

    def paper(*words: str) -> subprocess.CompletedProcess[str]:
        return command(commands, *words, cwd=tmp_path, path=tmp_path / "packages")

    for words in (["serve", "paper"], ["prove", "paper"], ["run", "paper"]):
        done = paper(*words)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "provider 'paper' has no reference server; judge your own server with --target FILE" in (
            done.stderr + done.stdout
        )
    for words in (["list", "paper"], ["show", "paper.page.walk"], ["docs", "paper"]):
        done = paper(*words)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_fits_into_400_lines() -> None:
    files = [p for p in EXAMPLE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]

    assert sum(len(p.read_text(encoding="utf-8").splitlines()) for p in files) <= 400
