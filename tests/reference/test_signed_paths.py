"""Signed calls to both generations of the Spark API, as clients send them: a path in both forms."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import httpx
import pytest

from .flexmls.world import World as Flexmls
from .spark.world import Client
from .spark.world import World as Spark

TAGS = ["IDX Lead", "Zürich", "Buyer/Seller", "Zürich Nord/Süd", "50% off", "a+b"]
TAKEN = {
    None: {"sent", "decoded"},
    "path-is-signed-as-sent": {"sent"},
    "path-is-signed-decoded": {"decoded"},
}
GENERATIONS: dict[str, type[Spark | Flexmls]] = {"spark": Spark, "flexmls": Flexmls}


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _opened(client: Client) -> str:
    answer = client.post(f"/v1/session?ApiKey=reference-key&ApiSig={_md5('reference-secretApiKeyreference-key')}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["D"]["Results"][0]["AuthToken"])


def _signed(client: Client, token: str, tag: str, form: str, query: dict[str, str]) -> httpx.Response:
    prefix, escaped = "/v1/contacts/tags/", quote(tag, safe="")
    path = prefix + (tag if form == "decoded" else escaped)
    glued = "".join(f"{n}{v}" for n, v in sorted({**query, "AuthToken": token}.items()))
    text = f"reference-secretApiKeyreference-keyServicePath{path}{glued}"
    pairs = {**query, "AuthToken": token, "ApiSig": _md5(text)}
    return client.get(f"{prefix}{escaped}?" + "&".join(f"{n}={quote(v, safe='')}" for n, v in pairs.items()))


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("variant", TAKEN)
@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_is_asked_for_in_the_forms_that_are_taken(generation: str, variant: str | None, tag: str) -> None:
    world = GENERATIONS[generation](variant=variant)
    name = "Jörg Müller/Partner"
    if isinstance(world, Spark):
        world.of("private").create(DisplayName=name, PrimaryEmail="j@example.com", Tags=[tag])
    else:
        world.add(DisplayName=name, Tag=tag)
    client = Client(world.app, {})
    token = _opened(client)
    query = {"_pagination": "1", "_filter": f"DisplayName Eq '{name}'"}

    for form in ("sent", "decoded"):
        answer = _signed(client, token, tag, form, query)

        assert answer.status_code == (200 if form in TAKEN[variant] else 401), (form, answer.text)
        if form in TAKEN[variant]:
            assert [c["DisplayName"] for c in answer.json()["D"]["Results"]] == [name]
        else:
            assert answer.json()["D"]["Code"] == 1000


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize(
    "signed", ["/v1/contacts/tags/Z%C3%BCrich+Nord", "/v1/contacts/tags/Zurich Nord", "/v1/contacts"]
)
def test_no_other_form_is_taken(generation: str, signed: str) -> None:
    client = Client(GENERATIONS[generation]().app, {})
    token = _opened(client)
    text = _md5(f"reference-secretApiKeyreference-keyServicePath{signed}AuthToken{token}")

    answer = client.get(f"/v1/contacts/tags/Z%C3%BCrich%20Nord?AuthToken={token}&ApiSig={text}")

    assert (answer.status_code, answer.json()["D"]["Code"]) == (401, 1000)
