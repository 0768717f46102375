"""Standard search and Contacts > Searching by DisplayName: which contacts each kind of filter finds.

The test contacts include near misses, and the oracle says which contacts a filter must find.
"""

from typing import Any

import pytest

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.checks import expect, round_trip, seeded
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.oracle import instants
from contacts_conformance.oracle.sparkql import FieldType, strategies
from contacts_conformance.providers.spark import PROVIDER as SPARK
from contacts_conformance.providers.spark import equals, literal
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking, filtering
from . import searching, set_aside, sparse, wording

pytestmark = in_cohort("lists")

COLUMNS = ("DisplayName", "GivenName", "FamilyName", "HomeLocality", "HomeRegion", "Organization", "Other")
PEOPLE = (
    ("Neddy Nederlander", "neddy", "nederlander", "fargo", "nd", "100% sure", "o'brien & sons", "buyers"),
    ("Eddy Nederland", "eddy", "nederland", "fargo", "mn", "100 percent sure", "obrien & sons", "buyers of land"),
    ("Ned Byron", "ned", "byron", "minot", "nd", "a_b", "zoë", "sellers"),
    ("Ada Neddyson", "ada", "neddyson", "minot", "mn", "axb", "zola", "idx lead"),
    ("Grace Brewster Hopper", "grace", "hopper", "bismarck", "nd", "one, two (three)", "x=1;y=2", "buyers"),
    ("Wanderly Freeder", "wanderly", "freeder", "new york", "ny", "a.b", "林徽因", "sellers"),
)
GENERATED_FILTERS = 8
NOBODY = "nobody \U0001f436"
QUOTED = literal("o'brien & sons")
MANY = [f"nobody {i}" for i in range(29)]
LATER = Slot[Answer]("a note for the first of the people")
"""The answer to the change that gave the first of the people a note, after all were created."""
SPOUSES = {"Neddy Nederlander": "ada", "Ned Byron": "grace", "Wanderly Freeder": "ned"}

FILTERS = {
    "filter.eq": (
        "GivenName Eq 'neddy'",
        "FamilyName Eq 'nederland'",
        "Tags Eq 'buyers'",
        "DisplayName Eq 'Grace','Ned Byron'",
    ),
    "filter.ne": ("GivenName Ne 'neddy'", "HomeRegion Ne 'nd'"),
    "filter.and": (
        "HomeRegion Eq 'nd' And GivenName Ne 'ada' And FamilyName Ne 'hopper' And HomeLocality Eq 'minot'",
        "Tags Eq 'buyers' And GivenName Eq 'grace'",
    ),
    "filter.or": (
        "HomeRegion Eq 'ny' Or GivenName Eq 'nobody' Or FamilyName Eq 'nobody' Or HomeLocality Eq 'minot'",
        "Tags Eq 'sellers' Or GivenName Eq 'ada'",
    ),
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
        "HomeRegion Eq 'ny','nd' And HomeLocality Eq 'minot','new york'",
        "Not GivenName Eq 'ned','ada','neddy'",
        "HomeLocality Eq 'minot' Or GivenName Ne 'ned','neddy' And HomeRegion Eq 'nd'",
        "Organization Eq 'one, two (three)','axb'",
        f"GivenName Eq {','.join(map(literal, MANY))},'grace'",
    ),
    "filter.wildcards": (
        "FamilyName Eq 'neder*'",
        "FamilyName Eq '*son' Or Organization Eq 'a.*'",
        "GivenName Eq 'gr*ce' Or Organization Eq 'a_*'",
        "FamilyName Ne 'ned*'",
    ),
    "filter.question-mark": ("FamilyName Eq 'nederland?'", "GivenName Eq 'nedd?' Or GivenName Eq 'a?da'"),
    "filter.null": ("SpouseGivenName Eq NULL", "SpouseGivenName Ne null"),
    "filter.quote": (f"Other Eq {QUOTED}", f"Other Ne {QUOTED}"),
    "filter.text": (
        "Organization Eq '100% sure' Or Organization Eq 'one, two (three)' Or Other Eq '林徽因' Or Other Eq 'zoë'",
        "Organization Eq 'a_b' Or Other Eq 'x=1;y=2'",
    ),
    "filter.case-of-words": (
        "GivenName eq 'neddy' or GivenName EQ 'ada'",
        "not HomeRegion EQ 'nd' AND HomeLocality ne 'fargo'",
    ),
    "name.word": (
        "DisplayName Eq 'Neddy*'",
        "DisplayName Eq 'Neder*'",
        "DisplayName Eq 'Hopp*'",
    ),
    "name.word-ne": ("DisplayName Ne 'Ned*'",),
    "name.case": ("DisplayName Eq 'neddy*' Or DisplayName Eq 'bYRON*'",),
    "name.blank": ("DisplayName Eq 'Neddy N*'", "DisplayName Eq 'Byron *'", "DisplayName Eq '*y N*'"),
    "name.not-inside": ("DisplayName Eq 'eder*'",),
}  # fmt: skip


