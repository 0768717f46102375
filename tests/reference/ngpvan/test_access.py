"""Keys, tenants, and the paths that there are."""

import pytest

from .world import ADA, KEYS, World, basic


def test_the_key_is_taken_in_either_place_and_case(world: World) -> None:
    key = KEYS["tenant"]
    contact = world.tenant.create(ADA)

    for headers in (basic(key.upper()), {"apiKey": key}, {"apikey": key.upper()}):
        assert world.client(headers).post(ADA).json() == {"contactId": contact}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("nobody"),
        basic(KEYS["tenant"], "somebody"),
        {"Authorization": "Basic ###"},
        {"Authorization": f"Bearer {KEYS['tenant']}"},
        {"apiKey": "nobody"},
    ],
)
def test_without_a_valid_key_nothing_happens(world: World, headers: dict[str, str]) -> None:
    contact = world.tenant.create(ADA)
    client = world.client(headers)
    new = {**ADA, "lastName": "Lovelace", "emails": [{"address": "new@example.com", "type": "MAIN"}]}

    for answer in (client.post(new), client.post(new, f"/contacts/{contact}"), client.request("GET", "/contacts/x")):
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["code"] == "UNAUTHORIZED"
    assert world.tenant.post(new).status_code == 201


def test_tenants_are_apart(world: World) -> None:
    contact = world.tenant.create(ADA)

    assert world.stranger.create(ADA) != contact
    assert world.stranger.request("GET", f"/contacts/{contact}").status_code == 404
    assert world.stranger.post(ADA, f"/contacts/{contact}").status_code == 404


@pytest.mark.parametrize(
    ("variant", "there", "not_there", "status"),
    [
        ("only-contacts", "/contacts", "/contacts/findOrCreate", 404),
        ("only-find-or-create", "/contacts/findOrCreate", "/contacts", 404),
        ("contacts-is-another-resource", "/contacts/findOrCreate", "/contacts", 405),
    ],
)
def test_contacts_are_created_at_one_path_in_a_variant(variant: str, there: str, not_there: str, status: int) -> None:
    tenant = World(variant=variant).tenant

    assert tenant.post(ADA, there).status_code == 201
    assert tenant.post(ADA, not_there).status_code == status


@pytest.mark.parametrize(("method", "path"), [("GET", "/contacts"), ("PUT", "/contacts/x"), ("DELETE", "/contacts/x")])
def test_what_no_page_documents_is_not_there(world: World, method: str, path: str) -> None:
    answer = world.tenant.request(method, path)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (405, "METHOD_NOT_ALLOWED")


def test_foreign_contacts_are_the_same_each_time() -> None:
    first, second = World(foreign=40), World(foreign=40)

    assert first.tenant.create(ADA) == second.tenant.create(ADA)
