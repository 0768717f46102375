"""Which contacts are surely the run's own: those that were seen to carry what their creation sent.

The id in the answer to a creation proves nothing by itself: a wrong one may be somebody's contact. So before the run
changes or removes a contact for the first time, it has seen it, in a list or by reading it, to carry the mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Creation
from contacts_conformance.errors import NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record

if TYPE_CHECKING:
    from contacts_conformance.checks.session import Session


def learn(session: Session, answer: Answer) -> None:
    """Notes whose creation the contacts in an answer show; one that belongs to another creation was misreported."""
    if not session.contract.has("remove") or not any(c.open for c in session.journal.creations):
        return  # where nothing is removed, nothing of others can be, and merged contacts have several creations
    page = session.provider.page(answer)
    record = session.provider.record(answer)
    for shown in page.records if page is not None else [record] if record is not None else []:
        contact = session.provider.id_of(shown)
        creations_with_id = session.journal.creations_with_id(contact) if contact else ()
        if any(c.open for c in creations_with_id):
            owners = [c for c in creations_with_id if carries_mark(session, shown, c)]
            _settle(session, creations_with_id, owners, wrong_id=bool(owners))


def assure(session: Session, contact: str, *, essential: bool = False) -> None:
    """Makes sure that a contact is the run's own, by reading it where no answer has shown it yet.

    NotVerified where that cannot be found out, or where it is another one. What is not there is noted as removed
    where the request is essential: then it is the end of the run.
    """
    creations_with_id = session.journal.creations_with_id(contact)
    if any(c.open for c in creations_with_id):
        contacts = Contacts(session, session.target.identity(creations_with_id[-1].identity))
        if not contacts.offers("read"):
            return
        contacts.eventually(lambda: _reads(session, contacts, contact, creations_with_id, essential=essential))
    if not any(c.proven for c in creations_with_id):
        raise NotVerified(f"contact {contact} cannot be told to be this run's own, so it is left alone")


def _reads(
    session: Session, contacts: Contacts, contact: str, creations_with_id: Iterable[Creation], *, essential: bool
) -> bool:
    """Whether the contact can be read; what it carries decides whose it is."""
    answer = contacts.send_read(contact, essential=essential)
    shown = session.provider.record(answer) if answer.succeeded else None
    if shown is not None and session.provider.id_of(shown) in (contact, None):
        _settle(
            session, creations_with_id, [c for c in creations_with_id if carries_mark(session, shown, c)], wrong_id=True
        )
    elif essential and answer.status in (404, 410):
        session.journal.removed(contact)
    return shown is not None


def _settle(
    session: Session, creations_with_id: Iterable[Creation], owners: Iterable[Creation], *, wrong_id: bool
) -> None:
    for creation in [c for c in creations_with_id if c.open]:
        if creation in owners:
            session.journal.proved(creation)
        elif wrong_id:
            session.journal.wrong_id(creation)


def carries_mark(session: Session, record: Record, creation: Creation) -> bool:
    """Whether a record carries what its creation sent: the run's mark, or where none was sent, most of the texts.

    A contact that was created without any text, or with times alone, has no text.
    """
    marks = [v for v in creation.find.values() if session.tag in v]
    if marks:
        text = str(record)
        return any(re.search(rf"{re.escape(m)}(?!\d)", text, re.IGNORECASE) for m in marks)
    silent = not session.contract.answered_fields  # on answers: what can be written is expected in them, then
    fields = {f.name: f for f in session.contract.create_fields if f.reads_back or silent}
    # times may be the service's own
    sent = [(fields[n], v) for n, v in creation.find.items() if n in fields and fields[n].kind != "instant"]
    if not sent:
        return not any(record.get(f.shown_as) for f in fields.values() if f.is_text and not f.enum)
    return 2 * sum(session.provider.same(f, v, record.get(f.shown_as)) for f, v in sent) > len(sent)
