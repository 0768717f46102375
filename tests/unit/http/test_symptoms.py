"""Which answers are taken for a network's, and which for the service's own."""

from __future__ import annotations

import httpx
import pytest

from contacts_conformance.http.bodies import Body
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.symptoms import Symptom, is_page, symptom

from ..making import an_exchange, get, post

GET = get()
PAGE = b"<!DOCTYPE html><title>Down for maintenance</title>"


def _answer(
    status: int, body: bytes = b"{}", label: str = "application/json", *, whole: bool = True, asked: Request = GET
) -> Answer:
    headers = httpx.Headers({"Content-Type": label})
    request = httpx.Request("GET", "http://127.0.0.1:1")
    page = is_page(asked, status, label, Body(body, whole=whole))
    return Answer(status, headers, body, an_exchange(page=page), request, whole=whole)


def test_no_answer_is_a_symptom() -> None:
    assert symptom(get(), None) is Symptom.SILENCE


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
@pytest.mark.parametrize("request_", [get(), post(), get(legal=False)])
def test_a_status_of_gateways_is_a_symptom_of_any_request(status: int, request_: Request) -> None:
    assert symptom(request_, _answer(status)) == f"answered {status}"


@pytest.mark.parametrize("status", [200, 201, 204, 301, 303, 400, 401, 403, 404, 409, 422, 500, 501, 505])
def test_what_a_service_says_by_itself_is_no_symptom(status: int) -> None:
    assert symptom(get(), _answer(status)) is None


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (PAGE, "text/html"),
        (b"\xef\xbb\xbf \n<html lang=en>", "application/json"),
        (b"<h1>Sign in</h1>", "text/html; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("status", [200, 401, 403, 500, 501, 520])
def test_a_page_of_html_is_a_symptom(status: int, body: bytes, label: str) -> None:
    assert symptom(get(), _answer(status, body, label)) is Symptom.PAGE


@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 413, 415, 422])
def test_a_refusal_may_be_a_page_of_the_service(status: int) -> None:
    assert symptom(get(), _answer(status, PAGE, "text/html"), let_in=True) is None


def test_a_write_that_fails_may_be_answered_with_a_page_of_the_service() -> None:
    assert symptom(post(), _answer(500, PAGE, "text/html", asked=post()), let_in=True) is None


@pytest.mark.parametrize("body", [b"", b'{"id": 1}', b"done", b"<contact/>"])
def test_what_is_no_page_is_no_symptom_whatever_its_label(body: bytes) -> None:
    label = "application/xml" if body.startswith(b"<") else "text/html"

    assert symptom(get(), _answer(200, body, label)) is None


def test_a_page_that_is_too_long_to_read_is_known_by_its_label() -> None:
    assert symptom(get(), _answer(200, b"", "text/html", whole=False)) is Symptom.PAGE
    assert symptom(get(), _answer(200, b"", whole=False)) is None


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_a_symptom_only_of_whom_was_let_in(status: int) -> None:
    assert symptom(get(), _answer(status), let_in=True) == f"answered {status}"
    assert symptom(get(), _answer(status)) is None
    assert symptom(get(legal=False), _answer(status), let_in=True) is None
    assert symptom(get(legal=False), _answer(status, PAGE, "text/html", asked=get(legal=False)), let_in=True) is None
