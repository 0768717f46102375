"""Contact, table of keys: values of every kind are taken and kept, key by key, by new contacts and by updates."""

import itertools
from collections.abc import Callable, Iterable, Mapping

import pytest

from contacts_conformance.checks import dense as specimen_checks
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.guarded import GUARDED, SURE
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field, specimens
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.errors import NotOffered
from contacts_conformance.model import Json
from contacts_conformance.verdicts.outcomes import Judge

from . import dense, unlike, updating
from .unlike import FORMS, Carried, Unlike

pytestmark = in_cohort("kinds")

_SURE = (SURE | frozenset(specimens.WHOLES) | frozenset(specimens.WORDS)) - GUARDED - {"zero", "digits"}
_SELDOM_IN_NAMES = frozenset({"ampersand", "leading-zeros", "number-like"})
"""Kinds that companies and places have, and names of people hardly."""
_OF_COMPANIES = ("commonName", "officialName")


def _has_to_be_taken(met: specimen_checks.Met) -> bool:
    """Whether a value holds a kind of text that people, companies or places have: the page says nothing of others,
    which may be refused, not altered."""
    name = met.trial.field.name
    is_of_people = name.endswith("Name") and name not in _OF_COMPANIES
    return met.is_alone and met.kind in _SURE and not (is_of_people and met.kind in _SELDOM_IN_NAMES)


def _cases(found: Iterable[specimen_checks.Met]) -> dict[str, round_trip.Trial]:
    """The trials that are judged, by field and kind: those that were taken, and those that have to be.

    Several kinds in one text may be refused, since no page says how long a text may be.
    """
    cases: dict[str, round_trip.Trial] = {}
    for met in (m for m in found if _has_to_be_taken(m) or not m.trial.answer.refused):
        about = f"{met.trial.field}, {met.kind}"
        if about not in cases or cases[about].kept:  # contacts of either form may have met it
            cases[about] = met.trial
    return cases


def _kept_in(cases: Mapping[str, round_trip.Trial]) -> Callable[[str], None]:
    """Expects that a case was kept."""
    return lambda about: round_trip.expect_kept(cases[about], about)


def _forms_of(field: Field) -> list[str]:
    return [form for form in FORMS if not field.forms or form in field.forms]


@each(field=Contract.create_fields)
@requirement("field.{field}.create", "text.round-trip", "text.blanks-and-wide")
def test_texts_of_every_kind_are_kept(field: Field, session: Session, judge: Judge) -> None:
    if specimens.sort_of(field) != "text":
        raise NotOffered(f"{field} takes no text of any kind")
    unlike.needs_reading(session)
    made = [unlike.created(session, form).texts for form in _forms_of(field)]
    plain = list(itertools.chain.from_iterable(m.of(field.name, Grade.PLAIN) for m in made))
    wide = _cases(itertools.chain.from_iterable(m.of(field.name, Grade.WIDE) for m in made))
    cases = _cases(plain)
    judge.meets(f"field.{field}.create", *(m.kind for m in plain))
    judge.cite(*dict.fromkeys(e for t in (*cases.values(), *wide.values()) for e in t.exchanges))

    for row in (f"field.{field}.create", "text.round-trip"):
        with judge(row):
            if not cases:
                raise NotOffered(f"{field} is not taken")
            if row == "text.round-trip" and not any(t.kept for t in cases.values()):
                raise NotOffered(f"{field} is not kept at all, which its own row judges")
            expect.each_of(lambda about: round_trip.expect_kept(cases[about], about), cases)
    with judge("text.blanks-and-wide"):
        if not any(t.kept for t in cases.values()):
            raise NotOffered(f"{field} is not kept at all, which its own row judges")
        if not wide:
            raise NotOffered(f"such a text is not taken in {field}")
        expect.each_of(lambda about: round_trip.expect_kept(wide[about], about), wide)


@pytest.mark.parametrize("form", FORMS, ids=str.lower)
@requirement("operation.{create}.no-server-error", "operation.{change}.no-server-error")
def test_no_value_breaks_the_service(session: Session, judge: Judge, form: str) -> None:
    unlike.needs_reading(session)
    for kind, done in (("create", unlike.created(session, form)), ("change", updating.of(session, form).done)):
        with judge(f"operation.{session.contract.operation(kind)}.no-server-error"):
            for answer in done.answers:
                expect.no_server_error(answer)


