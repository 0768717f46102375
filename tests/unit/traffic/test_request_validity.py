"""Which entries of a capture are answers to requests that the contract describes, and so are judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .captured import BAD, BROKEN, CONTACT, GOOD, PAGE, VENDORS, Vendor, an_entry, judged, packed


@pytest.mark.parametrize(
    "extra",
    [
        an_entry("OPTIONS", "/contacts", status=204, text="", sent={"access-control-request-method": "GET"}),
        an_entry(path="/contacts", status=304, text=""),
        an_entry(path="/contacts", status=301, text="", headers={"Location": "/elsewhere"}),
        an_entry(path="/contacts", answer=BROKEN, entry={"_fromCache": "disk"}),
        an_entry(path="/contacts", answer=BROKEN, entry={"_fetchType": "Memory Cache"}),
        an_entry(path="/contacts", answer=BROKEN, came={"_fetchedViaServiceWorker": True}),
        an_entry(path="/contacts/1/notes", answer={"data": []}),
        an_entry(path="/contacts/tags", answer=[]),
        an_entry(base="https://cdn.example", path="/logo.svg", text="<svg/>"),
        an_entry("POST", "/contacts?$limit=2", sent={"X-HTTP-Method-Override": "GET"}, body="{}", answer=PAGE),
    ],
    ids=["preflight", "304", "301", "cache", "safari", "worker", "notes", "tags", "cdn", "override"],
)
def test_what_is_no_answer_of_the_contract_is_passed_over(tmp_path: Path, extra: dict[str, Any]) -> None:
    assert judged(tmp_path, GOOD, extra).exit_code == 0


def test_what_the_network_gave_is_judged_where_a_recorder_says_so(tmp_path: Path) -> None:
    said = {"_fetchType": "Network Load", "_fromCache": False, "_fetchedViaServiceWorker": "false"}

    assert judged(tmp_path, {**BAD, **said}).exit_code == 1


@pytest.mark.parametrize(
    "answered",
    [
        {"status": 502, "text": '[Fiddler] DNS Lookup for "x" failed.'},
        {"status": 500, "text": "no route", "headers": {"Server": "mitmproxy 10.1"}},
        {"status": 503, "text": "<html><title>Charles Error Report</title>", "headers": {}},
        {"status": 504, "text": ""},
        {"status": 200, "text": "<!DOCTYPE html><title>Sign in to the network</title>"},
    ],
    ids=lambda value: f"{value['status']} {value['text'][:9]}",
)
def test_what_a_proxy_answered_is_not_held_against_the_service(tmp_path: Path, answered: dict[str, Any]) -> None:
    found = judged(tmp_path, GOOD, an_entry(path="/contacts", **answered))

    assert (found.exit_code, len(found.unjudged)) == (3, 1)


def test_a_contact_may_be_called_as_a_recorder_is(tmp_path: Path) -> None:
    named = [{**CONTACT, "company": name, "email": 7} for name in ("[Fiddler]", "mitmproxy", "Charles Error Report")]

    found = judged(tmp_path, *(an_entry(path="/contacts", answer={**PAGE, "data": [each]}) for each in named))

    assert (found.exit_code, dict(found.unjudged)) == (1, {})


@pytest.mark.parametrize(
    "query",
    [
        "last_name[$in]=Byron&last_name[$in]=Hopper",
        "last_name[$in][0]=Byron&last_name[$in][1]=Hopper",
        "last_name%5B%24in%5D%5B0%5D=Byron&last_name%5B%24in%5D%5B1%5D=Hopper",
        "last_name[$in][]=Byron&last_name[$in][]=Hopper",
        "owner_user_id[$in][0]=1",
    ],
)
@pytest.mark.parametrize("place", ["url", "queryString", "both"])
def test_a_list_of_values_is_an_inclusion_however_it_is_written(tmp_path: Path, query: str, place: str) -> None:
    pairs = [dict(zip(("name", "value"), part.split("="), strict=True)) for part in query.split("&")]
    if place != "url" and "%" in query:
        pairs = [{"name": "last_name[$in][0]", "value": "Byron"}]
    path = "/contacts" + (f"?{query}" if place != "queryString" else "")

    found = judged(
        tmp_path, an_entry(path=path, answer=BROKEN, request={"queryString": pairs if place != "url" else []})
    )

    assert found.exit_code == 1


@pytest.mark.parametrize("query", ["surprise=1", "first_name[$in][x]=a", "first_name[0]=a", "[0]=a"])
@pytest.mark.parametrize("in_url", [True, False])
def test_what_the_contract_does_not_document_is_not_judged(tmp_path: Path, query: str, in_url: bool) -> None:
    name, _, value = query.partition("=")
    entry = an_entry(path="/contacts" + f"?{query}" * in_url, answer=BROKEN)
    entry["request"]["queryString"] = [{"name": name, "value": value}]

    found = judged(tmp_path, entry)

    assert dict(found.unjudged) == {"its query has a parameter that the contract does not document": 1}
    assert found.exit_code == 3


@pytest.mark.parametrize(
    ("posted", "why"),
    [
        (
            {"postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a", "value": "b"}]}},
            "its body is no JSON",
        ),
        ({"postData": {"text": '{"first_name": "Ada"}', "params": []}}, ""),
        ({"postData": '{"first_name": "Ada"}'}, ""),
        ({"postData": {"text": packed(b'{"first_name": "Ada"}'), "encoding": "base64"}}, ""),
        ({"postData": None, "bodySize": 21}, "the body of the request is not in the capture"),
        (
            {"postData": {"comment": "Request bodies are not included."}},
            "the body of the request is not in the capture",
        ),
        (
            {"postData": {"text": '{"first_name": "A'}, "bodySize": 2100},
            "the body of the request is cut in the capture",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_the_body_of_a_request_is_read_as_it_was_recorded(tmp_path: Path, posted: dict[str, Any], why: str) -> None:
    entry = an_entry("POST", "/contacts", status=201, request=posted)

    found = judged(tmp_path, entry)

    assert list(found.unjudged) == [why] * bool(why)


@pytest.mark.parametrize("query", ["last_name[$in]=byron", "last_name[$in][0]=byron", "last_name[$nin]=byron"])
def test_a_list_of_one_value_may_be_refused_in_any_way(tmp_path: Path, query: str) -> None:
    error: dict[str, Any] = {"status": 500, "answer": {"name": "GeneralError"}}
    two = an_entry(path=f"/contacts?{query}&{query.replace('byron', 'hopper').replace('[0]', '[1]')}", **error)

    assert judged(tmp_path, GOOD, an_entry(path=f"/contacts?{query}", **error)).exit_code == 0
    assert judged(tmp_path, GOOD, two).exit_code == 1


@pytest.mark.parametrize("vendor", VENDORS[1:3], ids=lambda v: v.name)
@pytest.mark.parametrize("signature", ["AuthToken=abcd1234efgh&ApiSig=0123abcd", "ApiSig=01&AuthToken=a&ApiUser=2010"])
def test_signed_requests_are_judged(tmp_path: Path, vendor: Vendor, signature: str) -> None:
    good, bad = (
        an_entry(path=f"{vendor.path}?_limit=5&{signature}", base=vendor.base, answer=answer)
        for answer in (vendor.answer, {"D": {"Success": "yes"}})
    )

    assert judged(tmp_path, good, provider=vendor.name).exit_code == 0
    assert judged(tmp_path, bad, provider=vendor.name).exit_code == 1
