"""Contact, table of keys: texts, e-mail addresses and phone numbers of every kind are taken and kept, key by key."""

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense, expect, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field, specimens
from contacts_conformance.contract.examples import printed_forms
from contacts_conformance.contract.specimens import Specimen
from contacts_conformance.errors import NotOffered
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

NAMES = frozenset(specimens.WHOLES) | {
    "mixed-case", "particle", "apostrophe", "quotation-marks", "comma", "semicolon", "ampersand", "slash", "stops"
}  # fmt: skip
"""Kinds of text that names have: they are taken. The page says nothing of others, which may be refused, not altered."""
NAMED = {"Individual": ("firstName", "lastName"), "Organization": ("commonName",)}
"""What names a contact: of these one holds a word that no other contact has, since contacts of one name are one."""
TYPES = ("MAIN", "WORK")


def _met(session: Session, form: str) -> dense.Dense:
    """What became of contacts of this form with unlike texts in all keys; done once in a run."""
    return session.once(f"unlike texts, {form}", lambda: _sent(session, form))


def _sent(session: Session, form: str) -> dense.Dense:
    contacts = session.contacts()

    def attempt(values: Mapping[str, Json]) -> round_trip.Attempt:
        mark = session.mark()
        whoever = ngpvan.person(mark) if form == "Individual" else ngpvan.organization(mark)
        start = len(session.recorder)
        answer = submitting.submit(contacts, {**whoever, **values}, legal=False)
        contact = session.provider.created_id(answer) or "" if answer.succeeded else ""
        record = contacts.read(contact) if contact else None
        shown = tuple(e.id for e in session.recorder.since(start))
        return round_trip.Attempt(answer, record, contact, shown, creates=True)

    draw = session.random(f"unlike texts, {form}")
    columns = _columns(session, form, draw)
    if form == "Individual":  # a contact more for each word is dear where none can be removed
        for column in columns.values():
            column += specimens.words(draw)
    series = dense.Series(session, attempt, creates=True)
    for body in _bodies(columns, form, session):
        series.send(body)
    return series.dense


def _columns(session: Session, form: str, draw: random.Random) -> dict[str, list[Specimen]]:
    """The texts that a contact of this form can have, each with specimens of every kind."""
    fields = [f for f in session.contract.create_fields if not f.forms or form in f.forms]
    return {f.name: specimens.plain(f, {}, draw, session.number) for f in fields if specimens.sort_of(f) == "text"}


def _changed(session: Session, form: str) -> dense.Dense:
    """What became of changes of one contact of this form, with texts of several kinds in all keys that it keeps."""
    created, contacts = _met(session, form), session.contacts()
    mark = session.mark()
    whoever = ngpvan.person(mark) if form == "Individual" else ngpvan.organization(mark)
    contact = next((s.contact for s in created.stored), "") or contacts.create(**whoever).id
    least = {n: v for n, v in whoever.items() if n in ("type", "emails", *NAMED[form])}

    def attempt(values: Mapping[str, Json]) -> round_trip.Attempt:
        start = len(session.recorder)
        answer = contacts.send_change(contact, {**least, **values}, legal=False)
        record = contacts.read(contact) if answer.succeeded else None
        return round_trip.Attempt(answer, record, contact, tuple(e.id for e in session.recorder.since(start)))

    keeps = {n for n in created.met if any(m.trial.kept for m in created.met[n].values())}
    columns = _columns(session, form, session.random(f"changes, {form}"))
    mixed = {n: [s for s in c if not s.is_single] for n, c in columns.items() if n in keeps}
    series = dense.Series(session, attempt)
    for turn in range(max((len(c) for c in mixed.values()), default=0)):
        body = {n: c[turn % len(c)] for n, c in mixed.items() if c}
        unique = NAMED[form][turn % len(NAMED[form])]
        if unique in body:
            body[unique] = replace(body[unique], mark=_word(session))
        series.send(body)
    return series.dense


