"""Contacts > Current User's Account: signed-in contacts read their own record and change seventeen fields of it.

Each check gives the record back as it was.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest

from contacts_conformance import contract as contracts
from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense, expect, guarded, round_trip, wordy
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.sparkapi import when
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import own
from .times import expect_later

pytestmark = in_cohort("contract")

SPARK = contracts.load("spark")
PERMITTED = tuple(SPARK.document["components"]["schemas"]["MyContactChange"]["properties"])
WITHHELD = tuple(f for f in SPARK.change_fields if f.name not in PERMITTED)
LIMITED = tuple(f.name for f in SPARK.limited_fields if f.name in PERMITTED and f.kind == "text")
ROLES = ("vow", "portal")
WORDS = 9
"""So many words each text of the own contacts meets at least, and most of them one more."""
KIND = "my-change"
MODIFIED = "ModificationTimestamp"


def _change(contacts: Contacts, values: Mapping[str, Json], *, legal: bool = True) -> Answer:
    return contacts.send("my-change", json={"D": dict(values)}, legal=legal)


def _values(session: Session, role: str) -> dict[str, Json]:
    """A value for each attribute; texts are one of the last words, which what follows may not come to."""
    fields = tuple(session.contract.field(n) for n in PERMITTED)
    place = -1 - ROLES.index(role)
    words = {f.name: wordy.of(session, f, KIND)[place].value for f in fields if f.name in wordy.texts(session.provider)}
    return round_trip.values(session, fields) | words


@dataclass(frozen=True, slots=True)
class _Changed:
    """What became of a tame value of each attribute, and of the kinds of values that were sent after it."""

    tame: Mapping[str, round_trip.Trial]
    kinds: dense.Dense


def _changed(session: Session, role: str) -> _Changed:
    """All seventeen at once, and one after the other where that is refused.

    Where most are kept, unusual values follow, with words among them: half as each of the two, so each is sent once.
    """
    contacts = own.mine(session, role)
    with borrowed(contacts, names=PERMITTED):
        tame = _tame(session, contacts, role)
        kept = [t.field for t in tame.values() if t.kept]
        series = dense.Series(session, lambda values: _attempt(contacts, values), kept, kind=KIND)
        if 2 * len(kept) > len(tame):  # a word that one of them does not keep is no reason to send no others
            series.run(words=WORDS, part=ROLES.index(role), of=len(ROLES))
        return _Changed(tame, series.dense)


def _all_changed(session: Session, role: str) -> _Changed:
    return session.once(f"contact of {role} changed whole", lambda: _changed(session, role))


def _attempt(contacts: Contacts, values: Mapping[str, Json]) -> round_trip.Attempt:
    answer = _change(contacts, values)
    read = contacts.send("my-read") if answer.succeeded else None
    record = contacts.account.provider.record(read) if read is not None else None
    exchanges = tuple(a.exchange.id for a in (answer, read) if a is not None)
    return round_trip.Attempt(answer, record, "", exchanges)


def _tame(session: Session, contacts: Contacts, role: str) -> Mapping[str, round_trip.Trial]:
    sent = _values(session, role)
    answer = _change(contacts, sent)
    if answer.succeeded:
        record, _ = own.record_of(contacts)
        return {n: _trial(session, n, v, answer, record) for n, v in sent.items()}
    trials = {}
    for name, value in sent.items():
        within = session.contract.field(name).within
        answer = _change(contacts, {n: sent[n] for n in (within, name) if n})
        record, _ = own.record_of(contacts)
        trials[name] = _trial(session, name, value, answer, record)
    return trials


def _trial(session: Session, name: str, sent: Json, answer: Answer, record: Record) -> round_trip.Trial:
    field = session.contract.field(name)
    same = session.provider.same(field, sent, record.get(name))
    return round_trip.Trial(field, sent, answer, record, same, "", (answer.exchange.id,))


@requirement(*(f"operation.readMyContact.{a}" for a in asking.ASPECTS), *asking.TYPES, "my.own")
@pytest.mark.parametrize("role", ROLES)
def test_the_own_contact_is_read(session: Session, judge: Judge, role: str) -> None:
    contacts = session.contacts(role)

    answer = own.read(session, role)

    asking.expect_operation_as_documented(session, judge, answer, "readMyContact")
    with judge("my.own"):
        asking.expect_own_contact(contacts, answer)


@requirement("my.own")
def test_two_contacts_read_two_records(session: Session) -> None:
    answers = [own.read(session, role) for role in ROLES]
    one, two = ((session.provider.record(answer) or {}).get("Id") for answer in answers)
    known = [session.identity(role).attributes.get("contact_id") for role in ROLES]

    if one == two and known[0] == known[1]:
        raise NotShown("the target file does not say that the two roles have two contacts")
    expect.different(two, one, "the Id that the second role reads", answers[1])


@pytest.mark.parametrize("role", ROLES)
@requirement("role.{role}.readContact")
def test_the_own_contact_is_not_read_by_its_id(session: Session, role: str) -> None:
    contacts = own.mine(session, role)

    answer = contacts.send_read(contacts.identity.attributes["contact_id"], legal=False)

    expect.refusal(answer)


@pytest.mark.parametrize("role", ROLES)
@requirement("my.expand")
def test_the_own_contact_takes_expansions(session: Session, role: str) -> None:
    answer = own.expanded(session, role)
    if answer.refused:  # whether Portal is expanded, a check of its own asks
        answer = session.contacts(role).send("my-read", query=(("_expand", own.EXPANSIONS.removesuffix(",Portal")),))

    record = session.provider.record(answer) or {}
    expect.present(record, "the own contact", answer)
    plain = session.provider.record(own.read(session, role)) or {}
    expect.equal(record.get("Id"), plain.get("Id"), "Id, as without expansions", answer)
    expect.of_type(record.get("VowActive"), "boolean", about="VowActive", shown_by=answer)
    for either in (
        ("VowExists", "VowEnabled"),
        ("NewsFeedSummary", "UnreadListingEventCount"),
        ("NewsFeedNotificationSummary", "UnreadListingNotificationEventCount"),
    ):
        expect.that(
            any(record.get(n) is not None for n in either),
            " or ".join(either),
            "neither",
            about=", ".join(either),
            observed="missing",
            shown_by=answer,
        )


@requirement(*(f"operation.changeMyContact.{a}" for a in asking.ASPECTS))
def test_the_own_contact_is_changed(session: Session, judge: Judge) -> None:
    answer = own.changed(session).answer

    asking.expect_operation_as_documented(session, judge, answer, "changeMyContact")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PERMITTED)
@requirement("my.change.{name}")
def test_a_permitted_attribute_is_changed(session: Session, judge: Judge, name: str, role: str) -> None:
    changed = _all_changed(session, role)
    trial, kinds = changed.tame[name], {m.kind: m.trial for m in guarded.without(changed.kinds.of(name, Grade.PLAIN))}
    judge.cite(*trial.exchanges, *dict.fromkeys(e for t in kinds.values() for e in t.exchanges))
    judge.meets(f"my.change.{name}", *kinds)

    expect.that(
        trial.kept,
        expect.shown(trial.sent),
        f"{expect.shown(trial.read)} after {trial.answer.status}",
        about=f"{name}, as {role}",
        observed=expect.difference(trial.read, trial.sent) if trial.answer.succeeded else str(trial.answer.status),
        shown_by=trial.answer,
    )
    expect.each_of(lambda kind: round_trip.expect_kept(kinds[kind], f"{name}, {kind}"), kinds)


def _expect_all_kept(met: Mapping[str, round_trip.Trial]) -> None:
    expect.each_of(lambda about: round_trip.expect_kept(met[about], about), met)


@pytest.mark.parametrize("role", ROLES)
@requirement("text.other-forms", "text.wide-characters", "text.code-like")
def test_unusual_values_of_the_own_contact_are_kept(session: Session, judge: Judge, role: str) -> None:
    kinds = _all_changed(session, role).kinds
    for row, grade in (
        ("text.other-forms", Grade.FORM),
        ("text.wide-characters", Grade.WIDE),
        ("text.code-like", Grade.CODE),
    ):
        found = [m for n in kinds.met for m in kinds.met[n].values()]
        told = [m for m in found if m.grade is grade or (grade is Grade.CODE and guarded.is_guarded(m))]
        met = {f"{m.trial.field} of the own contact, {m.kind}": m.trial for m in told}
        judge.cite(*dict.fromkeys(e for t in met.values() for e in t.exchanges))
        with judge(row):
            _expect_all_kept(met)


@requirement("my.no-other")
def test_no_other_attribute_is_changed(session: Session) -> None:
    contacts = own.mine(session)
    sent = round_trip.values(session, WITHHELD)
    sent |= {
        "RecordStatus": "Unconnected",
        "Settings": {"ReverseProspecting": True},
        "OwnerId": session.provider.example_path("{Id}"),
    }
    with suppress(NotOffered, NotVerified):  # an owner that does not exist will do
        sent["OwnerId"] = session.identity("colleague").attributes.get("user_id", sent["OwnerId"])
    names = ("Note", *sent)
    with borrowed(contacts, names=set(sent) - {"OwnerId", "RecordStatus"}) as before:
        answer = _change(contacts, {n: v for n, v in sent.items() if n != "OwnerId"}, legal=False)
        _expect_withheld(contacts, before, names, "sent together")
        if answer.succeeded:
            _change(contacts, {"OwnerId": sent["OwnerId"]}, legal=False)
            _expect_withheld(contacts, before, ["OwnerId"], "sent alone")
            return
        for name, value in sent.items():
            _change(contacts, {name: value}, legal=False)
        _expect_withheld(contacts, before, names, "sent one by one")


def _expect_withheld(contacts: Contacts, before: Record, names: Sequence[str], about: str) -> None:
    """Reads the own contact, and expects these attributes as they were before."""
    after, read = own.record_of(contacts)
    one, other = ({n: record.get(n) for n in names} for record in (before, after))
    expect.unchanged(one, other, about=about, shown_by=read)


@requirement("my.partial", "my.line-feed", "notification-emails.subset", "time.modified-moves")
def test_a_change_leaves_the_rest_of_the_own_contact(session: Session, judge: Judge) -> None:
    changed = own.changed(session)
    before, after, read = changed.before, changed.after, changed.read

    with judge("my.line-feed"):
        expect.equal(after.get("HomeStreetAddress"), own.LINES, "HomeStreetAddress", read)
    with judge("my.partial"):
        names = (
            "GivenName",
            "HomeStreetAddress",
            "AdditionalNotificationEmails",
            MODIFIED,
            own.ADDRESS,
            *changed.above,
        )
        if own.OUTSIDE in (after.get("SecondaryEmails") or ()):
            names += ("SecondaryEmails",)  # a service may keep the rule by this
        asking.expect_unchanged(session, before, after, *names, shown_by=read)
    with judge("notification-emails.subset"):
        extra = {*(after.get("AdditionalNotificationEmails") or ())} - {*(after.get("SecondaryEmails") or ())}
        expect.that(
            own.OUTSIDE not in extra,
            f"no {own.OUTSIDE}, which is none of SecondaryEmails",
            expect.shown(after.get("AdditionalNotificationEmails")),
            about="AdditionalNotificationEmails of the own contact",
            observed="extra entries",
            shown_by=read,
        )
    with judge("time.modified-moves"):
        if not changed.answer.succeeded:
            raise NotVerified(f"the own contact was not changed: {changed.answer!r}")
        if after.get(MODIFIED) == before.get(MODIFIED):
            before, after, read = _changed_later(session)
        one, other = when(before, MODIFIED), when(after, MODIFIED)
        if one is None or other is None:
            raise NotShown(f"no answer showed {MODIFIED}")
        expect_later(one, other, f"{MODIFIED} of the own contact", read)


@requirement("role.portal.changeContact")
def test_the_own_contact_is_not_changed_by_its_id(session: Session) -> None:
    changed = own.changed(session)

    expect.refusal(changed.by_id)
    expect.different(changed.after.get("GivenName"), own.EVE, "GivenName of the own contact", changed.read)


@requirement("change.required-stays", "change.required-not-empty", *(f"field.{n}.max-length" for n in LIMITED))
def test_the_own_contact_keeps_to_limits_and_to_an_address(session: Session, judge: Judge) -> None:
    changed = own.changed(session)
    after, read = changed.after, changed.read

    for name, sent in changed.above.items():
        limit = session.contract.field(name).max_length or 0
        length = len(str(after.get(name) or ""))
        with judge(f"field.{name}.max-length"):
            expect.that(
                length <= limit,
                f"at most {limit} of the {len(sent)} characters that were sent",
                f"{length} characters",
                about=f"{name} of the own contact",
                observed="longer than the limit",
                shown_by=read,
            )
    row = "change.required-not-empty" if changed.emptied.succeeded else "change.required-stays"
    with judge(row):
        if changed.before.get(own.ADDRESS) is None:
            raise NotShown(f"the own contact shows no {own.ADDRESS}")
        expect.present(
            after.get(own.ADDRESS), f"{own.ADDRESS} of the own contact, set to null and to an empty text", read
        )


def _changed_later(session: Session) -> tuple[Record, Record, Answer]:
    """The own contact before and after a change that is sent more than a second after the last one."""
    contacts = own.mine(session)
    with borrowed(contacts, names=["GivenName"]) as before:
        session.client.pace.wait(1.1)
        _change(contacts, {"GivenName": f"Bea {session.number()}"})
        return before, *own.record_of(contacts)
