"""Filtering Contacts, Sorting: by the four ids of a contact, those of its owner, assigned user, hotness and source."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.checks import expect, shares
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.model import Query
from contacts_conformance.oracle import operators
from contacts_conformance.oracle.operators import Condition
from contacts_conformance.providers.liondesk.queries import query_of

from . import ordered

pytestmark = in_cohort("lists")

LOOKUPS = ("hotness", "source")


def _seeded(session: Session) -> Cohort:
    """The contacts of ordered lists, or others with their ids where they could not be given any."""
    given = ordered.ids(session)
    with suppress(NotVerified):
        found = ordered.cohort(session)
        users = [row.get("assigned_user_id") for row in given]
        if None in users or [str(r.get("assigned_user_id")) for r in found.records] == [str(u) for u in users]:
            return found
    return session.once("contacts with ids", lambda: seed(session.contacts(), given))


def _assigned(session: Session) -> Cohort:
    """The contacts, which have to be assigned to two users."""
    for role in ("assignee", "teammate"):
        shares.user_id(session, role)
    return _seeded(session)


def _expect_listed(seeded: Cohort, query: Query, expected: Sequence[str], **options: Any) -> list[str]:
    """A list with this query holds these contacts (ids), each once, and counts as many; the ids in its order."""
    about = "&".join(dict.fromkeys(name for name, _ in query))
    answer = seeded.contacts.send_list(seeded.narrowed(query), **options)
    expect.success(answer, about=about)
    page = seeded.contacts.page(answer)
    listed = seeded.contacts.ids(page.records)
    expect.same_contacts(listed, expected, about=about, shown_by=answer)
    expect.equal(page.total, len(expected), about="total", shown_by=answer)
    return listed


def _expect_filtered(session: Session, seeded: Cohort, *conditions: Condition, **options: Any) -> None:
    matching = operators.matching(session.contract, seeded.records, conditions)
    _expect_listed(seeded, query_of(conditions), seeded.contacts.ids(matching), **options)


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "nin"])
@requirement("filter.{operator}")
def test_users_are_filtered_by_their_ids(session: Session, operator: str) -> None:
    user = shares.user_id(session, "assignee")
    values = (user, shares.user_id(session, "outsider")) if operator in ("in", "nin") else (user,)

    _expect_filtered(session, _assigned(session), Condition("assigned_user_id", operator, values))


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "nin"])
@requirement("filter.{operator}")
def test_owners_are_filtered_by_their_ids(session: Session, operator: str) -> None:
    seeded = _seeded(session)
    owner = str(seeded.records[0].get("owner_user_id"))
    if owner in ("None", ""):
        raise NotVerified("the contacts show no owner to filter by")
    if operator in ("eq", "ne"):
        values: tuple[str, ...] = (owner,)
    else:
        values = (shares.user_id(session, "outsider"), shares.user_id(session, "teammate"))
    condition = Condition("owner_user_id", operator, values)
    role = "assignee" if operator == "ne" and _is_assigned(session, seeded) else session.main_role
    _expect_filtered(session, replace(seeded, contacts=session.contacts(role)), condition)


def _is_assigned(session: Session, seeded: Cohort) -> bool:
    """Whether a user who can be asked for lists is assigned to some of the contacts, and does not own them."""
    try:
        user = shares.user_id(session, "assignee")
    except (NotVerified, NotOffered):
        return False
    return any(str(r.get("assigned_user_id")) == user != str(r.get("owner_user_id")) for r in seeded.records)


@requirement("filter.comparison-on-ids")
def test_ids_of_users_are_compared_as_numbers(session: Session) -> None:
    seeded = _assigned(session)
    low, high = _numbers(seeded)

    for operator, bound in (("gt", low), ("lt", high), ("gte", high), ("lte", low)):
        _expect_filtered(session, seeded, Condition("assigned_user_id", operator, (bound,)))


def _numbers(seeded: Cohort) -> tuple[str, str]:
    """The two ids of users that the contacts are assigned to, the lower one first.

    NotOffered where they are no numbers of as many digits, which stand in one order as numbers and as texts.
    """
    ids = {str(r.get("assigned_user_id")) for r in seeded.records}
    if len(ids) != 2 or not all(i.isascii() and i.isdecimal() for i in ids) or len({len(i) for i in ids}) > 1:
        raise NotOffered(f"the ids of users have no order that is plain: {expect.shown(sorted(ids))}")
    low, high = sorted(ids)
    return low, high


@pytest.mark.parametrize("direction", ["ascending", "descending"])
@requirement("sort.{direction}")
def test_contacts_are_sorted_by_the_ids_of_users(session: Session, direction: str) -> None:
    seeded = _assigned(session)
    _numbers(seeded)
    sign = "1" if direction == "ascending" else "-1"

    listed = _expect_listed(seeded, (("$sort[assigned_user_id]", sign),), seeded.ids)

    users = {i: str(r.get("assigned_user_id")) for i, r in zip(seeded.ids, seeded.records, strict=True)}
    order = sorted(users.values(), reverse=direction == "descending")
    expect.same_order([users[i] for i in listed], order, about=f"$sort[assigned_user_id]={sign}")


@pytest.mark.parametrize("name", LOOKUPS)
@requirement("filter.lookup-ids")
def test_contacts_are_filtered_by_what_they_were_given(session: Session, name: str) -> None:
    known = session.target.known_id(name)
    seeded = _seeded(session)
    given = seeded.ids[:2] if name == "hotness" else seeded.ids[1:3]

    _expect_listed(seeded, ((f"{name}_id", known),), given, legal=False)


@pytest.mark.parametrize("name", LOOKUPS)
@requirement("sort.lookup-ids")
def test_contacts_are_sorted_by_what_they_were_given(session: Session, name: str) -> None:
    session.target.known_id(name)
    seeded = _seeded(session)
    given = seeded.ids[:2] if name == "hotness" else seeded.ids[1:3]

    listed = _expect_listed(seeded, ((f"$sort[{name}_id]", "-1"),), seeded.ids, legal=False)

    runs = [has for has, _ in groupby(i in given for i in listed)]
    expect.that(
        len(runs) == 2,
        f"the contacts with a {name} beside each other",
        expect.shown(runs),
        about=f"$sort[{name}_id]",
        kind="order",
        observed="other order",
    )