@pytest.mark.parametrize("form", FORMS, ids=str.lower)
@requirement("update.stores", "text.blanks-and-wide")
def test_an_update_stores_texts_of_every_kind(session: Session, judge: Judge, form: str) -> None:
    unlike.needs_reading(session)
    changed = updating.of(session, form).done
    updating.need_offered(changed)
    for row, grade in (("update.stores", Grade.PLAIN), ("text.blanks-and-wide", Grade.WIDE)):
        cases = _cases(m for n in changed.texts.met for m in changed.texts.of(n, grade))
        judge.cite(*dict.fromkeys(e for t in cases.values() for e in t.exchanges))
        with judge(row):
            if not cases:
                raise NotOffered("no such text is taken in a change")
            expect.each_of(_kept_in(cases), cases)


@each(field=Contract.create_fields)
@requirement("field.{field}.create")
def test_whatever_stands_beside_a_field_it_is_kept(field: Field, session: Session, judge: Judge) -> None:
    unlike.needs_reading(session)
    with judge(f"field.{field}.create"):
        for form in _forms_of(field):
            for carried, sent, read in _carried(session, field, unlike.created(session, form)):
                printed = dense.told(dense.of_printed_types(field.name, sent), updating.shown_lists(session))
                _expect_held(session, field, printed, read, carried)


@pytest.mark.parametrize("form", FORMS, ids=str.lower)
@requirement("update.stores")
def test_an_update_stores_what_is_no_text(session: Session, judge: Judge, form: str) -> None:
    unlike.needs_reading(session)
    done = updating.of(session, form).done
    updating.need_offered(done)
    known = {(n, f) for c in done.carried for n, v in (c.record or {}).items() for f in dense.known_flags(v)}

    for carried in (c for c in done.carried if c.record is None):
        with judge("update.stores"):
            expect.success(carried.answer, about=", ".join(carried.sent))
    for field in session.contract.create_fields:
        with judge("update.stores"):
            for carried, sent, read in _carried(session, field, done):
                flags = {f for n, f in known if n == field.name} | updating.shown_lists(session)
                _expect_held(session, field, dense.told(sent, flags), read, carried)


def _carried(session: Session, field: Field, done: Unlike) -> Iterable[tuple[Carried, Json, Json]]:
    """The requests that carried a field beside texts: what was sent, and what read; none where it was refused."""
    for carried in done.carried:
        for name, sent in carried.sent.items():
            if unlike.field_of(session, name) != field or carried.record is None:
                continue
            if not updating.is_unshown(session, field, name):
                yield carried, sent, carried.record.get(name)


def _expect_held(session: Session, field: Field, sent: Json, read: Json, carried: Carried) -> None:
    same = session.provider.same(field, sent, read)
    expect.that(
        same,
        expect.shown(sent),
        expect.shown(read),
        about=field.name,
        observed="" if same else expect.difference(read, sent),
        shown_by=carried.exchanges[-1],
    )


@requirement("collection.shown")
def test_what_a_contact_is_given_shows(session: Session) -> None:
    unlike.needs_reading(session)
    taken = [c for form in FORMS for c in unlike.created(session, form).carried if c.record is not None]
    given = {n: c for c in taken for n in c.sent if unlike.field_of(session, n).name in updating.PERHAPS_UNSHOWN}
    given.update((dense.LISTS, c) for c in taken if dense.LISTS in str(c.sent))
    given.update(("type", c) for c in taken[:1])

    for name, carried in given.items():
        expect.that(
            updating.is_shown(session, name),
            f"{name} in at least one of the contacts that were given it",
            "in none, new or updated",
            about=name,
            observed="never shown",
            shown_by=carried.exchanges[-1],
        )


@pytest.mark.parametrize("form", FORMS, ids=str.lower)
@requirement("merge.distinct", "answer.created")
def test_unlike_contacts_are_new_and_different_ones(session: Session, judge: Judge, form: str) -> None:
    unlike.needs_reading(session)
    answers = [c.answer for c in unlike.created(session, form).carried if c.answer.succeeded]
    ids = [session.provider.created_id(a) for a in answers]

    with judge("answer.created"):
        for answer in (a for a in answers if a.status != 200):  # that says that somebody was there
            expect.status(answer, 201)
    with judge("merge.distinct"):
        expect.that(
            len(set(ids)) == len(ids),
            "an id of its own for each contact, since they share nothing",
            expect.shown(ids),
            about="contactId",
            observed="same id",
            shown_by=answers[-1] if answers else None,
        )
