"""Contacts > Contact Response Format: lists show every contact of the run with the values that reading it shows."""

from collections.abc import Iterator

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense, expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record

MOST_PAGES = 12
PAGE = 25
MOST_TAGS = 12
"""So many contacts that no page shows are looked for by their tag."""
NOTHING: tuple[Json, ...] = (None, "", [])


@requirement("list.same-as-read")
def test_lists_show_every_contact_as_it_reads(session: Session, contacts: Contacts) -> None:
    stored = dense.created(session).stored
    pages = list(_pages(contacts))
    listed = {contact for answer in pages for contact in contacts.ids(contacts.page(answer).records)}
    if not session.account.lacks.missing:
        missing = [s for s in stored if s.contact not in listed][:MOST_TAGS]
        pages += [contacts.send_marked(_tag_of(session, s)) for s in missing]

    seen = 0
    for answer in pages:
        records = contacts.page(answer).records
        for record in records:
            read = session.account.aftermath.known(session.provider.id_of(record) or "")
            if read is not None:
                seen += 1
                _expect_same(session, record, read, records, answer)
    if not seen:
        raise NotShown("no list showed a contact that was read")


def _tag_of(session: Session, stored: dense.Stored) -> dict[str, str]:
    """The tag that only this contact has."""
    tags = stored.values["Tag"]
    return {"Tag": next(str(t) for t in tags if session.tag in str(t))} if isinstance(tags, list) else {}


def _pages(contacts: Contacts) -> Iterator[Answer]:
    """The pages of the list, as far as they show further contacts; the only one where it has no parameters."""
    seen: set[str] = set()
    for number in range(1, MOST_PAGES + 1):
        answer = contacts.send_list((("_limit", str(PAGE)), ("_page", str(number))))
        if answer.refused and number == 1:
            yield contacts.send_list()
            return
        shown = set(contacts.ids(contacts.page(answer).records)) if answer.succeeded else set()
        if shown <= seen:
            return
        yield answer
        seen |= shown


def _expect_same(session: Session, record: Record, read: Record, records: tuple[Record, ...], shown_by: Answer) -> None:
    """Expects that what a list shows of a contact is as the contact reads; it may leave fields out.

    A field that is there and empty in every contact of the page is left out, too.
    """
    for field in session.contract.fields:
        name = field.name
        if not field.answered or name not in record or name not in read:
            continue
        is_left_out = all(name in r and r[name] in NOTHING for r in records)
        expect.that(
            is_left_out or session.provider.same(field, read[name], record[name]),
            f"as the contact reads, {expect.shown(read[name])}",
            expect.shown(record[name]),
            about=name,
            observed=expect.difference(record[name], read[name]),
            shown_by=shown_by,
        )
