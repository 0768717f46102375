"""Text fields of the contract: valid but unusual text is accepted, stored as sent, and found by filters."""

from collections.abc import Mapping

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense, expect, guarded, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import specimens
from contacts_conformance.errors import NotOffered, NotShown, NotVerified
from contacts_conformance.verdicts.outcomes import Judge

NEAR = {"%": "5", "_": "-"}
"""What a database takes for the texts with a percent sign or an underscore, if it reads these as wildcards."""


def _all(session: Session) -> list[tuple[str, dense.Dense]]:
    """What became of unusual text in creations, and in changes where these carry it, too."""
    return [("", dense.created(session)), (", in a change", dense.met_by_changes(session))]


def _met(session: Session, kind: str) -> dict[str, dense.Met]:
    """What met a kind of text, by field and kind."""
    return {f"{m.trial.field}, {kind}{how}": m for how, d in _all(session) for m in d.of_kind(kind)}


def _trials(session: Session, judge: Judge, kind: str) -> dict[str, round_trip.Trial]:
    """What became of a kind of text in every field that met it, by field and kind."""
    trials = {about: m.trial for about, m in _met(session, kind).items()}
    if not session.contract.text_fields:
        raise NotOffered("no text can be read back")
    if not trials and session.is_quick:
        raise NotShown(f"none of the few creations had such a text: {kind}")
    if not trials:
        raise NotVerified(f"no creation with such a text came to be sent: {kind}")
    judge.cite(*dict.fromkeys(e for t in trials.values() for e in t.exchanges))
    return trials


@pytest.mark.parametrize("kind", [*specimens.FRAGMENTS, *specimens.WHOLES])
@requirement("text.round-trip", "operation.{create}.no-server-error")
def test_unusual_text_is_kept(session: Session, judge: Judge, kind: str) -> None:
    trials = _trials(session, judge, kind)

    with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
        expect.each_of(lambda about: expect.no_server_error(trials[about].answer, about), trials)
    with judge("text.round-trip"):
        taken = {a: m.trial for a, m in _met(session, kind).items() if not guarded.is_guarded(m)}
        if trials and not taken:
            raise NotOffered(f"such a text is refused, as it may be: {kind}")
        expect.each_of(lambda about: round_trip.expect_kept(taken[about], about), taken)


@pytest.mark.parametrize("kind", specimens.WIDE)
@requirement("text.wide-characters")
def test_wide_characters_are_kept(session: Session, judge: Judge, kind: str) -> None:
    trials = _trials(session, judge, kind)

    expect.each_of(lambda about: round_trip.expect_kept(trials[about], about), trials)


@pytest.mark.parametrize("kind", specimens.CODE)
@requirement("text.code-like", "operation.{create}.no-server-error")
def test_text_that_looks_like_code_is_kept(session: Session, judge: Judge, kind: str) -> None:
    trials = _trials(session, judge, kind)

    with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
        expect.each_of(lambda about: expect.no_server_error(trials[about].answer, about), trials)
    with judge("text.code-like"):
        expect.each_of(lambda about: round_trip.expect_kept(trials[about], about), trials)


@requirement("text.code-like")
def test_signs_that_no_page_speaks_of_are_taken(session: Session, judge: Judge) -> None:
    met = [(how, m) for how, each in _all(session) for n in each.met for m in each.met[n].values()]
    refused = {f"{m.trial.field}, {m.kind}{how}": m.trial for how, m in met if guarded.is_guarded(m)}
    judge.cite(*dict.fromkeys(e for t in refused.values() for e in t.exchanges))

    if not met:
        raise NotOffered("no text can be read back")
    expect.each_of(lambda about: round_trip.expect_kept(refused[about], about), refused)


@requirement("text.other-forms")
def test_values_in_other_forms_than_the_printed_ones_are_kept(session: Session, judge: Judge) -> None:
    met = {
        f"{n}, {m.kind}{how}": m.trial
        for how, each in _all(session)
        for n in each.met
        for m in each.of(n, specimens.Grade.FORM)
    }
    judge.cite(*dict.fromkeys(e for t in met.values() for e in t.exchanges))
    if not met and session.is_quick:
        raise NotShown("none of the few creations had such a value")
    if not met:
        raise NotVerified("no creation with such a value came to be sent")
    expect.each_of(lambda about: round_trip.expect_kept(met[about], about), met)


