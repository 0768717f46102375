"""Standard search and Contacts > Searching by DisplayName: which contacts each kind of filter finds.

The test contacts include near misses, and the oracle says which contacts a filter must find.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts_conformance.account.contacts import Cohort
from contacts_conformance.checks import seeded
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.sparkql import FieldType, strategies
from contacts_conformance.providers.spark import equals, literal
from contacts_conformance.providers.sparkapi import envelope, when
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking, filtering

COLUMNS = ("DisplayName", "GivenName", "FamilyName", "HomeLocality", "HomeRegion", "Organization", "Other")
PEOPLE = (
    ("Neddy Nederlander", "neddy", "nederlander", "fargo", "nd", "100% sure", "o'brien & sons", "buyers"),
    ("Eddy Nederland", "eddy", "nederland", "fargo", "mn", "100 percent sure", "obrien & sons", "buyers of land"),
    ("Ned Byron", "ned", "byron", "minot", "nd", "a_b", "zoë", "sellers"),
    ("Ada Neddyson", "ada", "neddyson", "minot", "mn", "axb", "zoe", "idx lead"),
    ("Grace Brewster Hopper", "grace", "hopper", "bismarck", "nd", "one, two (three)", "x=1;y=2", "buyers"),
    ("Wanderly Freeder", "wanderly", "freeder", "new york", "ny", "one", "林徽因", "sellers"),
)
GENERATED = ("DisplayName", "GivenName", "FamilyName", "Organization", "Tags", "CreatedTimestamp")
GENERATED_FILTERS = 8
QUOTED = literal("o'brien & sons")
SPOUSES = {"Neddy Nederlander": "ada", "Ned Byron": "grace", "Wanderly Freeder": "ned"}

FILTERS = {
    "filter.eq": (
        "GivenName Eq 'neddy'",
        "FamilyName Eq 'nederland'",
        "Tags Eq 'buyers'",
        "DisplayName Eq 'Grace','Ned Byron'",
    ),
    "filter.ne": ("GivenName Ne 'neddy'", "HomeRegion Ne 'nd'"),
    "filter.and": ("HomeRegion Eq 'nd' And HomeLocality Eq 'minot'", "Tags Eq 'buyers' And GivenName Eq 'grace'"),
    "filter.or": ("HomeRegion Eq 'ny' Or HomeLocality Eq 'minot'", "Tags Eq 'sellers' Or GivenName Eq 'ada'"),
    "filter.not": (
        "Not HomeRegion Eq 'nd'",
        "HomeLocality Eq 'fargo' Not HomeRegion Eq 'nd'",
        "Not GivenName Eq 'neddy' And HomeRegion Eq 'nd'",
        "HomeRegion Eq 'mn' Or HomeRegion Eq 'nd' Not HomeLocality Eq 'fargo'",
    ),
    "filter.precedence": (
        "HomeRegion Eq 'mn' Or HomeRegion Eq 'nd' And HomeLocality Eq 'minot'",
        "GivenName Eq 'neddy' Or GivenName Eq 'grace' And HomeLocality Eq 'fargo'",
    ),
    "filter.groups": (
        "(HomeRegion Eq 'mn' Or HomeRegion Eq 'nd') And HomeLocality Eq 'minot'",
        "HomeLocality Eq 'minot' And (GivenName Eq 'ned' Or GivenName Eq 'neddy')",
        "Not (HomeRegion Eq 'nd' Or HomeRegion Eq 'ny')",
    ),
    "filter.list": (
        "GivenName Eq 'ned','ada','grace'",
        "GivenName Eq ('ned', 'wanderly')",
        "GivenName Ne 'ned','neddy','eddy'",
        "Tags Eq 'idx lead','sellers'",
    ),
    "filter.wildcards": (
        "FamilyName Eq 'neder*'",
        "FamilyName Eq '*son'",
        "GivenName Eq 'gr*ce'",
        "FamilyName Ne 'ned*'",
    ),
    "filter.question-mark": ("GivenName Eq 'nedd?'", "FamilyName Eq 'nederland?'", "GivenName Eq 'a?da'"),
    "filter.null": ("SpouseGivenName Eq NULL", "SpouseGivenName Ne null"),
    "filter.quote": (f"Other Eq {QUOTED}", f"Other Ne {QUOTED}"),
    "filter.text": (
        "Organization Eq '100% sure'",
        "Organization Eq 'a_b'",
        "Organization Eq 'one, two (three)'",
        "Other Eq 'zoë'",
        "Other Eq '林徽因'",
        "Other Eq 'x=1;y=2'",
    ),
    "filter.case-of-words": (
        "GivenName eq 'neddy' or GivenName EQ 'ada'",
        "not HomeRegion EQ 'nd' AND HomeLocality ne 'fargo'",
    ),
    "name.word": (
        "DisplayName Eq 'Neddy*'",
        "DisplayName Eq 'Neder*'",
        "DisplayName Eq 'Hopp*'",
        "DisplayName Ne 'Ned*'",
    ),
    "name.case": ("DisplayName Eq 'neddy*'", "DisplayName Eq 'bYRON*'"),
    "name.blank": ("DisplayName Eq 'Neddy N*'", "DisplayName Eq 'Byron *'", "DisplayName Eq '*y N*'"),
    "name.not-inside": ("DisplayName Eq 'eder*'",),
}  # fmt: skip


def people(session: Session) -> Cohort:
    """The people, half of them created more than two seconds before the others."""

    def make() -> Cohort:
        contacts = session.contacts()
        marks = contacts.marks()
        mark = next(iter(marks.values()))
        created = []
        for index, person in enumerate(PEOPLE):
            if index == len(PEOPLE) // 2:
                session.client.pace.wait(2.1)
            values = dict(zip(COLUMNS, person, strict=False)) | {"Tags": [person[-1], mark]}
            if person[0] in SPOUSES:
                values["SpouseGivenName"] = SPOUSES[person[0]]
            created.append(contacts.create({}, **values))
        return Cohort(contacts, marks, asking.read_back(contacts, marks, created))

    found: Cohort = session.once("people", make)
    return found


def _generated(session: Session) -> Cohort:
    """Contacts whose values nobody wrote."""

    def make() -> Cohort:
        rows: list[dict[str, Any]] = seeded.draw(
            strategies.cohorts(_kinds(session), size=len(PEOPLE)), f"{session.seed} cohort"
        )
        contacts, mark = session.contacts(), session.mark()
        created = [contacts.create({}, **{**row, "Tags": [*row["Tags"], mark]}) for row in rows]
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    found: Cohort = session.once("generated people", make)
    return found


def _kinds(session: Session) -> dict[str, FieldType]:
    """What generated contacts are made of, and generated filters compare."""
    return {n: k for n, k in filtering.fields(session.contract).items() if n in GENERATED}


def _is_zoned(about: Cohort) -> bool:
    """Whether instants say where they belong; where they do not, one with a zone can be hours away from them."""
    return all(instants.is_iso(r.get("CreatedTimestamp")) for r in about.records)


def _middle(about: Cohort, name: str) -> datetime:
    """An instant that half of the people lie before, and at least half a second from each of them."""
    seen = sorted(w for r in about.records if (w := when(r, name)) is not None)
    gaps = [(later - earlier, earlier) for earlier, later in itertools.pairwise(seen)]
    widest, before = max(gaps, default=(timedelta(), datetime.now(UTC)))
    if len(seen) < len(PEOPLE) or widest < timedelta(seconds=1.5):
        raise NotVerified(f"{name} does not tell apart what was created two seconds apart: {seen}")
    return (before + widest / 2).replace(microsecond=0) + timedelta(seconds=1 if widest > timedelta(seconds=3) else 0)


@pytest.mark.parametrize(("row", "text"), [(r, t) for r, texts in FILTERS.items() for t in texts])
@requirement("{row}")
def test_a_filter_finds_whom_it_should(session: Session, row: str, text: str) -> None:
    filtering.judge(people(session), text)


@pytest.mark.parametrize("cohort", [people, _generated], ids=["people", "generated"])
@requirement("filter.generated")
def test_generated_filters_find_whom_they_should(session: Session, cohort: Callable[[Session], Cohort]) -> None:
    about = cohort(session)
    mark = about.marks["Tags"]
    shown = [{**r, "Tags": [t for t in r.get("Tags") or () if t != mark]} for r in about.records]

    kinds = {n: k for n, k in _kinds(session).items() if k is not FieldType.TIMESTAMP or _is_zoned(about)}
    made = strategies.filters(kinds, shown)
    for text in seeded.several(made, f"{session.seed} filters {cohort.__name__}", GENERATED_FILTERS):
        filtering.judge(about, text)


@pytest.mark.parametrize("name", ["CreatedTimestamp", "ModificationTimestamp"])
@requirement("filter.comparisons", "filter.between", "filter.offset", "field.{name}.searchable")
def test_instants_are_compared(session: Session, judge: Judge, name: str) -> None:
    about = people(session)
    middle = _middle(about, name)
    zoned = _is_zoned(about)
    written = instants.utc if zoned else instants.bare
    day = timedelta(days=1)
    with judge("filter.comparisons"):
        for sign in ("Gt", "Ge", "Lt", "Le"):
            filtering.judge(about, f"{name} {sign} {written(middle)}")
        filtering.judge(about, f"{name} Ge {written(max(w for r in about.records if (w := when(r, name))))}")
    if name != "CreatedTimestamp":
        with judge(f"field.{name}.searchable"):
            filtering.judge(about, f"{name} Lt {written(middle - day)}")
            filtering.judge(about, f"{name} Gt {written(middle - day)}")
        return
    with judge("filter.between"):
        filtering.judge(about, f"{name} Bt {written(middle)},{written(middle + day)}")
        filtering.judge(about, f"{name} Bt {written(middle - 2 * day)},{written(middle - day)}")
    with judge("filter.offset"):
        for hours in (5, -7):
            clear = timedelta() if zoned else 2 * day
            filtering.judge(about, f"{name} Gt {instants.at_offset(middle - clear, hours)}")
    with judge(f"field.{name}.searchable"):
        filtering.judge(about, f"{name} Gt {written(middle - day)}")
        filtering.judge(about, f"{name} Lt {written(middle - day)}")


@requirement("order.descending")
def test_instants_are_ordered(session: Session) -> None:
    about = people(session)
    instant = {i: when(r, "ModificationTimestamp") for i, r in zip(about.ids, about.records, strict=True)}
    known = [w for w in instant.values() if w is not None]
    if len(known) < len(instant):
        raise NotVerified(f"ModificationTimestamp is no instant in some of {about.records!r}")

    listed = about.contacts.send_list(about.narrowed((("_orderby", "-ModificationTimestamp"), ("_limit", "25"))))

    seen = [instant.get(i) for i in about.contacts.ids(about.contacts.page(listed).records)]
    assert seen == sorted(known, reverse=True), f"the last change of each is {seen}: {listed!r}"


@requirement("filter.days")
def test_days_are_counted_from_today(session: Session) -> None:
    about = people(session)

    for text in ("Gt days(-7)", "Lt days(-7)", "Lt days(7)", "Bt days(-7),days(7)"):
        filtering.judge(about, f"CreatedTimestamp {text}")


@requirement("filter.nothing-found")
def test_nothing_found_is_a_success(session: Session) -> None:
    answer = filtering.ask(people(session), "GivenName Eq 'nobody of this name'")

    problem = asking.success_problem(answer)
    assert not problem, problem
    assert (envelope(answer.json) or {}).get("Results") == [], answer


def _one(session: Session, contact: str, condition: str) -> tuple[bool, Answer]:
    """Whether a condition finds a contact that the target file sets aside."""
    contacts = session.contacts()
    answer = contacts.send_list((("_filter", f"{equals({'Id': contact})} And {condition}"),))
    assert answer.succeeded, answer
    return contact in contacts.ids(contacts.page(answer).records), answer


@requirement("filter.boolean", "field.VowActive.searchable")
def test_a_switch_is_compared(session: Session, judge: Judge) -> None:
    about = people(session)
    with judge("filter.boolean"):
        for word in ("true", "false"):
            answer = filtering.ask(about, f"VowActive Eq {word}")
            assert answer.succeeded, answer
            if word == "true":
                shown = about.contacts.ids(about.contacts.page(answer).records)
                assert not shown, f"nobody was in a portal yet, and {shown} are active: {answer!r}"
    with judge("field.VowActive.searchable"):
        active, dormant = (asking.fixture(session, n) for n in ("active", "dormant"))
        for contact, condition, expected in (
            (active, "VowActive Eq true", True),
            (active, "VowActive Eq false", False),
            (active, "VowActive Ne true", False),
            (dormant, "VowActive Eq true", False),
        ):
            found, answer = _one(session, contact, condition)
            assert found is expected, f"{condition} {'finds' if found else 'does not find'} it: {answer!r}"


@requirement("field.PortalLoginName.searchable")
def test_a_login_name_is_found(session: Session) -> None:
    active, login = (asking.fixture(session, n) for n in ("active", "active_login"))

    for value, expected in ((login, True), (f"{login}x", False)):
        found, answer = _one(session, active, f"PortalLoginName Eq {literal(value)}")
        assert found is expected, answer


@requirement("field.InvalidEmails.searchable")
def test_an_invalid_address_is_found(session: Session) -> None:
    address = asking.fixture(session, "invalid_email")
    contacts = session.contacts()

    for value, expected in ((address, True), (f"x{address}", False)):
        answer = contacts.send_list((("_filter", f"InvalidEmails Eq {literal(value)}"),))
        assert answer.succeeded, answer
        found = contacts.page(answer).records
        assert bool(found) is expected, answer
        wrong = [r for r in found if address not in (r.get("InvalidEmails") or [address])]
        assert not wrong, f"{contacts.ids(wrong)} do not have the address: {answer!r}"
