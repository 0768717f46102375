"""Each variant differs from the reference server in what its sentence says."""

import re
import uuid
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from contacts_conformance import contract
from contacts_conformance.errors import UsageError
from contacts_conformance.reference import liondesk
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.reference.liondesk.options import Options

from .world import World

CONTRACT = contract.load("liondesk")


def of(variant: str) -> World:
    return World(variant=variant)


def test_names_sentences_and_manners_are_told_apart() -> None:
    variants = liondesk.VARIANTS.values()

    assert len(variants) == len({v.sentence for v in variants}) == len({v.options for v in variants})
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", v.name) and v.sentence.endswith(".") for v in variants)
    assert all(v.options != Options() for v in variants)


def test_every_choice_is_made_otherwise_by_some_variant() -> None:
    usual = Options()
    choices = {f.name for f in fields(Options)} - {"request_ids"}  # it belongs to services of another vendor

    made = {n for v in liondesk.VARIANTS.values() for n in choices if getattr(v.options, n) != getattr(usual, n)}

    assert made == choices


def test_an_unknown_variant_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="no variant 'ids-are-uuid'; did you mean ids-are-uuids"):
        liondesk.application(variant="ids-are-uuid")


@pytest.mark.parametrize("variant", liondesk.VARIANTS)
def test_a_contact_lives_and_is_found(variant: str) -> None:
    world = of(variant)
    contact = world.owner.create(first_name="Ada", company="Engines")["id"]
    path = f"/contacts/{int(contact) if isinstance(contact, float) else contact}"
    world.owner.create(first_name="Grace", company="Engines")

    assert world.owner.patch(path, json={"last_name": "Byron"}).is_success
    read = world.owner.get(path).json()
    found = world.owner.get("/contacts", params={"company": "Engines", "first_name": "Ada"}).json()

    assert (read["first_name"], read["last_name"]) == ("Ada", "Byron")
    assert found["data"] == [read]
    assert world.outsider.get(path).is_client_error
    assert world.assignee.delete(path).is_client_error
    assert world.owner.delete(path).is_success
    assert world.owner.get(path).is_client_error


# Ids and attributes


def test_ids_as_digits() -> None:
    contact = of("ids-are-digit-texts").owner.create(assigned_user_id=2, source_id=12)

    assert (contact["id"], contact["owner_user_id"], contact["assigned_user_id"]) == ("1", "1", "2")
    assert contact["source"]["id"] == "12"


def test_ids_as_uuids() -> None:
    world = of("ids-are-uuids")
    contact = world.owner.create()["id"]

    assert str(uuid.UUID(contact)) == contact
    for other in ("1", str(uuid.UUID(int=1)), "x"):
        assert world.owner.get(f"/contacts/{other}").status_code == 404


def test_large_ids() -> None:
    assert of("ids-are-large").owner.create()["id"] == 3_000_000_001


def test_what_is_unset() -> None:
    assert "email" not in of("unset-is-left-out").owner.create()
    assert of("unset-is-empty").owner.create()["email"] == ""
    assert "hotness" not in of("unset-lookup-is-left-out").owner.create()
    assert of("unset-lookup-is-an-object").owner.create()["source"] == {}


def test_more_and_fewer_attributes() -> None:
    assert of("lookup-ids-are-shown").owner.create(hotness_id="13")["hotness_id"] == 13
    assert "addresses" not in of("related-is-left-out").owner.create()
    assert set(of("extra-attributes").owner.create()) > {f.name for f in CONTRACT.answered_fields}


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("whole-seconds", "2018-05-07T17:00:00Z"),
        ("offset-of-utc", "2018-05-07T17:00:00+00:00"),
        ("offset-of-california", "2018-05-07T10:00:00-07:00"),
    ],
)
def test_notations(variant: str, text: str) -> None:
    world = of(variant)

    assert world.owner.create(created_at="2018-05-07T10:00:00.750-07:00")["created_at"] == text
    assert world.owner.get("/contacts", params={"created_at[$lte]": text}).json()["total"] == 1


def test_whole_seconds_move_only_with_the_clock() -> None:
    world = of("whole-seconds")
    path = f"/contacts/{world.owner.create()['id']}"

    first = world.owner.patch(path, json={"fax": "1"}).json()["modified_at"]
    world.clock.go(1)
    second = world.owner.patch(path, json={"fax": "2"}).json()["modified_at"]

    assert (first, second) == ("2024-02-29T12:00:00Z", "2024-02-29T12:00:01Z")


def test_times_of_the_server() -> None:
    sent = {"created_at": "2016-07-01", "modified_at": "2016-07-02"}

    one = of("server-sets-created-at").owner.create(**sent)
    both = of("server-sets-both-times").owner.create(**sent)

    assert (one["created_at"][:10], one["modified_at"][:10]) == ("2024-02-29", "2016-07-02")
    assert (both["created_at"][:10], both["modified_at"][:10]) == ("2024-02-29", "2024-02-29")


