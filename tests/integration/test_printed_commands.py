"""Every command that the documentation prints works, in the environment that README tells to make.

The commands come from the pages themselves. They run in a copy of the checkout's files, with a plain installation.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import tomlkit

from contacts_conformance.cli.main import main
from contacts_conformance.reference import liondesk

from ..night import night
from . import once, printed
from .printed import Printed

ROOT = Path(__file__).parents[2]
COMMANDS = printed.commands(ROOT)

PLACEHOLDERS: Mapping[str, str] = {
    "[PROVIDER…]": "liondesk",
    "FILE": "my-account.toml",
    "REPORT": "reports/liondesk/report.json",
    "REPORT…": "reports/liondesk/report.json",
    "REPORTS": "reports",
    "OLD": "last-night/liondesk/report.json",
    "NEW": "reports/liondesk/report.json",
    "ID": "liondesk.filter.lte",
    "ID…": "liondesk.filter.in-single",
    "TEXT": "ticket",
    "YYYY-MM-DD": f"{datetime.now(UTC).date() + timedelta(days=30)}",
    "TARGETS…": "my-account.toml",
    "DIR…": "part-1 part-2",
    "OUT": "merged",
    "CAPTURE.har": "capture.har",
    "COMMAND": "run",
}

_ON_A_TARGET = (
    "contacts-conformance run --target conformance/liondesk.toml --yes"
    " --deviations conformance/liondesk-deviations.toml"
    " --reports conformance-reports"
)
_RUN = "contacts-conformance run --target"
_PARTS = [f"contacts-conformance run liondesk --shard {n}/2 --reports part-{n}" for n in (1, 2)]
_FLEET = "contacts-conformance fleet my-account.toml --workers 2 --yes --requirement liondesk.sort"
_WITH_A_LIST = "contacts-conformance run --target my-account.toml --deviations deviations.toml"
_WITH_A_FAULT = "contacts-conformance run liondesk --fault change-replaces-everything"
_WITH_A_VARIANT = "contacts-conformance run liondesk --variant over-long-is-cut"
_ONE_FAULT = "contacts-conformance prove liondesk --name lte-excludes-its-bound"
_ONE_DRAWN = "contacts-conformance prove liondesk --name drawn:list/page/third-page-empty"
INSTEAD: Mapping[str, str] = {
    # the vendors' pages are not at hand
    "pytest tests/repository --pages DIR": "pytest tests/repository/test_pages_at_hand.py --collect-only",
    # all providers, or all faults, take minutes
    "pytest --night": "pytest --night --collect-only -q tests/integration/test_care.py",
    ".venv/bin/contacts-conformance run": ".venv/bin/contacts-conformance run flexmls --requirement flexmls.tag",
    "contacts-conformance prove [PROVIDER…]": _ONE_FAULT,
    "contacts-conformance prove PROVIDER --drawn N --seed S": _ONE_DRAWN,
    "contacts-conformance prove liondesk --drawn 20 --seed 3": _ONE_DRAWN,
    "contacts-conformance prove PROVIDER --drawn N --seed S --profile quick": (
        "contacts-conformance prove liondesk --name drawn:change/email/clears-mobile_phone --profile quick"
    ),
    "contacts-conformance run liondesk --profile deep --max-seconds 300": (
        "contacts-conformance run liondesk --profile deep --max-seconds 15 --requirement liondesk.sort"
    ),
    "contacts-conformance run --target my-account.toml --profile deep --max-seconds 1800": (
        "contacts-conformance run --target my-account.toml --profile deep --max-seconds 15 --requirement liondesk.sort"
    ),
    "contacts-conformance prove liondesk --drawn 5 --deep 60": (
        "contacts-conformance prove liondesk --name drawn:create/first_name/lose-apostrophe --deep 60"
    ),
    "contacts-conformance prove book": "contacts-conformance prove book --name last-value-counts",
    "contacts-conformance prove liondesk": _ONE_FAULT,
    "contacts-conformance prove liondesk --full": f"{_ONE_FAULT} --full",
    # the commands beside these run every check of a provider
    _ON_A_TARGET: f"{_ON_A_TARGET} --requirement liondesk.filter",
    _WITH_A_FAULT: f"{_WITH_A_FAULT} --requirement liondesk.change",
    _WITH_A_VARIANT: f"{_WITH_A_VARIANT} --requirement liondesk.field",
    **{each: f"{each} --requirement liondesk.filter" for each in (f"{_RUN} FILE", f"{_RUN} my-account.toml")},
    _WITH_A_LIST: f"{_WITH_A_LIST} --requirement liondesk.filter",
    "contacts-conformance run liondesk --reports conformance-reports": (
        "contacts-conformance run liondesk --reports conformance-reports --requirement liondesk.sort"
    ),
    "contacts-conformance fleet TARGETS…": _FLEET,
    "contacts-conformance fleet my-account.toml --workers 2 --yes": _FLEET,
    **{part: f"{part} --requirement liondesk.sort --requirement liondesk.auth" for part in _PARTS},
    "pytest tests/unit -n 2": "pytest tests/unit/test_target.py -n 2",
}
"""What runs in place of a command that takes too long."""

_NETWORK = "it needs a package registry"
_MADE = "the environment is made once for all commands, by the fixture `checkout`"
NOT_RUN: Mapping[str, str] = {
    "python3 -m venv .venv": _MADE,
    ".venv/bin/pip install --quiet .": _MADE,
    "pip install .": _MADE,
    "pip install . ./examples/book": _MADE,
    "pip install '.[fleet]'": _NETWORK,
    "pip install '.[redis]'": _NETWORK,
    "python3 -m venv .venv-tox": _NETWORK,
    ".venv-tox/bin/pip install --quiet tox": _NETWORK,
    "pip install --quiet --upgrade pip": _NETWORK,
    "pip install --quiet --editable . --group dev": _NETWORK,
    "pip install --quiet tox": _NETWORK,
    'pip install --quiet "contacts-conformance @ $SUITE"': _NETWORK,
    "apt-get update -qq": _NETWORK,
    "contacts-conformance init PROVIDER": "it asks at a terminal, where another test answers for each provider",
    "apt-get install -qq -y git": _NETWORK,
}
"""Why a command does not run here at all; one of tox needs no entry, its environment has to exist."""

EXIT_CODES: Mapping[str, int] = {
    # the fault is caught
    _WITH_A_FAULT: 1,
    f"{_WITH_A_FAULT} --requirement liondesk.change.only-given": 1,
}
"""How a command ends that does not end with 0."""

AT_NIGHT = {
    "contacts-conformance run liondesk --profile deep --max-seconds 300",  # by day `test_deep.py` explores
    "contacts-conformance prove liondesk --drawn 5 --deep 60",
    "contacts-conformance run --target my-account.toml --profile deep --max-seconds 1800",  # by day without a file
    "contacts-conformance prove liondesk --full",  # a whole run against a fault, as of a variant by day
    _WITH_A_FAULT,  # by day with another requirement
}
"""Commands that differ from others that run by day in nothing that is new."""

VENDOR = "https://api-v2.liondesk.com"


# What the commands need: an installation, a server, a target file, reports of earlier runs


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout's files, with README's environment and the example provider in `.venv`."""
    return once.made(tmp_path_factory, "printed", _installed) / "checkout"


