"""Contacts that others have made in an account, with values in most attributes, before a run looks at it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import httpx

from contacts_conformance import contract, providers, reference
from contacts_conformance.checks.round_trip import as_id
from contacts_conformance.contract import Field
from contacts_conformance.providers import Identifying

_FIRST = (
    "Ada",
    "Alan",
    "Barbara",
    "Clara",
    "Edsger",
    "Frances",
    "Grace",
    "Hedy",
    "Joan",
    "Kate",
    "Margaret",
    "Rosalind",
)
_LAST = ("Byron", "Turing", "Liskov", "Shannon", "Dijkstra", "Allen", "Hopper", "Lamarr", "Clarke", "Johnson", "O'Neil")
_WORDS = ("Amber", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Grove", "Hazel", "Iris", "Juniper", "Maple", "Oak")
_TAGS = ("Buyer", "Seller", "Investor", "Web Leads")


def settle(provider: str, url: str, number: int, *, seed: int = 0) -> str:
    """Creates so many contacts at a provider's reference server, most of them by its main role; the id of the last one
    of that role, where the answer is a plain object that names it."""
    server, kind = reference.load(provider), providers.load(provider)
    known = contract.load(provider)
    draw = random.Random(seed)
    path = known.operation("create").path
    roles: Mapping[str, Mapping[str, str]] = server.TARGET["identities"]
    last = ""
    others = [r for r in ("outsider", "colleague", "stranger") if r in roles]
    with httpx.Client(base_url=url, timeout=60) as client:
        for index in range(number):
            role = others[index % len(others)] if others and index % 10 == 9 else kind.main_role
            values = _values(known.create_fields, index, draw) | _ids(known.create_fields, server.TARGET["known"], draw)
            if isinstance(kind, Identifying):  # what it recognises contacts by, and nothing that its forms exclude
                needed = {f.name: kind.sample(f, index) for f in known.required_fields}
                values = {**kind.identification(needed, f"settler{index}"), **needed}
            token, key = roles[role].get("token"), roles[role].get("api_key", "")
            headers = {"Authorization": f"Bearer {token}"} if token else {"apiKey": key}
            answer = client.post(path, json=kind.body("create", values), headers=headers)
            body = answer.json() if answer.is_success and answer.content else {}
            last = str(body.get("contactId", last)) if role == kind.main_role else last
    return last


def _values(fields: tuple[Field, ...], index: int, draw: random.Random) -> dict[str, Any]:
    first, last = _FIRST[index % len(_FIRST)], _LAST[index * 3 % len(_LAST)]
    values: dict[str, Any] = {}
    for field in fields:
        if field.known or field.enum or field.either or (not field.required and draw.random() < 0.25):
            continue
        name = field.name.casefold()
        match field.kind:
            case "list" if "email" in name:
                values[field.name] = [f"{first}.{draw.randrange(99)}@example.org".lower()]
            case "list" if not field.members:
                values[field.name] = draw.sample(_TAGS, draw.randrange(1, 3))
            case "instant":
                values[field.name] = (
                    f"20{10 + draw.randrange(9)}-{draw.randrange(1, 13):02}-11T0{draw.randrange(9)}:12:11Z"
                )
            case "text" if field.shape == "email":
                values[field.name] = f"{first}.{last}.{index}@example.com".lower().replace("'", "")
            case "text" if field.shape == "phone":
                values[field.name] = f"202-555-01{draw.randrange(100):02}"
            case "text" if field.shape == "date":
                values[field.name] = f"19{draw.randrange(50, 99)}-0{draw.randrange(1, 9)}-1{draw.randrange(9)}"
            case "text" if not field.shape:
                values[field.name] = _text(name, first, last, draw)
    return values


def _ids(fields: tuple[Field, ...], known: Mapping[str, str], draw: random.Random) -> dict[str, Any]:
    """Ids that the target file knows, for some of the fields that need one."""
    given = (f for f in fields if f.known in known and f.kind == "id" and draw.random() < 0.4)
    return {f.name: as_id(known[f.known]) for f in given}


def _text(name: str, first: str, last: str, draw: random.Random) -> str:
    if "display" in name:
        return f"{first} {last}"
    if "spouse" not in name and ("first" in name or "given" in name):
        return first
    if "spouse" not in name and ("last" in name or "family" in name):
        return last
    return draw.choice(_WORDS)
