"""Which texts dense changes never sent apart, and which further changes part them."""

from contacts_conformance.checks import apart
from contacts_conformance.checks.dense import Dense, Taken
from contacts_conformance.checks.session import Session

from ..making import a_target

NAMES = ("first_name", "last_name", "fax", "company")
"""In the order of the page."""


def after(*bodies: str, unsure: str = "") -> Session:
    """A session whose dense changes had these fields, each named by its first letter; `unsure` may be stored so."""
    session = Session(a_target())
    taken: list[Taken | None] = [None]
    for body in bodies:
        values = {n: "x" for n, letter in zip(NAMES, "flxc", strict=True) if letter in body}
        sure = frozenset(n for n, letter in zip(NAMES, "flxc", strict=True) if letter in body and letter not in unsure)
        taken.append(Taken(values, {}, (), sure))
    session.once("dense changes", lambda: Dense(taken=taken))
    return session


def test_pairs_that_were_never_sent_apart_are_named_the_closest_first() -> None:
    session = after("flxc", "cx", "lcx")

    pairs = apart.never_apart(session, NAMES)

    assert set(pairs[:4]) == {("first_name", "last_name"), ("last_name", "fax"), ("fax", "company"), ("company", "fax")}
    assert set(pairs[4:6]) == {("first_name", "fax"), ("last_name", "company")}
    assert pairs[6:] == [("first_name", "company")]


def test_a_value_that_may_be_stored_otherwise_parts_nothing() -> None:
    assert apart.never_apart(after("f", "l"), NAMES[:2]) == []
    assert apart.never_apart(after("f", "l", unsure="f"), NAMES[:2]) == [("first_name", "last_name")]


def test_halves_part_what_was_never_sent_apart() -> None:
    session = after("flxc", "cx", "flx", "flc")
    one, other = apart.halves(session, [[n] for n in NAMES])

    assert sorted([*one, *other]) == sorted(NAMES)
    assert ("first_name" in one) != ("last_name" in one)


def test_units_stay_together_and_halves_are_even_where_nothing_is_to_be_parted() -> None:
    session = after("f", "l", "c", "x")

    assert apart.halves(session, [["first_name", "fax"], ["company"], ["last_name"]]) == (
        ["first_name", "fax"],
        ["company", "last_name"],
    )


def test_one_change_has_the_first_of_each_pair_without_the_second() -> None:
    held = apart.alone(after("flxc", "cx", "flx", "flc"), NAMES)

    assert len(held) == 1
    assert held[0] in ("first_name", "last_name")
    assert apart.alone(after("f", "l", "c", "x"), NAMES) == []
