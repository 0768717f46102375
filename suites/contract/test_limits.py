"""Length limits of the contract's fields: a text at the limit is stored in full, a longer one is not."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field, samples
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.verdicts.outcomes import Judge

LONG = "202-555-0101" + "1" * 288
LONGEST_EMAIL = 254
"""Characters of the longest e-mail address that there is (RFC 5321, 4.5.3.1.3, without the angle brackets)."""


def _closed(field: Field, length: int) -> bool:
    """Whether no text of this length may have the field's shape, so that a service that wants the shape refuses it."""
    return field.shape in samples.CLOSED or (field.shape == "email" and length > LONGEST_EMAIL)


def _wants_shape(session: Session, field: Field) -> bool:
    """Whether the service may hold the field to its shape; an address is not asked for by one that takes other text."""
    if field.shape in samples.CLOSED:
        return True
    contacts = session.contacts()
    return contacts.send_create(contacts.complete({field.name: "no address"}), legal=False).refused


def _texts(session: Session, beyond: int, *, strict: bool = True) -> dict[str, str]:
    """A text of the limit and so many characters more for each field; `strict` leaves out what may have no shape."""
    fields = [f for f in session.contract.limited_fields if "create" in f.writeable and f.kind == "text"]
    lengths = [(f, (f.max_length or 0) + beyond) for f in fields]
    return {
        f.name: samples.text_of_length(f, length, f"{session.mark()}x")
        for f, length in lengths
        if not (strict and _closed(f, length))
    }


def _closed_texts(session: Session) -> dict[str, str]:
    """A text of the limit for each field of which no such text may have the shape."""
    limits = {f.name: (f, f.max_length or 0) for f in session.contract.limited_fields}
    return {n: t for n, t in _texts(session, 0, strict=False).items() if _closed(*limits[n])}


def _created_closed(session: Session) -> round_trip.Trials:
    """What became of texts of the limits that may not have the shape of their fields; done once in a run."""
    return session.once("closed at their limit", lambda: round_trip.created(session, _closed_texts(session)))


def at_limits(session: Session, beyond: int = 0) -> round_trip.Trials:
    """What became of texts of the limits, or so many characters beyond; done once in a run."""
    return session.once(f"limit {beyond}", partial(_created, session, beyond))


def _created(session: Session, beyond: int) -> round_trip.Trials:
    """What became of texts of the limits, or so many characters beyond; nothing else is done with the contacts."""
    trials = round_trip.created(session, _texts(session, beyond))
    for contact in dict.fromkeys(t.contact for t in trials.values() if t.contact):
        session.hand_on(contact)
    return trials


@each(field=Contract.limited_fields)
@requirement("field.{field}.max-length")
def test_a_text_of_the_limit_is_kept_whole(field: Field, session: Session, judge: Judge) -> None:
    if field.either:
        round_trip.expect_kept(round_trip.created(session, round_trip.values(session, (field,)))[field.name])
        return
    for beyond in (0,) if session.is_quick else (-1, 0):
        if not _closed(field, (field.max_length or 0) + beyond):
            whole = wide(session) if beyond and not session.is_quick else {}
            if field.name not in whole or not whole[field.name].kept:
                whole = at_limits(session, beyond)
            judge.cite(*whole[field.name].exchanges)
            round_trip.expect_kept(whole[field.name])
        elif beyond == 0:
            trial = _created_closed(session)[field.name]
            if trial.answer.refused and _wants_shape(session, field):
                expect.refusal(trial.answer, about=field.name)  # no text of this length has the shape
            else:
                round_trip.expect_kept(trial)


def _changed_to_limits(session: Session) -> round_trip.Trials:
    """What a creation takes at its limit has to be taken by a change as well, whatever shape it may be held to."""
    fields = [f for f in session.contract.change_fields if f.max_length and not f.either]
    closed = {f.name for f in fields if _closed(f, f.max_length or 0)}
    trials = _created_closed(session) if closed & _closed_texts(session).keys() else {}
    more = {n: t.sent for n, t in trials.items() if t.kept and n in closed}
    return round_trip.changed_of(session, session.spare(), {**_texts(session, 0), **more})


@each(field=Contract.limited_fields)
@requirement("field.{field}.max-length")
def test_a_text_of_the_limit_is_kept_whole_by_a_change(field: Field, session: Session, judge: Judge) -> None:
    changed = session.once("limit by a change", lambda: _changed_to_limits(session))
    if field.name not in changed:
        raise NotOffered(f"no text of the limit is sent for {field} in a change")
    judge.cite(*changed[field.name].exchanges)
    round_trip.expect_kept(changed[field.name])


