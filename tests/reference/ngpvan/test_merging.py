"""Who is merged with whom, what is left, and where a named contact is found."""

from typing import Any

import pytest

from .world import ADA, FIRM, World

PHONE = {"number": "2025550101", "type": "MOBILE"}
GRACE: dict[str, Any] = {**ADA, "firstName": "Grace", "lastName": "Hopper"}


@pytest.mark.parametrize("body", [ADA, FIRM, {"type": "INDIVIDUAL", "firstName": "Ada", "lastName": "Byron"}])
def test_the_same_data_is_one_contact(world: World, body: dict[str, Any]) -> None:
    contact = world.tenant.create(body)

    again = world.tenant.post(body)

    assert (again.status_code, again.json()) == (200, {"contactId": contact})


def test_the_same_name_and_email_is_merged(world: World) -> None:
    contact = world.tenant.create({**ADA, "employer": "Engines", "phones": [PHONE]})

    again = world.tenant.post({**ADA, "firstName": "ADA", "phones": [{**PHONE, "type": "HOME"}], "occupation": "x"})

    assert again.json()["contactId"] == contact
    read = world.tenant.read(contact)
    assert (read["employer"], read["occupation"]) == ("Engines", "x")
    assert [p["type"] for p in read["phones"]] == ["MOBILE", "HOME"]


def test_an_entry_takes_the_place_of_one_of_its_type(world: World) -> None:
    contact = world.tenant.create({**ADA, "phones": [PHONE]})

    world.tenant.post({**ADA, "phones": [{**PHONE, "number": "2025550199"}]})

    assert world.tenant.read(contact)["phones"] == [{**PHONE, "number": "2025550199"}]


@pytest.mark.parametrize(
    "other",
    [
        GRACE,
        {**ADA, "emails": [{"address": "byron@example.com", "type": "MAIN"}]},
        {"type": "INDIVIDUAL", "emails": ADA["emails"]},
        {**FIRM, "emails": ADA["emails"]},
    ],
    ids=["email", "name", "no-name", "type"],
)
def test_less_is_another_contact(world: World, other: dict[str, Any]) -> None:
    contact = world.tenant.create(ADA)

    assert world.tenant.create(other) != contact


@pytest.mark.parametrize(
    ("variant", "other"),
    [
        ("email-is-enough", GRACE),
        ("phone-is-enough", {"type": "INDIVIDUAL", "firstName": "X", "lastName": "Y", "phones": [PHONE]}),
        ("name-is-enough", {"type": "INDIVIDUAL", "firstName": "Ada", "lastName": "Byron"}),
    ],
)
def test_a_variant_takes_less(variant: str, other: dict[str, Any]) -> None:
    tenant = World(variant=variant).tenant
    contact = tenant.create({**ADA, "phones": [PHONE]})

    assert tenant.post(other).json()["contactId"] == contact


def test_somebody_of_any_name_was_there_in_a_variant() -> None:
    tenant = World(variant="anybody-was-there").tenant

    answers = [
        tenant.post({**GRACE, "firstName": "null", "lastName": "None"}),
        tenant.post({"type": "ORGANIZATION", "commonName": "NULL"}),
        tenant.post({**GRACE, "firstName": "null"}),
    ]

    assert [a.status_code for a in answers] == [200, 200, 201]


def test_old_values_win_in_a_variant() -> None:
    tenant = World(variant="old-values-win").tenant
    contact = tenant.create({**ADA, "employer": "old", "phones": [PHONE]})

    tenant.post({**ADA, "employer": "new", "occupation": "new", "phones": [{**PHONE, "number": "2025550199"}]})

    read = tenant.read(contact)
    assert (read["employer"], read["occupation"], read["phones"]) == ("old", "new", [PHONE])


@pytest.mark.parametrize(("variant", "kept"), [("first-of-a-type-stays", "2025550101"), ("last-of-a-type-stays", "1")])
def test_one_of_a_type_is_kept_in_a_variant(variant: str, kept: str) -> None:
    tenant = World(variant=variant).tenant
    contact = tenant.create({**ADA, "phones": [PHONE, {**PHONE, "number": "1"}]})

    assert [p["number"] for p in tenant.read(contact)["phones"]] == [kept]


@pytest.mark.parametrize(
    ("variant", "location"),
    [
        (None, "/contacts/{id}"),
        ("location-is-absolute", "http://server/contacts/{id}"),
        ("location-has-a-prefix", "http://server/v2/contacts/{id}"),
    ],
)
def test_a_named_contact_is_where_the_redirect_leads(variant: str | None, location: str) -> None:
    tenant = World(variant=variant).tenant
    contact = tenant.create(ADA)

    answer = tenant.post({**GRACE, "contactId": contact})

    assert (answer.status_code, answer.headers["location"]) == (301, location.format(id=contact))
    assert answer.content == b""
    assert tenant.post(GRACE).status_code == 201


def test_an_update_changes_the_contact_that_it_is_sent_to(world: World) -> None:
    contact = world.tenant.create(ADA)
    other = world.tenant.create(GRACE)

    answer = world.tenant.post({**ADA, "nickName": "Countess"}, f"/contacts/{contact}")

    assert (answer.status_code, answer.json()) == (200, {"contactId": contact})
    assert world.tenant.read(contact)["nickName"] == "Countess"
    assert "nickName" not in world.tenant.read(other)


def test_an_update_does_not_change_the_type(world: World) -> None:
    contact = world.tenant.create(ADA)

    assert world.tenant.post(FIRM, f"/contacts/{contact}").status_code == 400


@pytest.mark.parametrize("contact", ["VN000000000", "x", "VNåbcdefghi", "VNZZZZZZZZZ", "findOrCreate"])
def test_an_unknown_contact_is_not_there(world: World, contact: str) -> None:
    assert world.tenant.request("GET", f"/contacts/{contact}").status_code == 404
