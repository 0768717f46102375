"""Standard search and Contacts > Searching by DisplayName: which contacts each kind of filter finds.

The test contacts include near misses, and the oracle says which contacts a filter must find.
"""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect, seeded
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.sparkql import FieldType, strategies
from contacts_conformance.providers.spark import equals, literal
from contacts_conformance.providers.sparkapi import envelope, when
from contacts_conformance.verdicts.outcomes import Judge

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
        mark = session.mark()
        created = []
        for index, person in enumerate(PEOPLE):
            if index == len(PEOPLE) // 2:
                session.client.pace.wait(2.1)
            values = dict(zip(COLUMNS, person, strict=False)) | {"Tags": [person[-1], mark]}
            if person[0] in SPOUSES:
                values["SpouseGivenName"] = SPOUSES[person[0]]
            created.append(contacts.create({}, **values))
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    cohort: Cohort = session.once("people", make)
    return cohort


def _generated(session: Session) -> Cohort:
    """Contacts whose values nobody wrote."""

    def make() -> Cohort:
        rows: list[dict[str, Any]] = seeded.draw(
            strategies.cohorts(_kinds(session), size=len(PEOPLE)), f"{session.seed} cohort"
        )
        contacts, mark = session.contacts(), session.mark()
        created = [contacts.create({}, **{**row, "Tags": [*row["Tags"], mark]}) for row in rows]
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    cohort: Cohort = session.once("generated people", make)
    return cohort


def _kinds(session: Session) -> dict[str, FieldType]:
    """What generated contacts are made of, and generated filters compare."""
    return {n: k for n, k in filtering.fields(session.contract).items() if n in GENERATED}


def _is_zoned(cohort: Cohort) -> bool:
    """Whether instants say where they belong; where they do not, one with a zone can be hours away from them."""
    return all(instants.is_iso(r.get("CreatedTimestamp")) for r in cohort.records)


def _middle(cohort: Cohort, name: str) -> datetime:
    """An instant that half of the people lie before, and at least half a second from each of them."""
    known = sorted(w for r in cohort.records if (w := when(r, name)) is not None)
    gaps = [(later - earlier, earlier) for earlier, later in itertools.pairwise(known)]
    widest, before = max(gaps, default=(timedelta(), datetime.now(UTC)))
    if len(known) < len(PEOPLE) or widest < timedelta(seconds=1.5):
        read = expect.shown([r.get(name) for r in cohort.records])
        raise NotVerified(f"{name} does not tell apart contacts that were created two seconds apart: {read}")
    return (before + widest / 2).replace(microsecond=0) + timedelta(seconds=1 if widest > timedelta(seconds=3) else 0)


@pytest.mark.parametrize(("row", "text"), [(r, t) for r, texts in FILTERS.items() for t in texts])
@requirement("{row}")
def test_a_filter_finds_whom_it_should(session: Session, row: str, text: str) -> None:
    filtering.expect_matching_contacts(people(session), text)


@pytest.mark.parametrize("seeded_by", [people, _generated], ids=["people", "generated"])
@requirement("filter.generated")
def test_generated_filters_find_whom_they_should(session: Session, seeded_by: Callable[[Session], Cohort]) -> None:
    cohort = seeded_by(session)
    mark = cohort.marks["Tags"]
    shown = [{**r, "Tags": [t for t in r.get("Tags") or () if t != mark]} for r in cohort.records]

    kinds = {n: k for n, k in _kinds(session).items() if k is not FieldType.TIMESTAMP or _is_zoned(cohort)}
    made = strategies.filters(kinds, shown)
    for text in seeded.several(made, f"{session.seed} filters {seeded_by.__name__}", GENERATED_FILTERS):
        if cohort.contacts.lacking((("_filter", text),)):
            continue
        filtering.expect_matching_contacts(cohort, text, "a generated filter")


@pytest.mark.parametrize("name", ["CreatedTimestamp", "ModificationTimestamp"])
@requirement("filter.comparisons", "filter.between", "filter.offset", "field.{name}.searchable")
def test_instants_are_compared(session: Session, judge: Judge, name: str) -> None:
    cohort = people(session)
    middle = _middle(cohort, name)
    zoned = _is_zoned(cohort)
    written = instants.utc if zoned else instants.bare
    day = timedelta(days=1)
    with judge("filter.comparisons"):
        for sign in ("Gt", "Ge", "Lt", "Le"):
            filtering.expect_matching_contacts(cohort, f"{name} {sign} {written(middle)}", f"{name} {sign}")
        latest = max(w for r in cohort.records if (w := when(r, name)))
        filtering.expect_matching_contacts(cohort, f"{name} Ge {written(latest)}", f"{name} Ge the latest")
    if name != "CreatedTimestamp":
        with judge(f"field.{name}.searchable"):
            for sign in ("Lt", "Gt"):
                filtering.expect_matching_contacts(
                    cohort, f"{name} {sign} {written(instants.moved(middle, -day))}", f"{name} {sign}"
                )
        return
    with judge("filter.between"):
        after, before, long_before = (instants.moved(middle, n * day) for n in (1, -1, -2))
        for start, end in ((middle, after), (long_before, before)):
            filtering.expect_matching_contacts(cohort, f"{name} Bt {written(start)},{written(end)}", f"{name} Bt")
    with judge("filter.offset"):
        for hours in (5, -7):
            clear = timedelta() if zoned else 2 * day
            bound = instants.at_offset(instants.moved(middle, -clear), hours)
            filtering.expect_matching_contacts(cohort, f"{name} Gt {bound}", f"{name} Gt, {hours:+} hours")
    with judge(f"field.{name}.searchable"):
        for sign in ("Gt", "Lt"):
            filtering.expect_matching_contacts(
                cohort, f"{name} {sign} {written(instants.moved(middle, -day))}", f"{name} {sign}"
            )


