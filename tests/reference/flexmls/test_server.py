"""The older generation: what it takes, what it shows, and what it refuses."""

from typing import Any

import pytest

from contacts_conformance import contract
from contacts_conformance.reference import flexmls
from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES, LIMITED, SETTABLE, SHOWN
from contacts_conformance.reference.flexmls.operations import OPERATIONS

from .world import World

CONTRACT = contract.load("flexmls")


def test_fields_are_those_of_the_contract() -> None:
    assert set(SETTABLE) == {f.name for f in CONTRACT.create_fields}
    assert set(SHOWN) == {f.name for f in CONTRACT.answered_fields}
    assert {n: ATTRIBUTES[n].limit for n in LIMITED} == {f.name: f.max_length for f in CONTRACT.limited_fields}
    assert OPERATIONS.keys() == {o.id for o in CONTRACT.operations} - {"openSession"}


def test_a_contact_reads_as_it_was_sent(world: World) -> None:
    values = {
        "PrimaryEmail": "ada@example.com",
        "HomeStreetAddress": "12 Example Street\nApt 3",
        "HomePostalCode": "00501",
    }

    contact = world.idx.read(world.add(**values, Tag=["Hot Prospects", "IDX Lead"], Notify=True))

    assert {n: contact[n] for n in values} == values
    assert contact["Tags"] == ["Hot Prospects", "IDX Lead"]
    assert not {"Tag", "Notify", "OwnerId"} & contact.keys()
    assert (contact["ResourceUri"], len(contact["Id"])) == (f"/v1/contacts/{contact['Id']}", 24)


@pytest.mark.parametrize(
    ("d", "status"),
    [
        ({"Contacts": [{"DisplayName": "A", "Tag": "one"}], "Notify": True}, 201),
        ({"Contacts": [{"DisplayName": "A", "GivenName": "not supported", "Tags": ["x"]}]}, 201),
        ({"DisplayName": "A"}, 201),
        ({"Contacts": [{"DisplayName": "A" * 75}]}, 201),
        ({"Contacts": [{"DisplayName": "A" * 76}]}, 400),
        ({"Contacts": [{"PrimaryEmail": "a@example.com"}]}, 400),
        ({"Contacts": []}, 400),
        ({"Contacts": {"DisplayName": "A"}}, 400),
        ({"Results": [{"DisplayName": "A"}]}, 400),
    ],
)
def test_an_addition_is_checked(world: World, d: dict[str, Any], status: int) -> None:
    answer = world.idx.post("/v1/contacts", d)

    assert answer.status_code == status, answer.text
    assert answer.json()["D"]["Success"] is (status == 201)


def test_one_wrong_contact_adds_none(world: World) -> None:
    before = world.idx.names()

    answer = world.idx.post("/v1/contacts", {"Contacts": [{"DisplayName": "A"}, {}]})

    assert answer.status_code == 400
    assert world.idx.names() == before


def test_what_cannot_be_set_is_not_kept(world: World) -> None:
    contact = world.idx.read(world.add(GivenName="Ada", Tags=["x"]))

    assert not {"GivenName", "Tags"} & contact.keys()


def test_a_tag_lists_whoever_bears_it(world: World) -> None:
    for name, tags in (("A", ["Hot Prospects", "x"]), ("B", ["Hot"]), ("C", ["Hot Prospects 2"]), ("D", ["x"])):
        world.add(DisplayName=name, Tag=tags)

    assert world.idx.names("", "/v1/contacts/tags/Hot%20Prospects") == ["A"]
    assert world.idx.names("", "/v1/contacts/tags/x") == ["A", "D"]
    assert world.idx.names("", "/v1/contacts/tags/nobody") == []
    assert world.idx.names("", f"/v1/contacts/tags/{flexmls.TARGET['known']['tagged']}") == [
        "Peter Portal",
        "Walter Whole",
    ]


def test_lists_are_paged() -> None:
    world = World(foreign=30)

    d = world.idx.get("/v1/contacts?_pagination=1&_page=2&_limit=25").json()["D"]

    assert len(world.idx.names()) == 10
    assert len(d["Results"]) == 1
    assert d["Pagination"] == {"TotalRows": 26, "PageSize": 25, "TotalPages": 2, "CurrentPage": 2}


def test_the_own_record_is_the_clients(world: World) -> None:
    assert world.portal.read("/v1/my/contact")["Id"] == users.CLIENT
    assert world.idx.get("/v1/my/contact").status_code == 403
    for path in ("/v1/contacts", f"/v1/contacts/{users.CLIENT}", "/v1/contacts/tags/x"):
        assert world.portal.get(path).status_code == 403
    assert world.portal.post("/v1/contacts", {"Contacts": [{"DisplayName": "A"}]}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/v1/contacts/1", "/v1/contacts/tags/x", "/v1/my/contact", "/v1/contacts"])
def test_nothing_else_is_there(world: World, method: str, path: str) -> None:
    if (method, path) == ("POST", "/v1/contacts"):
        return
    answer = world.idx.request(method, path)

    assert (answer.status_code, answer.json()["D"]["Code"]) == (405, 405)
