"""No requirement passes that nothing showed: in narrowed and interrupted runs, and where answers leave things out."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.contract import register, resources
from contacts_conformance.model import Outcome, Verdict
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference import flexmls

from ..night import at_night

SUITES = resources.suites()
ALWAYS = {"ResourceUri", "Id", "DisplayName"}
"""What the page shows in every contact."""


def pytest_run(*words: str, reports: Path | None = None, cwd: Path = SUITES.parent) -> tuple[int, str]:
    options = ["-q", "-p", "no:randomly", *([f"--reports={reports}"] if reports else [])]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, *options], cwd=cwd, capture_output=True, text=True, timeout=240
    )
    return done.returncode, done.stdout + done.stderr


def verdicts(folder: Path) -> dict[str, str]:
    document: dict[str, Any] = json.loads((folder / "report.json").read_text())
    for row in document["requirements"]:
        held = any(c["outcome"] == Outcome.HELD for c in row["checks"])
        assert (row["verdict"] == Verdict.PASS) <= held, row["id"]
    return {r["id"]: r["verdict"] for r in document["requirements"]}


def test_one_check_of_a_requirement_passes_only_what_it_judged(tmp_path: Path) -> None:
    check = "suites/spark/test_instants.py::test_instants_of_changes_are_compared"
    code, output = pytest_run(check, "--provider", "spark", reports=tmp_path)

    found = verdicts(tmp_path / "spark")
    assert set(found.values()) <= {Verdict.PASS, Verdict.NOT_VERIFIED}
    assert code == (3 if Verdict.NOT_VERIFIED in found.values() else 0), output


def test_a_run_that_only_sets_up_verifies_nothing(tmp_path: Path) -> None:
    code, output = pytest_run("suites", "--provider", "ngpvan", "--setup-only", reports=tmp_path)

    assert code == 3, output
    assert set(verdicts(tmp_path / "ngpvan").values()) == {Verdict.NOT_VERIFIED}


_NOTHING = (["-k", "no_check_has_this_name"], ["-m", "xfail"], ["--requirement", "ngpvan.none"])
_SPREAD = ["-n", "2"]


@pytest.mark.parametrize(
    ("more", "workers"),
    [
        *((more, []) for more in _NOTHING),
        *at_night(*((more, _SPREAD) for more in _NOTHING)),
    ],
)
def test_a_selection_of_nothing_is_wrong_use(more: list[str], workers: list[str], tmp_path: Path) -> None:
    code, output = pytest_run("suites", "--provider", "ngpvan", *more, *workers, reports=tmp_path)

    assert code == 2, output
    assert "no check was selected" in output
    assert not (tmp_path / "ngpvan" / "report.json").exists()


class Interrupts:
    """Interrupts the run once its checks are collected, before the first one."""

    def pytest_runtestloop(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize("requirements", [(), ("liondesk.filter.in",)])
def test_a_run_that_is_interrupted_before_its_first_check_verifies_nothing(
    requirements: tuple[str, ...], tmp_path: Path
) -> None:
    done = run(Order("liondesk", requirements=requirements, reports=tmp_path), [Interrupts()])

    assert done.exit_code == 3
    assert set(verdicts(tmp_path / "liondesk").values()) == {Verdict.NOT_VERIFIED}


class OptionalFieldsLeftOut:
    """Takes every field out of the contacts in answers that the page does not show in all of them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started: list[Message] = []

        async def shorten(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
                return
            body = _shortened(message.get("body", b""))
            headers = [(k, v) for k, v in started[0]["headers"] if k != b"content-length"]
            await send({**started[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({**message, "body": body})

        await self.app(scope, receive, shorten)


def _shortened(body: bytes) -> bytes:
    document = json.loads(body)
    results = document.get("D", {}).get("Results") if isinstance(document, dict) else None
    for record in results if isinstance(results, list) else ():
        if "ResourceUri" in record:
            for name in record.keys() - ALWAYS:
                del record[name]
    return json.dumps(document).encode()


def leaves_out() -> Done:
    original = flexmls.application

    def application(**options: Any) -> Any:
        app = original(**options)
        app.add_middleware(OptionalFieldsLeftOut)
        return app

    with mock.patch.object(flexmls, "application", application):
        return run(Order("flexmls"))


def test_a_field_that_no_answer_shows_has_no_type_that_passes() -> None:
    done = leaves_out()

    assert done.result is not None
    found = {j.requirement.id: j.verdict for j in done.result.judgements}
    types = {r.id for r in register.load("flexmls").tested() if r.id.endswith(".type")}
    shown = {f"flexmls.field.{name}.type" for name in ALWAYS}
    assert {r for r in types if found[r] is Verdict.PASS} == shown & types
    assert {found[r] for r in types - shown} <= {Verdict.NOT_VERIFIED, Verdict.NOT_APPLICABLE}
    reasons = {j.requirement.id: j.reason for j in done.result.judgements}
    assert all("no answer showed" in reasons[r] for r in types - shown)