def test_no_time_of_an_edit_before_the_first() -> None:
    world = of("never-edited-has-no-time")
    contact = world.owner.create()

    changed = world.owner.patch(f"/contacts/{contact['id']}", json={"fax": "1"}).json()

    assert contact["modified_at"] is None
    assert changed["modified_at"].startswith("2024-02-29T12:00:00")


@pytest.mark.parametrize(("variant", "minutes"), [("clock-is-ahead", 30), ("clock-is-behind", -30)])
def test_wrong_clocks(variant: str, minutes: int) -> None:
    world = of(variant)
    expected = world.clock() + timedelta(minutes=minutes)

    assert world.owner.create()["created_at"] == f"{expected:%Y-%m-%dT%H:%M:%S}.250Z"


# What is sent


def test_limits() -> None:
    assert of("over-long-is-cut").owner.create(fax="1" * 50)["fax"] == "1" * 45
    assert of("limits-count-bytes").owner.post("/contacts", json={"company": "é" * 23}).status_code == 400
    assert of("every-text-is-limited").owner.post("/contacts", json={"spouse_phone": "5" * 256}).status_code == 400


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        ("email", "a@example.com", "example.com"),
        ("home_phone", "+1 (202) 555-0101", "call me"),
        ("birthday", "1955-10-28", "late May"),
    ],
)
def test_strict_shapes(field: str, right: str, wrong: str) -> None:
    world = of("shapes-are-strict")

    assert world.owner.create(**{field: right})[field] == right
    assert world.owner.create(**{field: ""})[field] == ""
    assert world.owner.post("/contacts", json={field: wrong}).status_code == 400


def test_letters() -> None:
    assert of("wide-characters-are-refused").owner.post("/contacts", json={"tags": "🦉"}).status_code == 400
    assert of("blanks-are-trimmed").owner.create(tags=" x ")["tags"] == "x"
    assert of("letters-are-composed").owner.create(tags="e\u0301")["tags"] == "\xe9"


def test_what_makes_no_sense() -> None:
    assert of("empty-texts-are-refused").owner.post("/contacts", json={"tags": " "}).status_code == 400
    later = {"created_at": "2024-02-29T12:00:01Z"}
    assert of("future-times-are-refused").owner.post("/contacts", json=later).status_code == 400


def test_what_cannot_be_written() -> None:
    assert of("read-only-is-refused").owner.post("/contacts", json={"owner_user_id": 2}).status_code == 400
    lenient = of("unknown-is-ignored").owner
    assert "nickname" not in lenient.create(nickname="Countess")
    assert lenient.get("/contacts?nickname=Countess").json()["total"] == 1
    assert lenient.get("/contacts?id=2").json()["total"] == 0
    assert of("unknown-is-refused").owner.post("/contacts", json={"nickname": "Countess"}).status_code == 400


@pytest.mark.parametrize(
    "query", ["id=1", "$or[0][first_name]=Ada", "$select[]=first_name", "$limit=-1", "$sort[id]=1"]
)
def test_what_the_page_does_not_have_is_refused(query: str) -> None:
    assert of("only-the-page-is-taken").owner.find(query).status_code == 400


def test_assignments_in_turn() -> None:
    world = of("assigned-in-turn")

    assert [world.owner.create()["assigned_user_id"] for _ in range(4)] == [2, 3, 1, 2]
    assert world.owner.create(assigned_user_id=3)["assigned_user_id"] == 3


def test_assignments() -> None:
    assert of("outsider-is-ignored").owner.create(assigned_user_id=4)["assigned_user_id"] is None
    world = of("former-assignee-keeps-seeing")
    path = f"/contacts/{world.owner.create(assigned_user_id=2)['id']}"
    world.owner.patch(path, json={"assigned_user_id": 3})
    assert world.assignee.get(path).status_code == 200
    assert world.owner.patch(path, json={"assigned_user_id": None}).status_code == 200


def test_replacing() -> None:
    world = of("put-replaces")
    contact = world.owner.create(first_name="Ada", last_name="Byron")

    replaced = world.owner.request("PUT", f"/contacts/{contact['id']}", json={"last_name": "King"})

    assert replaced.status_code == 200
    assert (replaced.json()["first_name"], replaced.json()["last_name"]) == (None, "King")
    assert replaced.json()["created_at"] == contact["created_at"]


# What is asked


@pytest.mark.parametrize(
    ("variant", "query", "status", "expected"),
    [
        ("nulls-differ", "last_name[$ne]=byron", 200, "alan"),
        ("nulls-differ", "last_name[$nin]=byron&last_name[$nin]=x", 200, "alan"),
        ("case-is-ignored", "first_name=ADA", 200, "Ada"),
        ("case-is-ignored", "first_name[$in]=ADA&first_name[$in]=ALAN", 200, "Ada alan"),
        ("case-is-ignored", "$sort[first_name]=-1", 200, "alan Ada"),
        ("one-in-list-is-refused", "first_name[$in]=Ada", 400, ""),
        ("one-in-list-is-refused", "first_name[$in]=Ada&first_name[$in]=x", 200, "Ada"),
        ("raw-brackets-are-refused", "first_name[$ne]=Ada", 400, ""),
        ("raw-brackets-are-refused", "first_name%5B$ne%5D=Ada", 200, "alan"),
        ("dates-begin-in-california", "created_at[$lt]=2017-01-01", 200, "Ada alan"),
        ("limit-zero-is-default", "$limit=0", 200, "Ada alan"),
        ("newest-first", "", 200, "alan Ada"),
        ("newest-first", "$sort[company]=1", 200, "alan Ada"),
    ],
)
def test_lists(variant: str, query: str, status: int, expected: str) -> None:
    world = of(variant)
    world.owner.create(first_name="Ada", last_name="byron", created_at="2017-01-01T07:59:59Z")
    world.owner.create(first_name="alan", created_at="2017-01-01T00:00:00Z")

    answer = world.owner.find(query)

    assert answer.status_code == status
    if answer.is_success:
        assert " ".join(c["first_name"] for c in answer.json()["data"]) == expected


