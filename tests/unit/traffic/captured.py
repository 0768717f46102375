"""Captures as recorders write them, and what comes of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contacts_conformance.traffic import capture
from contacts_conformance.traffic.replay import Rejudgement, lines, rejudge

BASE = "https://api-v2.liondesk.com"
CONTACT = {"id": 1, "owner_user_id": 1, "first_name": "Ada"}
PAGE = {"total": 1, "limit": 10, "skip": 0, "data": [CONTACT]}
TOKEN = "abcdef0123456789"
CANARY = "canary-8e1f-27"

_ID = "20101012234275689500000000"
_SPARK_PAGE = {
    "D": {"Success": True, "Results": [{"Id": _ID, "DisplayName": "Ada", "ResourceUri": f"/v1/contacts/{_ID}"}]}
}


@dataclass(frozen=True)
class Vendor:
    """A provider's service, and a request that it answers well."""

    name: str
    base: str
    path: str
    answer: Any


VENDORS = (
    Vendor("liondesk", BASE, "/contacts", PAGE),
    Vendor("spark", "https://sparkapi.com", "/v1/contacts", _SPARK_PAGE),
    Vendor("flexmls", "https://api.flexmls.com", "/v1/contacts", _SPARK_PAGE),
    Vendor("ngpvan", "https://api.myngp.com/v2", "/contacts/VN93A9H7CW7", {"contactId": "VN93A9H7CW7"}),
)


def an_entry(method: str = "GET", path: str = "/contacts/1", *, base: str = BASE, **changes: Any) -> dict[str, Any]:
    """An entry; `sent`, `content`, `came` and `entry` are laid over its parts, None takes a member away."""
    sent: dict[str, Any] = {"method": method, "url": base + path, "headers": [], "_initiator": {"type": "script"}}
    if "body" in changes:
        sent["postData"] = {"mimeType": "application/json", "text": changes["body"]}
    sent["headers"] = [{"name": n, "value": v} for n, v in changes.get("sent", {}).items()]
    text = changes.get("text", json.dumps(changes.get("answer", CONTACT)))
    content = _laid({"size": len(text), "mimeType": "application/json", "text": text}, changes.get("content", {}))
    headers = [{"name": n, "value": v} for n, v in changes.get("headers", {}).items()]
    came = {"status": changes.get("status", 200), "statusText": "OK", "headers": headers, "content": content}
    entry = {
        "startedDateTime": "2026-01-02T03:04:05.678Z",
        "time": 12.5,
        "request": _laid(sent, changes.get("request", {})),
        "response": _laid(came, changes.get("came", {})),
    }
    return _laid(entry, changes.get("entry", {}))


def entry_of(vendor: Vendor, **changes: Any) -> dict[str, Any]:
    """The entry of the request that a vendor's service answers well."""
    return an_entry(path=vendor.path, base=vendor.base, **{"answer": vendor.answer, **changes})


def packed(body: bytes) -> str:
    """A body in base64."""
    return base64.b64encode(body).decode()


def _laid(node: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in {**node, **over}.items() if v is not None or k not in node}


BROKEN = {**PAGE, "data": [{**CONTACT, "email": True}]}
GOOD = an_entry(path="/contacts", answer=PAGE)
BAD = an_entry(path="/contacts", answer=BROKEN)


def a_file(folder: Path, *entries: Any) -> Path:
    """A HAR file of these entries."""
    path = folder / "capture.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "Browser"}, "entries": entries}}))
    return path


def judged(folder: Path, *entries: Any, provider: str = "liondesk") -> Rejudgement:
    """What a capture of these entries shows."""
    held = capture.read(a_file(folder, *entries), provider)
    return rejudge(held.origin, held.exchanges, command="x", clean=held.discreet)


def told(found: Rejudgement) -> str:
    """All that a person or a program is told."""
    shown = repr([(s.exchange, s.unjudged, s.lacks) for s in found.exchanges])
    return "\n".join([json.dumps(found.to_document(), ensure_ascii=False), *lines(found), shown])
