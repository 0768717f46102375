"""Who may see, change, remove, assign and share."""

import pytest

from .world import Client, World


@pytest.fixture
def contact(world: World) -> int:
    """A contact of the owner, assigned to the assignee."""
    number: int = world.owner.create(first_name="Ada", assigned_user_id=2)["id"]
    return number


def share(client: Client, contact: int, user: object) -> int:
    return client.post(f"/contacts/{contact}/shares", json={"user_id": user}).status_code


def test_owner_and_assignee_read_list_and_change(world: World, contact: int) -> None:
    for client in (world.owner, world.assignee):
        assert client.get(f"/contacts/{contact}").json()["first_name"] == "Ada"
        assert client.get("/contacts").json()["total"] == 1
        assert client.patch(f"/contacts/{contact}", json={"last_name": "Byron"}).status_code == 200


def test_nobody_else_sees_it(world: World, contact: int) -> None:
    for client in (world.teammate, world.outsider):
        assert client.get(f"/contacts/{contact}").status_code == 404
        assert client.get("/contacts").json()["total"] == 0
        assert client.patch(f"/contacts/{contact}", json={"first_name": "x"}).status_code == 404
        assert client.delete(f"/contacts/{contact}").status_code == 404
    assert world.owner.get(f"/contacts/{contact}").json()["first_name"] == "Ada"


def test_whom_it_is_shared_with_reads_lists_and_changes(world: World, contact: int) -> None:
    assert share(world.assignee, contact, 3) == 201
    assert share(world.assignee, contact, "3") == 201

    assert world.teammate.get(f"/contacts/{contact}").status_code == 200
    assert world.teammate.get("/contacts").json()["total"] == 1
    assert world.teammate.patch(f"/contacts/{contact}", json={}).status_code == 200


def test_a_contact_is_shared_by_who_sees_it_with_who_is_in_the_team(world: World, contact: int) -> None:
    assert share(world.teammate, contact, 3) == 404
    for user in (4, 99, "x", None, True):
        assert share(world.owner, contact, user) == 400


def test_the_owner_alone_removes(world: World, contact: int) -> None:
    share(world.owner, contact, 3)

    for client in (world.assignee, world.teammate):
        answer = client.delete(f"/contacts/{contact}")
        assert (answer.status_code, answer.json()["name"]) == (403, "Forbidden")
    assert world.owner.delete(f"/contacts/{contact}").status_code == 200


def test_a_removed_contact_takes_its_shares_with_it(world: World, contact: int) -> None:
    share(world.owner, contact, 3)
    world.owner.delete(f"/contacts/{contact}")

    assert world.teammate.get("/contacts").json()["total"] == 0


def test_a_former_assignee_sees_it_no_more(world: World, contact: int) -> None:
    world.owner.patch(f"/contacts/{contact}", json={"assigned_user_id": 3})

    assert world.assignee.get(f"/contacts/{contact}").status_code == 404
    assert world.teammate.get(f"/contacts/{contact}").status_code == 200


def test_a_contact_is_assigned_within_the_team(world: World, contact: int) -> None:
    assert world.owner.patch(f"/contacts/{contact}", json={"assigned_user_id": "3"}).status_code == 200
    refused = world.owner.patch(f"/contacts/{contact}", json={"assigned_user_id": "4"})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["assigned_user_id"])
    assert world.outsider.post("/contacts", json={"assigned_user_id": 4}).status_code == 201


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer nobody", "Basic cmVmZXJlbmNlLW93bmVyLXRva2Vu"])
def test_without_a_valid_token_nothing_happens(world: World, contact: int, authorization: str | None) -> None:
    client = world.client(authorization)

    for answer in (
        client.get("/contacts"),
        client.post("/contacts", json={}),
        client.get(f"/contacts/{contact}"),
        client.patch(f"/contacts/{contact}", json={"first_name": "x"}),
        client.delete(f"/contacts/{contact}"),
        client.get("/contacts/999"),
        client.post("/contacts", content="{"),
    ):
        assert answer.status_code == 401
        assert answer.json() == {
            "name": "NotAuthenticated",
            "message": "Invalid access token",
            "code": 401,
            "className": "not-authenticated",
            "errors": {},
        }
    assert world.owner.get("/contacts").json()["data"][0]["first_name"] == "Ada"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/contacts/1"),
        ("PUT", "/contacts"),
        ("PATCH", "/contacts"),
        ("DELETE", "/contacts"),
        ("POST", "/contacts/1"),
        ("OPTIONS", "/contacts"),
        ("PROPFIND", "/contacts"),
        ("GET", "/contacts/1/shares"),
    ],
)
def test_a_method_that_is_not_there_is_answered_405(world: World, method: str, path: str) -> None:
    answer = world.owner.request(method, path)

    assert (answer.status_code, answer.json()["name"]) == (405, "MethodNotAllowed")
    assert answer.headers["allow"]


def test_a_path_that_is_not_there_is_answered_404(world: World) -> None:
    answer = world.owner.get("/events")

    assert (answer.status_code, answer.json()["message"]) == (404, "Page not found")


@pytest.mark.parametrize("path", ["//contacts", "/contacts/", "///contacts//"])
def test_slashes_are_merged(world: World, contact: int, path: str) -> None:
    assert world.owner.get(f"http://server{path}").json()["total"] == 1
    assert world.owner.get(f"http://server{path.rstrip('/')}/{contact}").status_code == 200


def test_foreign_contacts_are_the_same_each_time() -> None:
    first, second = World(foreign=40), World(foreign=40)

    page = first.owner.get("/contacts?$limit=50").json()
    assert page == second.owner.get("/contacts?$limit=50").json()
    totals = [c.get("/contacts").json()["total"] for c in (first.owner, first.assignee, first.teammate, first.outsider)]
    assert totals[0] + totals[3] == 40
    assert all(totals)
