"""Contacts > Authentication: a signed session creates contacts and reads a path with a space."""

from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from .values import expect_short


@requirement("session.writes", "field.DisplayName.required", "field.DisplayName.max-length")
def test_a_session_signs_writes(session: Session, judge: Judge) -> None:
    asking.optional(session, "signed")
    contacts = session.contacts("signed")
    fields = tuple(f for f in session.contract.create_fields if f.name != "Tag")
    values = {**round_trip.values(session, fields), "HomeLocality": "Zürich & more"}
    name = session.contract.field("DisplayName")

    answer = contacts.send_create(contacts.complete(values))

    with judge("session.writes"):
        expect.success(answer)
        record, read = asking.read(contacts, session.provider.created_id(answer) or "?")
        round_trip.expect_values(session, record, values, read)
    with judge("field.DisplayName.required"):
        rest = {n: v for n, v in contacts.complete({}).items() if n != name.name}
        expect.refusal(contacts.send_create(rest, legal=False), "a signed creation")
    with judge("field.DisplayName.max-length"):
        longer = contacts.send_create(contacts.complete(asking.too_long(name)), legal=False)
        if longer.succeeded:
            contacts.need_told(longer)
            record, longer = asking.read(contacts, session.provider.created_id(longer) or "?")
            expect_short(name, record, longer)


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
