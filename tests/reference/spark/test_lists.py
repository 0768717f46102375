"""Filters, order, pages, selection and expansions."""

from typing import Any
from urllib.parse import quote

import pytest

from contacts_conformance.reference import spark
from contacts_conformance.reference.spark import users

from .world import World


@pytest.fixture
def crowd(world: World) -> World:
    """A server with seven contacts that bear a tag."""
    for name in ("Neddy Nederlander", "Ada O'Brien", "Ann 50% Lee", "Zoë Lee", "Bo Lee", "Cy Lee", "Di Lee"):
        world.clock.go(hours=1)
        given, _, family = name.partition(" ")
        world.private.create(DisplayName=name, GivenName=given, FamilyName=family, Tags=["mine"])
    return world


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GivenName Eq 'Ada'", "Ada"),
        (r"FamilyName Eq 'O\'Brien'", "Ada"),
        ("DisplayName Eq 'neder*'", "Neddy"),
        ("DisplayName Eq '*eder'", ""),
        ("DisplayName Eq 'Ann 50% *'", "Ann"),
        ("FamilyName Eq '50%*'", "Ann"),
        ("GivenName Eq 'B?'", "Bo"),
        ("GivenName Eq 'Bo?'", "Bo"),
        ("GivenName Eq 'Zoë'", "Zoë"),
        ("FamilyName Eq 'Lee' And GivenName Ne 'Bo','Cy'", "Zoë Di"),
        ("GivenName Eq 'Bo' Or GivenName Eq 'Cy' And FamilyName Eq 'Nobody'", "Bo"),
        ("(GivenName Eq 'Bo' Or GivenName Eq 'Cy') And FamilyName Eq 'Lee'", "Bo Cy"),
        ("Tags Eq 'mine' Not FamilyName Eq '*Lee'", "Neddy Ada"),
        ("Tags Eq 'mine' And CreatedTimestamp Ge 2024-02-29T18:00:00.250Z", "Cy Di"),
        ("Tags Eq 'mine' And CreatedTimestamp Gt 2024-02-29T13:00:00.250-05:00", "Di"),
        ("Tags Eq 'mine' And CreatedTimestamp Bt days(-1),2024-02-29T13:00:00.250Z", "Neddy"),
        ("MobilePhoneNumber Ne NULL", ""),
        ("Tags Eq NULL And VowActive Eq true", "Vera Peter Agnes"),
        (f"PortalLoginName Eq '{spark.TARGET['known']['active_login']}'", "Agnes"),
        (f"InvalidEmails Eq '{spark.TARGET['known']['invalid_email']}'", "Agnes"),
        (f"Id Eq '{users.DORMANT_CONTACT}'", "Doris"),
    ],
)
def test_a_filter_finds(crowd: World, text: str, expected: str) -> None:
    assert [n.split()[0] for n in crowd.private.names(f"_limit=25&_filter={quote(text)}")] == expected.split()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("displayName Eq 'x'", 1040),
        ("SecondaryEmails Eq 'x'", 1040),
        ("Unknown Eq 'x'", 1040),
        ("GivenName Gt 'x'", 1040),
        ("GivenName Eq 3", 1040),
        ("GivenName Eq 'a' And Not GivenName Eq 'b'", 1040),
        ("CreatedTimestamp Gt 2024-02-30", 1040),
        ("(((GivenName Eq 'a')))", 1041),
        ("GivenName Eq " + ",".join(["'a'"] * 201), 1041),
        (" Or ".join(["GivenName Eq 'a'"] * 76), 1041),
        ("GivenName Eq '" + "?" * 9 + "'", 1041),
    ],
)
def test_a_mistake_is_refused(world: World, text: str, code: int) -> None:
    answer = world.private.get("/v1/contacts", params={"_filter": text})

    assert (answer.status_code, answer.json()["D"]["Code"]) == (400, code)


def test_order_and_pages(crowd: World) -> None:
    query = "_filter=Tags+Eq+'mine'&_orderby=%2BFamilyName,-GivenName&_limit=3&_pagination=1"
    pages = [crowd.private.get(f"/v1/contacts?{query}&_page={page}").json()["D"] for page in (1, 2, 3, 4)]

    names = [[c["GivenName"] for c in page["Results"]] for page in pages]
    assert names == [["Ann", "Zoë", "Di"], ["Cy", "Bo", "Neddy"], ["Ada"], []]
    numbers = {"TotalRows": 7, "PageSize": 3, "TotalPages": 3}
    assert [page["Pagination"] for page in pages] == [{**numbers, "CurrentPage": n} for n in (1, 2, 3, 4)]


