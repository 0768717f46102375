"""HAR captures of somebody's client."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance import contract
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Verdict
from contacts_conformance.traffic import capture, har, request_validity
from contacts_conformance.traffic.replay import lines, rejudge

from .captured import BASE, CONTACT, TOKEN, a_file, an_entry


def unjudged(folder: Path, *entries: Any) -> list[str]:
    return [s.unjudged for s in capture.read(a_file(folder, *entries), "liondesk").exchanges]


def test_what_lies_below_the_base_url_is_taken(tmp_path: Path) -> None:
    entries = [an_entry(), an_entry(base="https://cdn.example"), an_entry(base=BASE + ".evil.example")]

    found = capture.read(a_file(tmp_path, *entries), "liondesk")

    assert [(s.operation, s.unjudged) for s in found.exchanges] == [("readContact", "")]


@pytest.mark.parametrize("base", ["http://localhost:8080/api/v2", "http://localhost:8080/api/v2/"])
def test_another_base_url_can_be_said(tmp_path: Path, base: str) -> None:
    entries = [an_entry(base="http://localhost:8080/api/v2"), an_entry(base="http://localhost:8080/api/v20")]

    found = capture.read(a_file(tmp_path, *entries), "liondesk", base)

    assert [s.operation for s in found.exchanges] == ["readContact"]


def test_only_answers_to_lawful_requests_are_judged(tmp_path: Path) -> None:
    assert unjudged(
        tmp_path,
        an_entry("POST", "/contacts", body='{"first_name": "Ada"}', status=201),
        an_entry("POST", "/contacts", body='{"first_name": 7}', answer={**CONTACT, "first_name": 7}),
        an_entry("POST", "/contacts", body="first_name=Ada"),
        an_entry(path="/contacts?surprise=1"),
        an_entry(path="/contacts/1/notes"),
    ) == [
        "",
        "its body does not keep to the contract",
        "its body is no JSON",
        "its query has a parameter that the contract does not document",
        "belongs to no operation of the contract",
    ]


def test_a_strange_value_is_no_excuse_for_a_success_but_for_a_server_error(tmp_path: Path) -> None:
    path = "/contacts?%24limit=many"

    assert unjudged(tmp_path, an_entry(path=path, status=200), an_entry(path=path, status=500)) == [
        "",
        "its query has a value that the contract does not document",
    ]


def test_a_body_that_the_capture_lacks_is_not_held_against_the_answer(tmp_path: Path) -> None:
    entries = [
        an_entry(content={"size": 120, "text": None}),
        an_entry(text='{"id": 1, "first', content={"size": 500}),
        an_entry(text="%%%", content={"encoding": "base64"}),
        an_entry(status=0),
    ]

    seen = capture.read(a_file(tmp_path, *entries), "liondesk").exchanges

    assert [(s.unjudged, s.lacks) for s in seen] == [
        ("", "the body of the answer is not in the capture"),
        ("", "the body of the answer is cut in the capture"),
        ("", "the body of the answer is damaged in the capture"),
        ("no answer came", "no answer came"),
    ]


def test_a_body_in_base64_is_read(tmp_path: Path) -> None:
    text = base64.b64encode(json.dumps(CONTACT).encode()).decode()

    found = capture.read(a_file(tmp_path, an_entry(text=text, content={"encoding": "base64"})), "liondesk")

    assert json.loads(found.exchanges[0].content) == {**CONTACT, "first_name": "Xxx"}


def test_an_entry_that_is_none_does_not_spoil_the_others(tmp_path: Path) -> None:
    malformed, whole = unjudged(tmp_path, {"request": {}}, an_entry())

    assert malformed == "the entry is not as HAR 1.2 has it: request.method: Field required"
    assert whole == ""


def test_no_credential_is_ever_shown(tmp_path: Path) -> None:
    basic = base64.b64encode(b"ada:pass-word-1").decode()
    entries = [
        an_entry(sent={"Authorization": f"Bearer {TOKEN}"}, answer={**CONTACT, "first_name": 7, "company": TOKEN}),
        an_entry(
            sent={"Authorization": f"Basic {basic}", "Cookie": "sid=cookie-value-1"}, answer={"id": "pass-word-1"}
        ),
        an_entry(path="/contacts/1?access_token=query-value-1", answer={"session": {"AuthToken": "member-value-1"}}),
        an_entry(base=BASE.replace("//", "//ada:url-value-1@"), answer=[]),
    ]

    held = capture.read(a_file(tmp_path, *entries), "liondesk")
    done = rejudge(held.origin, held.exchanges, command="x", clean=held.discreet)
    shown = json.dumps(done.to_document()) + "\n".join(lines(done)) + repr([s.exchange for s in held.exchanges])

    assert "liondesk.field.first_name.type" in shown
    for secret in (TOKEN, basic, "pass-word-1", "cookie-value-1", "query-value-1", "member-value-1", "url-value-1"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "is no HAR: no JSON at line 1, column 1"),
        ("[]", "is no HAR: the file: Input should be"),
        ("{}", "is no HAR: log: Field required"),
        ('{"log": {"entries": []}}', "the capture is empty"),
        ('{"log": {"entries": [{"request": 1}]}}', "is no HAR: the first entry"),
        ("[" * 100_000, "is no HAR"),
    ],
)
def test_a_wrong_file_is_refused_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "capture.har"
    path.write_text(text)

    with pytest.raises(UsageError, match=said) as refused:
        capture.read(path, "liondesk")
    assert len(refused.value.lines) == 1


def test_a_capture_of_something_else_is_refused_with_what_it_has(tmp_path: Path) -> None:
    path = a_file(tmp_path, an_entry(base="https://ada:secret@shop.example"))

    with pytest.raises(UsageError, match=r"nothing was sent below .*; the capture has https://shop.example: is it"):
        capture.read(path, "liondesk")


def test_a_base_url_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no http or https URL"):
        capture.read(a_file(tmp_path, an_entry()), "liondesk", "liondesk.com")


def test_what_is_written_as_har_reads_back(tmp_path: Path) -> None:
    held = capture.read(a_file(tmp_path, an_entry(), an_entry("POST", "/contacts", body="{}", status=201)), "liondesk")

    har.write(tmp_path / "out.har", held.exchanges)
    again = capture.read(tmp_path / "out.har", "liondesk")

    assert [(s.operation, s.content, s.unjudged) for s in again.exchanges] == [
        (s.operation, s.content, s.unjudged) for s in held.exchanges
    ]


def test_bytes_that_are_no_text_survive_har(tmp_path: Path) -> None:
    text = base64.b64encode(b"\xff\x00\xfe").decode()
    held = capture.read(
        a_file(tmp_path, an_entry(text=text, status=500, content={"encoding": "base64", "size": 3})), "liondesk"
    )

    har.write(tmp_path / "out.har", held.exchanges)

    assert capture.read(tmp_path / "out.har", "liondesk").exchanges[0].content == b"\xff\x00\xfe"


@pytest.mark.parametrize(
    ("operation", "path", "query", "body", "why"),
    [
        ("listContacts", "/contacts", "%24limit=5&company=x", "", ""),
        ("listContacts", "/contacts", "", '{"a": 1}', "it has a body, and the contract documents none"),
        ("createContact", "/contacts", "", None, "its body is missing"),
        ("changeContact", "/contacts/1", "", '{"first_name": "Grace"}', ""),
    ],
)
def test_a_doubt_says_what_is_wrong(operation: str, path: str, query: str, body: str | None, why: str) -> None:
    liondesk = contract.load("liondesk")
    found = next(o for o in liondesk.operations if o.id == operation)

    assert request_validity.doubt(liondesk, found, path, query, body) == why


def test_nothing_is_told_of_the_people_in_a_capture(tmp_path: Path) -> None:
    person = {"first_name": "Leocadia", "last_name": "Quillfeather", "email": "leocadia@quill.example"}
    wrong = {**CONTACT, **person, "company": {"name": "Quillfeather and Sons"}}
    listed = {"total": 1, "limit": 10, "skip": 0, "data": [wrong]}
    entries = [
        an_entry(answer=wrong),
        an_entry(path="/contacts", answer=listed),
        an_entry("POST", "/contacts", body=json.dumps(person), answer=wrong, status=201),
        an_entry("PATCH", "/contacts/1", body=json.dumps({"last_name": "Quillfeather"}), answer=wrong),
    ]
    held = capture.read(a_file(tmp_path, *entries), "liondesk")

    found = rejudge(held.origin, held.exchanges, command="x", clean=held.discreet)

    told = "\n".join([json.dumps(found.to_document()), *lines(found)])
    assert "liondesk.field.company.type" in [j.requirement.id for j in found.result.of(Verdict.FAIL)]
    assert [word for word in ("eocadia", "uillfeather", "quill.example") if word in told] == []