@dataclass(frozen=True)
class _Above:
    """A text one character above the limit: the answer to it, what is stored, and the exchanges that show both."""

    sent: str
    answer: Answer
    stored: object
    exchanges: tuple[str, ...]
    beside: tuple[str, str] = ("", "")
    """A legal value that the request carried as well, and its field."""
    beside_is_stored: bool = False

    def expect_nothing_stored(self) -> None:
        """A refused request has not stored the legal value beside the long one; NotOffered where it was taken."""
        if not self.answer.refused:
            raise NotOffered(f"a text above the limit is not refused: {self.answer!r}")
        expect.that(
            not self.beside_is_stored,
            f"another value than {expect.shown(self.beside[1])}, which was sent with it",
            expect.shown(self.beside[1]),
            about=f"{self.beside[0]}, after a change that was refused",
            observed="carried out in part",
            shown_by=self.exchanges[-1],
        )

    def expect_not_whole(self, field: Field) -> None:
        """The request was no server error, and the field reads no longer than its limit."""
        expect.no_server_error(self.answer, about=field.name)
        length = len(str(self.stored or ""))
        expect.that(
            length <= (field.max_length or 0),
            f"at most {field.max_length} of the {len(self.sent)} characters that were sent",
            f"{length} characters",
            about=field.name,
            observed="longer than the limit",
            shown_by=self.exchanges[-1],
        )

    def expect_not_cut(self, field: Field) -> None:
        """The request was refused; NotOffered where the text was stored in full, so that nothing of it was cut."""
        if self.answer.succeeded and self.stored == self.sent:
            raise NotOffered(f"{field} is not cut: all {len(self.sent)} characters read back (max-length judges that)")
        length = len(str(self.stored or ""))
        expect.that(
            not self.answer.succeeded,
            "no success (no 2xx)",
            f"{self.answer.status_line}, and {length} of the {len(self.sent)} characters read back",
            kind="status",
            observed=str(self.answer.status),
            shown_by=self.answer,
        )


def _above_on_creation(session: Session, texts: Mapping[str, str]) -> dict[str, _Above]:
    contacts = session.contacts()
    mark = len(session.recorder)
    marks: Mapping[str, str] = session.once("mark of texts above the limits", contacts.marks)
    own = None if marks.keys() & texts.keys() else marks
    answer = contacts.send_create(contacts.complete(texts), marks=own, legal=False)
    contacts.need_told(answer)
    stored = contacts.read(session.provider.created_id(answer) or "?") if answer.succeeded else {}
    shown = tuple(e.id for e in session.recorder.since(mark))
    return {name: _Above(text, answer, stored.get(name), shown) for name, text in texts.items()}


def _above_by_changes(session: Session, names: Collection[str]) -> dict[str, _Above]:
    """What changes above the limits left; a refused one is read, too, once after all of them."""
    results = _above(session, _above_by_a_change, names)
    if not any(above.answer.refused for above in results.values()):
        return results
    contacts = session.contacts()
    mark = len(session.recorder)
    stored = contacts.read(session.spare())
    shown = tuple(e.id for e in session.recorder.since(mark))
    return {
        name: replace(
            above,
            stored=stored.get(name),
            exchanges=(*above.exchanges, *shown),
            beside_is_stored=bool(above.beside[0]) and stored.get(above.beside[0]) == above.beside[1],
        )
        if above.answer.refused
        else above
        for name, above in results.items()
    }


def _beside(session: Session, but: Collection[str]) -> Field | None:
    """A text that may hold anything, and is none of these."""
    fields = (f for f in session.contract.change_fields if f.kind == "text" and f.reads_back and f.name not in but)
    return next((f for f in fields if not (f.shape or f.enum or f.known or f.required)), None)


def _above_by_a_change(session: Session, texts: Mapping[str, str]) -> dict[str, _Above]:
    contacts = session.contacts()
    contact = session.spare()
    mark = len(session.recorder)
    beside = _beside(session, {*texts, *contact.marks})
    value = "" if beside is None else str(session.provider.sample(beside, session.number()))
    more = {} if beside is None else {beside.name: value}
    answer = contacts.send_change(contact.id, {**more, **texts}, legal=False)
    stored = contacts.read(contact) if answer.succeeded else {}
    shown = tuple(e.id for e in session.recorder.since(mark))
    told = ("" if beside is None else beside.shown_as, value)
    return {name: _Above(text, answer, stored.get(name), shown, told) for name, text in texts.items()}


