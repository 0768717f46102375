"""Contact, table of keys: texts, e-mail addresses and phone numbers of every kind are taken and kept, key by key."""

from collections.abc import Mapping
from dataclasses import replace

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

SCRIPTS = frozenset({"latin", "cyrillic", "chinese", "arabic"})
"""Kinds that a service may refuse: the page says nothing of character sets."""
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
    fields = [f for f in session.contract.create_fields if not f.forms or form in f.forms]
    columns = {f.name: specimens.plain(f, {}, draw, session.number) for f in fields if specimens.sort_of(f) == "text"}
    series = dense.Series(session, attempt)
    for body in _bodies(columns, form, session):
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
            cases |= {f"{field}, {m.kind}": m.trial for m in met if m.trial.kept or m.kind not in SCRIPTS}
            cases |= {f"{field}, {m.kind}": m.trial for m in met if not m.trial.answer.refused}
            judge.meets(f"field.{field}.create", *(m.kind for m in met))
    judge.cite(*dict.fromkeys(e for t in cases.values() for e in t.exchanges))

    for row in (f"field.{field}.create", "text.round-trip"):
        with judge(row):
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
