"""`schemathesis run` with its defaults on each spec and its reference server: what it finds is listed with a reason."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from contacts_conformance import contract, reference
from contacts_conformance.reference.kit.serving import serving

from ..night import at_night

SPECS = Path(__file__).parents[2] / "specs"
HEADERS: Mapping[str, str] = {
    "flexmls": "Authorization: Bearer reference-idx-token",
    "liondesk": "Authorization: Bearer {owner[token]}",
    "ngpvan": "Authorization: Basic {basic}",
    "spark": "Authorization: Bearer {private[token]}",
}


class Known(NamedTuple):
    """What may be found: a pattern of the finding's code, its operation and, behind a bar, its message and answer."""

    pattern: str
    reason: str


_NULL = Known(
    "ST201 (POST|PUT|PATCH) .*Incorrect type.*sent: .*null",
    "null is taken as no value; no page says what it means in a request",
)
_EMPTY = Known("ST201 GET .*_pagination.*enum", "an empty value is taken as none; the page does not speak of it")
KNOWN: Mapping[str, tuple[Known, ...]] = {
    "flexmls": (_NULL, _EMPTY),
    "liondesk": (
        _NULL,
        Known("ST202 .*not an id", "the page shows numbers and digits in strings, but does not say what an id can be"),
        Known(
            "ST202 (POST|PATCH) .*not a date and time in ISO 8601",
            "a date or a time: generators of clients lose a field that has two formats",
        ),
        Known("ST202 (GET) .*Invalid value for (created|modified)_at", "a date or a time, as above"),
        Known("ST202 (POST|PATCH) .*(does not exist|not allowed)", "users, hotness and source are the account's own"),
    ),
    "ngpvan": (
        _NULL,
        Known(
            "ST202 POST .*a name, an e-mail or a phone is needed",
            "the description says it: generators of clients lose the fields of a schema that has alternatives",
        ),
        Known("ST202 POST /contacts/.*The type of a contact does not change", "no schema can tell what a contact is"),
        Known("ST202 POST .*is unknown", "a key that no page has is refused; the page does not speak of it"),
        Known("ST202 POST .*prefix", "the prefixes are the tenant's own"),
        Known(
            r'ST202 POST .*"is missing","properties":\["\w+\[',
            "an entry without its id or value: the page says of no member of an entry that it is required",
        ),
    ),
    "spark": (
        _NULL,
        _EMPTY,
        Known("ST202 GET .*(Invalid filter|_orderby|_select|_expand)", "a filter or an order is a language of its own"),
        Known("ST202 .*Not all addresses are secondary ones", "no schema can hold one list against another"),
        Known("ST202 PUT .*no such owner", "the owners are the MLS's own"),
        Known("ST202 PUT .*OwnerId stands alone", "the description says it; generators lose what a schema would say"),
        Known("ST202 .*(MobilePhoneCountryCode|RecordStatus)", "the page does not list the countries"),
    ),
}


@pytest.mark.parametrize("provider", contract.providers())
@pytest.mark.parametrize("examples", [10, *at_night(100)])
def test_schemathesis_finds_nothing_that_is_not_listed(examples: int, provider: str, tmp_path: Path) -> None:
    found = list(_findings(provider, examples, tmp_path / "events.ndjson"))

    assert [f for f in found if not any(re.search(k.pattern, f, re.DOTALL) for k in KNOWN[provider])] == []


def _findings(provider: str, examples: int, events: Path) -> Iterator[str]:
    server = reference.load(provider)
    identities = server.TARGET["identities"]
    key = identities.get("tenant", {}).get("api_key", "")
    basic = base64.b64encode(f"apiuser:{key}".encode()).decode()
    with serving(server.application()) as url:
        command = [sys.executable, "-m", "schemathesis.cli", "run", str(SPECS / provider / "openapi.yaml")]
        command += ["--url", url, "-H", HEADERS[provider].format(basic=basic, **identities), "--seed", "1"]
        command += ["--max-examples", str(examples)]
        command += ["--report", "ndjson", "--report-ndjson-path", str(events)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False, cwd=events.parent)
    assert done.returncode in (0, 1), done.stdout[-2000:] + done.stderr[-2000:]
    lines = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    ended = [line["ScenarioFinished"]["recorder"] for line in lines if "ScenarioFinished" in line]
    assert sum(len(r.get("interactions", ())) for r in ended) > 100, "hardly anything was sent"
    for recorder in ended:
        for case, checks in recorder.get("checks", {}).items():
            for check in checks:
                if check["status"] == "failure":
                    yield _told(
                        check["failure_info"]["failure"],
                        recorder["cases"][case]["value"],
                        recorder["interactions"][case],
                    )


def _told(failure: Mapping[str, Any], sent: Mapping[str, Any], exchange: Mapping[str, Any]) -> str:
    content = (exchange.get("response") or {}).get("content")
    if isinstance(content, Mapping):
        content = base64.b64decode(content.get("$base64", "")).decode("utf-8", "replace")
    body = json.dumps(sent.get("body"), ensure_ascii=False)
    about = f"{failure['code']} {failure['operation']} | {failure['message']} | sent: {body[:2000]}"
    return f"{about} {exchange['request']['uri']} | {content}"
