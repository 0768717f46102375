"""What is accepted stays accepted when messages are reworded, and ends when the server behaves in another way."""

import ast
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance.checks import expect
from contacts_conformance.contract import resources
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin.runner import Done, Order, run
from contacts_conformance.reference import flexmls
from contacts_conformance.report.json import to_document
from contacts_conformance.verdicts.accept import accept
from contacts_conformance.verdicts.deviations import State

FAULTS = {
    "liondesk.filter": "lte-excludes-its-bound",
    "liondesk.list": "total-leaves-out-the-skipped",
    "liondesk.access": "may-not-read-assignee",
}
TEXTS = {"that": (1, 2), "broken": (0, 1)}
"""The functions of `expect` that take texts for people, and the places of these texts."""


class Rewords(ast.NodeTransformer):
    """Puts other words before every text for people that a suite hands to an expectation."""

    def __init__(self) -> None:
        self.reworded = 0

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        called = node.func
        of_expect = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)
        if of_expect and called.value.id == "expect" and called.attr in TEXTS:  # type: ignore[attr-defined]  # seen above
            for place in TEXTS[called.attr]:  # type: ignore[attr-defined]  # seen above
                node.args[place] = ast.BinOp(ast.Constant("in other words: "), ast.Add(), node.args[place])
                self.reworded += 1
        return node


@pytest.fixture
def reworded(tmp_path: Path) -> Iterator[int]:
    """How many texts of the LionDesk suite are reworded; those of the expectations themselves are, too."""
    suites = tmp_path / "suites"
    shutil.copytree(resources.suites(), suites)
    rewords = Rewords()
    for path in (suites / "liondesk").glob("*.py"):
        tree = rewords.visit(ast.parse(path.read_text(encoding="utf-8")))
        path.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")
    original = expect.that

    def that(holds: object, expected: str, got: str, **more: object) -> None:
        original(holds, f"to put it otherwise, {expected}", f"{got}, that is", **more)  # type: ignore[arg-type]  # as given

    with mock.patch.object(resources, "suites", return_value=suites), mock.patch.object(expect, "that", that):
        yield rewords.reworded


def judge(prefix: str, fault: str, deviations: Path | None = None) -> Done:
    for name in [n for n in sys.modules if n.partition(".")[0] == "suites"]:
        del sys.modules[name]  # pytest does not read a module of this name again, although it lies elsewhere now
    return run(Order("liondesk", requirements=(prefix,), fault=fault, deviations=deviations))


def accepted(done: Done, folder: Path) -> Path:
    """A file that accepts every failure and warning of a run."""
    assert done.result is not None
    document = to_document(done.result)
    failing = [r["id"] for r in document["requirements"] if r["verdict"] in (Verdict.FAIL, Verdict.WARN)]
    assert failing
    file = folder / "deviations.toml"
    today = done.result.started[:10]

    accept(
        document,
        failing,
        reason="known",
        expires=date(2999, 12, 31),
        link="",
        file=file,
        today=date.fromisoformat(today),
    )
    return file


@pytest.mark.parametrize(("prefix", "fault"), FAULTS.items())
def test_rewording_every_message_ends_no_deviation(
    prefix: str, fault: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = judge(prefix, fault)
    file = accepted(before, tmp_path)
    assert request.getfixturevalue("reworded") > 20

    after = judge(prefix, fault, file)

    assert before.result is not None
    assert after.result is not None
    assert not after.result.of(Verdict.FAIL, Verdict.WARN)
    assert {r.state for r in after.result.deviations} == {State.ACCEPTED}
    reasons = [
        {j.requirement.id: j.reason for j in d.result.judgements if j.reason} for d in (before, after) if d.result
    ]
    assert all(reasons[0][row] != reasons[1][row] for row in reasons[0])


class OtherStatus:
    """Answers PUT to the collection, which the page promises to refuse with 405, with another status."""

    status = 404

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def changed(message: Message) -> None:
            excluded = (scope["method"], scope["path"]) == ("PUT", "/v1/contacts")
            if message["type"] == "http.response.start" and excluded:
                message = {**message, "status": self.status}
            await send(message)

        await self.app(scope, receive, changed)


def test_another_status_ends_a_deviation(tmp_path: Path) -> None:
    original = flexmls.application

    def application(**options: object) -> object:
        app = original(**options)  # type: ignore[arg-type]  # as given
        app.add_middleware(OtherStatus)
        return app

    def put_is_refused(deviations: Path | None = None) -> Done:
        return run(Order("flexmls", requirements=("flexmls.method.PUT.v1.contacts",), deviations=deviations))

    with mock.patch.object(flexmls, "application", application):
        file = accepted(put_is_refused(), tmp_path)
        assert put_is_refused(file).exit_code == 0
        with mock.patch.object(OtherStatus, "status", 400):
            done = put_is_refused(file)

    assert done.result is not None
    assert done.exit_code == 1
    assert {r.state for r in done.result.deviations} == {State.CHANGED}
    assert "status 400; gone: " in done.result.deviations[0].message