@requirement("text.found")
def test_unusual_text_is_found(session: Session, contacts: Contacts, judge: Judge) -> None:
    stored = dense.created(session).stored
    if not stored:
        raise NotVerified("no creation with unusual text was taken and kept")

    sought: set[tuple[str, str]] = set()
    for body in stored:
        held = {
            n: s
            for n, s in body.body.items()
            if session.contract.field(n).is_text and s.grade is specimens.Grade.PLAIN and not s.is_loose
            if body.record.get(session.contract.field(n).shown_as)
            == body.values.get(n)  # a day may read as its midnight
            if n not in session.account.lacks.missing
        }
        alone = {k for _, k in sought}
        plain = {n: s for n, s in held.items() if specimens.sort_of(session.contract.field(n)) == "text"}
        new = {(n, k) for n, s in plain.items() for k in s.kinds if not s.is_single or k not in alone} - sought
        if not new:
            continue
        sought |= {(n, k) for n, s in held.items() for k in s.kinds}
        _expect_found(session, contacts, judge, body, {n: held[n] for n in held if n != body.marker})


def _expect_found(
    session: Session, contacts: Contacts, judge: Judge, body: dense.Stored, held: Mapping[str, specimens.Specimen]
) -> None:
    """A filter by all of these texts finds the contact alone; where it does not, a filter by each of them."""
    marks = {n: str(body.values[n]) for n in (body.marker, *held) if n}
    answer = contacts.send_list(session.provider.mark_filter(marks))
    found = contacts.ids(contacts.page(answer).records) if answer.succeeded else ()
    if len(held) > 1 and tuple(found) != (body.contact,):
        before = len(judge.broken)
        for name, specimen in held.items():
            _expect_found(session, contacts, judge, body, {name: specimen})
        if len(judge.broken) > before:
            return
    with judge("text.found"):
        listed = contacts.ids(contacts.page(answer).records)
        kinds = [s.kinds[0] if s.is_single else "several kinds" for s in held.values()]
        about = ", ".join(f"{n}, {k}" for n, k in zip(held, kinds, strict=True))
        expect.same_contacts(listed, [body.contact], about=about, shown_by=answer)


@requirement("text.found")
def test_text_with_wildcards_of_databases_is_found_alone(session: Session, contacts: Contacts) -> None:
    """A contact beside it reads alike, but for what a percent sign or an underscore would stand for."""
    held = [
        (body, name)
        for body in dense.created(session).stored
        for name in body.body
        if body.marker in session.provider.markers and any(sign in str(body.values[name]) for sign in NEAR)
        if specimens.sort_of(session.contract.field(name)) == "text"
    ]
    if not held:
        raise NotVerified("no creation with a percent sign or an underscore was taken and kept")
    body, name = max(held, key=lambda h: sum(sign in str(h[0].values[h[1]]) for sign in NEAR))
    text, limit = str(body.values[name]), session.contract.field(name).max_length
    marks = {body.marker: str(body.values[body.marker])}
    near = "".join(NEAR.get(c, c) for c in text)[:limit]
    contacts.create(marks, **{name: near})

    answer = contacts.send_list(session.provider.mark_filter({**marks, name: text}))

    expect.same_contacts(contacts.ids(contacts.page(answer).records), [body.contact], about=name, shown_by=answer)


@requirement("text.empty")
def test_empty_text_is_accepted_and_reads_as_unset(session: Session, contacts: Contacts) -> None:
    plain = [f for f in session.contract.text_fields if not f.shape]
    marks = contacts.marks()
    names = [f.name for f in plain if f.name not in marks]
    optional = [n for n in names if not session.contract.field(n).required]

    answer = contacts.send_create(contacts.complete(dict.fromkeys(optional, "")), marks=marks)

    expect.success(answer)
    read = contacts.read(session.provider.created_id(answer) or "?")
    for name in optional:
        value = read.get(name)
        expect.that(value in ("", None), '"" or null', expect.shown(value), about=name, observed="present")