def test_pages() -> None:
    assert of("default-page-of-25").owner.get("/contacts").json()["limit"] == 25
    assert of("largest-page-of-10").owner.get("/contacts?$limit=11").json()["limit"] == 10


def test_one_slash() -> None:
    assert of("one-slash").owner.get("http://server//contacts").status_code == 404


def test_lists_that_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [5.0]
    monkeypatch.setattr("contacts_conformance.reference.kit.store.time.monotonic", lambda: seconds[0])
    world = of("lists-lag")
    world.owner.create()

    def total() -> int:
        return int(world.owner.get("/contacts").json()["total"])

    seen = [total()]
    world.owner.create()
    for later in (0.9, 0.1):
        seconds[0] += later
        seen.append(total())

    assert seen == [1, 1, 2]


# Answers and refusals


def test_repeated_removals() -> None:
    world = of("removal-may-be-repeated")
    path = f"/contacts/{world.owner.create()['id']}"

    answers = [world.owner.delete(path), world.owner.delete(path), world.outsider.delete(path)]

    assert [a.status_code for a in answers] == [200, 204, 404]
    assert world.owner.get(path).status_code == 404


def test_successes() -> None:
    assert of("created-is-200").owner.post("/contacts", json={}).status_code == 200
    assert of("creation-echoes").owner.create(tags="x") == {"id": 1, "tags": "x"}


@pytest.mark.parametrize(
    ("variant", "method", "status", "body"),
    [
        ("change-answers-nothing", "PATCH", 200, ""),
        ("change-answers-204", "PATCH", 204, ""),
        ("removal-answers-nothing", "DELETE", 200, ""),
        ("removal-answers-204", "DELETE", 204, ""),
        ("removal-answers-a-word", "DELETE", 200, '{"removed":true}'),
    ],
)
def test_quiet_successes(variant: str, method: str, status: int, body: str) -> None:
    world = of(variant)
    world.owner.create()

    answer = world.owner.request(method, "/contacts/1", **({"json": {}} if method == "PATCH" else {}))

    assert (answer.status_code, answer.text) == (status, body)
    assert ("content-type" in answer.headers) == bool(body)


REFUSED: dict[str, Callable[[World], Any]] = {
    "hidden": lambda world: world.outsider.get("/contacts/1"),
    "unknown": lambda world: world.owner.get("/contacts/2"),
    "invalid": lambda world: world.owner.post("/contacts", json={"tags": 7}),
    "malformed": lambda world: world.owner.post("/contacts", content="{"),
    "unauthenticated": lambda world: world.client().get("/contacts"),
}


@pytest.mark.parametrize(
    ("variant", "kind", "status", "text"),
    [
        ("hidden-is-403", "hidden", 403, '"className":"forbidden"'),
        ("unknown-is-410", "unknown", 410, '"className":"gone"'),
        ("invalid-is-422", "invalid", 422, '"className":"unprocessable"'),
        ("malformed-is-500", "malformed", 500, '"className":"general-error"'),
        ("unauthenticated-is-403", "unauthenticated", 403, '"className":"forbidden"'),
        ("errors-are-plain", "hidden", 404, """{"error":"No record found for id '1'"}"""),
        ("errors-are-html", "unauthenticated", 401, "<!doctype html><title>NotAuthenticated</title>"),
        ("errors-are-empty", "invalid", 400, ""),
    ],
)
def test_refusals(variant: str, kind: str, status: int, text: str) -> None:
    world = of(variant)
    world.owner.create()

    answer = REFUSED[kind](world)

    assert answer.status_code == status
    assert text in answer.text if text else answer.text == ""


# Transport


@pytest.mark.parametrize(
    ("variant", "header", "value"),
    [
        ("media-type-in-capitals", "content-type", "Application/JSON;Charset=UTF-8"),
        ("connections-are-closed", "connection", "close"),
        ("answers-are-chunked", "transfer-encoding", "chunked"),
        ("answers-are-compressed", "content-encoding", "gzip"),
    ],
)
def test_headers(variant: str, header: str, value: str) -> None:
    world = of(variant)
    world.owner.create(tags="x" * 508, first_name="y" * 255)
    with serving(world.app) as url:
        answer = world.owner.over(url, "/contacts")

    assert answer.headers[header] == value
    assert answer.json()["total"] == 1
