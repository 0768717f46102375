"""Creating, reading, changing, transferring and removing contacts."""

from typing import Any

import pytest

from contacts_conformance.reference import spark
from contacts_conformance.reference.spark import users

from .world import World


def _d(answer: Any) -> tuple[int, int | None]:
    return answer.status_code, answer.json()["D"].get("Code")


def test_a_contact_reads_as_it_was_sent(world: World) -> None:
    values = {
        "GivenName": "Ada",
        "HomeStreetAddress": "12 Example Street\nApt 3",
        "Tags": ["IDX Lead", "Buyer"],
        "SecondaryEmails": ["a@example.com", "b@example.com"],
        "AdditionalNotificationEmails": ["b@example.com"],
        "Settings": {"ReverseProspecting": True},
        "Note": "Met at the fair.",
    }

    contact = world.private.read(world.private.create(**values, Notify=True))

    assert {n: contact[n] for n in values} == values
    assert "Notify" not in contact
    assert contact["CreatedTimestamp"] == contact["ModificationTimestamp"] == "2024-02-29T12:00:00.250Z"
    assert (contact["OwnerId"], contact["RecordStatus"]) == (users.AGENT.id, "Connected")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, 1050)),
        ({"DisplayName": "A"}, (400, 1050)),
        ({"DisplayName": "", "PrimaryEmail": "a@example.com"}, (400, 1050)),
        ({"DisplayName": "A" * 76, "PrimaryEmail": "a@example.com"}, (400, 1053)),
        ({"DisplayName": 7, "PrimaryEmail": "a@example.com"}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "Tags": ["t" * 76]}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "Tags": "t"}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "Notify": "yes"}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "Settings": True}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "RecordStatus": "Gone"}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "RecordStatus": "Unconnected"}, (400, 1053)),
        ({"DisplayName": "A", "PrimaryEmail": "a@example.com", "AdditionalNotificationEmails": ["x"]}, (400, 1053)),
        ({"Contacts": []}, (400, 1053)),
        ({"Contacts": [{"DisplayName": "A", "PrimaryEmail": "a@example.com"}]}, (201, None)),
        ({"DisplayName": "A" * 75, "PrimaryEmail": "a@example.com", "Id": "1", "Unknown": 1}, (201, None)),
    ],
)  # fmt: skip
def test_a_creation_is_checked(world: World, body: dict[str, Any], expected: tuple[int, int | None]) -> None:
    assert _d(world.private.post("/v1/contacts", body)) == expected


@pytest.mark.parametrize("content", ["{", "[]", '{"D": 1}', "null"])
def test_a_body_has_to_be_an_envelope(world: World, content: str) -> None:
    label = {"Content-Type": "application/json"}
    answer = world.private.request("POST", "/v1/contacts", content=content, headers=label)

    assert _d(answer) == (400, 1035 if content == "{" else 1050)


def test_a_body_has_to_be_labelled(world: World) -> None:
    answer = world.private.request("POST", "/v1/contacts", content='{"D":{}}', headers={"Content-Type": "text/plain"})

    assert _d(answer) == (400, 1035)


def test_the_same_contact_twice_is_a_conflict(world: World) -> None:
    world.private.create()

    answer = world.private.post("/v1/contacts", {"DisplayName": "Ada Byron", "PrimaryEmail": "ada.byron@example.com"})

    assert _d(answer) == (409, 1055)


def test_a_change_leaves_the_rest(world: World) -> None:
    uri = world.private.create(GivenName="Ada", Tags=["Buyer"])
    before = world.private.read(uri)

    assert world.private.put(uri, {"ReferredBy": "Mr. Babbage", "GivenName": None}).json() == {"D": {"Success": True}}

    after = world.private.read(uri)
    assert after.pop("ModificationTimestamp") > before.pop("ModificationTimestamp")
    assert after == {n: v for n, v in before.items() if n != "GivenName"} | {"ReferredBy": "Mr. Babbage"}


