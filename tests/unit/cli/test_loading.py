"""Commands load what they need: who asks for help, or for a requirement, waits for no server and no pytest."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contacts_conformance.cli.main import COMMANDS, main

HEAVY = {
    "httpx",
    "hypothesis",
    "jsonschema",
    "pytest",
    "schemathesis",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "contacts_conformance.http.client",
    "contacts_conformance.providers",
    "contacts_conformance.reference",
}
PROGRAM = (
    "import contextlib, io, json, sys\n"
    "from contacts_conformance.cli.main import main\n"
    "out = io.StringIO()\n"
    "with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):\n"
    "    main(sys.argv[1:], prog_name='contacts-conformance')\n"
    "print(json.dumps([out.getvalue(), sorted(sys.modules)]))\n"
)


def call(caches: Path, *words: str) -> tuple[str, set[str]]:
    """What a command prints, and the modules that its process has loaded."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(caches), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, env=environment, check=True
    )
    printed, loaded = json.loads(done.stdout)
    return printed, set(loaded)


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["list"], ["list", "liondesk.filter"]], ids=" ".join)
def test_what_asks_for_words_alone_loads_nothing_that_asks_an_api(tmp_path: Path, words: list[str]) -> None:
    printed, loaded = call(tmp_path, *words)

    assert printed
    assert loaded & HEAVY == set()


def test_the_second_time_a_requirement_is_shown_without_pytest_and_without_a_server(tmp_path: Path) -> None:
    first, everything = call(tmp_path, "show", "liondesk.filter.lte")
    again, loaded = call(tmp_path, "show", "liondesk.filter.lte")

    assert {"pytest", "contacts_conformance.reference"} <= everything  # otherwise nothing is saved
    assert "check: suites/liondesk/" in first
    assert "fault: lte-excludes-its-bound: " in first
    assert again == first
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("room", [30, 60, 500])
def test_the_list_of_commands_says_what_the_help_of_each_begins_with(name: str, room: int) -> None:
    assert main.commands[name].get_short_help_str(room) == main.load(name).get_short_help_str(room)


def test_every_command_of_the_group_is_called_as_its_module_says() -> None:
    assert {main.load(name).name for name in COMMANDS} == set(COMMANDS)


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_command_is_being_loaded_is_told(
    which: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(main, "load", lambda name: os.kill(os.getpid(), which))

    with pytest.raises(SystemExit) as ended:
        main(["list"])

    assert ended.value.code == 3
    assert capsys.readouterr().err == "contacts-conformance: interrupted before anything was sent\n"
    assert signal.getsignal(signal.SIGTERM) is before
