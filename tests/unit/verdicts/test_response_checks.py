from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance import contract as contracts
from contacts_conformance.contract import register
from contacts_conformance.http.client import Answer
from contacts_conformance.verdicts import response_checks

from ..making import an_exchange

LIONDESK = contracts.load("liondesk")
REGISTER = register.load("liondesk")
READ = LIONDESK.operation("read")
LIST = LIONDESK.operation("list")
BASE = f"liondesk.operation.{READ.id}"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from([f.name for f in LIONDESK.fields]), inner)
    ),
)


def _answer(content: bytes = b'{"id": 1}', status: int = 200, label: str | None = "application/json") -> Answer:
    headers = httpx.Headers({"Content-Type": label} if label else {})
    return Answer(status, headers, content, an_exchange(status=status), httpx.Request("GET", "http://x"))


def _seen(answer: Answer, operation: Any = READ) -> dict[str, str]:
    seen = response_checks.observe(LIONDESK, REGISTER, operation, answer)
    return {o.requirement: "; ".join(map(str, o.breaches)) for o in seen}


def _problems(answer: Answer, operation: Any = READ) -> dict[str, str]:
    return {r: p for r, p in _seen(answer, operation).items() if p}


def test_a_documented_answer_has_no_problem() -> None:
    assert _seen(_answer()) == {
        f"{BASE}.no-server-error": "",
        f"{BASE}.status": "",
        f"{BASE}.content-type": "",
        f"{BASE}.body": "",
        "liondesk.field.id.type": "",
    }


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (500, "expected no server error (no 5xx); got 500 OK"),
        (502, "expected no server error (no 5xx); got 502 OK"),
        (503, ""),
        (404, ""),
    ],
)
def test_of_a_failure_only_its_class_is_judged(status: int, problem: str) -> None:
    assert _seen(_answer(b"<html>", status)) == {f"{BASE}.no-server-error": problem}


def test_another_status_of_success_is_noted_and_its_body_judged() -> None:
    problems = _problems(_answer(b"[]", 299))

    assert problems[f"{BASE}.status"] == "expected 200; got 299 OK"
    assert "a value of type object; got []" in problems[f"{BASE}.body"]


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("application/json; charset=utf-8", ""),
        ("APPLICATION/JSON", ""),
        ("application/hal+json", ""),
        ("text/html", "Content-Type: expected application/json; got text/html"),
        (None, "Content-Type: expected application/json; got no content type"),
    ],
)
def test_the_label_is_judged(label: str | None, problem: str) -> None:
    assert _seen(_answer(label=label))[f"{BASE}.content-type"] == problem


@pytest.mark.parametrize("content", [b"", b"<html>", b"{", b"NaN", b"[" * 200])
def test_a_body_that_is_no_json_is_a_problem_of_the_body(content: bytes) -> None:
    assert _problems(_answer(content))[f"{BASE}.body"].startswith("expected JSON; got ")


def test_a_wrong_type_is_a_problem_of_its_field_wherever_it_lies() -> None:
    row = "liondesk.field.first_name.type"

    assert _problems(_answer(b'{"id": 1, "first_name": 5}')) == {
        row: "first_name: expected a value of type string or null; got 5"
    }
    page = _problems(_answer(b'{"total": 1, "limit": 1, "skip": 0, "data": [{"id": 1, "first_name": []}]}'), LIST)
    assert page == {row: "data.[].first_name: expected a value of type string or null; got []"}


def test_a_field_is_seen_where_an_answer_shows_it_with_a_value() -> None:
    rows = {r for r in _seen(_answer(b'{"id": 1, "first_name": "Ada", "email": null}')) if ".field." in r}
    inside = _seen(_answer(b'{"total": 1, "limit": 1, "skip": 0, "data": [{"tags": "a"}]}'), LIST)

    assert rows == {"liondesk.field.id.type", "liondesk.field.first_name.type"}
    assert "liondesk.field.tags.type" in inside


def test_a_breach_names_the_exchange_and_what_stays_the_same() -> None:
    (breach,) = next(
        o.breaches
        for o in response_checks.observe(LIONDESK, REGISTER, READ, _answer(b'{"id": 1, "first_name": 5}'))
        if o.breaches
    )

    assert (breach.kind, breach.subject, breach.observed, breach.exchange) == ("type", "first_name", "integer", "1")


def test_a_long_value_is_cut_in_the_message() -> None:
    problem = _problems(_answer(b'{"id": 1, "first_name": [' + b"1," * 5_000 + b"1]}"))[
        "liondesk.field.first_name.type"
    ]

    assert len(problem) < 200


def test_attributes_that_nobody_documents_pass() -> None:
    assert not _problems(_answer(b'{"id": 1, "score": 0, "links": {"self": []}}'))


@given(JSON)
def test_whatever_json_comes_it_is_judged(value: object) -> None:
    import json

    content = json.dumps(value).encode()
    for operation in LIONDESK.operations:
        for row, problem in _seen(_answer(content), operation).items():
            assert row.startswith("liondesk.")
            assert isinstance(problem, str)


@pytest.mark.parametrize("depth", [50, 99])
def test_a_deep_body_is_judged(depth: int) -> None:
    assert _problems(_answer(b'{"id": ' + b"[" * depth + b"]" * depth + b"}"))
