"""Text fields of the contract: valid but unusual text is accepted, stored as sent, and found by filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip
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
    names = [f.name for f in plain if f.name not in marks]
    if not names:
        raise NotOffered("no text can be read back")
    places: dict[str, round_trip.Trial] = {}
    for start in range(0, len(texts), len(names)):
        row = texts[start : start + len(names)]
        found = round_trip.created(session, dict(zip(names, row, strict=False)), marks)
        places |= {str(t.sent): t for t in found.values()}
    for text in near:
        contacts.create(marks, **dict.fromkeys(names, text))
    return _Shelf(marks, places)


def _plain(session: Session) -> _Shelf:
    found: _Shelf = session.once("plain texts", lambda: _shelf(session, list(PLAIN.values()), NEAR))
    return found


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
@requirement("text.round-trip", "text.found", "operation.{create}.no-server-error")
def test_unusual_text_is_kept_and_found(session: Session, contacts: Contacts, judge: Judge, text: str) -> None:
    shelf = _plain(session)
    trial = shelf.places[text]
    judge.cite(*trial.exchanges)

    with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
        assert trial.answer.status < 500, trial
    with judge("text.round-trip"):
        assert trial.kept, trial
    if f"{session.contract.provider}.text.found" not in session.register:
        return
    with judge("text.found"):
        if trial.record is None or not trial.kept:
            raise NotVerified(f"the text was not kept: {trial}")
        field = trial.field.name
        holders = {t.contact for t in shelf.places.values() if t.field.name == field and t.sent == text}
        answer = contacts.send_list(session.provider.mark_filter({**shelf.marks, field: text}))
        found = set(contacts.ids(contacts.page(answer).records))
        assert found == holders, f"{field} = {text!r} finds {found}, not {holders}: {answer!r}"


def _wary(session: Session, judge: Judge, text: str) -> round_trip.Trial:
    shelf: _Shelf = session.once("wary texts", lambda: _shelf(session, [*WIDE.values(), *CODE_LIKE.values()]))
    trial = shelf.places[text]
    judge.cite(*trial.exchanges)
    return trial


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE.keys())
@requirement("text.wide-characters")
def test_wide_characters_are_kept(session: Session, judge: Judge, text: str) -> None:
    trial = _wary(session, judge, text)

    assert trial.kept, trial


@pytest.mark.parametrize("text", CODE_LIKE.values(), ids=CODE_LIKE.keys())
@requirement("text.code-like", "operation.{create}.no-server-error")
def test_text_that_looks_like_code_is_kept(session: Session, judge: Judge, text: str) -> None:
    trial = _wary(session, judge, text)

    with judge(f"operation.{session.contract.operation('create')}.no-server-error"):
        assert trial.answer.status < 500, trial
    with judge("text.code-like"):
        assert trial.kept, trial


@requirement("text.empty")
def test_empty_text_is_accepted_and_reads_as_unset(session: Session, contacts: Contacts) -> None:
    plain = [f for f in session.contract.text_fields if not f.shape]
    names = [f.name for f in plain if f.name not in session.provider.markers[:1]]
    optional = [n for n in names if not session.contract.field(n).required]

    answer = contacts.send_create(contacts.complete(dict.fromkeys(optional, "")), marks=contacts.marks())

    assert answer.succeeded, answer
    read = contacts.read(session.provider.created_id(answer) or "?")
    for name in optional:
        assert read.get(name) in ("", None), f"{name} was sent empty and reads {read.get(name)!r}"


@requirement("text.unlimited")
def test_a_field_without_a_limit_keeps_a_long_text(session: Session, contacts: Contacts) -> None:
    free = [f for f in session.contract.text_fields if not f.is_limited and f.shape != "date"]
    text = "202-555-0101" + "1" * 288

    answer = contacts.send_create(contacts.complete({f.name: text for f in free}))

    assert answer.succeeded, answer
    read = contacts.read(session.provider.created_id(answer) or "?")
    for field in free:
        assert read.get(field.name) == text, (
            f"{field} was sent {len(text)} characters and reads {read.get(field.name)!r}"
        )