def _installed(place: Path) -> None:
    folder = place / "checkout"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in names:
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    environment = folder.with_name("environment")  # not below one of the copies, since all of them use it
    (folder / ".venv").symlink_to(environment)
    python = environment / "bin/python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, ".", "./examples/book"], cwd=folder, env=_environment(folder), check=True)
    # what the package depends on is here already; editable installations beside it are not seen by such a line
    site = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (entry,) = entry_points(group="console_scripts", name="pytest")
    script = python.with_name("pytest")
    script.write_text(f"#!{python}\nfrom {entry.module} import {entry.attr}\n\nraise SystemExit({entry.attr}())\n")
    script.chmod(0o755)
    found = _run("python -c 'import contacts_conformance; print(contacts_conformance.__file__)'", folder).stdout
    assert Path(found.strip()).is_relative_to(site)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """A copy of that copy, with the files that commands name and the reports of earlier runs."""
    return once.made(tmp_path_factory, "prepared", partial(_prepare, checkout)) / "checkout"


def _prepare(checkout: Path, place: Path) -> None:
    folder = _copied(checkout, place / "checkout")
    with _account(folder) as port:
        for command in (
            "contacts-conformance run --target my-account.toml --requirement liondesk.filter",
            "contacts-conformance accept reports/liondesk/report.json liondesk.filter.in-single"
            f" liondesk.filter.nin-single --reason ticket --expires {PLACEHOLDERS['YYYY-MM-DD']}",
            "contacts-conformance rejudge reports/liondesk --har capture.har",
            *(INSTEAD[part] for part in _PARTS),
        ):
            done = _run(command, folder)
            assert done.returncode == 0, done.stdout + done.stderr
    for copy in ("last-night", "conformance-reports"):
        shutil.copytree(folder / "reports", folder / copy)
    (folder / "conformance").mkdir()
    shutil.copy(folder / "deviations.toml", folder / "conformance/liondesk-deviations.toml")
    capture = (folder / "capture.har").read_text(encoding="utf-8")
    (folder / "capture.har").write_text(_at(capture, port, VENDOR, "https://crm.example.com"), encoding="utf-8")