EVERY = tuple(text for texts in FILTERS.values() for text in texts)


def people(session: Session) -> Cohort:
    """The people, half of them created more than two seconds before the others; the first got its note after that."""

    def make() -> Cohort:
        contacts = session.contacts()
        mark = session.mark()
        marks = {"Tags": mark}
        created = []
        for index, person in enumerate(PEOPLE):
            if index == len(PEOPLE) // 2:
                session.client.pace.wait(2.1)
            created.append(sparse.created(session, _person(person, mark), sparse.some_of(session, index, COLUMNS)))
        answer = contacts.send_change(created[0].id, {"Note": f"Called again, {session.number()}."})
        session.keep(LATER, answer)
        return Cohort(contacts, marks, asking.read_back(contacts, marks, created))

    cohort: Cohort = session.once("people", make)
    return cohort


def twins(session: Session) -> Cohort:
    """The people once more, so that one list can answer two filters."""

    def make() -> Cohort:
        contacts, mark = session.contacts(), session.mark()
        rest = [sparse.rest_of(session, index, COLUMNS) for index in range(len(PEOPLE))]
        created = [sparse.created(session, _person(p, mark), some) for p, some in zip(PEOPLE, rest, strict=True)]
        return Cohort(contacts, {"Tags": mark}, asking.read_back(contacts, {"Tags": mark}, created))

    cohort: Cohort = session.once("twins of the people", make)
    return cohort


def _person(person: tuple[str, ...], mark: str) -> dict[str, Any]:
    """What filters ask for of one of the people."""
    values: dict[str, Any] = dict(zip(COLUMNS, person, strict=False)) | {"Tags": [person[-1], mark]}
    if person[0] in SPOUSES:
        values["SpouseGivenName"] = SPOUSES[person[0]]
    return values


@requirement("create.no-other-attribute")
def test_a_value_is_written_to_its_attribute_alone(session: Session) -> None:
    records = {i: r for c in (people(session), twins(session)) for i, r in zip(c.ids, c.records, strict=True)}
    for contact, _, answer in sparse.sent(session):
        if contact.id in records:
            wording.expect_in_no_other(session, contact.sent, records[contact.id], answer)


@each(field=Contract.create_round_trip_fields)
@requirement("field.{field}.create")
def test_a_value_is_kept_where_others_are_not_sent(field: Field, session: Session) -> None:
    cohorts = people(session), twins(session), searching.those_asked_for(session)
    records = {i: r for c in cohorts for i, r in zip(c.ids, c.records, strict=True)}
    for trial in sparse.words_by_themselves(session):
        if trial.field.name == field.name:
            round_trip.expect_kept(trial, f"{field}, as a word")
    sent = [s for s in sparse.sent(session) if field.name in s[1] and s[0].id in records]
    if not sent:
        return  # other checks send it
    for contact, values, answer in sent:
        expect.success(answer, f"a contact with {field} and without what is like it")
        read = records[contact.id].get(field.name)
        expect.that(
            session.provider.same(field, values[field.name], read),
            expect.shown(values[field.name]),
            expect.shown(read),
            about=f"{field}, without what is like it",
            observed=expect.difference(read, values[field.name]),
            shown_by=answer,
        )


