"""What a body may hold, and how a refusal says what is wrong."""

from typing import Any

import pytest

from contacts_conformance import contract

from .world import ADA, FIRM, World

EXAMPLES = contract.load("ngpvan").document["components"]["examples"]
ADDRESS = {"line1": "12 Example Street", "city": "Exampleton", "type": "WORK"}


def problems(world: World, body: Any) -> list[str]:
    """The paths of what is wrong with a body, which has to be refused."""
    answer = world.tenant.post(body)
    assert answer.status_code == 400, answer.text
    return [p for e in answer.json()["errors"] for p in e["properties"]]


def test_the_printed_example_is_taken_and_read(world: World) -> None:
    printed = EXAMPLES["printed"]["value"]

    read = world.tenant.read(world.tenant.create(printed))

    assert {k: read[k] for k in printed} == printed


@pytest.mark.parametrize("kind", [None, "", "PERSON", "individual", 1])
def test_a_type_is_one_of_two(world: World, kind: object) -> None:
    assert problems(world, {**ADA, "type": kind})[0] == "type"


@pytest.mark.parametrize(
    "body",
    [
        {"firstName": "Ada", "lastName": "Byron"},
        {"emails": ADA["emails"]},
        {"phones": [{"number": "2025550101", "type": "HOME"}]},
    ],
)
def test_one_criterion_is_enough(world: World, body: dict[str, Any]) -> None:
    assert world.tenant.post({"type": "INDIVIDUAL", **body}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"firstName": "Ada"},
        {"lastName": "Byron", "phones": []},
        {"firstName": " ", "lastName": "Byron"},
        {"emails": []},
    ],
)
def test_less_than_one_is_not(world: World, body: dict[str, Any]) -> None:
    assert problems(world, {"type": "INDIVIDUAL", **body}) == ["type"]


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"commonName": "x"}, "commonName"),
        ({"employer": {}}, "employer"),
        ({"phones": {"number": "2025550101"}}, "phones"),
        ({"phones": ["2025550101"]}, "phones[0]"),
        ({"phones": [{"number": "2025550101"}]}, "phones[0].type"),
        ({"phones": [{"number": "2025550101", "type": "PIGEON"}]}, "phones[0].type"),
        ({"addresses": [ADDRESS, ADDRESS]}, "addresses[1]"),
        ({"emails": [{**ADA["emails"][0], "doNotEmail": "no"}]}, "emails[0].doNotEmail"),
        (
            {"emails": [{**ADA["emails"][0], "appliedEmailLists": [{"emailListId": 1}]}]},
            "emails[0].appliedEmailLists[0].emailListId",
        ),
        ({"emails": [{**ADA["emails"][0], "appliedEmailLists": [12]}]}, "emails[0].appliedEmailLists[0]"),
        ({"contactCodes": [{"contactCodeId": 1}]}, "contactCodes[0].contactCodeId"),
        ({"prefix": "Archduchess"}, "prefix"),
        ({"facebookProfileUrl": "ada.byron"}, "facebookProfileUrl"),
        ({"facebookProfileUrl": "http://[::1"}, "facebookProfileUrl"),
        ({"communicationPreferences": [{}]}, "communicationPreferences"),
        ({"hobby": "engines"}, "hobby"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_says_where_it_is_wrong(world: World, more: dict[str, Any], path: str) -> None:
    assert problems(world, {**ADA, **more}) == [path]
    assert world.tenant.post(ADA).status_code == 201


def test_an_organization_has_no_names_of_a_person(world: World) -> None:
    assert problems(world, {**FIRM, "nickName": "Engines"}) == ["nickName"]


@pytest.mark.parametrize("content", [b"{", b"[]", b'"x"', b"", b"\xff"])
def test_a_body_is_a_json_object(world: World, content: bytes) -> None:
    answer = world.tenant.request("POST", "/contacts", content=content)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "INVALID_JSON")
