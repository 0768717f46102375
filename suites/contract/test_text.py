"""Text fields of the contract: valid but unusual text is accepted, stored as sent, and found by filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.verdicts.outcomes import Judge

PLAIN = {
    "apostrophe": "O'Brien",
    "doubled-quote": "l''étoile",
    "quotation-marks": 'the "late" bird',
    "percent": "100% sure",
    "percent-code": "a%20b%41",
    "underscore": "under_score",
    "backslash": "back\\slash \\n \\u0041",
    "leading-zeros": "00501",
    "number-like": "1e5",
    "entity": "fish &amp; chips",
    "signs": "a < b > c; d -- e",
    "braces": "{a} $b #c (d)",
    "plus-and-ampersand": "a+b&c=d;e",
    "slash": "and/or?#x",
    "word-null": "null",
    "word-true": "true",
    "latin": "Zoë Brontë-Ångström",
    "cyrillic": "Ковалевская",
    "chinese": "林徽因",
    "arabic": "فاطمة",
    "comma-and-brackets": "[a,b],(c)",
    "dollar-name": "$ne",
}
WIDE = {
    "emoji": "Ada 😀",
    "astral-letter": "\U0001d49cda",
    "line-break": "first\nsecond",
    "tab": "left\tright",
    "inner-blanks": "two  blanks",
    "joined-emoji": "👩‍💻",
}
CODE_LIKE = {
    "markup": "<b>bold</b> face",
    "sql": "x'); DROP TABLE contacts;--",
    "template": "{{7*7}} ${7*7} #{7*7}",
}

NEAR = ("100 percent sure", "under-score")
"""What a database takes for the texts with a percent sign or an underscore, if it reads these as wildcards."""


@dataclass(frozen=True)
class _Shelf:
    """Contacts that hold one of the texts in each of several fields, under a common mark."""

    marks: Mapping[str, str]
    places: Mapping[str, round_trip.Trial]
    """Text to what became of it."""


def _shelf(session: Session, texts: Sequence[str], near: Sequence[str] = ()) -> _Shelf:
    """A contact for each few of the texts, and one for each near miss, which holds that in every field."""
    contacts = session.contacts()
    marks = contacts.marks()
    plain = [f for f in session.contract.text_fields if not f.shape and not f.enum and (f.max_length or 99) >= 40]
    names = [f.name for f in plain if f.name not in marks and f.name not in session.account.lacks.missing]
    if not names:
        raise NotOffered("no text can be read back")
    places: dict[str, round_trip.Trial] = {}
    for start in range(0, len(texts), len(names)):
        row = texts[start : start + len(names)]
        trials = round_trip.created(session, dict(zip(names, row, strict=False)), marks)
        places |= {str(t.sent): t for t in trials.values()}
    for text in near:
        contacts.create(marks, **dict.fromkeys(names, text))
    return _Shelf(marks, places)


def _plain(session: Session) -> _Shelf:
    shelf: _Shelf = session.once("plain texts", lambda: _shelf(session, list(PLAIN.values()), NEAR))
    return shelf


@pytest.mark.parametrize("case", PLAIN)
@requirement("text.round-trip", "text.found", "operation.{create}.no-server-error")
def test_unusual_text_is_kept_and_found(session: Session, contacts: Contacts, judge: Judge, case: str) -> None:
    text = PLAIN[case]
    shelf = _plain(session)
    trial = shelf.places[text]
    judge.cite(*trial.exchanges)

    with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
        expect.no_server_error(trial.answer, about=case)
    with judge("text.round-trip"):
        round_trip.expect_kept(trial, about=case)
    if f"{session.contract.provider}.text.found" not in session.register:
        return
    with judge("text.found"):
        if trial.record is None or not trial.kept:
            raise NotVerified(f"the text was not kept: {trial}")
        field = trial.field.name
        in_field = {t.contact: t.sent for t in shelf.places.values() if t.field.name == field}
        answer = contacts.send_list(session.provider.mark_filter({**shelf.marks, field: text}))
        listed = list(dict.fromkeys(contacts.ids(contacts.page(answer).records)))
        holders = [contact for contact, sent in in_field.items() if sent == text]
        expect.same_contacts(listed, holders, about=case, shown_by=answer, names=in_field)


def _trial_of(session: Session, judge: Judge, text: str) -> round_trip.Trial:
    """What became of a text of WIDE or CODE_LIKE, all of which are sent once in a run."""
    shelf: _Shelf = session.once("wary texts", lambda: _shelf(session, [*WIDE.values(), *CODE_LIKE.values()]))
    trial = shelf.places[text]
    judge.cite(*trial.exchanges)
    return trial


@pytest.mark.parametrize("case", WIDE)
@requirement("text.wide-characters")
def test_wide_characters_are_kept(session: Session, judge: Judge, case: str) -> None:
    trial = _trial_of(session, judge, WIDE[case])

    round_trip.expect_kept(trial, about=case)


@pytest.mark.parametrize("case", CODE_LIKE)
@requirement("text.code-like", "operation.{create}.no-server-error")
def test_text_that_looks_like_code_is_kept(session: Session, judge: Judge, case: str) -> None:
    trial = _trial_of(session, judge, CODE_LIKE[case])

    with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
        expect.no_server_error(trial.answer, about=case)
    with judge("text.code-like"):
        round_trip.expect_kept(trial, about=case)


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


@requirement("text.unlimited")
def test_a_field_without_a_limit_keeps_a_long_text(session: Session, contacts: Contacts) -> None:
    free = [f for f in session.contract.text_fields if not f.is_limited and f.shape != "date"]
    text = "202-555-0101" + "1" * 288

    answer = contacts.send_create(contacts.complete({f.name: text for f in free}))

    if not free:
        raise NotOffered("every text field has a limit")
    expect.success(answer)
    read = contacts.read(session.provider.created_id(answer) or "?")
    for field in free:
        expect.equal(read.get(field.name), text, about=field.name)
