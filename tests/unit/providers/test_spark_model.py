from typing import Any

import pytest
from tests.unit.providers.talking import MARK, Talk, a_target_of

from contacts_conformance.model import Record
from contacts_conformance.providers.plans import Step
from contacts_conformance.providers.spark import PROVIDER

OWN = "Tags Eq '⟦mark⟧'"
NAMES = ("ada", "byron")
ROLES = ("private", "idx", "public", "colleague")


def a_record(contact: str, **values: Any) -> Record:
    return {"Id": contact, "Tags": [MARK], **values}


@pytest.fixture
def talk() -> Talk:
    return Talk(PROVIDER, a_target_of("spark", *ROLES, embedded=True))


def narrowed(text: str = "", **more: str) -> tuple[tuple[str, str], ...]:
    return (("_filter", f"{OWN} And {text}" if text else OWN), *((f"_{n}", v) for n, v in more.items()))


@pytest.fixture
def people(talk: Talk) -> Talk:
    """Ada and Byron, whose values have been read."""
    for place, name in enumerate(NAMES):
        talk.create(str(place), GivenName=name)
    for place, name in enumerate(NAMES):
        assert talk.read(place, a_record(str(place), GivenName=name)) == []
    return talk


ADA, BYRON = a_record("0", GivenName="ada"), a_record("1", GivenName="byron")


# Creations, changes and removals


def test_what_was_sent_reads_as_it_was_sent(talk: Talk) -> None:
    talk.create("0", GivenName="ada", Pets="a cat")

    assert talk.read(0, a_record("0", GivenName="ada", Pets="a cat")) == []
    assert {"spark.field.GivenName.create", "spark.field.Pets.create"} <= talk.held


def test_what_a_creation_loses_is_told_of_its_field(talk: Talk) -> None:
    talk.create("0", GivenName="ada", Pets="a cat")

    assert talk.read(0, a_record("0", GivenName="ada")) == ["field.Pets.create"]


def test_a_difference_is_told_once(talk: Talk) -> None:
    talk.create("0", GivenName="ada")

    assert talk.read(0, a_record("0", GivenName="grace")) == ["field.GivenName.create"]
    assert talk.read(0, a_record("0", GivenName="grace")) == []


def test_a_new_contact_with_the_value_of_another_attribute_is_told(talk: Talk) -> None:
    talk.create("0", GivenName="ada")

    assert talk.read(0, a_record("0", GivenName="ada", Pets="ada")) == ["create.no-other-attribute"]


@pytest.mark.parametrize(
    ("values", "read", "broken"),
    [
        ({"GivenName": "grace"}, {"GivenName": "grace", "Pets": "a cat", "Other": "x"}, []),
        ({"GivenName": "grace"}, {"GivenName": "ada", "Pets": "a cat", "Other": "x"}, ["field.GivenName.change"]),
        ({"GivenName": "grace"}, {"GivenName": "grace", "Other": "x"}, ["change.no-other-attribute"]),
        ({"GivenName": "grace"}, {"GivenName": "grace"}, ["change.partial", "change.partial"]),
        (
            {"GivenName": "grace", "FamilyName": "hopper"},
            {"GivenName": "ada", "Pets": "a cat", "Other": "x"},
            ["change.carried-out", "change.carried-out"],
        ),
    ],
)
def test_a_change_does_what_it_says_and_nothing_else(
    talk: Talk, values: Record, read: Record, broken: list[str]
) -> None:
    first = {"GivenName": "ada", "Pets": "a cat", "Other": "x"}
    talk.create("0", **first)
    talk.read(0, a_record("0", **first))

    talk.change(0, **values)

    assert talk.read(0, a_record("0", **read)) == broken


def test_a_change_of_another_contact_is_told(people: Talk) -> None:
    people.change(0, GivenName="grace")

    assert people.read(1, a_record("1", GivenName="grace")) == ["change.only-that-contact"]


def test_a_removal_that_takes_values_of_another_contact_is_told(people: Talk) -> None:
    people.remove(0)

    assert people.read(1, a_record("1")) == ["remove.only-that-contact"]


