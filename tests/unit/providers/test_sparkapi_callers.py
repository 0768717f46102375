from tests.unit.providers.talking import a_target_of

from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.target import Identity, Target


def test_roles_of_one_user_see_the_same_contacts() -> None:
    callers = Callers(a_target_of("spark", "private", "idx", "colleague"), "private")

    assert callers.there("private", "idx", "public", "colleague") == ["", "idx", "colleague"]
    assert callers.user("") == callers.user("idx") != callers.user("colleague")


def test_a_role_whose_user_nobody_names_is_left_out_of_plans() -> None:
    identities = {r: Identity(r, {}, {}) for r in ("private", "idx")}

    assert Callers(Target("spark", "http://x", identities), "private").there("private", "idx") == [""]


def test_places_are_filled_with_what_the_target_names() -> None:
    callers = Callers(a_target_of("spark", "private", known={"branch": "7"}), "private")

    filled = callers.fill(["⟦mark⟧ x", "⟦id 0⟧", "⟦id 9⟧", "⟦known branch⟧", "⟦user private⟧", "⟦other⟧"], "m", ["5"])

    assert filled == ["m x", "5", "0", "7", "agent", "⟦other⟧"]
