"""Which contacts are surely the run's own: those that were seen to carry what their creation sent.

The id in the answer to a creation proves nothing by itself: a wrong one may be somebody's contact. So before the run
changes or removes a contact for the first time, it has seen it, in a list or by reading it, to carry the mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from contacts_conformance.account.journal import Creation, Journal
from contacts_conformance.contract import Contract
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import Provider


class Reading(Protocol):
    """The answers to reading a contact as a role, again and again for as long as lists may lag behind writes.

    NotOffered where contacts cannot be read, NotVerified where the target has no such role or gives no answer.
    """

    def __call__(self, contact: str, role: str, *, essential: bool) -> Iterator[Answer]:
        """Reads once for each answer that is asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Ownership:
    """Tells the contacts of one run, whose tag their marks have, from all others."""

    contract: Contract
    provider: Provider
    journal: Journal
    tag: str
    reading: Reading

    def learn(self, answer: Answer) -> None:
        """Notes whose creation the contacts in an answer show; one of another creation was given the wrong id."""
        if not self.contract.has("remove") or not any(c.open for c in self.journal.creations):
            return  # where nothing is removed, nothing of others can be, and merged contacts have several creations
        page = self.provider.page(answer)
        record = self.provider.record(answer)
        for shown in page.records if page is not None else [record] if record is not None else []:
            contact = self.provider.id_of(shown)
            creations_with_id = self.journal.creations_with_id(contact) if contact else ()
            if any(c.open for c in creations_with_id):
                owners = [c for c in creations_with_id if self.carries_mark(shown, c)]
                self._settle(creations_with_id, owners, wrong_id=bool(owners))

    def assure(self, contact: str, *, essential: bool = False) -> None:
        """Makes sure that a contact is the run's own, by reading it where no answer has shown it yet.

        NotVerified where that cannot be found out, or where it is another one. What is not there is noted as removed
        where the request is essential: then it is the end of the run. Where contacts cannot be read, the answer to
        the creation is believed.
        """
        creations_with_id = self.journal.creations_with_id(contact)
        if any(c.open for c in creations_with_id):
            try:
                for answer in self.reading(contact, creations_with_id[-1].identity, essential=essential):
                    if self._shows(answer, contact, creations_with_id, essential=essential):
                        break
            except NotOffered:
                return
        if not any(c.proven for c in creations_with_id):
            raise NotVerified(f"contact {contact} cannot be told to be this run's own, so it is left alone")

    def carries_mark(self, record: Record, creation: Creation) -> bool:
        """Whether a record carries what its creation sent: the run's mark, or where none was sent, most of the texts.

        A contact that was created without any text, or with times alone, has no text.
        """
        marks = [v for v in creation.find.values() if self.tag in v]
        if marks:
            text = str(record)
            return any(re.search(rf"{re.escape(m)}(?!\d)", text, re.IGNORECASE) for m in marks)
        silent = not self.contract.answered_fields  # on answers: what can be written is expected in them, then
        fields = {f.name: f for f in self.contract.create_fields if f.reads_back or silent}
        # times may be the service's own
        sent = [(fields[n], v) for n, v in creation.find.items() if n in fields and fields[n].kind != "instant"]
        if not sent:
            return not any(record.get(f.shown_as) for f in fields.values() if f.is_text and not f.enum)
        return 2 * sum(self.provider.same(f, v, record.get(f.shown_as)) for f, v in sent) > len(sent)

    def _shows(self, answer: Answer, contact: str, creations_with_id: Iterable[Creation], *, essential: bool) -> bool:
        """Whether an answer shows the contact; what it carries decides whose it is."""
        shown = self.provider.record(answer) if answer.succeeded else None
        if shown is not None and self.provider.id_of(shown) in (contact, None):
            owners = [c for c in creations_with_id if self.carries_mark(shown, c)]
            self._settle(creations_with_id, owners, wrong_id=True)
        elif essential and answer.status in (404, 410):
            self.journal.removed(contact)
        return shown is not None

    def _settle(self, creations_with_id: Iterable[Creation], owners: Iterable[Creation], *, wrong_id: bool) -> None:
        for creation in [c for c in creations_with_id if c.open]:
            if creation in owners:
                self.journal.proved(creation)
            elif wrong_id:
                self.journal.wrong_id(creation)