@requirement("order.descending")
def test_instants_are_ordered(session: Session) -> None:
    cohort = people(session)
    instant = {i: when(r, "ModificationTimestamp") for i, r in zip(cohort.ids, cohort.records, strict=True)}
    known = [w for w in instant.values() if w is not None]
    if len(known) < len(instant):
        read = expect.shown([r.get("ModificationTimestamp") for r in cohort.records])
        raise NotVerified(f"ModificationTimestamp is no instant in some contacts: {read}")

    query = cohort.asking((("_orderby", "-ModificationTimestamp"), ("_limit", "25")))
    listed = cohort.contacts.send_list(query)

    page = cohort.whole(query, asking.expect_page(cohort.contacts, listed, "_orderby"))
    in_list = [instant.get(i) for i in cohort.contacts.ids(page.records)]
    expect.same_order(in_list, sorted(known, reverse=True), "ModificationTimestamp", listed)


@requirement("filter.days")
def test_days_are_counted_from_today(session: Session) -> None:
    cohort = people(session)

    for text in ("Gt days(-7)", "Lt days(-7)", "Lt days(7)", "Bt days(-7),days(7)"):
        filtering.expect_matching_contacts(cohort, f"CreatedTimestamp {text}")


@requirement("filter.nothing-found")
def test_nothing_found_is_a_success(session: Session) -> None:
    answer = filtering.ask(people(session), "GivenName Eq 'nobody of this name'")

    asking.expect_success_envelope(answer)
    expect.equal((envelope(answer.json) or {}).get("Results"), [], "Results", answer)


def _expect_match(session: Session, contact: str, condition: str, expected: bool, about: str) -> None:
    """Sends a condition for a contact that the target file sets aside, and expects that it finds the contact or not."""
    contacts = session.contacts()
    answer = contacts.send_list((("_filter", f"{equals({'Id': contact})} And {condition}"),))
    expect.success(answer, about)
    listed = contacts.ids(contacts.page(answer).records)
    expect.that(
        (contact in listed) is expected,
        f"contact {contact}" if expected else f"no contact {contact}",
        f"contacts {', '.join(listed)}" if listed else "no contacts",
        about=about,
        kind="contacts",
        observed="missing" if expected else "extra",
        shown_by=answer,
    )


@requirement("filter.boolean", "field.VowActive.searchable")
def test_a_switch_is_compared(session: Session, judge: Judge) -> None:
    cohort = people(session)
    with judge("filter.boolean"):
        for word in ("true", "false"):
            answer = filtering.ask(cohort, f"VowActive Eq {word}")
            expect.success(answer, f"VowActive Eq {word}")
            if word == "true":  # nobody was in a portal yet
                listed = cohort.contacts.ids(cohort.contacts.page(answer).records)
                expect.same_contacts(listed, [], "VowActive Eq true", answer)
    with judge("field.VowActive.searchable"):
        active, dormant = (asking.fixture(session, n) for n in ("active", "dormant"))
        for which, contact, condition, expected in (
            ("active", active, "VowActive Eq true", True),
            ("active", active, "VowActive Eq false", False),
            ("active", active, "VowActive Ne true", False),
            ("dormant", dormant, "VowActive Eq true", False),
        ):
            _expect_match(session, contact, condition, expected, f"{condition}, the contact {which}")


@requirement("field.PortalLoginName.searchable")
def test_a_login_name_is_found(session: Session) -> None:
    active, login = (asking.fixture(session, n) for n in ("active", "active_login"))

    for name, expected, about in ((login, True, "the name"), (f"{login}x", False, "another name")):
        _expect_match(session, active, f"PortalLoginName Eq {literal(name)}", expected, f"PortalLoginName Eq {about}")


@requirement("field.InvalidEmails.searchable")
def test_an_invalid_address_is_found(session: Session) -> None:
    address = asking.fixture(session, "invalid_email")
    contacts = session.contacts()

    for value, expected, about in ((address, True, "the address"), (f"x{address}", False, "another address")):
        answer = contacts.send_list((("_filter", f"InvalidEmails Eq {literal(value)}"),))
        expect.success(answer, f"InvalidEmails Eq {about}")
        records = contacts.page(answer).records
        expect.that(
            bool(records) is expected,
            "contacts" if expected else "no contacts",
            f"contacts {', '.join(contacts.ids(records))}" if records else "no contacts",
            about=f"InvalidEmails Eq {about}",
            kind="contacts",
            observed="missing" if expected else "extra",
            shown_by=answer,
        )
        wrong = [r for r in records if address not in (r.get("InvalidEmails") or [address])]
        expect.same_contacts(contacts.ids(wrong), [], "contacts without the address", answer)