@pytest.mark.parametrize("body", [{"DisplayName": None}, {"PrimaryEmail": ""}, {"RecordStatus": "Unconnected"}])
def test_a_change_is_checked(world: World, body: dict[str, Any]) -> None:
    uri = world.private.create()
    before = world.private.read(uri)

    assert _d(world.private.put(uri, body)) == (400, 1053)
    assert world.private.read(uri) == before


def test_addresses_for_notifications_stay_a_subset(world: World) -> None:
    uri = world.private.create(SecondaryEmails=["a@example.com"], AdditionalNotificationEmails=["a@example.com"])

    world.private.put(uri, {"SecondaryEmails": ["b@example.com"]})

    assert "AdditionalNotificationEmails" not in world.private.read(uri)


def test_a_removed_contact_is_gone(world: World) -> None:
    uri = world.private.create()

    assert world.private.delete(uri).status_code == 200
    assert _d(world.private.get(uri)) == _d(world.private.delete(uri)) == (404, 404)


def test_contacts_of_others_are_hidden(world: World) -> None:
    uri = world.private.create()

    for role in ("colleague", "stranger"):
        assert _d(world.of(role).get(uri)) == (404, 404)
        assert world.of(role).names() == []
    assert world.of("idx").get(uri).status_code == 200


@pytest.mark.parametrize(
    ("owner", "by", "status"),
    [
        (users.COLLEAGUE.id, "private", 200),
        (users.BRANCH.id, "private", 200),
        (users.BRANCH.id, "idx", 200),
        (users.STRANGER.id, "private", 403),
        (users.STRANGER.id, "admin", 200),
        (users.ELSEWHERE.id, "admin", 403),
        (users.ELSEWHERE.id, "private", 403),
        (users.COLLEAGUE.id, "colleague", 404),
        ("nobody", "private", 400),
        (7, "private", 400),
    ],
)
def test_a_transfer_stays_in_scope(world: World, owner: Any, by: str, status: int) -> None:
    uri = world.private.create()

    answer = world.of(by).put(uri, {"OwnerId": owner})

    assert answer.status_code == status
    assert world.of("admin").read(uri)["OwnerId"] == (owner if status == 200 else users.AGENT.id)
    assert world.private.get(uri).status_code == (404 if status == 200 else 200)


def test_a_transfer_stands_alone(world: World) -> None:
    uri = world.private.create(GivenName="Ada")
    before = world.private.read(uri)

    assert _d(world.private.put(uri, {"OwnerId": users.COLLEAGUE.id, "GivenName": "Grace"})) == (400, 1053)
    assert world.private.read(uri) == before


def test_a_transfer_connects(world: World) -> None:
    known = spark.TARGET["known"]["unconnected"].split(",")[0]
    listed = [c["Id"] for c in world.private.get("/v1/contacts/unconnected?_limit=25").json()["D"]["Results"]]
    assert known in listed
    assert not set(listed) & {c["Id"] for c in world.private.get("/v1/contacts?_limit=25").json()["D"]["Results"]}

    world.private.put(f"/v1/contacts/{known}", {"OwnerId": users.AGENT.id})

    assert world.private.read(f"/v1/contacts/{known}")["RecordStatus"] == "Connected"
    assert "Una Unconnected0" in world.private.names("_limit=25")
    assert "Una Unconnected0" not in world.private.names("_limit=25", "/v1/contacts/unconnected")


def test_the_own_record_takes_what_is_permitted(world: World) -> None:
    vow = world.of("vow")

    assert vow.put("/v1/my/contact", {"GivenName": "Ada", "HomeStreetAddress": "1\n2"}).status_code == 200
    assert _d(vow.put("/v1/my/contact", {"GivenName": "Grace", "Salutation": "Dr"})) == (400, 1053)

    contact = vow.read("/v1/my/contact")
    assert (contact["Id"], contact["GivenName"]) == (users.VOW_CONTACT, "Ada")
    assert contact["HomeStreetAddress"] == "1\n2"
    assert "Salutation" not in contact