def _bodies(columns: Mapping[str, list[Specimen]], form: str, session: Session) -> list[dict[str, Specimen]]:
    """Bodies that hold every kind in every key; where a name is a whole word, the other one is nobody else's."""
    wholes = {n: [s for s in column if s.is_single] for n, column in columns.items()}
    mixed = {n: [s for s in column if not s.is_single] for n, column in columns.items()}
    first = next(iter(columns))
    bodies: list[dict[str, Specimen]] = []
    for turn in range(len(wholes[first]) + len(mixed[first])):
        body = {n: column[turn % len(column)] for n, column in columns.items()}
        names = NAMED[form]
        unique = names[turn % len(names)]
        body[unique] = replace(mixed[unique][turn // len(names) % len(mixed[unique])], mark=_word(session))
        for name in names:
            if name != unique:
                others = [*wholes[name], *mixed[name]]
                body[name] = others[turn // len(names) % len(others)]
        bodies.append(body)
    return bodies


def _word(session: Session) -> str:
    """A short word that no other contact has."""
    return str(ngpvan.person(session.mark())["firstName"])[:4]


@each(field=Contract.create_fields)
@requirement("field.{field}.create", "text.round-trip")
def test_texts_of_every_kind_are_kept(field: Field, session: Session, contacts: Contacts, judge: Judge) -> None:
    if specimens.sort_of(field) != "text":
        raise NotOffered(f"{field} takes no text of any kind")
    _expect_reads(contacts)
    cases: dict[str, round_trip.Trial] = {}
    for form in NAMED:
        if not field.forms or form in field.forms:
            met = _met(session, form).of(field.name, specimens.Grade.PLAIN)
            cases |= {f"{field}, {m.kind}": m.trial for m in met if m.trial.kept or m.kind in NAMES}
            cases |= {f"{field}, {m.kind}": m.trial for m in met if not m.trial.answer.refused}
            judge.meets(f"field.{field}.create", *(m.kind for m in met))
    judge.cite(*dict.fromkeys(e for t in cases.values() for e in t.exchanges))

    for row in (f"field.{field}.create", "text.round-trip"):
        with judge(row):
            if not cases:
                raise NotOffered(f"{field} is not taken")
            if row == "text.round-trip" and not any(t.kept for t in cases.values()):
                raise NotOffered(f"{field} is not kept at all, which its own row judges")
            expect.each_of(lambda about: round_trip.expect_kept(cases[about], about), cases)


@pytest.mark.parametrize("form", NAMED, ids=str.lower)
@requirement("update.stores")
def test_an_update_stores_texts_of_every_kind(session: Session, contacts: Contacts, judge: Judge, form: str) -> None:
    _expect_reads(contacts)
    changed = _changed(session, form)
    met = {f"{n}, {m.kind}": m for n in changed.met for m in changed.of(n, specimens.Grade.PLAIN)}
    cases = {a: m.trial for a, m in met.items() if m.kind in NAMES or not m.trial.answer.refused}
    judge.cite(*dict.fromkeys(e for t in cases.values() for e in t.exchanges))

    if not cases:
        raise NotOffered("no text is taken in a change")
    expect.each_of(lambda about: round_trip.expect_kept(cases[about], about), cases)


@requirement("field.emails.create", "field.phones.create")
def test_addresses_and_numbers_of_every_kind_are_kept(session: Session, contacts: Contacts, judge: Judge) -> None:
    _expect_reads(contacts)
    email = Field("address", "text", "", shape="email")
    phone = Field("number", "text", "", shape="phone")
    draw, run, forms = session.random("addresses and numbers"), session.tag[-4:], printed_forms("ngpvan")
    emails = specimens.plain(email, {}, draw, session.number, run)
    phones = specimens.plain(phone, forms, draw, session.number, run)

    for turn in range(0, len(emails), len(TYPES)):
        pair = emails[turn : turn + len(TYPES)]
        number = [{"number": phones[turn % len(phones)].value, "type": "MOBILE"}] if turn < len(phones) else []
        entries = [{"address": e.value, "type": t} for e, t in zip(pair, TYPES, strict=False)]
        person = ngpvan.person(session.mark())
        answer = submitting.submit(contacts, {**person, "emails": entries, **({"phones": number} if number else {})})
        for name, sent, kinds in (("emails", entries, pair), ("phones", number, phones[:1])):
            if not sent:
                continue
            about = ", ".join(k for s in kinds for k in s.kinds)
            judge.meets(f"field.{name}.create", *(k for s in kinds for k in s.kinds))
            with judge(f"field.{name}.create"):
                expect.success(answer, about=about)
                read = contacts.read(submitting.id_in(answer)).get(name)
                field = session.contract.field(name)
                same = session.provider.same(field, sent, read)
                difference = "" if same else expect.difference(read, sent)
                expect.that(same, expect.shown(sent), expect.shown(read), about=about, observed=difference)


def _expect_reads(contacts: Contacts) -> None:
    if not contacts.offers("read"):
        raise NotOffered("whether a value was kept is seen only where the target reads contacts")
