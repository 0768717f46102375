"""Contacts > Authentication: a signed session creates contacts and reads a path with a space."""

from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import requirement

from ..sparkapi import asking


@requirement("session.writes")
def test_a_session_signs_writes(session: Session) -> None:
    asking.optional(session, "signed")
    contacts = session.contacts("signed")

    answer = contacts.send_create(contacts.complete({"HomeLocality": "Zürich & more"}))

    assert answer.succeeded, answer
    read = contacts.read(session.provider.created_id(answer) or "?")
    assert read.get("HomeLocality") == "Zürich & more", f"{answer!r}, and then {read!r}"


@requirement("session.blank")
def test_a_path_with_a_blank_is_signed_as_it_is_sent(session: Session) -> None:
    signed = asking.optional(session, "signed")

    answer = session.contacts().send("tagged", f"no such {session.mark()}", identity=signed)

    assert answer.succeeded or answer.status == 404, answer
