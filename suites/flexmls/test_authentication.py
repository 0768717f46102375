"""Contacts > Authentication: a signed session creates contacts and reads a path with a space."""

from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified

from ..sparkapi import asking


@requirement("session.writes")
def test_a_session_signs_writes(session: Session) -> None:
    asking.optional(session, "signed")
    contacts = session.contacts("signed")

    answer = contacts.send_create(contacts.complete({"HomeLocality": "Zürich & more"}))

    expect.success(answer)
    record, read = asking.read(contacts, session.provider.created_id(answer) or "?")
    expect.equal(record.get("HomeLocality"), "Zürich & more", "HomeLocality", read)


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
