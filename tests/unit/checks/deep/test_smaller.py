"""Plans are made as small as they get, within the tries that there are."""

from contacts_conformance.checks.deep.smaller import smaller
from contacts_conformance.providers.plans import Plan, Step, id_of

_PLAN: Plan = (
    Step("create", values={"first_name": "Ada", "last_name": "Marlowe"}),
    Step("create", values={"first_name": "Bo"}),
    Step("list", query=(("company", "⟦mark⟧"), ("first_name", "Ada"))),
    Step("change", of=1, values={"first_name": "O'Neil, jr", "tags": ["a", "b"], "more": {"x": 1, "y": 2}}),
    Step("remove", of=0),
    Step("list", query=(("company", "⟦mark⟧"), ("first_name", "Bo"), ("id", id_of(1)))),
)


def _is_changed_with_an_apostrophe(plan: Plan) -> bool:
    return any(s.kind == "change" and "'" in str(s.values.get("first_name")) for s in plan)


def test_steps_values_and_signs_go_that_it_does_not_need() -> None:
    assert smaller(_PLAN, _is_changed_with_an_apostrophe) == (
        Step("create"),
        Step("change", of=0, values={"first_name": "'"}),
    )


def test_what_is_needed_together_stays_together() -> None:
    def shows(plan: Plan) -> bool:
        names = [n for s in plan for n, _ in s.query]
        return sum(s.kind == "list" for s in plan) == 2 and "id" in names

    assert sorted(s.kind for s in smaller(_PLAN, shows)) == ["create", "list", "list"]


def test_entries_of_lists_and_members_of_objects_go_as_well() -> None:
    def shows(plan: Plan) -> bool:
        return any("b" in s.values.get("tags", ()) and "y" in s.values.get("more", ()) for s in plan)

    (_, change) = smaller(_PLAN, shows)

    assert change.values == {"tags": ["b"], "more": {"y": 2}}


def test_it_is_sent_no_more_often_than_it_may_be() -> None:
    sent: list[Plan] = []

    def shows(plan: Plan) -> bool:
        sent.append(plan)
        return False

    assert smaller(_PLAN, shows, tries=5) == _PLAN
    assert len(sent) == 5


def test_nothing_is_sent_when_the_time_is_over() -> None:
    def shows(plan: Plan) -> bool:
        raise AssertionError(plan)

    assert smaller(_PLAN, shows, over=lambda: True) == _PLAN


def test_each_try_is_smaller_so_that_it_comes_to_an_end() -> None:
    tried: list[Plan] = []

    def shows(plan: Plan) -> bool:
        tried.append(plan)
        return True

    assert smaller(_PLAN, shows, tries=1_000) in [(Step("create"),), (Step("list"),)]
    assert len(tried) < 20