def _tried_with(session: Session, field: Field) -> tuple[str, ...]:
    """The fields that are tried together with one: all; in a quick run, which has few of these checks, none but it."""
    return (field.name,) if session.is_quick else tuple(f.name for f in session.contract.limited_fields)


def _above(
    session: Session, send: Callable[[Session, Mapping[str, str]], dict[str, _Above]], names: Collection[str]
) -> dict[str, _Above]:
    """Each of these texts by itself; but where the first one is taken, all others in one request, if that is taken too.

    What was taken has to be read back: a service that cuts texts would cost twice as many requests as one that refuses.
    """
    texts = {name: text for name, text in _texts(session, 1, strict=False).items() if name in names}
    first, *others = texts
    results = send(session, {first: texts[first]})
    together = {name: texts[name] for name in others if name not in session.provider.markers[:1]}
    if results[first].answer.succeeded and together:
        several = send(session, together)
        if all(above.answer.succeeded for above in several.values()):
            results |= several
    for name in others:
        if name not in results:
            results |= send(session, {name: texts[name]})
    return results


@each(field=Contract.limited_fields)
@requirement("field.{field}.max-length", "field.{field}.no-silent-cut")
def test_a_text_above_the_limit_is_not_kept_whole(field: Field, session: Session, judge: Judge) -> None:
    names = _tried_with(session, field)
    tried = session.once(f"above the limit of {names}", lambda: _above(session, _above_on_creation, names))
    above: _Above = tried[field.name]
    judge.cite(*above.exchanges)

    with judge(f"field.{field}.max-length"):
        above.expect_not_whole(field)
    with judge(f"field.{field}.no-silent-cut"):
        above.expect_not_cut(field)


@each(field=Contract.limited_fields)
@requirement("field.{field}.max-length", "change.refused-alters-nothing")
def test_a_text_above_the_limit_is_not_kept_whole_by_a_change(field: Field, session: Session, judge: Judge) -> None:
    names = _tried_with(session, field)
    tried = session.once(f"above the limit of {names} by a change", lambda: _above_by_changes(session, names))
    above: _Above = tried[field.name]
    judge.cite(*above.exchanges)

    with judge(f"field.{field}.max-length"):
        above.expect_not_whole(field)
    with judge("change.refused-alters-nothing"):
        above.expect_nothing_stored()


def wide(session: Session) -> round_trip.Trials:
    """What became of texts that have one character less than the limit, and twice as many bytes; done once in a run.

    Other texts are of that length, too, and those without a limit are long.
    """

    def create() -> round_trip.Trials:
        fields = [f for f in session.contract.limited_fields if f.is_text and not f.shape and "create" in f.writeable]
        wide = {f.name: "é" * ((f.max_length or 0) - 1) for f in fields if f.name not in session.provider.markers[:1]}
        if not wide:
            return {}
        free = {} if session.is_quick else dict.fromkeys((f.name for f in _unlimited(session)), LONG)
        trials = round_trip.created(session, {**free, **_texts(session, -1), **wide})
        for contact in dict.fromkeys(t.contact for t in trials.values() if t.contact):
            session.hand_on(contact)
        return trials

    return session.once("wide texts", create)


def _unlimited(session: Session) -> list[Field]:
    if f"{session.contract.provider}.text.unlimited" not in session.register:
        return []
    return [f for f in session.contract.text_fields if not f.is_limited and f.shape != "date"]


@requirement("text.unlimited")
def test_a_field_without_a_limit_keeps_a_long_text(session: Session) -> None:
    free = _unlimited(session)
    if not free:
        raise NotOffered("every text field has a limit")
    for field in free:
        trial = wide(session).get(field.name) or round_trip.created(session, {field.name: LONG})[field.name]
        expect.success(trial.answer)
        expect.equal(trial.read, LONG, about=field.name)


@requirement("text.counts-characters")
def test_limits_count_characters_not_bytes(session: Session) -> None:
    trials = {n: trial for n, trial in wide(session).items() if "é" in str(trial.sent)}
    if not trials:
        raise NotOffered("no text that may hold any character has a limit")
    for trial in trials.values():
        round_trip.expect_kept(trial)
