"""No credential of a capture is shown, wherever it stands; what only looks like one stays readable."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from contacts_conformance.traffic import capture
from contacts_conformance.traffic.replay import rejudge

from .captured import BASE, CANARY, PAGE, VENDORS, Vendor, a_file, an_entry, judged, told

WRONG = {**PAGE, "data": [{"id": 1, "first_name": CANARY, "email": 7, "company": {"said": CANARY}}]}
REFUSAL = {"name": "BadRequest", "message": f"cannot use {CANARY}", "errors": {"echo": CANARY}}


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


HIDING: dict[str, dict[str, Any]] = {
    "bearer": {"sent": {"Authorization": f"Bearer {CANARY}"}},
    "lower case": {"sent": {"authorization": f"bearer {CANARY}"}},
    "no scheme": {"sent": {"Authorization": CANARY}},
    "oauth": {"sent": {"Authorization": f'OAuth oauth_consumer_key="k", oauth_token="{CANARY}"'}},
    "digest": {"sent": {"Authorization": f'Digest username="ada", realm="x", uri="/contacts", response="{CANARY}"'}},
    "basic": {"sent": {"Authorization": f"Basic {coded('apiuser:' + CANARY)}"}},
    "basic, no padding": {"sent": {"Authorization": f"Basic {coded('apiuser:' + CANARY).rstrip('=')}"}},
    "basic, with a mode": {"sent": {"Authorization": f"Basic {coded('app:' + CANARY + '|1')}"}},
    "basic, key as user": {"sent": {"Authorization": f"Basic {coded(CANARY + ':x')}"}},
    "set-cookie, joined": {"headers": {"Set-Cookie": f"a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT, sid={CANARY}"}},
    "key": {"sent": {"apiKey": CANARY}},
    "own header": {"sent": {"X-SparkApi-Auth-Token": CANARY}},
    "signature": {"sent": {"X-Hub-Signature-256": f"sha256={CANARY}"}},
    "cookie header": {"sent": {"cookie": f"theme=dark; sid={CANARY}"}},
    "set-cookie": {"headers": {"Set-Cookie": f"sid={CANARY}; Path=/; HttpOnly"}},
    "set-cookie, several": {"headers": {"set-cookie": f"theme=dark; Path=/\nsid={CANARY}; Path=/"}},
    "cookies sent": {"request": {"cookies": [{"name": "sid", "value": CANARY}]}},
    "cookies set": {"came": {"cookies": [{"name": "anything", "value": CANARY}]}},
    "query": {"path": f"/contacts?access_token={CANARY}"},
    "query, signed": {"path": f"/contacts?ApiSig={CANARY}&AuthToken={CANARY}"},
    "queryString": {"request": {"queryString": [{"name": "AuthToken", "value": CANARY}]}},
    "queryString, code": {"request": {"queryString": [{"name": "code", "value": CANARY}]}},
    "user of the url": {"base": BASE.replace("//", f"//ada:{CANARY}@")},
    "referer": {"sent": {"Referer": f"https://app.example/#access_token={CANARY}&x=1"}},
    "link": {"headers": {"Link": f'<{BASE}/contacts?access_token={CANARY}&$skip=10>; rel="next"'}},
    "location": {"headers": {"Location": f"{BASE}/contacts?api_key={CANARY}"}},
    "redirectURL": {"came": {"redirectURL": f"{BASE}/contacts?sig={CANARY}"}},
    "path of a session": {"path": f"/session/{CANARY}"},
    "posted json": {"method": "POST", "body": json.dumps({"password": CANARY, "deep": [{"x": 1}]})},
    "posted form": {"method": "POST", "body": f"grant_type=password&client_secret={quote(CANARY)}&x=1"},
    "posted params": {"method": "POST", "request": {"postData": {"params": [{"name": "pwd", "value": CANARY}]}}},
    "posted base64": {"method": "POST", "body": coded(json.dumps({"refresh_token": CANARY}))},
    "answer": {"answer": {"session": {"AuthToken": CANARY}}},
    "answer, base64": {"text": coded(json.dumps({"AuthToken": CANARY})), "content": {"encoding": "base64"}},
    "answer, unlabelled base64": {"text": coded(json.dumps({"id_token": CANARY}))},
    "answer, json in json": {"answer": {"raw": json.dumps({"secret": json.dumps({"token": CANARY})})}},
    "answer, html": {"status": 404, "text": html.escape(json.dumps({"csrf_token": CANARY}))},
    "answer, form of html": {"status": 404, "text": f'<input name="csrf_token" type="hidden" value="{CANARY}">'},
    "answer, xml": {"status": 404, "text": f"<Session><AuthToken>{CANARY}</AuthToken></Session>"},
    "answer, percent": {"status": 404, "text": quote(json.dumps({"apiKey": CANARY}), safe="")},
    "answer, list of pairs": {"answer": {"headers": [{"name": "X-Api-Key", "value": CANARY}]}},
    "answer, url": {"answer": {"next": f"{BASE}/contacts?token={CANARY}&x=1"}},
    "answer, base64 in json": {"answer": {"state": coded(json.dumps({"accessToken": CANARY}))}},
    "status text": {"came": {"statusText": f"invalid token={CANARY}"}},
}


@pytest.mark.parametrize("place", HIDING)
def test_a_credential_is_hidden_wherever_else_it_stands(tmp_path: Path, place: str) -> None:
    changes: dict[str, Any] = {"path": "/contacts", "method": "GET", **HIDING[place]}
    entries = [
        an_entry(**changes),
        an_entry(path="/contacts", answer=WRONG),
        an_entry(path="/contacts?$limit=1", status=400, answer=REFUSAL),
        an_entry(path=f"/contacts?first_name={CANARY}", status=500, answer=REFUSAL, came={"statusText": CANARY}),
        an_entry(path="/contacts", answer=PAGE, headers={"X-Echo": CANARY, "X-Coded": coded(f"x {CANARY}")}),
    ]

    said = told(judged(tmp_path, *entries))

    assert "liondesk.field.email.type" in said
    assert CANARY not in said
    assert coded(CANARY)[2:-4] not in said


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda v: v.name)
def test_the_credentials_of_each_vendor_are_hidden(tmp_path: Path, vendor: Vendor) -> None:
    changes: dict[str, Any] = {
        "sent": {"Authorization": f"Bearer {CANARY}", "Cookie": f"_session={CANARY}2"},
        "headers": {"Link": f"<{vendor.base}{vendor.path}?AuthToken={CANARY}3>"},
        "answer": {"D": {"Success": False, "Message": f"{CANARY} {CANARY}2 {CANARY}3", "Code": 1020}},
    }

    entries = [an_entry(path=vendor.path, base=vendor.base, status=status, **changes) for status in (200, 401, 500)]

    assert CANARY not in told(judged(tmp_path, *entries, provider=vendor.name))


HARMLESS = {
    "access-control-allow-credentials": "true",
    "access-control-allow-headers": "authorization, x-auth-token",
    "www-authenticate": "Bearer realm",
    ":authority": "api-v2.liondesk.com",
    "x-auth-required": "true",
    "x-session-state": "active",
    "x-token-type": "bearer",
    "author": "liondesk",
    "x-key": "first_name",
}


def test_words_that_are_no_credentials_stay_readable(tmp_path: Path) -> None:
    wrong = {**PAGE, "data": [{"id": 1, "first_name": "Ada", "email": True, "fax": False}]}
    sent = {**HARMLESS, "cookie": "theme=dark; consent=true; lang=en; n=12", "authorization": "Bearer abcdef-0123456"}
    entry = an_entry(
        path="/contacts?$limit=10&first_name=liondesk", answer=wrong, status=200, sent=sent, headers=HARMLESS
    )
    entry["request"]["queryString"] = [{"name": "token", "value": "true"}]
    held = capture.read(a_file(tmp_path, entry), "liondesk")

    said = told(rejudge(held.origin, held.exchanges, command="x", clean=held.discreet))

    assert "CREDENTIAL" not in said
    assert "email: expected a value of type string or null; got true" in said
    assert f"{BASE}/contacts?$limit=10&first_name=liondesk" in said
    assert "authorization, x-auth-token" in said


def test_what_was_hidden_before_is_no_credential(tmp_path: Path) -> None:
    entries = [
        an_entry(path="/contacts", answer=PAGE, sent={"Authorization": hidden})
        for hidden in ("[REDACTED]", "Bearer ***", "Bearer <removed>", "redacted")
    ]

    assert "CREDENTIAL" not in told(judged(tmp_path, *entries))


def test_each_request_may_have_a_signature_of_its_own(tmp_path: Path) -> None:
    signatures = [f"{CANARY}{n:016x}" for n in range(300)]
    entries = [an_entry(path=f"/contacts?ApiSig={s}", status=401, answer={"message": s}) for s in signatures]
    entries += [an_entry(path="/contacts", status=401, answer={"message": " ".join(signatures)})]

    assert CANARY not in told(judged(tmp_path, *entries))
