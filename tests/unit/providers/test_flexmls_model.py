from typing import Any

import pytest
from tests.unit.providers.talking import MARK, Talk, a_target_of

from contacts_conformance.model import Record
from contacts_conformance.providers.flexmls import PROVIDER
from contacts_conformance.providers.plans import Step

LEADS = "⟦mark⟧ leads"


def a_record(contact: str, *tags: str, **values: Any) -> Record:
    return {"Id": contact, "Tags": list(tags or (MARK,)), **values}


@pytest.fixture
def talk() -> Talk:
    """Two contacts that have been read, of which the second has two tags."""
    talk = Talk(PROVIDER, a_target_of("flexmls", "idx", "colleague"))
    talk.create("0", Tag=["⟦mark⟧"])
    talk.create("1", Tag=["⟦mark⟧", LEADS])
    assert talk.read(0, ONE) == []
    assert talk.read(1, TWO) == []
    return talk


ONE, TWO = a_record("0"), a_record("1", MARK, f"{MARK} leads")


def test_what_was_sent_reads_as_it_was_sent(talk: Talk) -> None:
    talk.create("2", HomeLocality="fargo", Tag=["⟦mark⟧"])

    assert talk.read(4, a_record("2")) == ["field.HomeLocality.create"]


def test_a_value_that_was_sent_for_another_attribute_is_told(talk: Talk) -> None:
    talk.create("2", HomeLocality="fargo")

    assert talk.read(4, a_record("2", HomeLocality="fargo", HomeRegion="fargo")) == ["create.only-given"]


@pytest.mark.parametrize(
    ("tag", "records", "broken"),
    [
        ("⟦mark⟧", [ONE, TWO], []),
        (LEADS, [TWO], []),
        ("⟦mark⟧", [TWO], ["tag.all"]),
        (LEADS, [], ["tag.blanks"]),
        (LEADS, [ONE, TWO], ["tag.none-else"]),
        (LEADS, [ONE], ["tag.none-else", "tag.several"]),
        ("⟦mark⟧", [ONE, TWO, a_record("9")], ["tag.none-else"]),
        ("⟦mark⟧ LEADS", [], []),
        ("⟦mark⟧ LEADS", [TWO], []),
    ],
)
def test_a_tag_lists_those_who_bear_it(talk: Talk, tag: str, records: list[Record], broken: list[str]) -> None:
    assert talk.lists((), records, kind="tagged", at=tag) == broken


def test_a_tag_that_others_may_bear_is_not_held_against_the_plan(talk: Talk) -> None:
    assert talk.lists((), [a_record("9", "web")], kind="tagged", at="web") == []


def test_a_contact_of_another_user_is_told(talk: Talk) -> None:
    assert talk.lists((), [ONE], role="colleague") == ["list.current-user"]
    assert "tag.current-user" in talk.lists((), [ONE], role="colleague", kind="tagged", at="⟦mark⟧")


def test_a_page_that_is_longer_than_its_limit_is_told(talk: Talk) -> None:
    assert talk.lists((("_limit", "1"),), [ONE, TWO], kind="tagged", at="⟦mark⟧") == ["page.limit"]


def test_a_step_without_its_contact_is_judged_without_an_error(talk: Talk) -> None:
    assert talk.read(7, ONE) == []
    assert talk.take(Step("tagged", query=(("_limit", "a"),)), [ONE]) == []


def test_a_contact_in_the_lists_of_two_users_is_told(talk: Talk) -> None:
    stranger = a_record("9", "web")

    assert talk.lists((), [stranger]) == []
    assert talk.lists((), [stranger], role="colleague") == ["list.current-user"]
