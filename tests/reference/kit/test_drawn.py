"""Drawn faults: what they are called, that a draw can be repeated, and that each shows on the wire."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest
from starlette.types import ASGIApp

from contacts_conformance import contract, reference
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn import Breach, Drawing, concerned, ticking
from contacts_conformance.reference.kit.drawn.exchange import Call, Forward, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground
from contacts_conformance.reference.kit.drawn.world import World

PROVIDERS = contract.providers()
each = pytest.mark.parametrize("provider", PROVIDERS)


def drawing(provider: str) -> Drawing:
    found = reference.drawing(provider)
    assert found is not None
    return found


def sound(provider: str) -> Callable[[], ASGIApp]:
    return lambda: reference.load(provider).application(clock=ticking())


def served(provider: str, fault: str) -> World:
    return World(drawing(provider).ground, reference.load(provider).application(fault=fault, clock=ticking()))


@cache
def sample(provider: str) -> tuple[Breach, ...]:
    return drawing(provider).draw(16, 7, sound(provider)).witnessed


async def unasked(world: World) -> None:
    """A witness that sends nothing."""


async def handed_on(call: Call, forward: Forward) -> Reply:
    return await forward(call)


@each
def test_a_draw_can_be_repeated_and_another_seed_draws_others(provider: str) -> None:
    names = [[b.name for b in drawing(provider).draw(4, seed, sound(provider)).witnessed] for seed in (7, 8)]

    assert names[0] == [b.name for b in sample(provider)[:4]]
    assert len({*names[0], *names[1]}) > 6


@each
def test_a_fault_can_be_made_again_from_its_name(provider: str) -> None:
    for breach in sample(provider):
        again = drawing(provider).find(breach.name)

        assert (again.sentence, again.level, again.setting) == (breach.sentence, breach.level, breach.setting)


@each
def test_no_kind_of_operator_dominates_a_draw(provider: str) -> None:
    families = Counter(b.family or b.operator for b in sample(provider))

    assert max(families.values()) <= 2
    assert len({b.place for b in sample(provider)}) > 10


@each
def test_a_server_without_the_fault_is_never_a_witness_against_itself(provider: str) -> None:
    for breach in sample(provider)[:5]:
        assert not drawing(provider).is_witnessed(replace(breach, act=handed_on), sound(provider)), breach.name


@each
def test_every_place_concerns_a_row_that_is_tested(provider: str) -> None:
    ids = [r.id for r in register.load(provider).tested()]
    of_rows = {b.rows[:2]: b for b in drawing(provider).plain().values()}

    assert [b.name for b in of_rows.values() if not concerned(b, ids)] == []


def test_no_two_faults_have_one_name() -> None:
    def twice(_: Ground) -> Iterator[Breach]:
        for sentence in ("A text is cut.", "What is looked for is cut."):
            yield Breach("cut", "list/a", sentence, (), handed_on, unasked)

    with pytest.raises(ValueError, match="two faults have the name 'drawn:list/a/cut'"):
        Drawing(drawing("liondesk").ground, twice).plain()


def test_what_no_witness_shows_is_told_and_drawn_again() -> None:
    async def nothing(world: World) -> None:
        await world.send("list")

    def idle(_: Ground) -> Iterator[Breach]:
        for place in ("list/a", "list/b"):
            yield Breach("idle", place, "Nothing is changed.", (), handed_on, nothing, family="idle")

    drawn = Drawing(drawing("liondesk").ground, idle).draw(50, 1, sound("liondesk"))

    assert len(drawn.witnessed) == 50
    assert any("/idle" in name for name in drawn.unseen)


def test_a_stored_value_is_wrong_in_every_later_answer() -> None:
    world = served("liondesk", "drawn:create/first_name/cut-at-comma")

    contact = asyncio.run(world.create({"first_name": "Lund, Ada", "last_name": "Lund, Ada"}))
    shown = asyncio.run(world.send("read", contact=contact)).body
    listed = asyncio.run(world.send("list")).body["data"][0]

    assert [(c["first_name"], c["last_name"]) for c in (shown, listed)] == [("Lund", "Lund, Ada")] * 2


def test_a_shown_value_is_wrong_in_one_operation() -> None:
    world = served("spark", "drawn:read/Children/upper-cased")

    contact = asyncio.run(world.create({"Children": "Ada"}))
    shown = asyncio.run(world.send("read", contact=contact)).body["D"]["Results"][0]
    listed = asyncio.run(world.send("list")).body["D"]["Results"]

    assert shown["Children"] == "ADA"
    assert [c["Children"] for c in listed if c["Id"] == contact] == ["Ada"]


def test_a_condition_has_to_hold_before_a_fault_acts() -> None:
    world = served("liondesk", "drawn:change/company/lost/from-the-third-time")

    contact = asyncio.run(world.create({"company": "none"}))
    seen = []
    for turn in ("first", "second", "third"):
        asyncio.run(world.change(contact, {"company": turn}))
        seen.append(asyncio.run(world.send("read", contact=contact)).body["company"])

    assert seen == ["first", "second", "second"]


def test_a_list_can_be_broken_entry_by_entry() -> None:
    world = served("ngpvan", "drawn:create/emails/first-only")

    contact = asyncio.run(world.create({"emails": list(drawing("ngpvan").ground.entries["emails"])}))

    assert len(asyncio.run(world.send("read", contact=contact)).body["emails"]) == 1


def test_what_is_refused_has_the_form_of_the_provider() -> None:
    world = served("flexmls", "drawn:create/DisplayName/refused-comma")

    asyncio.run(world.create({"DisplayName": "Lund, Ada"}))

    assert world.told == [(400, {"D": {"Success": False, "Code": 1053, "Message": "refused"}})]


@each
@pytest.mark.parametrize("name", ["drawn:create/nothing/cut-at-comma", "drawn:", "drawn:create"])
def test_a_name_that_no_operator_and_place_make_is_refused(provider: str, name: str) -> None:
    with pytest.raises(UsageError, match="no operator at a place"):
        reference.load(provider).application(fault=name)


def test_what_is_a_listed_fault_without_a_condition_is_not_drawn_without_one() -> None:
    with pytest.raises(UsageError):
        drawing("liondesk").find("drawn:create/first_name/lost")


def test_signs_that_a_page_leaves_open_are_not_drawn_as_refused() -> None:
    faults = drawing("ngpvan").plain()

    assert "drawn:create/nickName/refused-hash" not in faults
    assert "drawn:create/nickName/broken-hash" in faults
    assert "drawn:create/nickName/refused-apostrophe" in faults


def test_a_member_that_no_page_prints_may_warn() -> None:
    faults = drawing("ngpvan").plain()

    assert faults["drawn:create/phones.isDisclosure/taken-from-the-first"].level is Level.SHOULD
    assert faults["drawn:create/emails.doNotEmail/taken-from-the-first"].level is Level.MUST


@each
def test_rare_faults_are_drawn_by_themselves_and_show_on_the_wire(provider: str) -> None:
    draw = drawing(provider).draw(6, 7, sound(provider), rare=True)

    assert len(draw.witnessed) == 6
    for breach in draw.witnessed:
        assert breach.name not in drawing(provider).plain()
        assert drawing(provider).find(breach.name).name == breach.name