@contextmanager
def _account(folder: Path) -> Iterator[int]:
    """A server of a variant that a SHOULD row is broken by, its port, and the target file for it in the folder."""
    port = _free_port()
    words = ["contacts-conformance", "serve", "liondesk", "--variant", "one-in-list-is-refused", "--port", str(port)]
    with _serving(words, folder):
        (folder / "my-account.toml").write_text(_target_file(f"http://127.0.0.1:{port}"), encoding="utf-8")
        yield port


@pytest.fixture(scope="module")
def account(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The target file of such a server."""
    folder = tmp_path_factory.mktemp("account")
    (folder / ".venv").symlink_to((checkout / ".venv").resolve())
    with _account(folder):
        yield folder / "my-account.toml"


@pytest.fixture
def workplace(prepared: Path, account: Path, tmp_path: Path) -> Path:
    """A copy of all that for one command; the installation is shared."""
    folder = _copied(prepared, tmp_path / "checkout")
    for name in ("my-account.toml", "conformance/liondesk.toml"):
        shutil.copy(account, folder / name)
    return folder


def _copied(folder: Path, copy: Path) -> Path:
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".venv"))
    (copy / ".venv").symlink_to((folder / ".venv").resolve())
    return copy


def _target_file(url: str) -> str:
    """The target file that README shows, for a server on this machine."""
    (shown,) = printed.blocks(ROOT / "README.md", "toml")
    document = tomlkit.parse(shown)
    document["base_url"] = url
    document["disposable"] = True  # nobody answers here; what a run asks is tested elsewhere
    del document["limits"]["requests_per_second"]
    del document["identities"]["teammate"][
        "shared_contact"
    ]  # the server has no such contact, and `doctor` would say so
    return tomlkit.dumps(document)


def _at(capture: str, port: int, *places: str) -> str:
    """A capture of exchanges with the server, as if each of these places had answered them."""
    document = json.loads(capture)
    entries = json.dumps(document["log"]["entries"])
    moved = [json.loads(entries.replace(f"http://127.0.0.1:{port}", place)) for place in places]
    document["log"]["entries"] = [entry for each in moved for entry in each]
    return json.dumps(document)


# Running


def _environment(folder: Path) -> dict[str, str]:
    """The environment of a user who has activated README's environment and set the variables of the target file."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PYTEST", "COV", "GITHUB_"))}
    tokens = {f"LIONDESK_{r.upper()}_TOKEN": f"{i['token']}" for r, i in liondesk.TARGET["identities"].items()}
    return {**kept, **tokens, "PATH": f"{(folder / '.venv').resolve() / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False
    )


@contextmanager
def _serving(words: list[str], folder: Path) -> Iterator[str]:
    """Starts a command that serves, yields the first line that it prints, and interrupts it at the end."""
    process = subprocess.Popen(
        [str(folder / ".venv/bin" / words[0]), *words[1:]],
        cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert not errors


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _filled_in(command: str) -> str:
    words = [PLACEHOLDERS.get(word, word) for word in INSTEAD.get(command, command).split(" ")]
    return " ".join(words)


def _to_run() -> list[Printed]:
    """The commands that run, each once, whichever placeholders it is printed with."""
    asked = [c for c in COMMANDS if c.command not in NOT_RUN and not c.command.split()[0].endswith("tox")]
    return list({_filled_in(c.command): c for c in reversed(asked)}.values())[::-1]


# The tests

RUN = _to_run()


@pytest.mark.parametrize(
    "entry",
    [pytest.param(c, id=c.command, marks=[night] if c.command in AT_NIGHT else []) for c in RUN],
)
def test_a_printed_command_works(entry: Printed, workplace: Path) -> None:
    command = _filled_in(entry.command)
    if " serve " in command and "--list" not in command:
        with _serving(re.sub(r"8080", str(_free_port()), command).split(), workplace) as first:
            assert "http://127.0.0.1:" in first
        return

    done = _run(command, workplace)

    assert done.returncode == EXIT_CODES.get(entry.command, 0), f"{entry.page}: {done.stdout[-3_000:]}{done.stderr}"
    assert "Traceback" not in done.stdout + done.stderr


def test_every_environment_of_tox_that_is_printed_exists() -> None:
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ROOT / "tox.ini")
    words = [c.command.split() for c in COMMANDS if c.command.split()[0].endswith("tox")]

    assert {w[w.index("-e") + 1] for w in words if "-e" in w} <= {s.removeprefix("testenv:") for s in settings}


def test_no_entry_of_the_tables_is_about_a_command_that_nobody_prints() -> None:
    commands = {c.command for c in COMMANDS}

    assert {*INSTEAD, *NOT_RUN, *EXIT_CODES} <= commands
    assert {c.command for c in RUN} >= AT_NIGHT
    assert len(RUN) >= 40


def test_the_readme_shows_every_command_that_there_is() -> None:
    shown = {c.command.split()[1] for c in COMMANDS if c.command.split()[0].endswith("contacts-conformance")}

    assert shown >= set(main.commands)


@pytest.mark.parametrize("path", ["tests", "suites ../environment/lib"])
def test_pytest_says_where_the_checks_are_if_a_path_has_none(path: str, checkout: Path) -> None:
    done = _run(f"pytest {path} --provider liondesk -c pyproject.toml", checkout)

    assert done.returncode == 2
    assert f"{path.split('/')[-1]}: the checks of this run are in {checkout / 'suites'}" in done.stderr


def test_pytest_takes_the_installed_checks_outside_of_a_checkout(checkout: Path, tmp_path: Path) -> None:
    (suites,) = (checkout / ".venv").resolve().glob("lib/*/site-packages/contacts_conformance/suites")
    options = "-p contacts_conformance.pytest_plugin.plugin --provider liondesk"
    options += " --requirement liondesk.operation.listContacts.accepts"

    done = _run(f"cd {tmp_path} && pytest {suites} {options}", checkout)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_check_that_contributing_shows_catches_its_fault_and_passes_without(workplace: Path) -> None:
    (check,) = (b for b in printed.blocks(ROOT / "CONTRIBUTING.md", "python") if "def test_" in b)
    (workplace / "suites/liondesk/test_shown.py").write_text(check)
    command = "pytest suites/liondesk/test_shown.py --provider liondesk -q"

    kept, broken = _run(command, workplace), _run(f"{command} --fault change-replaces-everything", workplace)

    assert "1 passed" in kept.stdout
    assert "1 failed" in broken.stdout
    assert 'first_name stays "Ada"' in broken.stdout
