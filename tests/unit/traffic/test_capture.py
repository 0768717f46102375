"""Captures are judged by what was recorded, whichever recorder wrote them."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contacts_conformance.cli.main import main
from contacts_conformance.model import Verdict
from contacts_conformance.traffic import capture

from .captured import (
    BAD,
    BROKEN,
    CONTACT,
    GOOD,
    PAGE,
    VENDORS,
    Vendor,
    a_file,
    an_entry,
    entry_of,
    judged,
    packed,
    told,
)

every_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda v: v.name)


@every_vendor
def test_what_is_recorded_whole_and_right_is_clean(tmp_path: Path, vendor: Vendor) -> None:
    found = judged(tmp_path, entry_of(vendor), provider=vendor.name)

    assert (found.exit_code, dict(found.unjudged), dict(found.lacking)) == (0, {}, {})
    assert any(j.requirement.id.endswith(".body") for j in found.result.judgements)


@every_vendor
@pytest.mark.parametrize(
    "content",
    [
        {"text": None, "size": -1},
        {"text": None, "size": None},
        {"text": None, "size": 0},
        {"text": None, "size": 412},
        {"text": "", "size": 412},
        {"text": "", "size": -1},
        {"text": None, "mimeType": None, "size": -1},
        {"text": None, "comment": "Response bodies are not included."},
        {"text": "Response body is not available"},
        {"text": "[body omitted]"},
        {"text": None, "_file": "2b4c.json"},
    ],
    ids=str,
)
def test_a_body_that_was_not_recorded_is_missing_and_not_wrong(
    tmp_path: Path, vendor: Vendor, content: dict[str, Any]
) -> None:
    found = judged(tmp_path, entry_of(vendor, content=content), provider=vendor.name)

    assert found.exit_code == 3
    assert list(found.lacking) == ["the body of the answer is not in the capture"]
    assert any(j.requirement.id.endswith(".status") for j in found.result.judgements)
    assert "judged by status and headers alone: 1 (the body of the answer is not in the capture)" in told(found)


@every_vendor
@pytest.mark.parametrize(
    "content",
    [
        {"size": 100_000},
        {"size": -1},
        {"size": 10},
        {"size": None, "comment": "Body was truncated"},
        {"size": 20, "end": "..."},
        {"size": 20, "end": "… [truncated]"},
        {"size": 20, "encoding": "base64"},
    ],
    ids=str,
)
def test_a_body_that_was_cut_is_not_judged(tmp_path: Path, vendor: Vendor, content: dict[str, Any]) -> None:
    text = json.dumps(vendor.answer)[:-7] + content.pop("end", "")
    if "encoding" in content:
        text = packed(text.encode())

    found = judged(tmp_path, entry_of(vendor, text=text, content=content), provider=vendor.name)

    assert found.exit_code == 3
    assert list(found.lacking) == ["the body of the answer is cut in the capture"]


def test_a_body_that_was_sent_broken_is_still_told(tmp_path: Path) -> None:
    text = json.dumps(PAGE)[:-7]
    whole = an_entry(path="/contacts", text=text, headers={"Content-Length": str(len(text))}, content={"size": -1})

    found = judged(tmp_path, whole)

    assert [j.requirement.id for j in found.result.of(Verdict.FAIL)] == ["liondesk.operation.listContacts.body"]


@pytest.mark.parametrize("text", ["no JSON at all", "first_name=Ada"])
def test_a_body_that_is_no_json_is_told(tmp_path: Path, text: str) -> None:
    found = judged(tmp_path, an_entry(path="/contacts", text=text))

    assert [j.requirement.id for j in found.result.of(Verdict.FAIL)] == ["liondesk.operation.listContacts.body"]


def test_a_body_that_was_recorded_as_empty_is_told(tmp_path: Path) -> None:
    empty = an_entry(path="/contacts", text="", headers={"Content-Length": "0"})

    assert judged(tmp_path, empty).exit_code == 1


@every_vendor
@pytest.mark.parametrize("status", [0, -1, -999, None, "", "pending", 1000])
def test_no_answer_is_no_good_answer(tmp_path: Path, vendor: Vendor, status: object) -> None:
    failed = entry_of(vendor, came={"status": status, "content": {"size": -1, "mimeType": "x-unknown"}})

    found = judged(tmp_path, failed, entry_of(vendor), provider=vendor.name)

    assert (found.exit_code, sum(found.unjudged.values())) == (3, 1)


@pytest.mark.parametrize("response", [None, {}])
def test_an_entry_without_an_answer_has_none(tmp_path: Path, response: object) -> None:
    found = judged(tmp_path, {**GOOD, "response": response})

    assert (found.exit_code, dict(found.unjudged)) == (3, {"no answer was recorded": 1})


@every_vendor
def test_members_that_are_null_or_of_another_type_do_no_harm(tmp_path: Path, vendor: Vendor) -> None:
    entry = entry_of(vendor)
    entry |= {"time": None, "startedDateTime": None, "cache": None}
    entry["request"] |= {"cookies": None, "queryString": None, "postData": None, "bodySize": "0"}
    entry["request"]["headers"] = [{"name": "X-Retry", "value": None}, {"name": "X-Count", "value": 3}, None]
    entry["response"] |= {"status": "200", "statusText": None, "headers": {"Content-Type": "application/json"}}
    entry["response"]["content"] |= {"size": None, "mimeType": None, "encoding": None}

    assert judged(tmp_path, entry, provider=vendor.name).exit_code == 0


def test_a_body_that_a_recorder_has_parsed_is_read(tmp_path: Path) -> None:
    good, bad = (an_entry(path="/contacts", content={"text": body, "size": -1}) for body in (PAGE, BROKEN))

    assert (judged(tmp_path, good).exit_code, judged(tmp_path, bad).exit_code) == (0, 1)


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ({"text": packed(json.dumps(BROKEN).encode()), "encoding": "base64"}, {}),
        ({"text": packed(json.dumps(BROKEN).encode()), "encoding": "Base64 "}, {}),
        ({"text": packed(json.dumps(BROKEN).encode()).rstrip("="), "encoding": "base64"}, {}),
        ({"text": packed(json.dumps(BROKEN).encode())}, {}),
        ({"text": packed(json.dumps(BROKEN).encode()), "encoding": "utf-8"}, {}),
        ({"text": json.dumps(BROKEN), "encoding": "base64"}, {}),
        ({"text": "\ufeff" + json.dumps(BROKEN)}, {}),
        (
            {"text": packed(gzip.compress(json.dumps(BROKEN).encode(), mtime=0)), "encoding": "base64"},
            {"Content-Encoding": "gzip"},
        ),
        ({"text": packed(zlib.compress(json.dumps(BROKEN).encode())), "encoding": "base64"}, {}),
        ({"text": json.dumps(BROKEN)}, {"Content-Encoding": "br"}),
        ({"text": json.dumps(BROKEN)}, {"Content-Encoding": "gzip"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bodies_are_read_however_they_are_labelled(
    tmp_path: Path, content: dict[str, Any], headers: dict[str, str]
) -> None:
    found = judged(tmp_path, an_entry(path="/contacts", content={"size": -1, **content}, headers=headers))

    assert [j.requirement.id for j in found.result.of(Verdict.FAIL)] == ["liondesk.field.email.type"]


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_a_body_that_nobody_can_unpack_is_not_judged(tmp_path: Path, coding: str) -> None:
    content = {"text": packed(b"\x0b\x02\x80\xff\xfe\x01 not to be read"), "encoding": "base64", "size": -1}

    found = judged(tmp_path, an_entry(path="/contacts", content=content, headers={"Content-Encoding": coding}))

    assert (found.exit_code, list(found.lacking)) == (3, ["the body of the answer is still compressed in the capture"])


def test_an_error_of_the_service_is_told(tmp_path: Path) -> None:
    found = judged(tmp_path, GOOD, an_entry(path="/contacts", status=500, text='{"name": "GeneralError"}'))

    assert [j.requirement.id for j in found.result.of(Verdict.FAIL)] == [
        "liondesk.operation.listContacts.no-server-error"
    ]


def test_headers_that_were_not_recorded_are_not_missing(tmp_path: Path) -> None:
    found = judged(tmp_path, an_entry(path="/contacts", answer=PAGE, content={"mimeType": "x-unknown"}))

    assert found.exit_code == 0
    assert not [j for j in found.result.judgements if j.requirement.id.endswith(".content-type")]


def test_a_type_that_is_missing_among_headers_is_told(tmp_path: Path) -> None:
    bare = an_entry(path="/contacts", answer=PAGE, headers={"Date": "today"}, content={"mimeType": ""})

    assert [j.requirement.id for j in judged(tmp_path, bare).result.of(Verdict.WARN)] == [
        "liondesk.operation.listContacts.content-type"
    ]


@pytest.mark.parametrize("mark", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_begin_with_a_mark_of_its_byte_order(tmp_path: Path, mark: str) -> None:
    path = a_file(tmp_path, GOOD)
    path.write_bytes(path.read_text().encode(mark))

    assert [s.operation for s in capture.read(path, "liondesk").exchanges] == ["listContacts"]


@pytest.mark.parametrize("beginning", [b"PK\x03\x04", b"\x1f\x8b\x08"])
def test_an_archive_is_to_be_unpacked_first(tmp_path: Path, beginning: bytes) -> None:
    path = tmp_path / "capture.har"
    path.write_bytes(beginning + b"....")

    with pytest.raises(Exception, match="is an archive; unpack it first"):
        capture.read(path, "liondesk")


@pytest.mark.parametrize(
    ("entries", "code"),
    [([GOOD], 0), ([GOOD, BAD], 1), ([GOOD, an_entry(status=0)], 3), ([BAD, an_entry(status=0)], 1), ([], 2)],
    ids=["clean", "broken", "gap", "broken and gap", "empty"],
)
def test_the_exit_code_says_what_could_be_said(tmp_path: Path, entries: list[Any], code: int) -> None:
    words = ["check-traffic", str(a_file(tmp_path, *entries)), "--provider", "liondesk"]

    assert CliRunner().invoke(main, words).exit_code == code


def test_half_a_character_at_a_cut_does_no_harm(tmp_path: Path) -> None:
    text = json.dumps({**PAGE, "data": [{**CONTACT, "company": "Ada \U0001f600"}]}, ensure_ascii=False)
    cut = text[: text.index("\U0001f600")] + "\ud83d"

    found = judged(tmp_path, an_entry(path="/contacts", text=cut, content={"size": 5_000}))

    assert (found.exit_code, list(found.lacking)) == (3, ["the body of the answer is cut in the capture"])


def test_an_answer_that_was_broken_off_is_not_judged_by_its_body(tmp_path: Path) -> None:
    entry = an_entry(path="/contacts", text="half of", came={"_error": "net::ERR_ABORTED"})

    assert judged(tmp_path, entry).exit_code == 3


def test_a_path_alone_belongs_to_the_host_that_the_headers_name(tmp_path: Path) -> None:
    entry = an_entry(path="/contacts", base="", answer=BROKEN, sent={":authority": "api-v2.liondesk.com"})

    assert judged(tmp_path, entry).exit_code == 1


def test_a_method_in_small_letters_is_a_method(tmp_path: Path) -> None:
    assert judged(tmp_path, an_entry("get", "/contacts", answer=BROKEN)).exit_code == 1


def test_a_compressed_body_that_was_written_byte_by_byte_is_read(tmp_path: Path) -> None:
    text = gzip.compress(json.dumps(BROKEN).encode(), mtime=0).decode("latin-1")

    assert judged(tmp_path, an_entry(path="/contacts", text=text, content={"size": -1})).exit_code == 1
