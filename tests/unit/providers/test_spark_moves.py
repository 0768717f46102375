import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.providers.talking import MARK, Talk, a_target_of

from contacts_conformance import contract
from contacts_conformance.model import Json
from contacts_conformance.oracle import sparkql
from contacts_conformance.providers.plans import filled, from_text, to_text
from contacts_conformance.providers.spark import PROVIDER
from contacts_conformance.providers.spark.filters import Filters
from contacts_conformance.providers.spark.kinds import field_types
from contacts_conformance.providers.spark.truth import is_judged
from contacts_conformance.providers.spark.worth import worth

TYPES = field_types(contract.load("spark"))
HELD: dict[str, list[Json]] = {"GivenName": ["ada", "O'Hara", "zoë"], "Tags": [["buyers"]], "Pets": ["a cat", "\\ *?"]}


def test_every_drawn_filter_is_one_that_the_page_takes() -> None:
    filters = Filters(TYPES)
    for seed in range(600):
        text = filled(filters.any(random.Random(seed), HELD, [0, 3]), lambda words: MARK if words == "mark" else "7")
        parsed = sparkql.parse(text)
        sparkql.check(parsed, TYPES)
        assert is_judged(parsed.node), text


def test_the_moves_of_an_empty_account_are_creations_alone() -> None:
    talk = Talk(PROVIDER, a_target_of("spark", "private", "idx"))

    possible = [m.name for m in talk.model.moves if m.steps() is not None]

    assert possible == ["create"]


@settings(max_examples=10)
@given(st.data())
def test_every_drawn_step_can_be_kept(data: st.DataObject) -> None:
    talk = Talk(PROVIDER, a_target_of("spark", "private", "idx", "public", "colleague", embedded=True))
    talk.create("0", GivenName="ada")
    talk.create("1", role="colleague")
    talk.remove(1, role="colleague")
    for move in talk.model.moves:
        steps = move.steps()
        if steps is not None:
            plan = (data.draw(steps),)
            assert from_text(to_text(plan)) == plan


def test_a_filter_that_tells_contacts_apart_is_worth_most() -> None:
    talk = Talk(PROVIDER, a_target_of("spark", "private"))
    for place, name in enumerate(("ada", "byron")):
        talk.create(str(place), GivenName=name)
        talk.read(2 * place, {"Id": str(place), "Tags": [MARK], "GivenName": name})
    model: Any = talk.model

    def of(text: str) -> int:
        return worth(f"Tags Eq '⟦mark⟧' And {text}", TYPES, model.people)

    assert of("GivenName Eq 'ada'") > of("GivenName Eq 'nobody'") == 0
    assert of("GivenName Eq 'ada' And CreatedTimestamp Gt 2011-01-01") == of("GivenName Eq 'ada'")
    assert of("GivenName Eq") == 0