def is_zoned(cohort: Cohort) -> bool:
    """Whether instants say where they belong; where they do not, one with a zone can be hours away from them."""
    return all(instants.is_iso(r.get("CreatedTimestamp")) for r in cohort.records)


@pytest.mark.parametrize(("row", "text"), [(r, t) for r, texts in FILTERS.items() for t in texts])
@requirement("{row}")
def test_a_filter_finds_whom_it_should(session: Session, row: str, text: str) -> None:
    cohort, number = people(session), EVERY.index(text)
    cohort.contacts.need((("_filter", text),))
    try:
        asked = twins(session) if number % 2 else cohort
        filtering.expect_part_matches(asked, text, _asked_with_others(session, number // 2))
    except AssertionError:
        filtering.expect_matching_contacts(cohort, text)


def _generated_filters(session: Session) -> list[str]:
    """Filters that nobody wrote, for the people whose values nobody wrote."""
    return session.once(
        "generated filters", lambda: _filters_for(session, searching.those_asked_for(session), "_generated")
    )


def _filters_for(session: Session, cohort: Cohort, salt: str, number: int = GENERATED_FILTERS) -> list[str]:
    mark = cohort.marks["Tags"]
    shown = [{**r, "Tags": [t for t in r.get("Tags") or () if t != mark]} for r in cohort.records]
    kinds = {n: k for n, k in searching.kinds(session).items() if k is not FieldType.TIMESTAMP or is_zoned(cohort)}
    made = strategies.filters(kinds, shown)
    return list(seeded.several(made, f"{session.seed} filters {salt}", number))


def _asked_with_others(session: Session, number: int) -> Answer:
    """One list of what a filter finds of the people, what the next one finds of their twins, and what one more
    finds of others: generated ones first, and then those that ask for searchable attributes."""

    def ask() -> Answer:
        pair = zip((people(session), twins(session)), EVERY[2 * number : 2 * number + 2], strict=False)
        more = [(searching.those_asked_for(session), text) for text in _generated_filters(session)[number : number + 1]]
        batch = number - GENERATED_FILTERS
        if batch in range(searching.batches(session)):
            more.append((searching.those_asked_for(session), searching.together(session, batch)))
        return filtering.ask_together(*pair, *more)

    return session.once(f"filters together, {number}", ask)


def asked_with_searched(session: Session, batch: int) -> Answer:
    """The list that asks, besides, for several searchable attributes."""
    return _asked_with_others(session, GENERATED_FILTERS + batch)


@requirement("filter.generated")
def test_generated_filters_find_whom_they_should(session: Session) -> None:
    cohorts = people(session), twins(session)
    half = GENERATED_FILTERS // 2
    drawn = (_filters_for(session, c, s, half) for c, s in zip(cohorts, ("people", "twins"), strict=True))
    for pair in zip(*drawn, strict=True):
        asked = [(c, t) for c, t in zip(cohorts, pair, strict=True) if not c.contacts.lacking((("_filter", t),))]
        if not asked:
            continue
        answer = filtering.ask_together(*asked)
        for cohort, text in asked:
            try:
                filtering.expect_part_matches(cohort, text, answer, "a generated filter")
            except AssertionError:
                filtering.expect_matching_contacts(cohort, text, "a generated filter")


@requirement("filter.generated")
def test_generated_filters_find_whom_they_should_of_generated_people(session: Session) -> None:
    cohort = searching.those_asked_for(session)
    for number, text in enumerate(_generated_filters(session)):
        try:
            filtering.expect_part_matches(cohort, text, _asked_with_others(session, number), "a generated filter")
        except AssertionError:
            filtering.expect_matching_contacts(cohort, text, "a generated filter")


@requirement("filter.nothing-found", "operation.listContacts.no-server-error")
def test_nothing_found_is_a_success(session: Session, judge: Judge) -> None:
    cohort, nobody = people(session), "GivenName Eq 'nobody of this name'"
    texts = [f.name for f in searching.searchable(session.contract) if f.name in SPARK.wordy]
    outside = " Or ".join(f"{n} Eq {literal(NOBODY)}" for n in texts)
    count = ("_pagination", "1")

    answer = filtering.ask(cohort, nobody)
    counted = any_sign = filtering.ask(cohort, outside, count, legal=False)

    with judge("operation.listContacts.no-server-error"):
        expect.no_server_error(any_sign, "a filter by every text, with a sign outside the BMP")
    if not any_sign.succeeded:
        counted = filtering.ask(cohort, nobody, count)
    with judge("filter.nothing-found"):
        for each in (answer, counted):
            asking.expect_success_envelope(each)
            expect.equal((envelope(each.json) or {}).get("Results"), [], "Results", each)
        if (envelope(counted.json) or {}).get("Pagination"):
            expect.equal(asking.total_rows(counted), 0, "TotalRows", counted)


@requirement("filter.boolean", "field.VowActive.searchable")
def test_a_switch_is_compared(session: Session, judge: Judge) -> None:
    cohort = people(session)
    with judge("filter.boolean"):
        answer = filtering.ask(cohort, "VowActive Eq true")
        expect.success(answer, "VowActive Eq true")
        listed = cohort.contacts.ids(cohort.contacts.page(answer).records)
        expect.same_contacts(listed, [], "VowActive Eq true", answer)  # nobody was in a portal yet
    with judge("field.VowActive.searchable"):
        active, dormant = (asking.fixture(session, n) for n in ("active", "dormant"))
        for which, contact, condition, expected in (
            ("active", active, "VowActive Eq true", True),
            ("active", active, "VowActive Eq false", False),
            ("active", active, "VowActive Ne true", False),
            ("dormant", dormant, "VowActive Eq true", False),
        ):
            set_aside.expect_match(session, contact, condition, expected, f"{condition}, the contact {which}")


@requirement("field.PortalLoginName.searchable", "expand.Portal")
def test_a_login_name_is_found(session: Session, judge: Judge) -> None:
    active, login = (asking.fixture(session, n) for n in ("active", "active_login"))

    answer: Answer | None = None
    with judge("field.PortalLoginName.searchable"):
        answer = set_aside.expect_login(session, active, login)
    with judge("expand.Portal"):
        if answer is None:
            raise NotShown("the login name does not find its contact")
        for shown in (n for r in session.contacts().page(answer).records for n in set_aside.logins(r)):
            expect.equal(shown, login, "the login name that the portal account shows, and is found by", answer)


@requirement("field.PortalLoginName.no-wildcards")
def test_a_login_name_is_not_found_by_a_wildcard(session: Session) -> None:
    active, login = (asking.fixture(session, n) for n in ("active", "active_login"))
    if not login or {"*", "?"} & set(login):
        raise NotVerified("the login name of the contact that the target file sets aside has a wildcard itself")
    contacts = session.contacts()
    condition = f"PortalLoginName Eq {literal(login[:-1] + '*')}"

    answer = contacts.send_list((("_filter", f"{equals({'Id': active})} And {condition}"),), legal=False)

    if answer.succeeded:
        listed = contacts.ids(contacts.page(answer).records)
        expect.same_contacts(listed, [], "PortalLoginName Eq with a wildcard", answer)
    else:
        expect.refusal(answer, "PortalLoginName Eq with a wildcard")


@requirement("field.InvalidEmails.searchable")
def test_an_invalid_address_is_found(session: Session) -> None:
    address = asking.fixture(session, "invalid_email")
    contacts = session.contacts()

    nearly = [f"x{address}", f"{address}x", address[:-1]]
    for values, expected, about in (([address], True, "the address"), (nearly, False, "other addresses")):
        answer = contacts.send_list((("_filter", f"InvalidEmails Eq {','.join(map(literal, values))}"),))
        expect.success(answer, f"InvalidEmails Eq {about}")
        records = contacts.page(answer).records
        if expected and not records:
            set_aside.need_invalid_address(session, address)
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