def test_skipping_has_an_offset(crowd: World) -> None:
    d = crowd.private.get("/v1/contacts?_filter=Tags+Eq+'mine'&_skip=5&_pagination=1").json()["D"]

    assert len(d["Results"]) == 2
    assert d["Pagination"]["CurrentOffset"] == 5


def test_a_page_holds_ten_by_default() -> None:
    world = World(foreign=40)

    assert len(world.private.names()) == 10
    assert "Pagination" not in world.private.get("/v1/contacts").json()["D"]
    count = world.private.get("/v1/contacts?_pagination=count").json()["D"]
    assert (count["Results"], count["Pagination"]["TotalRows"]) == ([], 36)


@pytest.mark.parametrize("query", ["_limit=26", "_limit=-1", "_limit=ten", "_page=0", "_page=100001", "_pagination=2"])
def test_what_is_out_of_range_is_refused(world: World, query: str) -> None:
    answer = world.private.get(f"/v1/contacts?{query}")

    assert (answer.status_code, answer.json()["D"]["Code"]) == (400, 1053)


def test_a_selection_keeps_the_id(world: World) -> None:
    contact = world.private.read(f"/v1/contacts/{users.ACTIVE_CONTACT}?_select=GivenName,Unknown")

    assert contact.keys() == {"Id", "ResourceUri", "GivenName"}


def test_expansions_show_what_they_are_asked_for(world: World) -> None:
    uri = f"/v1/contacts/{users.ACTIVE_CONTACT}"
    plain = world.private.read(uri)
    names = (
        "Activity,NewsFeedSummary,NewsFeedNotificationSummary,Notes,Portal,VowActive,VowEnabled,UniquePrimaryEmailCheck"
    )

    whole = world.private.read(f"{uri}?_expand={names}")

    added: dict[str, Any] = {n: v for n, v in whole.items() if n not in plain}
    assert len(added["Activity"]["DailyActivity"]) == 30
    assert added["NewsFeedSummary"]["UnreadListingEventCount"] == 5
    assert added["NewsFeedNotificationSummary"]["UnreadListingNotificationEventCount"] == 2
    assert added["Notes"][0]["Note"] == "Met at the fair."
    assert added["Portal"][0]["LoginName"] == spark.TARGET["known"]["active_login"]
    flags = {n: added[n] for n in ("VowActive", "VowExists", "VowEnabled", "UniquePrimaryEmail")}
    assert flags == dict.fromkeys(flags, True)


@pytest.mark.parametrize(("role", "shown"), [("idx", set()), ("public", set()), ("private", {"Activity", "Portal"})])
def test_some_expansions_are_for_some_roles(world: World, role: str, shown: set[str]) -> None:
    contact = world.of(role).read(f"/v1/contacts/{users.ACTIVE_CONTACT}?_expand=Activity,Portal")

    assert {"Activity", "Portal"} & contact.keys() == shown


def test_a_fresh_contact_has_an_account_that_nobody_used(world: World) -> None:
    contact = world.private.read(f"{world.private.create()}?_expand=VowActive,VowEnabled,Activity")

    assert [contact[n] for n in ("VowActive", "VowExists", "VowEnabled")] == [False, True, True]
    assert contact["Activity"]["ActivityScore"] == 0


def test_an_address_that_two_have_is_not_unique(world: World) -> None:
    uri = world.private.create(PrimaryEmail="both@example.com")
    world.private.create(DisplayName="Another", PrimaryEmail="both@example.com")

    assert world.private.read(f"{uri}?_expand=UniquePrimaryEmail")["UniquePrimaryEmail"] is False


def test_tags_are_listed_and_found(crowd: World) -> None:
    crowd.private.create(Tags=["Web Leads"])

    assert crowd.private.names("", "/v1/contacts/tags/Web%20Leads") == ["Ada Byron"]
    tags = [t["Tag"] for t in crowd.private.get("/v1/contacts/tags").json()["D"]["Results"]]
    assert tags == ["Web Leads", "mine"]
