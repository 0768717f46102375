"""The GitHub Action and the example workflows: they use what the command offers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from contacts_conformance.cli.main import main

TOP = Path(__file__).parents[3]
ACTION = yaml.safe_load((TOP / "action.yml").read_text())
STEPS = ACTION["runs"]["steps"]


def options(name: str) -> set[str]:
    return {o for p in main.load(name).params for o in p.opts}


def judge(folder: Path, **inputs: str) -> tuple[int, str, str]:
    """Runs the step that judges, as a runner would: exit code, what was printed, what was put out."""
    bash = shutil.which("bash")
    assert bash
    program = folder / "contacts-conformance/bin/contacts-conformance"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m contacts_conformance "$@"\n')
    program.chmod(0o755)
    step = next(s for s in STEPS if s.get("id") == "run")
    defaults = {k: str(ACTION["inputs"][k.lower()]["default"]) for k in step["env"]}
    done = subprocess.run(
        [bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, "RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "output"), **defaults, **inputs},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, (folder / "output").read_text()


def test_every_option_that_the_action_uses_exists() -> None:
    used = {
        word for s in STEPS for word in re.findall(r"(?<=[ (])--[a-z-]+", s.get("run", "")) if "pip" not in s["run"]
    }

    assert used >= {"--target", "--deviations", "--strict", "--reports"}
    assert used <= options("run")


def test_every_input_reaches_its_step_and_none_is_unused() -> None:
    text = str(STEPS)

    assert set(re.findall(r"inputs\.([a-z-]+)", text)) == set(ACTION["inputs"])
    assert all("${{" not in s.get("run", "") for s in STEPS), "an input must not become a piece of script"


def test_every_output_is_put_out() -> None:
    step = next(s for s in STEPS if s.get("id") == "run")

    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"
        assert re.search(rf'echo "{name}(=|<<)', step["run"])


def test_the_step_judges_puts_out_and_ends_with_the_exit_code(tmp_path: Path) -> None:
    code, said, out = judge(tmp_path, PROVIDER="liondesk", REQUIREMENT="liondesk.filter.lte liondesk.sort")

    assert code == 0, said
    assert "exit-code=0\nreports=conformance-reports\n" in out
    assert "conformance-reports/liondesk/report.json" in out


def test_the_step_fails_by_the_exit_code(tmp_path: Path) -> None:
    code, said, out = judge(tmp_path, TARGET="absent file.toml")

    assert code == 2, said
    assert "absent file.toml: cannot be read" in said
    assert "exit-code=2\n" in out


@pytest.mark.parametrize("name", ["docs/ci/gitlab-ci.yml", "docs/ci/run.sh"])
def test_every_command_in_an_example_exists(name: str) -> None:
    commands = re.findall(r"contacts-conformance (\w[\w-]*)((?: --[a-z]+ [^\s]+| [a-z]+)*)", (TOP / name).read_text())
    used = [(c, words) for c, words in commands if c in main.commands]

    assert {c for c, _ in used} >= {"doctor", "run"}
    for name_, words in used:
        assert set(re.findall(r"--[a-z]+", words)) <= options(name_), (name_, words)


def test_the_workflow_gives_inputs_that_exist_and_guards_the_live_job() -> None:
    jobs: dict[str, Any] = yaml.safe_load((TOP / "docs/ci/github-actions.yml").read_text())["jobs"]
    uses = [s for j in jobs.values() for s in j["steps"] if "contacts-conformance@" in s.get("uses", "")]

    assert {i for s in uses for i in s["with"]} <= set(ACTION["inputs"])
    assert "target" not in jobs["mock"]["steps"][1]["with"]
    assert jobs["live"]["environment"]
    assert "refs/heads/main" in jobs["live"]["if"]


def test_the_shell_example_is_a_shell_script() -> None:
    shell = shutil.which("sh")
    assert shell

    assert subprocess.run([shell, "-n", str(TOP / "docs/ci/run.sh")], check=False).returncode == 0


def in_a_shell(folder: Path, doctor: int, run: int, **environment: str) -> tuple[int, list[str]]:
    """Runs the shell example with a command whose parts end so: its exit code, and which parts were called."""
    shell = shutil.which("sh")
    assert shell
    program = folder / "contacts-conformance"
    program.write_text(
        f'#!/bin/sh\necho "$1" >> "{folder}/called"\ncase $1 in doctor) exit {doctor} ;; run) exit {run} ;; esac\n'
    )
    program.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    words = [shell, str(TOP / "docs/ci/run.sh"), "my.toml"]
    done = subprocess.run(words, env={**os.environ, "PATH": path, **environment}, capture_output=True, check=False)
    return done.returncode, (folder / "called").read_text().split()


@pytest.mark.parametrize(
    ("doctor", "run", "environment", "code", "called"),
    [
        (0, 0, {}, 0, ["doctor", "run"]),
        (0, 1, {}, 1, ["doctor", "run"]),
        (3, 3, {}, 3, ["doctor", "run"]),
        (3, 3, {"ALLOW_INCOMPLETE": "1"}, 0, ["doctor", "run"]),
        (3, 1, {"ALLOW_INCOMPLETE": "1"}, 1, ["doctor", "run"]),
        (2, 0, {}, 2, ["doctor"]),
        (4, 0, {}, 4, ["doctor"]),
        (0, 5, {}, 5, ["doctor", "run", "sweep"]),
    ],
)
def test_the_shell_example_judges_what_an_incomplete_target_file_lets_it(
    tmp_path: Path, doctor: int, run: int, environment: dict[str, str], code: int, called: list[str]
) -> None:
    assert in_a_shell(tmp_path, doctor, run, **environment) == (code, called)
