"""Plans as data: kept as text, without a step, and with places filled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.providers.plans import MARK, Step, filled, from_text, id_of, known, to_text, user, without

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
_STEPS = st.builds(
    Step,
    kind=st.sampled_from(["create", "list", "change"]),
    role=st.sampled_from(["", "owner"]),
    values=st.dictionaries(st.text(max_size=3), _JSON, max_size=2),
    query=st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=2).map(tuple),
    raw=st.none() | st.text(max_size=4),
    headers=st.just((("Accept", "text/plain"),)) | st.just(()),
    expects=st.sampled_from(["success", "refusal", ""]),
)


@given(st.lists(_STEPS, max_size=3).map(tuple))
def test_a_plan_is_the_same_once_it_was_kept_as_text(plan: tuple[Step, ...]) -> None:
    assert from_text(to_text(plan)) == plan


@pytest.mark.parametrize("text", ["", "{}}", "[1]", '[{"kind": "list", "colour": "red"}]', "[null]"])
def test_what_is_no_plan_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Extra data|no plan"):
        from_text(text)


def test_without_a_step_goes_all_that_is_about_its_contact() -> None:
    plan = (
        Step("create", values={"first_name": "Ada"}),
        Step("create", values={"first_name": "Bo"}),
        Step("change", of=0, values={"last_name": "Ng"}),
        Step("change", of=1, values={"last_name": "Ek"}),
        Step("list", query=(("id", id_of(0)), ("company", MARK))),
        Step("list", query=(("id", id_of(1)),)),
    )

    assert without(plan, 0) == (
        Step("create", values={"first_name": "Bo"}),
        Step("change", of=0, values={"last_name": "Ek"}),
        Step("list", query=(("id", id_of(0)),)),
    )


def test_without_a_step_goes_what_is_about_a_contact_that_needed_it() -> None:
    plan = (
        Step("create"),
        Step("create", values={"spouse": id_of(0)}),
        Step("remove", of=1),
    )

    assert without(plan, 0) == ()


def test_places_are_filled_wherever_they_stand() -> None:
    words = {"mark": "m1", "id 0": "42", "known hotness": "7", "user assignee": "2"}
    value = {MARK: [f"a {id_of(0)} b", {"x": known("hotness")}, 3, None], "y": user("assignee"), "z": "⟦unclosed"}

    assert filled(value, words.__getitem__) == {"m1": ["a 42 b", {"x": "7"}, 3, None], "y": "2", "z": "⟦unclosed"}
