"""The command, as its user types it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from contacts_conformance.cli.main import main

TAG = re.compile(r"cc([0-9a-f]{8})")
"""The mark of a run, of which texts that are sent may also carry the end alone."""
COMMAND = [sys.executable, "-m", "contacts_conformance"]


def command(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_a_conformant_server_ends_with_0_and_reports(tmp_path: Path) -> None:
    done = command("run", "liondesk", cwd=tmp_path)

    report = json.loads((tmp_path / "reports/liondesk/report.json").read_text())
    assert done.returncode == 0, done.stdout
    assert "liondesk: conformant" in done.stdout
    assert report["verdict"]["exit_code"] == 0
    assert {r["verdict"] for r in report["requirements"]} == {"pass"}
    assert report["traffic"]["requests"] <= 1_030
    assert report["traffic"]["contacts_left"] == []
    assert (tmp_path / "reports/liondesk/junit.xml").stat().st_size > 0
    assert "Every requirement" in (tmp_path / "reports/liondesk/report.html").read_text()


def _without(tag: str, text: str) -> str:
    """A text without the mark of the run, whole or its end after a word, and without the port of the server."""
    text = TAG.sub("", re.sub(r"^http://[^/]+", "", text))
    return re.sub(rf"([a-z]\d*){tag[-4:]}", r"\1", re.sub(rf"\bw{tag[-6:]}", "w", text))


def test_the_same_seed_sends_the_same_requests(tmp_path: Path) -> None:
    rows = ("operation", "lifecycle", "filter.combined")
    words = ["run", "liondesk", *(w for row in rows for w in ("--requirement", f"liondesk.{row}"))]
    sent = []
    for number, name in enumerate(("one", "two")):
        command(*words, "--reports", name, cwd=tmp_path, PYTHONHASHSEED=str(number))
        report = json.loads((tmp_path / name / "liondesk/report.json").read_text())
        requests = [e["request"] for e in report["exchanges"].values()]
        (tag,) = {t for r in requests for t in TAG.findall(r["body"])}
        sent.append([(r["method"], _without(tag, r["url"]), _without(tag, r["body"])) for r in requests])

    assert len(sent[0]) > 150
    assert sent[0] == sent[1]


def test_a_fault_ends_with_1_and_says_what_was_promised_sent_and_found(tmp_path: Path) -> None:
    words = ["run", "liondesk", "--fault", "lte-excludes-its-bound", "--requirement", "liondesk.filter.lte"]
    done = command(*words, cwd=tmp_path)

    assert done.returncode == 1
    assert "fail: liondesk.filter.lte (MUST)" in done.stdout
    assert "promised: field[$lte]=time returns the contacts" in done.stdout
    assert "script:   reports/liondesk/reproductions/liondesk.filter.lte.sh" in done.stdout
    assert "${LIONDESK_OWNER_TOKEN}" in (tmp_path / "reports/liondesk/reproductions/liondesk.filter.lte.sh").read_text()
    assert "--seed 0 --requirement liondesk.filter.lte" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_broken_should_warns_and_fails_only_when_strict(tmp_path: Path) -> None:
    words = ["run", "liondesk", "--variant", "one-in-list-is-refused", "--requirement", "liondesk.filter.in-single"]

    quiet = command(*words, "-q", cwd=tmp_path)
    told = command(*words, "--strict", "--format", "json", cwd=tmp_path)

    assert quiet.returncode == 0
    assert "liondesk.filter.in-single" not in quiet.stdout
    assert told.returncode == 1
    assert json.loads(told.stdout)["runs"][0]["findings"][0]["requirements"] == ["liondesk.filter.in-single"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "nope"], "no provider 'nope'; there are"),
        (["run", "--target", "absent.toml"], "absent.toml: cannot be read"),
        (["run", "liondesk", "--requirement", "liondesk.nope"], "no requirement has this id"),
        (["run", "liondesk", "--fault", "lte-excludes-its-bond"], "lte-excludes-its-bound"),
        (["run", "--fault", "x"], "--fault and --variant work with the reference server of one provider"),
        (["show", "liondesk.nope"], "no requirement 'liondesk.nope'"),
        (["list", "nope"], "no provider 'nope'"),
        (["serve", "nope"], "no provider 'nope'"),
        (["doctor"], "--target FILE is missing"),
        (["run", "liondesk", "-v", "-q"], "choose one of them"),
        (["prove", "liondesk", "--name", "nope"], "no fault or variant 'nope'"),
        (["prove", "liondesk", "--name", "drawn:create/nowhere/cut-at-comma"], "no operator at a place of liondesk"),
        (["run", "--sed", "1"], "No such option"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_code_2(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, words, catch_exceptions=False)

    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("words", "said"), [(["run", "nope"], "no provider 'nope'"), (["run", "--sed"], "No such option")]
)
def test_a_mistake_ends_the_process_with_2(words: list[str], said: str, tmp_path: Path) -> None:
    done = command(*words, cwd=tmp_path)

    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_list_and_show_speak_of_requirements(tmp_path: Path) -> None:
    listed = command("list", "liondesk.filter", cwd=tmp_path)
    shown = command("show", "liondesk.filter.lte", cwd=tmp_path)

    assert "liondesk.filter.lte  MUST" in listed.stdout
    assert "liondesk.create" not in listed.stdout
    page = "https://developers.liondesk.com/docs/endpoints/contacts"
    assert f"source: LionDesk API v2, Contacts: Comparisons ({page})" in " ".join(shown.stdout.split())
    assert "check: suites/liondesk/test_instants.py" in shown.stdout
    assert "fault: lte-excludes-its-bound" in shown.stdout


def test_serve_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    words = [*COMMAND, "serve", "liondesk", "--port", "18099"]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        first = server.stdout.readline()
        target = tmp_path / "target.toml"
        target.write_text(TARGET.format(port=18099))
        done = command("doctor", "--target", "target.toml", cwd=tmp_path, OWNER="reference-owner-token")
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=60)

    assert "http://127.0.0.1:18099" in first
    assert done.returncode == 3
    assert "as owner: the target answers a list of contacts" in done.stdout
    assert "missing  identity assignee is not set" in done.stdout
    assert "Traceback" not in errors


TARGET = """
provider = "liondesk"
base_url = "http://127.0.0.1:{port}"
writes = true
[identities.owner]
token = "${{OWNER}}"
"""


def test_a_wrong_address_ends_with_4(tmp_path: Path) -> None:
    (tmp_path / "target.toml").write_text(TARGET.format(port=9))

    done = command("run", "--target", "target.toml", cwd=tmp_path, OWNER="some-token")

    assert done.returncode == 4, done.stdout
    assert "the target is unreachable" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_prove_writes_the_matrix(tmp_path: Path) -> None:
    done = command("prove", "liondesk", "--name", "lte-excludes-its-bound", "--processes", "1", cwd=tmp_path)

    matrix = json.loads((tmp_path / "reports/kill-matrix.json").read_text())
    assert done.returncode == 0, done.stdout
    assert [(p["name"], p["proved"]) for p in matrix] == [("lte-excludes-its-bound", True)]
    assert re.search("<h1>Kill matrix</h1>", (tmp_path / "reports/kill-matrix.html").read_text())


def test_prove_takes_the_name_of_a_drawn_fault(tmp_path: Path) -> None:
    name = "drawn:list/page/third-page-empty"

    done = command("prove", "liondesk", "--name", name, "--processes", "1", cwd=tmp_path)

    (proof,) = json.loads((tmp_path / "reports/kill-matrix.json").read_text())
    assert done.returncode == 0, done.stdout
    assert (proof["kind"], proof["operator"], proof["place"]) == ("drawn", "third-page-empty", "list/page")
    assert proof["requirement"].startswith("liondesk.page.")
