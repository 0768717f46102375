"""The signed-in contact's own record, which checks read once together."""

from contacts_conformance.checks import expect
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.model import Json


def read(session: Session) -> Answer:
    """The answer that shows it to its contact; the checks of roles ask for the same."""
    contacts = session.contacts("portal")
    answer: Answer = session.once(f"own contact of {contacts.identity}", lambda: contacts.send("my-read"))
    return answer


def expect_as_by_its_id(session: Session, answer: Answer) -> None:
    """Expects the texts of the own record as reading it by its Id shows them, where the main role may do that."""
    record = session.provider.record(answer) or {}
    by_id = session.contacts().send_read(str(record.get("Id")), legal=False)
    other = (session.provider.record(by_id) if by_id.succeeded else None) or {}
    if other.get("Id") != record.get("Id"):
        return
    for field in session.contract.fields:
        shown, seen = record.get(field.name), other.get(field.name)
        if field.is_text and field.name not in ("Id", "ResourceUri") and shown and seen:
            expect.that(
                session.provider.same(field, seen, shown),
                f"as by its Id, {expect.shown(seen)}",
                expect.shown(shown),
                about=field.name,
                observed=expect.difference(shown, seen),
                shown_by=answer,
            )
    if record.get("Tags") and other.get("Tags"):  # a service may keep the agent's tags from the contact
        expect.equal(sorted(map(str, _list(record["Tags"]))), sorted(map(str, _list(other["Tags"]))), "Tags", answer)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]
