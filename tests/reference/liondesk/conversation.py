"""Conversations with the reference server; every fault shows in some answer of one of them.

The ids in it are those that a server gives that keeps its contract and starts empty.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx

from contacts_conformance import contract
from contacts_conformance.reference import liondesk

from .world import Clock

CONTRACT = contract.load("liondesk")
WHOLE: dict[str, Any] = CONTRACT.document["components"]["examples"]["newContact"]["value"]
OTHER: dict[str, Any] = {
    **{f.name: f"other {f.name}" for f in CONTRACT.text_fields},
    "assigned_user_id": 3,
    "created_at": "2017-02-02T02:02:02.000Z",
    "modified_at": "2018-03-03T03:03:03.000Z",
    "hotness_id": 13,
    "source_id": 13,
}
TEXTS = ("O'Brien", 'Ada "A."', "100%", "00501", "<b>&amp;</b>", "é", "λ", "🦉 x", "a\nb", "a\tb", "")


@dataclass(frozen=True)
class Step:
    """One request of one user; `body` is sent as it is where it is a text, and as JSON otherwise."""

    method: str
    path: str
    body: Any = None
    user: str = "owner"

    def content(self) -> bytes | None:
        if self.body is None:
            return None
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


def _lifecycle() -> list[Step]:
    whole, empty = "/contacts/1", "/contacts/2"
    return [
        Step("POST", "/contacts", WHOLE),
        Step("POST", "/contacts", {}),
        Step("GET", whole),
        Step("GET", whole),
        Step("GET", whole),
        Step("GET", empty),
        Step("GET", "/contacts"),
        Step("PATCH", empty, {"company": "Engines", "tags": "first"}),
        Step("GET", whole),
        Step("PATCH", whole, {}),
        Step("PATCH", whole, {"tags": "second"}),
        Step("PATCH", whole, {"tags": "third"}),
        Step("GET", "/contacts"),
        Step("PATCH", whole, {"tags": WHOLE["tags"]}),
        Step("GET", whole),
        Step("PATCH", whole, OTHER),
        Step("GET", whole),
        Step("PATCH", whole, {"id": 77}),
        Step("PATCH", whole, {"owner_user_id": 3}),
        Step("GET", whole),
        Step("POST", "/contacts", {"id": 99, "owner_user_id": 3, "company": "Engines"}),
        Step("DELETE", "/contacts/3"),
        Step("GET", "/contacts/3"),
        Step("GET", "/contacts"),
        Step("PATCH", "/contacts/3", {"fax": "1"}),
        Step("DELETE", "/contacts/3"),
        Step("DELETE", empty),
        Step("GET", "/contacts"),
        Step("POST", "/contacts", '{"company": "broken", "tags": '),
        Step("GET", "/contacts"),
    ]


def _fields() -> list[Step]:
    longest = {f.name: "é" * (f.max_length or 300) for f in CONTRACT.text_fields}
    found = [Step("POST", "/contacts", {f.name: OTHER[f.name]}) for f in CONTRACT.create_fields]
    found += [
        Step("POST", "/contacts", {k: "e" * len(v) for k, v in longest.items()}),
        Step("POST", "/contacts", longest),
    ]
    found += [
        Step("POST", "/contacts", {f.name: "e" * ((f.max_length or 0) + 1), "spouse_phone": "kept"})
        for f in CONTRACT.limited_fields
    ]
    found += [Step("POST", "/contacts", {"last_name": text, "company": "texts"}) for text in TEXTS]
    found += [
        Step("GET", f"/contacts?last_name={httpx.QueryParams({'': text})!s}".replace("=&", "=").replace("==", "="))
        for text in TEXTS
    ]
    return [*found, Step("GET", "/contacts?$limit=50")]


def _access() -> list[Step]:
    new = [Step("POST", "/contacts", {"tags": "access", "assigned_user_id": 2}) for _ in range(2)]
    path, other = "/contacts/1", "/contacts/2"
    found = [*new, Step("POST", f"{path}/shares", {"user_id": 3})]
    for user in ("assignee", "teammate", "outsider"):
        found += [
            Step("GET", path, user=user),
            Step("GET", "/contacts?tags=access", user=user),
            Step("PATCH", path, {"last_name": user}, user=user),
            Step("DELETE", path, user=user),
            Step("GET", path),
        ]
    found += [
        Step("GET", other, user="teammate"),
        Step("PATCH", other, {"last_name": "x"}, user="teammate"),
        Step("PATCH", path, {"assigned_user_id": 3}),
        Step("GET", path, user="assignee"),
        Step("POST", "/contacts", {"assigned_user_id": 4}),
        Step("PATCH", path, {"assigned_user_id": 4}),
        Step("POST", "/contacts", {}, user="outsider"),
    ]
    return found


def _lists() -> list[Step]:
    cohort = [
        {
            "company": "lists",
            "last_name": n,
            "first_name": f,
            "tags": t,
            "email": e,
            "birthday": b,
            "spouse_birthday": s,
            "created_at": c,
            "modified_at": m,
            "source_id": i,
            "hotness_id": h,
            "assigned_user_id": a,
        }
        for n, f, t, e, b, s, c, m, i, h, a in (
            ("birch", "x", "t", "p@example.com", "1950", "1960", "2017-01-10T10:00:00Z", "2018-01-03", 12, 12, 2),
            ("amber", "x", "t", "q@example.com", "1951", "1961", "2017-01-10T17:00:00Z", "2018-01-01", 13, 13, 3),
            (
                "amberton",
                "y",
                "u",
                "p@example.com",
                "1950",
                "1960",
                "2017-01-20T00:00:00.500Z",
                "2018-01-02",
                12,
                12,
                2,
            ),
            ("a", "y", "u", "r@example.com", "1952", "1962", "2017-01-31T10:00:00Z", "2018-01-04", 12, 13, 3),
            ("birch", "z", "v", "s@example.com", "1953", "1963", "2017-02-10T10:00:00Z", "2018-01-05", 13, 12, 2),
            (
                "saffron birch",
                "z",
                "v",
                "t@example.com",
                "1954",
                "1964",
                "2017-03-10T10:00:00Z",
                "2018-01-06",
                13,
                13,
                3,
            ),
        )
    ]
    queries = [
        *(
            f"{f.name}={httpx.QueryParams({'q': str(OTHER[f.name])})!s}".replace("=q=", "=")
            for f in CONTRACT.create_fields
        ),
        *(f"{name}[$ne]={cohort[0][name]}" for name in ("last_name", "email", "tags", "birthday", "spouse_birthday")),
        "last_name[$ne]=amber",
        *(f"last_name[{o}]=amber&last_name[{o}]=birch" for o in ("$in", "$nin")),
        *(f"last_name[{o}]=amber&last_name[{o}]=birch&last_name[{o}]=a" for o in ("$in", "$nin")),
        *(f"last_name[{o}]=amber" for o in ("$in", "$nin")),
        *(
            f"{f}[{o}]=2017-01-10T17:00:00Z"
            for o in ("$lt", "$lte", "$gt", "$gte")
            for f in ("created_at", "modified_at")
        ),
        *(f"modified_at[{o}]=2018-01-03T00:00:00Z" for o in ("$lt", "$lte", "$gt", "$gte")),
        *(f"created_at[{o}]=2017-01-10T10:00:00-07:00" for o in ("$lt", "$gte")),
        "created_at[$gte]=2017-01-20",
        "created_at[$lt]=2017-02-15",
        "created_at[$gte]=2017-01-10T10:00:00.000Z&created_at[$lte]=2017-01-31T10:00:00.000Z",
        "last_name[$gt]=amc",
        "first_name=x&tags=t&email=p@example.com",
        "first_name[$ne]=x&tags[$ne]=v",
        "first_name[$in]=x&first_name[$in]=y&last_name[$ne]=amber",
        *(f"$sort[{f}]={d}" for f in ("last_name", "created_at", "modified_at") for d in (1, -1)),
        "$sort[first_name]=1&$sort[last_name]=1",
        "$sort[first_name]=1&$sort[last_name]=-1",
        "$sort[source_id]=1",
        "$sort[last_name]=1&$limit=2",
        *(f"$sort[created_at]=-1&$limit=4&$skip={skip}" for skip in (0, 4)),
        "first_name[$ne]=x&$sort[created_at]=-1&$limit=2&$skip=2",
        "first_name=y&$limit=1",
        "$limit=3&$skip=2",
        "$limit=5&$skip=9",
        "$limit=1",
    ]
    return [
        *(Step("POST", "/contacts", values) for values in (WHOLE, OTHER, *cohort[3:], *cohort[:3])),
        *(Step("GET", f"/contacts?company=lists&{query}") for query in queries),
        *(Step("GET", f"/contacts?{query}&$limit=50") for query in queries[: len(CONTRACT.create_fields)]),
        Step("GET", "/contacts?company=lists&first_name%5B$ne%5D=x"),
    ]


def _security() -> list[Step]:
    found = [
        step
        for user in ("nobody", "stranger")
        for step in (
            Step("GET", "/contacts", user=user),
            Step("POST", "/contacts", {}, user=user),
            Step("GET", "/contacts/1", user=user),
            Step("PATCH", "/contacts/1", {"tags": user}, user=user),
            Step("DELETE", "/contacts/1", user=user),
        )
    ]
    return [Step("POST", "/contacts", WHOLE), *found, Step("GET", "/contacts"), Step("GET", "//contacts")]


CONVERSATIONS = {
    "lifecycle": _lifecycle(),
    "fields": _fields(),
    "access": _access(),
    "lists": _lists(),
    "security": _security(),
}


async def held(conversation: str, fault: str | None = None) -> AsyncIterator[tuple[Step, int, str, bytes]]:
    """A conversation with a fresh server: each step with status, media type and body of its answer."""
    clock = Clock()
    app = liondesk.application(fault=fault, clock=clock)
    tokens = {role: identity["token"] for role, identity in liondesk.TARGET["identities"].items()} | {
        "stranger": "0" * 40
    }
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server")
        )
        for step in CONVERSATIONS[conversation]:
            clock.go(1)
            headers = {"Authorization": f"Bearer {tokens[step.user]}"} if step.user in tokens else {}
            url = f"http://server{step.path}"
            answer = await client.request(step.method, url, content=step.content(), headers=headers)
            yield step, answer.status_code, answer.headers.get("content-type", ""), answer.content
