"""Filters, order and pages."""

from typing import Any
from urllib.parse import quote

import pytest

from .world import World

PEOPLE = (
    {"first_name": "ada", "last_name": "byron", "created_at": "2017-01-01T00:00:00Z", "source_id": 12},
    {"first_name": "bill", "last_name": "gates", "created_at": "2017-01-10T10:00:00-07:00", "source_id": 13},
    {"first_name": "steve", "last_name": "jobs", "created_at": "2017-01-31T10:00:00Z", "source_id": 12},
    {"first_name": "alan", "created_at": "2017-02-01T00:00:00.500Z", "assigned_user_id": 2},
)


@pytest.fixture
def people(world: World) -> World:
    for person in PEOPLE:
        world.owner.create(**person)
    return world


def names(world: World, query: str) -> list[str]:
    answer = world.owner.find(query)
    assert answer.status_code == 200, answer.text
    return [c["first_name"] for c in answer.json()["data"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "ada bill steve alan"),
        ("first_name=bill", "bill"),
        ("first_name=Bill", ""),
        ("first_name=bil", ""),
        ("first_name=bill&last_name=gates", "bill"),
        ("first_name=bill&last_name=jobs", ""),
        ("first_name=ada&first_name=alan", "ada alan"),
        ("last_name[$ne]=gates", "ada steve"),
        ("last_name[$in]=gates&last_name[$in]=jobs", "bill steve"),
        ("last_name[$in][]=gates&last_name[$in][]=jobs", "bill steve"),
        ("last_name[$in][0]=gates&last_name[$in][1]=jobs", "bill steve"),
        ("last_name[$in]=gates", "bill"),
        ("last_name[$nin]=gates&last_name[$nin]=jobs", "ada"),
        ("last_name[$nin]=gates", "ada steve"),
        ("source_id=12", "ada steve"),
        ("source_id[$gt]=12", "bill"),
        ("source_id[$lt]=99999999999999999999999", "ada bill steve"),
        ("assigned_user_id=2", "alan"),
        ("owner_user_id=1", "ada bill steve alan"),
        ("first_name[$lt]=b", "ada alan"),
        ("created_at[$lt]=2017-01-10T17:00:00Z", "ada"),
        ("created_at[$lte]=2017-01-10T17:00:00Z", "ada bill"),
        ("created_at[$gt]=2017-01-10T17:00:00.000Z", "steve alan"),
        ("created_at[$gte]=2017-01-10T10:00:00-07:00", "bill steve alan"),
        ("created_at[$gte]=2017-01-10T19:00:00%2B02:00", "bill steve alan"),
        ("created_at=2017-01-10T17:00Z", "bill"),
        ("created_at[$gt]=2017-02-01T00:00:00.499999Z", "alan"),
        ("created_at[$gte]=2017-01-01&created_at[$lte]=2017-01-31T00:00:00Z", "ada bill"),
        ("created_at[$gte]=2017-01-02&last_name[$ne]=jobs", "bill"),
        ("$sort[first_name]=1", "ada alan bill steve"),
        ("$sort[first_name]=-1", "steve bill alan ada"),
        ("$sort[source_id]=-1&$sort[created_at]=-1", "bill steve ada alan"),
        ("$sort[created_at]=-1&$limit=2", "alan steve"),
        ("$sort[created_at]=-1&$limit=2&$skip=2", "bill ada"),
        ("$limit=1&$skip=1&source_id=12", "steve"),
        ("$skip=9", ""),
        ("id=2", "bill"),
        ("id[$in]=2&id[$in]=4", "bill alan"),
        ("id=soon", ""),
        ("$sort[id]=-1&$limit=1", "alan"),
        ("$or[0][first_name]=ada&$or[1][last_name]=jobs", "ada steve"),
        ("$or[0][first_name]=ada&$or[0][last_name]=jobs&$or[1][last_name]=gates", "bill"),
        ("$or[][source_id]=13&$or[][first_name]=alan", "bill alan"),
        ("$and[0][source_id]=12&$and[1][last_name][$ne]=jobs", "ada"),
        ("$select[]=first_name&first_name=ada", "ada"),
        ("$limit=-1", "ada"),
        ("$skip=-3", "alan"),
        ("$limit=0", ""),
        ("&&", "ada bill steve alan"),
    ],
)
def test_a_list_holds_what_is_asked_for_in_order(people: World, query: str, expected: str) -> None:
    assert names(people, query) == expected.split()
    assert names(people, quote(query, safe="=&%")) == expected.split()


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", (4, 10, 0)),
        ("$limit=2&$skip=1", (4, 2, 1)),
        ("$limit=0", (4, 0, 0)),
        ("$limit=51", (4, 50, 0)),
        ("$limit=99999999999999999999&$skip=99999999999999999999", (4, 50, 2**63 - 1)),
        ("source_id=12&$limit=1", (2, 1, 0)),
        ("$skip=9", (4, 10, 9)),
    ],
)
def test_a_page_counts_all_matches_and_states_what_was_applied(
    people: World, query: str, page: tuple[int, ...]
) -> None:
    answer = people.owner.find(query).json()

    assert (answer["total"], answer["limit"], answer["skip"]) == page


@pytest.mark.parametrize(
    "query",
    [
        "nickname=ada",
        "limit=1",
        "$or[0][nickname]=ada",
        "$or[0]=ada",
        "first_name[$like]=a",
        "first_name[$eq]=a",
        "first_name[]=a",
        "first_name[$lt][]=a",
        "first_name[lt]=a",
        "source_id=x",
        "created_at[$lt]=soon",
        "created_at[$lt]=2017-01-01T00:00:00+02:00",
        "created_at[$lt]=2017-13-01",
        "$limit=1.5",
        "$limit=",
        "$skip=x",
        "$sort=first_name",
        "$sort[first_name]=asc",
        "$sort[nickname]=1",
        "first_name=%FF",
    ],
)
def test_what_has_no_meaning_is_refused(people: World, query: str) -> None:
    answer = people.owner.find(query)

    assert (answer.status_code, answer.json()["className"]) == (400, "bad-request")


def test_equals_come_in_the_order_of_their_ids(world: World) -> None:
    ids: list[Any] = [world.owner.create(last_name="same", company=str(n))["id"] for n in range(5)]

    for direction in (1, -1):
        page = world.owner.get(f"/contacts?$sort[last_name]={direction}").json()
        assert [c["id"] for c in page["data"]] == ids


def test_a_list_item_is_the_contact_that_is_read(people: World) -> None:
    item = people.owner.get("/contacts?first_name=bill").json()["data"][0]

    assert item == people.owner.get(f"/contacts/{item['id']}").json()
