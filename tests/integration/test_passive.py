"""Looks at exchanges that took place: what they find is what a run finds, and nothing is sent for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import harfile
import httpx
import pytest
from click.testing import CliRunner, Result

from contacts_conformance import reference
from contacts_conformance.cli.main import main
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.traffic import evidence
from contacts_conformance.traffic.replay import rejudge
from contacts_conformance.verdicts.response_checks import EVERY_EXCHANGE
from contacts_conformance.verdicts.result import Result as RunResult

from ..night import at_night
from . import once

SOME = ("liondesk.operation", "liondesk.field.company")
FAULT = "wrong-type-company"


def command(*words: object) -> Result:
    return CliRunner().invoke(main.load(str(words[0])), [str(w) for w in words[1:]], standalone_mode=False)


def passive_facts(result: RunResult) -> set[tuple[object, ...]]:
    """What exchanges showed by themselves; values of contacts of another process are stored masked."""
    return {
        (f.requirement, f.outcome, f.breach and (f.breach.kind, f.breach.subject, f.breach.observed), f.exchanges)
        for j in result.judgements
        for f in j.facts
        if f.check == EVERY_EXCHANGE
    }


@pytest.mark.parametrize(
    "order",
    [
        Order("liondesk", requirements=SOME, fault=FAULT, workers=2),
        Order("liondesk", requirements=SOME, variant="busy-at-times"),
        *at_night(Order("liondesk"), Order("liondesk", requirements=SOME, fault=FAULT)),
    ],
    ids=["faulty and spread", "busy", "conformant", "faulty"],
)
def test_rejudging_a_run_finds_what_its_passive_checks_found(tmp_path: Path, order: Order) -> None:
    done = run(Order(**{**{k: getattr(order, k) for k in order.__slots__}, "reports": tmp_path}))
    assert done.result is not None, done.output

    held = evidence.read(tmp_path / "liondesk/evidence.jsonl")
    again = rejudge(held.origin, held.exchanges, command="x")

    assert passive_facts(done.result)
    rows = {j.requirement.id for j in done.result.judgements}
    assert {f for f in passive_facts(again.result) if f[0] in rows} == passive_facts(done.result)
    assert len(held.exchanges) >= done.result.traffic.requests
    assert again.leaks == ()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        assert run(Order("liondesk", requirements=SOME, fault=FAULT, reports=folder)).exit_code == 1

    return once.made(tmp_path_factory, "wrong-type", make)


def test_rejudge_names_the_broken_requirement_in_text_and_json(faulty: Path) -> None:
    text, form = command("rejudge", faulty), command("rejudge", faulty / "liondesk/report.json", "--format", "json")

    document = json.loads(form.output)
    assert (text.return_value, form.return_value, document["exit_code"]) == (1, 1, 1)
    assert "fail: liondesk.field.company.type (MUST)" in text.output
    judged = {r["id"]: r["verdict"] for r in document["judged"][0]["report"]["requirements"]}
    assert [i for i, v in judged.items() if v == "fail"] == ["liondesk.field.company.type"]


def test_a_run_on_a_target_keeps_its_secrets_out_of_the_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = reference.load("liondesk")
    owner = server.TARGET["identities"]["owner"]
    with serving(server.application()) as url:
        file = tmp_path / "target.toml"
        file.write_text(
            f'provider = "liondesk"\nbase_url = "{url}"\nwrites = true\n'
            f'[identities.owner]\ntoken = "${{OWNER_TOKEN}}"\nuser_id = "{owner["user_id"]}"\n'
        )
        monkeypatch.setenv("OWNER_TOKEN", owner["token"])
        run(
            Order("liondesk", target=file, requirements=("liondesk.operation.readContact",), reports=tmp_path, yes=True)
        )

    clean = command("rejudge", tmp_path, "--target", file)
    path = tmp_path / "liondesk/evidence.jsonl"
    assert owner["token"] not in path.read_text()
    path.write_text(path.read_text().replace("${OWNER_TOKEN}", owner["token"]))
    leaking = command("rejudge", tmp_path, "--target", file)

    assert clean.return_value == 0, clean.output
    assert leaking.return_value == 5
    assert "a secret of the target file" in leaking.output
    assert owner["token"] not in leaking.output


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    server = reference.load("liondesk")
    token = server.TARGET["identities"]["owner"]["token"]
    with (
        serving(server.application(fault=FAULT)) as url,
        httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as client,
    ):
        yield client


def record(path: Path, answers: list[httpx.Response]) -> Path:
    """Writes what a client sent and got as a browser's network panel does."""
    with harfile.HarFile.open(path) as har:
        for answer in answers:
            request = answer.request
            har.add_entry(
                startedDateTime="2026-01-02T03:04:05.678Z",
                time=5,
                request=harfile.Request(
                    method=request.method,
                    url=str(request.url),
                    httpVersion="HTTP/1.1",
                    headers=[harfile.Record(n, v) for n, v in request.headers.items()],
                    postData=harfile.PostData("application/json", text=request.content.decode())
                    if request.content
                    else None,
                ),
                response=harfile.Response(
                    status=answer.status_code,
                    statusText=answer.reason_phrase,
                    httpVersion="HTTP/1.1",
                    headers=[harfile.Record(n, v) for n, v in answer.headers.items()],
                    content=harfile.Content(len(answer.content), mimeType="application/json", text=answer.text),
                ),
                timings=harfile.Timings(send=0, wait=5, receive=0),
            )
    return path


def test_a_capture_of_a_faulty_server_names_the_broken_requirement(tmp_path: Path, client: httpx.Client) -> None:
    made = client.post("/contacts", json={"first_name": "Ada", "company": "Engines"})
    answers = [made, client.get(f"/contacts/{made.json()['id']}"), client.get("/contacts", params={"$limit": 2})]
    path = record(tmp_path / "capture.har", answers)

    done = command("check-traffic", path, "--provider", "liondesk", "--base-url", client.base_url, "--list")

    assert done.return_value == 1, done.output
    assert "fail: liondesk.field.company.type (MUST)" in done.output
    assert "3 exchanges, 3 judged" in done.output
    assert "not seen: liondesk.operation.removeContact.status" in done.output
    assert "needs a run: liondesk.filter.lte" in done.output
    assert client.headers["Authorization"].removeprefix("Bearer ") not in done.output


@pytest.mark.parametrize("provider", ["flexmls", "liondesk", *at_night("ngpvan")])
def test_a_capture_of_a_conformant_run_raises_no_alarm(tmp_path: Path, provider: str) -> None:
    done = run(Order(provider, reports=tmp_path))
    assert done.result is not None, done.output
    written = command("rejudge", tmp_path, "--har", tmp_path / "run.har")

    checked = command("check-traffic", tmp_path / "run.har", "--provider", provider, "--base-url", done.result.base_url)

    assert written.return_value == 0
    assert checked.return_value == 0, checked.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rejudge", "absent"], "there is no such file or folder"),
        (["check-traffic", "absent.har", "--provider", "liondesk"], "cannot be read"),
        (["check-traffic", "absent.har", "--provider", "nope"], "no provider 'nope'"),
    ],
)
def test_a_wrong_file_is_answered_with_one_line(words: list[str], said: str) -> None:
    done = command(*words)

    assert said in str(done.exception)
    assert "\n" not in str(done.exception)
