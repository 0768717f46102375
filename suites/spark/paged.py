"""Contacts that lists are ordered and paged by, and what a list of them alone has to show."""

from collections.abc import Mapping

from contacts_conformance.account.cohort import Cohort, seed
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers.sparkapi import envelope

from ..sparkapi import asking

WORDS = ("elm", "elder", "fir", "amber", "ash", "dogwood", "cedar", "cherry", "hazel", "iris")
SIZE = len(WORDS)
PARENTS = ("oak", "pine", "teak")
LARGEST = 25
ORDERED = ("DisplayName", "GivenName", "FamilyName", "Organization", "PrimaryEmail")
ALIKE, BEGINNING = ("FamilyName", "Organization"), "harbour and sons of "
"""What begins alike in all of them, so that it differs late."""
AT_ONCE = SIZE - 1
"""So many attributes order one list: each of them sets another contact before those that follow, and one is last."""
PLAIN, AHEAD = {"": "teak", "phone": "202-555-0120"}, {"": "yew", "phone": "202-555-0180"}
"""By shape: the value that most contacts have, and one that comes after it."""


def others(session: Session) -> tuple[str, ...]:
    """The other texts that lists can be ordered by, as far as a plain value of them is kept."""
    tame = round_trip.created_whole(session)
    return tuple(
        f.name
        for f in session.contract.searchable_fields
        if f.is_text and f.shape in PLAIN and not (f.enum or f.either or f.known)
        if f.name not in (*ORDERED, "ReferredBy") and f.name in tame and tame[f.name].kept
    )


def cohort(session: Session) -> Cohort:
    """Contacts that differ in every attribute that is ordered by, in another order for each; parents come in groups.
    In each of the rest one contact is ahead: in the first of these, the one that is in no other."""

    def make() -> Cohort:
        shuffled = session.random("pages")
        columns = {n: shuffled.sample(WORDS, SIZE) for n in ORDERED}
        for name in ALIKE:
            columns[name] = [f"{BEGINNING}{w}" for w in columns[name]]
        columns["PrimaryEmail"] = [f"{w}.{session.mark()}@example.com" for w in columns["PrimaryEmail"]]
        columns["ReferredBy"] = [PARENTS[i % 3] for i in range(SIZE)]
        for number, name in enumerate(others(session)):
            shape = session.contract.field(name).shape
            columns[name] = [PLAIN[shape]] * SIZE
            columns[name][SIZE - 1 - (number - 1) % AT_ONCE if number else 0] = AHEAD[shape]
        made = seed(session.contacts(), [{n: column[i] for n, column in columns.items()} for i in range(SIZE)])
        asking.wait_until_listed(made.contacts, made.marks, SIZE)
        return made

    them: Cohort = session.once("pages cohort", make)
    return them


def ask(session: Session, query: Query = (), *, legal: bool = True) -> Answer:
    them = cohort(session)
    return them.contacts.send_list(them.narrowed(query), legal=legal)


def ask_as(session: Session, role: str, query: Query) -> Answer:
    """The answer to another role's list, where it shows contacts, since both act for one user; else to the main role's.

    What a query narrows to the cohort shows nothing to anybody else.
    """
    contacts, other = cohort(session).contacts, session.target.identities.get(role)
    if other is not None:
        session.wait_for_lists()
        answer = contacts.send_list(query, identity=other)
        if answer.succeeded and contacts.page(answer).records:
            return answer
    return contacts.send_list(query)


def ids(session: Session, query: Query = (), role: str = "") -> tuple[list[str], Answer]:
    """The Ids that a query lists of the cohort, in their order, and the answer, which has to be a success.

    It is asked as a role, if that shows the same contacts.

    Where a query asks for all, and the target's pages are too short for that, it is asked page by page.
    """
    them = cohort(session)
    asks_for_all = set(everything()) <= set(query)
    answer = ask_as(session, role, them.asking(query) if asks_for_all else them.narrowed(query))
    if asks_for_all:
        page = asking.expect_page(them.contacts, answer, "&".join(n for n, _ in query))
        return them.contacts.ids(them.whole(them.asking(query), page).records), answer
    return listed(session, query, answer), answer


def listed(session: Session, query: Query, answer: Answer) -> list[str]:
    """The Ids that the answer to a query lists, in their order; the answer has to be a success."""
    contacts = cohort(session).contacts
    return contacts.ids(asking.expect_page(contacts, answer, "&".join(n for n, _ in query)).records)


def expect_order(session: Session, query: Query, expected: list[str], about: str, role: str = "") -> None:
    """Expects that a query lists these contacts of the cohort, in this order; asked as a role, where that can be."""
    found, answer = ids(session, query, role)
    expect.same_order(found, expected, about, answer)


def expect_pagination(answer: Answer, about: str, expected: Mapping[str, int]) -> None:
    """Expects that an answer has a Pagination object with these members."""
    pagination = (envelope(answer.json) or {}).get("Pagination")
    expect.of_type(pagination, "object", about=f"Pagination of {about}", shown_by=answer)
    for name, value in expected.items():
        expect.equal((pagination or {}).get(name), value, f"{name} of {about}", answer)


def in_order(session: Session, *keys: tuple[str, int]) -> list[str]:
    """The Ids in the order of these attributes, the first of which weighs most; 1 upwards, -1 downwards."""
    them = cohort(session)
    records = list(them.records)
    for name, direction in reversed(keys):
        records.sort(key=lambda r: str(r.get(name)), reverse=direction < 0)
    return them.contacts.ids(records)


def orderby(*keys: tuple[str, int]) -> Query:
    return (("_orderby", ",".join(f"{'+' if d > 0 else '-'}{n}" for n, d in keys)),)


def everything(*more: tuple[str, str]) -> Query:
    return (("_limit", str(LARGEST)), *more)