def test_what_the_service_alters_by_itself_is_not_judged(people: Talk) -> None:
    assert people.read(0, a_record("0", GivenName="Ada")) == []


def test_a_refused_change_that_was_carried_out_is_told(people: Talk) -> None:
    people.change(0, status=400, GivenName="grace")

    assert people.read(0, a_record("0", GivenName="grace")) == ["refusal.no-effect"]


def test_what_was_removed_is_gone_everywhere(people: Talk) -> None:
    people.remove(0)

    assert people.read(0, ADA) == ["remove.gone"]
    assert people.lists(narrowed(limit="25"), [ADA, BYRON]) == ["remove.gone"]
    assert people.read(0, None) == []


def test_a_second_contact_of_one_id_is_told(people: Talk) -> None:
    assert people.create("1") == ["create.fresh-id"]


def test_another_contact_than_was_asked_for_is_told(people: Talk) -> None:
    assert people.read(0, BYRON) == ["read.answers-the-contact"]


def test_a_creation_time_that_a_change_moves_is_told(talk: Talk) -> None:
    talk.create("0")
    talk.read(0, a_record("0", CreatedTimestamp="2024-02-29T12:00:00Z", ModificationTimestamp="2024-02-29T12:00:00Z"))
    talk.change(0, GivenName="ada")

    later = "2024-02-29T12:05:00Z"
    read = a_record("0", GivenName="ada", CreatedTimestamp=later, ModificationTimestamp=later)

    assert talk.read(0, read) == ["time.created-stays"]


# Lists


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("", [ADA, BYRON]),
        ("GivenName Eq 'ada'", [ADA]),
        ("GivenName Ne 'ada'", [BYRON]),
        ("(GivenName Eq 'ada' Or GivenName Eq 'byron')", [BYRON, ADA]),
        ("GivenName Eq 'Ada'", []),
        ("GivenName Eq 'Ada'", [ADA]),
        ("FamilyName Ne 'ada'", []),
        ("FamilyName Ne 'ada'", [ADA, BYRON]),
    ],
)
def test_a_list_that_finds_whom_it_should_is_right(people: Talk, text: str, records: list[Record]) -> None:
    assert people.lists(narrowed(text, limit="25"), records) == []


@pytest.mark.parametrize(
    ("text", "records", "row"),
    [
        ("GivenName Eq 'ada'", [], "filter.eq"),
        ("GivenName Eq 'ada'", [ADA, BYRON], "filter.eq"),
        ("GivenName Ne 'ada'", [ADA], "filter.ne"),
        ("GivenName Eq 'ad*'", [], "filter.wildcards"),
        ("GivenName Eq NULL", [ADA], "filter.null"),
        ("CreatedTimestamp Gt 2011-05-06T07:08:09Z", [], "filter.comparisons"),
    ],
)
def test_a_list_that_finds_others_breaks_the_row_of_its_condition(
    people: Talk, text: str, records: list[Record], row: str
) -> None:
    assert people.lists(narrowed(text, limit="25"), records) == [row]


def test_nothing_is_judged_of_a_contact_that_no_answer_has_shown(talk: Talk) -> None:
    talk.create("0", GivenName="ada")

    assert talk.lists(narrowed("GivenName Eq 'ada'", limit="25"), []) == []


def test_a_list_that_still_goes_by_an_old_value_is_told(people: Talk) -> None:
    people.change(0, GivenName="grace")
    people.read(0, a_record("0", GivenName="grace"))

    assert people.lists(narrowed("GivenName Eq 'ada'", limit="25"), [a_record("0", GivenName="grace")]) == [
        "change.in-lists"
    ]


def test_a_list_that_is_not_narrowed_to_the_plan_is_not_held_against_it(people: Talk) -> None:
    assert people.lists((("_filter", "GivenName Eq 'ada'"), ("_limit", "25")), []) == []


def test_a_contact_of_another_user_in_a_list_is_told(talk: Talk) -> None:
    talk.create("0", role="colleague")

    assert talk.lists((("_limit", "25"),), [a_record("0")]) == ["list.current-user"]
    assert talk.lists((("_limit", "25"),), [a_record("0")], role="colleague") == []


