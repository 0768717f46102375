"""Contacts > Authentication: a signed session creates contacts and reads a path with a space."""

from collections.abc import Mapping

from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking, signing
from .values import expect_short


@requirement("auth.expired")
def test_an_expired_token_is_refused_by_every_operation(session: Session, judge: Judge) -> None:
    expired, contacts = asking.optional(session, "expired"), session.contacts()
    shown = contacts.ids(contacts.list().records)

    answers: dict[str, Answer] = {}
    if shown:
        answers["a reading"] = contacts.send_read(shown[0], identity=expired, legal=False)
    if not session.account.lacks.missing:
        answers["a tag"] = contacts.send("tagged", "Buyers", identity=expired, legal=False)
    if session.target.writes:
        answers["a creation"] = contacts.send_create(contacts.complete({}), identity=expired, legal=False)

    for about, answer in answers.items():
        with judge("auth.expired"):
            expect.status(answer, 401, about=f"{about} with an expired token")


def _added(session: Session) -> tuple[Mapping[str, Json], Answer]:
    """What a signed session added, and the answer; done once in a run."""
    asking.optional(session, "signed")
    contacts = session.contacts("signed")

    def add() -> tuple[Mapping[str, Json], Answer]:
        fields = tuple(f for f in session.contract.create_fields if f.name != "Tag")
        values = {**round_trip.values(session, fields), "HomeLocality": "Zürich & more"}
        return values, contacts.send_create(contacts.complete(values))

    added: tuple[Mapping[str, Json], Answer] = session.once("added by a session", add)
    return added


@requirement("session.writes", "field.DisplayName.required", "field.DisplayName.max-length")
def test_a_session_signs_writes(session: Session, judge: Judge) -> None:
    values, answer = _added(session)
    contacts = session.contacts("signed")
    name = session.contract.field("DisplayName")

    with judge("session.writes"):
        expect.success(answer)
        contacts.need_told(answer)
        contact = session.provider.created_id(answer) or "?"
        read = contacts.send_read(contact)
        expect.success(read, "what the session added")
        round_trip.expect_values(session, session.provider.record(read) or {}, values, read)
        if signing.of_the_same_user(session) is not None:
            expect.success(session.contacts().send_read(contact), "what a session of the same user added")
    with judge("field.DisplayName.required"):
        rest = {n: v for n, v in contacts.complete({}).items() if n != name.name}
        expect.refusal(contacts.send_create(rest, legal=False), "a signed creation")
    with judge("field.DisplayName.max-length"):
        longer = contacts.send_create(contacts.complete(asking.too_long(name)), legal=False)
        if longer.succeeded:
            contacts.need_told(longer)
            record, longer = asking.read(contacts, session.provider.created_id(longer) or "?")
            expect_short(name, record, longer)


@requirement("tag.all")
def test_what_a_session_adds_is_under_its_tag(session: Session) -> None:
    _, answer = _added(session)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    if contact is None or session.account.lacks.missing or signing.of_the_same_user(session) is None:
        raise NotOffered("no session of the same user added a contact, or lists of tags are not answered")
    contacts = session.contacts()
    marks = next(c.find for c in session.journal.creations_with_id(contact))

    listed = asking.listed(contacts, marks, expected=1)

    expect.same_contacts(contacts.ids(contacts.page(listed).records), [contact], shown_by=listed)


@requirement("session.blank")
def test_a_path_with_a_blank_is_signed_as_it_is_sent(session: Session) -> None:
    signed = asking.optional(session, "signed")
    if session.account.lacks.missing:
        raise NotVerified("no path with a blank is answered, since lists of tags are not")

    answer = session.contacts().send("tagged", f"no such {session.mark()}", identity=signed)

    expect.that(
        answer.succeeded or answer.status == 404,
        "a success (2xx), or 404",
        str(answer.status),
        kind="status",
        observed=str(answer.status),
        shown_by=answer,
    )


@requirement("list.forbidden")
def test_a_list_that_is_not_permitted_is_forbidden(session: Session) -> None:
    portal = session.contacts("portal")

    answer = portal.send_list(legal=False)

    expect.status(answer, 403, 405)
