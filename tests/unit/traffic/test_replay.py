"""Stored exchanges, judged again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.http.recording import Kept
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import Exchange, Verdict
from contacts_conformance.report import json as report_json
from contacts_conformance.target import Secret
from contacts_conformance.traffic import Origin, Seen, evidence
from contacts_conformance.traffic.replay import lines, observable, rejudge

ORIGIN = Origin(
    provider="liondesk",
    target="sandbox",
    base_url="https://api.example",
    embedded=False,
    suite_version="0",
    spec_sha256="0" * 64,
    seed=7,
    tag="cc12345678",
    started="2026-01-02T03:04:05+00:00",
)
CONTACT = {"id": 1, "owner_user_id": 1, "first_name": "Ada", "company": "Engines"}


def a_seen(number: int = 1, body: object = CONTACT, check: str = "a check", **changes: object) -> Seen:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    plain = Exchange(
        id=str(number),
        started="2026-01-02T03:04:05+00:00",
        milliseconds=1,
        identity="owner",
        operation="readContact",
        method="GET",
        url="https://api.example/contacts/1",
        request_headers=(("Authorization", "Bearer ${OWNER_TOKEN}"),),
        request_body="",
        request_size=0,
        status=200,
        reason="OK",
        response_headers=(("content-type", "application/json"),),
        response_body=content.decode("utf-8", "replace"),
        response_size=len(content),
    )
    return Seen(replace(plain, **changes), content, "readContact", check)  # type: ignore[arg-type]  # fields by name


def test_answers_as_documented_hold() -> None:
    done = rejudge(ORIGIN, [a_seen()], command="x")

    assert {j.verdict for j in done.result.judgements} == {Verdict.PASS}
    assert done.exit_code == 0


def test_an_attribute_of_the_wrong_type_breaks_its_own_requirement() -> None:
    done = rejudge(ORIGIN, [a_seen(body={**CONTACT, "company": 7})], command="x")

    assert [j.requirement.id for j in done.result.of(Verdict.FAIL)] == ["liondesk.field.company.type"]
    assert done.exit_code == 1
    assert any("company: expected a value of type string or null; got 7" in line for line in lines(done))


def test_a_broken_should_warns_and_fails_when_strict() -> None:
    unlabelled = [a_seen(response_headers=())]

    assert rejudge(ORIGIN, unlabelled, command="x").exit_code == 0
    assert rejudge(ORIGIN, unlabelled, command="x", strict=True).exit_code == 1


def test_each_check_tells_a_problem_three_times_at_most() -> None:
    broken = [a_seen(n, {**CONTACT, "company": 7}, f"check {n % 2}") for n in range(10)]

    done = rejudge(ORIGIN, broken, command="x")

    assert len(done.result.of(Verdict.FAIL)[0].facts) == 6


def test_nothing_to_judge_is_incomplete() -> None:
    done = rejudge(ORIGIN, [replace(a_seen(), unjudged="no answer came")], command="x")

    assert done.exit_code == 3
    assert done.unjudged == {"no answer came": 1}


def test_an_operation_that_is_gone_is_not_judged() -> None:
    done = rejudge(ORIGIN, [replace(a_seen(), operation="oldOperation")], command="x")

    assert done.unjudged == {"the contract has no operation oldOperation": 1}


def test_a_secret_in_the_exchanges_is_told_and_not_shown() -> None:
    leaking = [
        a_seen(1, {**CONTACT, "company": "top-secret-token"}),
        a_seen(2, request_headers=(("Authorization", "Bearer abcdefgh"),)),
    ]

    done = rejudge(ORIGIN, leaking, command="x", secrets=Redactor([Secret("T", "top-secret-token")]))

    assert done.leaks == (
        "exchange 1: a secret of the target file",
        "exchange 2: the header Authorization is not redacted",
    )
    assert done.exit_code == 5
    assert "top-secret-token" not in "".join(lines(done))
    assert "abcdefgh" not in "".join(lines(done))


def test_what_can_and_cannot_be_judged_make_up_the_register() -> None:
    done = rejudge(ORIGIN, [a_seen()], command="x")
    judged = {j.requirement.id for j in done.result.judgements}

    assert judged | {r.id for r in done.unseen} == {r.id for r in observable("liondesk")}
    assert "liondesk.filter.lte" in {r.id for r in done.beyond}
    assert not {r.id for r in done.beyond} & {r.id for r in observable("liondesk")}


def test_the_document_holds_a_report_by_its_schema() -> None:
    document = rejudge(ORIGIN, [a_seen()], command="x").to_document()

    report_json.validator().validate(document["report"])


# The file


def written(folder: Path, *seen: Seen, worker: str = "") -> Path:
    writer = evidence.Writer(folder, ORIGIN, worker)
    for each in seen:
        writer.add(
            each.check, [each.exchange], {each.exchange.id: Kept(each.content)}, {each.exchange.id: each.operation}
        )
    writer.close()
    return folder / "evidence.jsonl"


@pytest.mark.parametrize("body", [CONTACT, b"", b"\xff\xfe\x00", "\u2028 …".encode(), b"x" * 100_000])
def test_evidence_comes_back_whole(tmp_path: Path, body: object) -> None:
    seen = a_seen(body=body)

    read = evidence.read(written(tmp_path, seen))

    assert read.origin == ORIGIN
    assert [s.content for s in read.exchanges] == [seen.content]
    assert read.exchanges[0].operation == "readContact"


def test_what_was_not_judged_says_why(tmp_path: Path) -> None:
    wrong, silent, outside = a_seen(1, legal=False), a_seen(2, status=0, error="gone"), a_seen(3, check="")

    read = evidence.read(written(tmp_path, wrong, silent, outside))

    assert [s.unjudged for s in read.exchanges] == [
        "the request breaks the contract on purpose",
        "no answer came",
        "sent outside a check, to prepare or to clean up",
    ]


def test_the_processes_of_a_run_make_one_file(tmp_path: Path) -> None:
    written(tmp_path, a_seen(1), worker="gw0")
    written(tmp_path, a_seen(2), worker="gw1")

    evidence.merge(tmp_path)

    assert [s.exchange.id for s in evidence.read(tmp_path / "evidence.jsonl").exchanges] == ["1", "2"]
    assert [p.name for p in tmp_path.iterdir()] == ["evidence.jsonl"]


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, a_seen(1), a_seen(2))
    path.write_bytes(path.read_bytes()[:-40])

    assert [s.exchange.id for s in evidence.read(path).exchanges] == ["1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "is no evidence of a run"),
        (b"{}\n", "is no evidence of a run"),
        (ORIGIN.model_dump_json().encode() + b"\n{}\n", "line 2 is no exchange"),
        (ORIGIN.model_dump_json().encode() + b"\nnonsense\n", "line 2 is no exchange"),
    ],
)
def test_a_wrong_file_is_refused_in_a_line(tmp_path: Path, text: bytes, said: str) -> None:
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(text)

    with pytest.raises(UsageError, match=said) as refused:
        evidence.read(path)
    assert len(refused.value.lines) == 1


def test_a_report_its_folder_and_the_folder_of_all_lead_to_the_evidence(tmp_path: Path) -> None:
    path = written(tmp_path / "liondesk", a_seen())
    (tmp_path / "liondesk/report.json").touch()

    for named in (path, path.parent, path.parent / "report.json", tmp_path):
        assert evidence.find(named) == (path,)


def test_no_evidence_is_a_mistake_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no evidence"):
        evidence.find(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        evidence.find(tmp_path / "absent")