def test_lists_that_may_lag_are_not_held_against_writes() -> None:
    target = a_target_of("spark", *ROLES)
    slow = Talk(PROVIDER, a_target_of("spark", *ROLES, limits=target.limits.model_copy(update={"patience": 5.0})))
    slow.create("0", GivenName="ada")
    slow.read(0, ADA)

    assert slow.lists(narrowed("GivenName Eq 'ada'", limit="25"), []) == []


@pytest.mark.parametrize(
    ("order", "records", "broken"),
    [
        ("+GivenName", [ADA, BYRON], []),
        ("-GivenName", [BYRON, ADA], []),
        ("+GivenName", [BYRON, ADA], ["order.ascending"]),
        ("-GivenName", [ADA, BYRON], ["order.descending"]),
        ("+FamilyName", [BYRON, ADA], []),
    ],
)
def test_a_list_stands_in_its_order(people: Talk, order: str, records: list[Record], broken: list[str]) -> None:
    assert people.lists(narrowed(orderby=order, limit="25"), records) == broken


def test_the_wrong_page_of_an_order_is_told(people: Talk) -> None:
    assert people.lists(narrowed(orderby="+GivenName", limit="1"), [BYRON]) == ["order.before-page"]
    assert people.lists(narrowed(orderby="-GivenName", limit="1"), [BYRON]) == []


def test_a_contact_on_two_pages_is_told(people: Talk) -> None:
    people.lists(narrowed(limit="1"), [ADA])

    assert people.lists(narrowed(limit="1", page="2"), [ADA]) == ["page.walk"]


def test_a_selection_shows_what_is_selected_and_no_more(people: Talk) -> None:
    query = narrowed(limit="25", select="GivenName")

    assert people.lists(query, [{"Id": "0", "GivenName": "ada"}, {"Id": "1", "GivenName": "byron"}]) == []
    assert people.lists(query, [ADA, {"Id": "1"}]) == ["select.only", "select.only"]


# Transfers


def test_a_transferred_contact_is_the_new_owners(people: Talk) -> None:
    people.change(0, OwnerId="⟦user colleague⟧")

    assert people.lists(narrowed(limit="25"), [ADA, BYRON]) == ["transfer.leaves"]
    assert people.read(0, None, role="colleague") == ["transfer.own-office"]


def test_a_transfer_keeps_names_and_may_take_tags(people: Talk) -> None:
    people.change(0, OwnerId="⟦user colleague⟧")

    assert people.read(0, {"Id": "0", "GivenName": "ada"}, role="colleague") == []


def test_a_transfer_that_loses_a_name_is_told(people: Talk) -> None:
    people.change(0, OwnerId="⟦user colleague⟧")

    assert people.read(0, {"Id": "0"}, role="colleague") == ["transfer.keeps"]


def test_a_transfer_that_had_to_be_refused_leaves_the_contact_with_its_owner(people: Talk) -> None:
    step = Step("change", of=0, values={"OwnerId": "9"}, expects="", row="spark.transfer.stranger")
    people.take(step, [])

    assert people.read(0, None) == ["transfer.stranger"]


def test_what_was_given_away_is_removed_at_the_end_by_its_owner(people: Talk) -> None:
    people.change(0, OwnerId="⟦user colleague⟧")

    model: Any = people.model

    assert list(model.closing()) == [Step("remove", "colleague", of=0)]


# Any plan


def test_a_plan_that_was_made_smaller_is_judged_without_an_error(talk: Talk) -> None:
    talk.change(0, GivenName="ada")
    talk.take(Step("create", values={"Tags": "a", "GivenName": ["x"]}), [{"Id": "1"}], created="1")
    talk.read(1, {"Id": "1", "Tags": 5})
    for query in ((("_limit", "a"),), (("_filter", "a"), ("_orderby", "a")), (("_page", "0"), ("_select", "aaa"))):
        talk.lists(query, [{"Id": "1"}, {}])

    assert talk.lists(narrowed("GivenName Gt 'a'"), []) == []
