"""What the rows of the page open to: checks and exchanges, cut to what a page can carry, packed, and shared by rows."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contacts_conformance.contract.terminal import plain
from contacts_conformance.http.recording import cut
from contacts_conformance.report import sources
from contacts_conformance.report.links import of_requirement
from contacts_conformance.report.page.impact import why

LONGEST_MESSAGE = 4_000
LONGEST_URL = 2_000
LONGEST_HEADER = 600
MOST_HEADERS = 50

_CUT = re.compile(r" … \([0-9,]+ characters in all\)$")


def shown(text: object, longest: int = LONGEST_MESSAGE) -> str:
    """A text of any origin and length as a page may show it: cut, and without characters that hide or reorder text."""
    return plain(cut(str(text), longest))


def pack(document: Mapping[str, Any], longest_body: int, site: str = "") -> str:
    """The details of every requirement and every exchange: JSON, compressed by gzip, in base64.

    The object has the target's `base` address, `requirements` by id, and `exchanges` by id; a requirement is
    `documented` at an address of the site, where there is one. Every text in it is harmless as text; it is for
    textContent, not for innerHTML. Bodies hold at most `longest_body` characters.
    """
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        for piece in _pieces(document, longest_body, site):
            file.write(piece.encode("ascii"))
    return base64.b64encode(packed.getvalue()).decode("ascii")


def _pieces(document: Mapping[str, Any], longest_body: int, site: str) -> Iterator[str]:
    """The JSON, member by member: as a whole it takes many times the memory of what it is packed to."""
    yield f'{{"base":{_json(shown(document["target"]["base_url"], LONGEST_URL))},"requirements":{{'
    yield from _members((shown(r["id"]), _requirement(r, site)) for r in document["requirements"])
    yield '},"exchanges":{'
    yield from _members((shown(name), _exchange(e, longest_body)) for name, e in document["exchanges"].items())
    yield "}}"


def _members(members: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    for number, (name, value) in enumerate(members):
        yield f"{',' if number else ''}{_json(name)}:{_json(value)}"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def telling(check: Mapping[str, Any], exchanges: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The exchange that shows what a check found: the one that its breach names, or else the last one of the check."""
    named = check["breach"]["exchange"] if check["breach"] else ""
    if named in exchanges:
        exchange: Mapping[str, Any] = exchanges[named]
        return exchange
    mine = [exchanges[name] for name in check["exchanges"] if name in exchanges]
    return mine[-1] if mine else None


def kinds_of(row: Mapping[str, Any]) -> str:
    """The kinds of values that a requirement was judged with, each once; empty where no check names any."""
    return ", ".join(dict.fromkeys(k for check in row["checks"] for k in check.get("kinds", ())))


def is_cut(request: Mapping[str, Any]) -> bool:
    """Whether the report holds only the beginning of the request's body, so that no curl line can repeat it."""
    return _CUT.search(request["body"]) is not None


def _requirement(row: Mapping[str, Any], site: str) -> dict[str, Any]:
    return {
        "source": [[shown(words), shown(link)] for words, link in sources.groups(sources.of_document(row["source"]))],
        "judged": shown(row["judged"]),
        "kinds": shown(kinds_of(row), 4_000),
        "reason": shown(row["reason"]),
        "why": why(row["id"]),
        "again": shown(row["again"]),
        "documented": shown(of_requirement(row["id"], site)) if site else "",
        "checks": [
            {
                "check": shown(c["check"]),
                "outcome": c["outcome"],
                "message": shown(c["message"]),
                "exchanges": [shown(e) for e in c["exchanges"]],
            }
            for c in row["checks"]
        ],
    }


def _exchange(exchange: Mapping[str, Any], longest_body: int) -> dict[str, Any]:
    request, response = exchange["request"], exchange["response"]
    return {
        "caller": shown(exchange.get("caller", f"as {exchange['identity']}"), 200),
        "milliseconds": exchange["milliseconds"],
        "method": shown(request["method"], 40),
        "url": shown(request["url"], LONGEST_URL),
        "sent": _headers(request["headers"]),
        "request": shown(request["body"], longest_body),
        "requestBytes": request["bytes"],
        "status": shown(f"{response['status']} {response['reason']}".rstrip(), 200) if response else "",
        "came": _headers(response["headers"]) if response else "",
        "response": shown(response["body"], longest_body) if response else "",
        "responseBytes": response["bytes"] if response else 0,
        "error": shown(exchange["error"]),
        "notes": [shown(n) for n in exchange["notes"]],
        "curl": "" if is_cut(request) else shown(exchange["curl"], 20_000),
    }


def _headers(headers: Sequence[Sequence[str]]) -> str:
    lines = [f"{shown(name, 200)}: {shown(value, LONGEST_HEADER)}" for name, value in headers[:MOST_HEADERS]]
    more = len(headers) - MOST_HEADERS
    # a line break inside a header would look like two headers
    return "\n".join([line.replace("\n", "\\n") for line in lines] + ([f"… and {more} more"] if more > 0 else []))
