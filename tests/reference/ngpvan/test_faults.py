"""The faults and variants: what they are named, what they break, and that each shows in some answer."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from contacts_conformance import contract, register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level
from contacts_conformance.reference import ngpvan
from contacts_conformance.reference.ngpvan.points import Points

from .world import ADA, FIRM, KEYS, Client, basic

TESTED = {r.id: r for r in register.load("ngpvan").tested()}
PRINTED = contract.load("ngpvan").document["components"]["examples"]["printed"]["value"]
PREFERENCES = {"communicationPreferences": {"preferredEmailType": "MAIN"}}
PHONE = {"number": "2025550101", "type": "MOBILE"}


def _somebody(number: int, **more: Any) -> dict[str, Any]:
    names = {"firstName": f"First{number}", "lastName": f"Last{number}"}
    emails = [{"address": f"{number}@example.com", "type": "MAIN"}]
    return {"type": "INDIVIDUAL", **names, "emails": emails, **more}


def _texts(form: str) -> dict[str, str]:
    texts = (f for f in contract.load("ngpvan").fields if f.is_text and f.name not in ("type", "facebookProfileUrl"))
    return {f.name: "Ms." if f.name == "prefix" else f"a {f.name}" for f in texts if not f.forms or form in f.forms}


PERSON: dict[str, Any] = {**PRINTED, **_texts("Individual"), **PREFERENCES}
ORGANIZATION: dict[str, Any] = {**FIRM, **_texts("Organization"), **PREFERENCES, "phones": [PHONE]}


def _refusable() -> list[dict[str, Any]]:
    """Bodies that keep to the contract but in one place, each of somebody else."""
    lists = ("emails", "addresses", "phones", "externalLinks", "contactCodes", "disclosureFields")
    twice = {
        "emails": [{"address": f"{n}@example.net", "type": "MAIN"} for n in "ab"],
        "addresses": [{"line1": n, "type": "WORK"} for n in "ab"],
        "phones": [{"number": f"202555010{n}", "type": "HOME"} for n in range(2)],
    }
    wrong: list[dict[str, Any]] = [
        *({k: {"value": "x"}} for k in _texts("Individual")),
        *({k: "x"} for k in lists),
        *({k: v} for k, v in twice.items()),
        *({"type": k} for k in ("PERSON", "HOUSEHOLD", "INDIVIDUALS", "")),
        {"prefix": "Archduchess"},
        {"facebookProfileUrl": "facebook.example.com/ada"},
        {"communicationPreferences": [{}]},
    ]
    bodies = [_somebody(100 + n, **more) for n, more in enumerate(wrong)]
    bodies += [{**FIRM, "commonName": f"Firm {k}", k: "Ms."} for k in _texts("Individual") if k not in ORGANIZATION]
    bodies += [_somebody(200 + n, **{k: "x"}) for n, k in enumerate(_texts("Organization")) if k not in PERSON]
    bodies += [{**FIRM, "commonName": "Structured", "officialName": ["x"]}]
    person: dict[str, Any] = {"type": "INDIVIDUAL"}
    firm: dict[str, Any] = {"type": "ORGANIZATION"}
    nothing: list[dict[str, Any]] = [{}, {"emails": []}, {"phones": []}]
    bodies += [
        *({**kind, **more} for kind in (person, firm) for more in nothing),
        {**person, "occupation": "x"},
        {**person, "firstName": "Ada"},
        {**person, "firstName": "Ada", "emails": []},
        {**person, "lastName": "Byron"},
        {**person, "firstName": "", "lastName": ""},
        {**firm, "commonName": "  "},
        {**person, "emails": [{"address": "", "type": "MAIN"}]},
        {**firm, "firstName": "Ada", "lastName": "Byron"},
        {**person, "commonName": "Engines"},
        {k: v for k, v in _somebody(300).items() if k != "type"},
        {"commonName": "Typeless", "emails": FIRM["emails"]},
    ]
    return bodies


def _takeable() -> list[dict[str, Any]]:
    more = {"addresses": PRINTED["addresses"], "phones": [PHONE], "nickName": "x"}
    entries = [{"address": "w@example.com", "type": "WORK", "doNotEmail": True}]
    return [
        PERSON,
        ORGANIZATION,
        {k: PERSON[k] for k in ("type", "firstName", "lastName")},
        {"type": "ORGANIZATION", "commonName": "Bare"},
        *(
            {"type": k, "emails": [{"address": f"{k}@example.com", "type": "MAIN"}]}
            for k in ("INDIVIDUAL", FIRM["type"])
        ),
        *(
            {"type": k, "phones": [{**PHONE, "number": f"20255501{n}5"}]}
            for n, k in enumerate(("INDIVIDUAL", FIRM["type"]))
        ),
        _somebody(1),
        _somebody(2, **more),
        _somebody(2, **more),
        _somebody(2),
        _somebody(2, occupation="new"),
        _somebody(1, phones=[PHONE]),
        _somebody(1, phones=[{**PHONE, "number": "2025550102"}], addresses=[{"line1": "1", "type": "WORK"}]),
        _somebody(1, addresses=[{"line1": "2", "type": "WORK"}]),
        _somebody(1, emails=[*_somebody(1)["emails"], *entries]),
        _somebody(1, emails=[*_somebody(1)["emails"], {**entries[0], "address": "v@example.com"}]),
        _somebody(1, emails=[{**entries[0], "address": "v@example.com"}]),
        _somebody(1, communicationPreferences={}),
        _somebody(1, **PREFERENCES, emails=[*_somebody(1)["emails"], *entries]),
        _somebody(3, addresses=[{"line1": n, "type": n} for n in ("WORK", "HOME")]),
        _somebody(4, emails=[*_somebody(4)["emails"], entries[0]]),
        _somebody(5),
        _somebody(1, nickName="again"),
        FIRM,
        FIRM,
    ]


Exchange = tuple[str, str, int, str, str, bytes]


def _id_in(answer: httpx.Response) -> str:
    try:
        found = answer.json() if answer.is_success else {}
    except ValueError:
        return ""
    return str(found.get("contactId") or "") if isinstance(found, dict) else ""


async def _held(fault: str | None) -> AsyncIterator[Exchange]:
    """What a server answers to everything; a contact is read after each submission."""
    transport = httpx.ASGITransport(ngpvan.application(fault=fault))
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        async for exchange in _conversation(client):
            yield exchange


async def _conversation(client: httpx.AsyncClient) -> AsyncIterator[Exchange]:
    users = {
        "tenant": basic(KEYS["tenant"]),
        "stranger": basic(KEYS["stranger"]),
        "capitals": basic(KEYS["tenant"].upper()),
        "header": {"apiKey": KEYS["tenant"]},
        "wrong": basic("nobody"),
        "nobody": {},
    }
    ids = ["VN000000000"]

    async def ask(user: str, method: str, path: str, body: Any = None) -> Exchange:
        options = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        answer = await client.request(method, path, headers=users[user], **options)
        if method == "POST" and path == "/contacts" and _id_in(answer):
            ids.append(_id_in(answer))
        location, kind = (answer.headers.get(name, "") for name in ("location", "content-type"))
        return method, path, answer.status_code, location, kind, answer.content

    for body in (*_takeable(), *_refusable()):
        exchange = await ask("tenant", "POST", "/contacts", body)
        yield exchange
        yield await ask("tenant", "GET", f"/contacts/{ids[-1]}")
        if exchange[2] >= 400:  # whether it is there all the same
            yield await ask("tenant", "POST", "/contacts", {**ADA, **body, "type": "INDIVIDUAL"})
            for name in ("emails", "addresses", "phones"):
                entries = body.get(name)
                if isinstance(entries, list) and len(entries) > 1:
                    yield await ask("tenant", "POST", "/contacts", {**body, name: entries[:1]})
    yield await ask("tenant", "POST", "/contacts", _somebody(1))
    mine = ids[-1]
    for path in (f"/contacts/{mine}", "/contacts/VN000000000"):
        for user in users:
            yield await ask(user, "GET", path)
            yield await ask(user, "POST", path, _somebody(1, occupation=user, nickName=user))
    for contact in dict.fromkeys(ids):
        yield await ask("tenant", "GET", f"/contacts/{contact}")
    for body in (_somebody(9, contactId=mine, occupation="x"), _somebody(9)):
        yield await ask("tenant", "POST", "/contacts", body)
        yield await ask("tenant", "GET", f"/contacts/{mine}")
    for number, user in enumerate(users):
        yield await ask(user, "POST", "/contacts", _somebody(20 + number))
        yield await ask("tenant", "POST", "/contacts", _somebody(20 + number))
    yield await ask("tenant", "POST", "/contacts", b'{"type": "INDIVIDUAL", "firstName": "Bro", "lastName": "Ken"')
    yield await ask("tenant", "POST", "/contacts", {"type": "INDIVIDUAL", "firstName": "Bro", "lastName": "Ken"})
    for number in range(40, 44):
        yield await ask("tenant", "POST", "/contacts", _somebody(number))


async def _whole() -> list[Exchange]:
    return [exchange async for exchange in _held(None)]


USUAL = asyncio.run(_whole())


async def _shows(fault: str) -> bool:
    """Whether some answer is another one than a server gives that keeps its contract."""
    place = 0
    async for exchange in _held(fault):
        if place >= len(USUAL) or exchange != USUAL[place]:
            return True
        place += 1
    return False


def test_every_binding_requirement_has_a_fault() -> None:
    broken = {f.breaks for f in ngpvan.FAULTS.values()}

    assert not [r.id for r in TESTED.values() if r.level is not Level.MAY and r.id not in broken]


@pytest.mark.parametrize("fault", ngpvan.FAULTS.values(), ids=ngpvan.FAULTS.keys())
def test_a_fault_says_what_it_breaks_and_shows(fault: Any) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-?", fault.name)
    assert fault.breaks in TESTED
    assert fault.sentence.endswith(".")
    assert fault.at in Points.names()
    assert asyncio.run(_shows(fault.name))


def test_an_unknown_fault_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="did you mean type-is-guessed"):
        ngpvan.application(fault="type-is-guesed")


@pytest.mark.parametrize("variant", ngpvan.VARIANTS)
def test_a_variant_creates_and_merges(variant: str) -> None:
    app = ngpvan.application(variant=variant)
    tenant = Client(app, basic(KEYS["tenant"]))
    paths = ("/contacts", "/contacts/findOrCreate")
    path = next(p for p in paths if tenant.request("POST", p, json={}).status_code not in (404, 405))

    first, second = (tenant.request("POST", path, json=ADA) for _ in range(2))

    assert first.status_code == 201
    assert second.json()["contactId"] == first.json()["contactId"]
    assert tenant.request("GET", f"/contacts/{first.json()['contactId']}").json()["firstName"] == "Ada"
