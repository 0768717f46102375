"""What the server does with one contact."""

from typing import Any

import pytest

from contacts_conformance import contract

from .world import World

CONTRACT = contract.load("liondesk")
WHOLE: dict[str, Any] = CONTRACT.document["components"]["examples"]["newContact"]["value"]


def test_a_whole_contact_reads_as_it_was_sent(world: World) -> None:
    contact = world.owner.create(**WHOLE)

    read = world.owner.get(f"/contacts/{contact['id']}").json()

    kept = {name: value for name, value in WHOLE.items() if not name.endswith(("hotness_id", "source_id"))}
    assert {name: read[name] for name in kept} == kept
    assert read["hotness"] == {"name": "Pending", "rank": 14, "color": "#3b274c"}
    assert (read["source"]["id"], read["source"]["name"]) == (12, "Referral")
    assert read == contact


def test_an_empty_contact_has_an_owner_and_the_time(world: World) -> None:
    contact = world.assignee.create()

    assert contact["owner_user_id"] == 2
    assert contact["created_at"] == contact["modified_at"] == "2024-02-29T12:00:00.250Z"
    assert contact["addresses"] == contact["custom_fields"] == []
    assert contact["first_name"] is contact["hotness"] is contact["source"] is None


def test_every_answered_attribute_is_documented(world: World) -> None:
    assert set(world.owner.create()) == {f.name for f in CONTRACT.answered_fields}


def test_an_id_is_never_given_twice(world: World) -> None:
    first = world.owner.create()["id"]
    world.owner.delete(f"/contacts/{first}")

    assert world.owner.create()["id"] == first + 1


def test_a_change_alters_what_it_gives(world: World) -> None:
    contact = world.owner.create(first_name="Ada", last_name="Byron")

    answer = world.owner.patch(f"/contacts/{contact['id']}", json={"last_name": "King", "assigned_user_id": "2"})

    assert answer.status_code == 200
    assert answer.json() == contact | {
        "last_name": "King",
        "assigned_user_id": 2,
        "modified_at": "2024-02-29T12:00:00.251Z",
    }


def test_a_change_moves_the_time_of_the_last_edit_even_if_it_lies_ahead(world: World) -> None:
    contact = world.owner.create(modified_at="2030-01-01T00:00:00Z")

    changed = world.owner.patch(f"/contacts/{contact['id']}", json={}).json()

    assert changed["modified_at"] == "2030-01-01T00:00:00.001Z"


def test_instants_are_shown_in_utc_however_they_were_sent(world: World) -> None:
    contact = world.owner.create(created_at="2012-09-27T09:15:00-07:00", modified_at="2012-09-27")

    assert contact["created_at"] == "2012-09-27T16:15:00.000Z"
    assert contact["modified_at"] == "2012-09-27T00:00:00.000Z"


def test_null_and_nothing_unset_an_attribute(world: World) -> None:
    contact = world.owner.create(**WHOLE)
    sent = {"first_name": None, "last_name": "", "assigned_user_id": 0, "hotness_id": None, "source_id": ""}

    changed = world.owner.patch(f"/contacts/{contact['id']}", json=sent).json()

    unset = [changed[name] for name in ("first_name", "last_name", "assigned_user_id", "hotness", "source")]
    assert unset == [None, "", None, None, None]


def test_read_only_members_are_ignored(world: World) -> None:
    contact = world.owner.create(id=77, owner_user_id=3, addresses=[1], custom_fields=[], hotness={}, source={})

    changed = world.owner.patch(f"/contacts/{contact['id']}", json={"id": 9, "owner_user_id": 4}).json()

    assert (changed["id"], changed["owner_user_id"], changed["addresses"]) == (contact["id"], 1, [])


def test_a_removal_answers_the_contact_that_is_gone(world: World) -> None:
    contact = world.owner.create(first_name="Ada")

    answer = world.owner.delete(f"/contacts/{contact['id']}")

    assert (answer.status_code, answer.json()) == (200, contact)
    assert world.owner.get(f"/contacts/{contact['id']}").status_code == 404
    assert world.owner.get("/contacts").json()["total"] == 0


@pytest.mark.parametrize("contact", ["1", "0", "01", "-1", "1.0", "x", "99999999999999999999", "%20"])
def test_an_id_that_does_not_exist_is_answered_404(world: World, contact: str) -> None:
    for answer in (
        world.owner.get(f"/contacts/{contact}"),
        world.owner.patch(f"/contacts/{contact}", json={}),
        world.owner.delete(f"/contacts/{contact}"),
    ):
        assert (answer.status_code, answer.json()["className"]) == (404, "not-found")


@pytest.mark.parametrize("field", CONTRACT.limited_fields, ids=str)
def test_a_text_is_kept_up_to_its_limit_and_refused_above(world: World, field: contract.Field) -> None:
    longest = "é" * (field.max_length or 0)

    assert world.owner.create(**{field.name: longest})[field.name] == longest
    answer = world.owner.post("/contacts", json={field.name: longest + "x"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field.name])


def test_a_text_without_a_limit_is_kept_whole(world: World) -> None:
    assert world.owner.create(spouse_phone="5" * 5000)["spouse_phone"] == "5" * 5000


@pytest.mark.parametrize("text", ["O'Brien", '"', "100%", "00501", "<b>&amp;</b>", "λ中", "🦉\n\t", "\x00", " x "])
def test_a_text_is_kept_as_it_was_sent_and_found(world: World, text: str) -> None:
    contact = world.owner.create(last_name=text)
    world.owner.create(last_name="another")

    found = world.owner.get("/contacts", params={"last_name": text}).json()

    assert contact["last_name"] == text
    assert [c["id"] for c in found["data"]] == [contact["id"]]


@pytest.mark.parametrize(
    "sent",
    [
        {"first_name": 7},
        {"first_name": ["Ada"]},
        {"created_at": "yesterday"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"modified_at": 1467375131},
        {"assigned_user_id": True},
        {"assigned_user_id": 2.5},
        {"assigned_user_id": 4},
        {"assigned_user_id": 99},
        {"hotness_id": 14},
        {"source_id": "x"},
    ],
    ids=str,
)
def test_what_a_contact_cannot_have_is_refused_and_named(world: World, sent: dict[str, Any]) -> None:
    answer = world.owner.post("/contacts", json=sent)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(sent))
    assert world.owner.get("/contacts").json()["total"] == 0


def test_half_a_character_is_refused(world: World) -> None:
    answer = world.owner.post("/contacts", content=rb'{"first_name": "\ud800"}')

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["first_name"])


@pytest.mark.parametrize("body", ["", "{", "null", "7", '"text"', "[]", "[{}]", "\xff", "[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(world: World, body: str) -> None:
    contact = world.owner.create()
    content = body.encode("latin-1")

    assert world.owner.post("/contacts", content=content).status_code == 400
    assert world.owner.patch(f"/contacts/{contact['id']}", content=content).status_code == 400
    assert world.owner.get("/contacts").json()["total"] == 1
