"""Whole runs on Spark Platform targets: with one role of five, and with statuses that contradict the envelope."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.model import Verdict
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.verdicts.result import Result

from ..night import at_night

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

IDX = """
provider = "spark"
base_url = "{url}"
writes = true
disposable = true
[identities.idx]
token = "${{IDX_TOKEN}}"
"""


def _judged(app: Any, folder: Path, *requirements: str, more: str = "") -> Result:
    with serving(app) as url:
        (folder / "target.toml").write_text(IDX.format(url=url) + more)
        done = run(Order("spark", folder / "target.toml", requirements))
    assert done.result is not None, done.output
    return done.result


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDX_TOKEN", "reference-idx-token")


def _verdicts(found: Result) -> dict[str, str]:
    return {j.requirement.id: j.verdict.value for j in found.judgements}


def test_with_an_idx_key_alone_exactly_what_needs_more_is_not_verified(tmp_path: Path) -> None:
    found = _judged(reference.load("spark").application(), tmp_path)

    verdicts = _verdicts(found)
    assert found.exit_code == 3
    assert set(verdicts.values()) == {"pass", "not-verified", "not-applicable"}
    beside = ("spark.auth.expired", "spark.session.", "spark.operation.openSession.")  # what the page does not promise
    for judgement in found.judgements:
        unseen = judgement.reason.startswith("no answer showed")  # what this key is never shown, and nobody sent
        if judgement.verdict != "pass":
            assert unseen or "[identities." in judgement.reason, judgement
        assert (judgement.verdict == "not-applicable") == (unseen or judgement.requirement.id.startswith(beside))
    assert {r for r, v in verdicts.items() if v == "not-verified" and r.startswith("spark.role.")} == {
        r.id for r in register.load("spark").below("spark.role") if not r.id.startswith("spark.role.idx.")
    }


def test_where_an_idx_key_is_all_that_there_is_the_run_is_conformant(tmp_path: Path) -> None:
    found = _judged(reference.load("spark").application(), tmp_path, more='[offers]\nroles = ["IDX"]\n')

    counts = Counter(_verdicts(found).values())
    assert found.exit_code == 0, found.of(Verdict.FAIL, Verdict.NOT_VERIFIED, Verdict.SUITE_ERROR)
    assert set(counts) == {"pass", "not-applicable"}
    assert counts["pass"] > counts["not-applicable"]


def _contradicting(app: Any, status: int, success: bool) -> Any:
    """The application, whose answers to writes that it carried out have this status and this `Success`."""

    async def wrapped(scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await app(scope, receive, send)
            return
        began: list[Message] = []

        async def alter(message: Message) -> None:
            if message["type"] == "http.response.start":
                began.append(message)
                return
            start = began.pop()
            body = message["body"]
            if 200 <= start["status"] < 300:
                document = json.loads(body)
                document["D"]["Success"] = success
                body = json.dumps(document).encode()
                kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
                start = {**start, "status": status, "headers": [*kept, (b"content-length", str(len(body)).encode())]}
            await send(start)
            await send({**message, "body": body})

        await app(scope, receive, alter)

    return wrapped


@pytest.mark.parametrize(("status", "success"), [(200, False), *at_night((400, True))])
def test_a_status_that_contradicts_the_envelope_is_not_conformant(status: int, success: bool, tmp_path: Path) -> None:
    app = _contradicting(reference.load("spark").application(), status, success)

    found = _judged(app, tmp_path, "spark.operation", "spark.envelope")

    assert found.exit_code == 1
    assert "fail" in _verdicts(found).values()


def test_contacts_set_aside_as_unconnected_that_a_transfer_has_connected_accuse_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = reference.load("spark").TARGET["known"]
    monkeypatch.setitem(known, "unconnected", known["active"])

    done = run(Order("spark", requirements=("spark.unconnected.lists",)))

    assert done.result is not None
    assert _verdicts(done.result)["spark.unconnected.lists"] == "not-verified"
