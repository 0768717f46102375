"""Which contacts are surely the run's own: those that carry what their creation sent, when their own address is read.

The id in the answer to a creation proves nothing by itself: a wrong one may be somebody's contact. Nor does a row of a
list, whose id may be as wrong. So before the run changes or removes a contact for the first time, it has read the very
address that it will write to, and last saw the mark there. An id that was removed is nobody's from then on: whoever
gets it next may be a stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
    """Tells the contacts of one run, whose tag their marks have, from all others.

    `disposable` says that the account may be emptied: there the answer to a creation is believed where contacts cannot
    be read, and a removed id may be written to.
    """

    contract: Contract
    provider: Provider
    journal: Journal
    tag: str
    reading: Reading
    disposable: bool = False

    def learn(self, contact: str, answer: Answer, *, whole_for: str) -> None:
        """Notes what reading the address of a contact showed: whose it is, or that it is another one.

        `whole_for` is the role that sees the contact so; empty where it asked for a part of it. A mark proves whoever
        sees it; that there is none says something only where the one who created it sees all of it.
        """
        creations = self.journal.creations_with_id(contact)
        record = self._record(contact, answer)
        if record is None or not creations:
            return
        owners = [c for c in creations if self.carries_mark(record, c)]
        self._settle(creations, owners, wrong_id=bool(owners) or any(c.identity == whole_for for c in creations))

    def doubt(self, answer: Answer) -> None:
        """Notes which contacts a list shows with the mark of another one: they are read again before a write."""
        page = self.provider.page(answer)
        for row in page.records if page is not None else ():
            contact = self.provider.id_of(row)
            for creation in self.journal.creations_with_id(contact) if contact else ():
                if creation.proven and not creation.altered and self._carries_another(row, creation):
                    creation.proven = False

    def altered(self, contact: str) -> None:
        """Notes that the run changes a contact: what it reads afterwards need not be what its creation sent."""
        for creation in self.journal.creations_with_id(contact):
            creation.altered = True

    def assure(self, contact: str, *, essential: bool = False) -> None:
        """Makes sure that a contact is the run's own, by reading it where no reading has shown it yet.

        NotVerified where that cannot be found out, or where it is another one. What is not there is noted as removed
        where the request is essential: then it is the end of the run.
        """
        creations = self.journal.creations_with_id(contact)
        if any(c.state == "removed" for c in creations) and not any(c.state == "created" for c in creations):
            self._assure_gone(contact, creations)
            return
        if any(c.open for c in creations):
            try:
                for answer in self.reading(contact, creations[-1].identity, essential=essential):
                    if self._shows(answer, contact, creations, essential=essential):
                        break
            except NotOffered:
                if not self.disposable:
                    raise NotVerified(
                        f"contact {contact} cannot be read, so that nothing shows that it is this run's own; it is "
                        "changed only in an account that may be emptied: for one, add disposable = true"
                    ) from None
                return
        if not any(c.state == "created" and not c.open for c in creations):
            raise NotVerified(f"contact {contact} cannot be told to be this run's own, so it is left alone")

    def _assure_gone(self, contact: str, creations: Sequence[Creation]) -> None:
        """Makes sure that a removed id is nobody's at this moment, or still of the contact that was to be removed."""
        if self.disposable:
            return
        try:
            answer = next(self.reading(contact, creations[-1].identity, essential=False), None)
        except NotOffered:
            answer = None
        if answer is None:
            raise NotVerified(f"contact {contact} was removed, and nothing shows who has its id by now")
        record = self._record(contact, answer)
        is_own = record is not None and any(self.carries_mark(record, c) for c in creations)
        if not (is_own or answer.status in (404, 410)):
            raise NotVerified(
                f"contact {contact} was removed, and somebody else may have its id by now: {answer!r}; such an id is "
                "written to only in an account that may be emptied: for one, add disposable = true"
            )

    def remains(self, contact: str) -> bool | None:
        """Whether a contact of the run is surely still there: reading it shows what its creation sent.

        False, and noted as removed, where it is surely not; None where reading does not tell.
        """
        creations = self.journal.creations_with_id(contact)
        try:
            answer = next(self.reading(contact, creations[-1].identity, essential=False)) if creations else None
        except NotOffered:
            answer = None
        if answer is None:
            return None
        if answer.status in (404, 410):
            self.journal.removed(contact)
            return False
        record = self._record(contact, answer)
        return True if record is not None and any(self.carries_mark(record, c) for c in creations) else None

    def carries_mark(self, record: Record, creation: Creation) -> bool:
        """Whether a record carries what its creation sent: the run's mark, or where none was sent, most of the texts.

        A contact that was created without any text, or with times alone, has no text. What shows no id is a contact
        only where it carries a mark. In an account that may be emptied a service may have texts of its own for a new
        contact, and need not show its id.
        """
        marks = {m for v in creation.find.values() for m in self.marks_in(v)}
        if marks:
            text = str(record)
            return any(re.search(rf"{re.escape(m)}(?!\d)", text, re.IGNORECASE) for m in marks)
        if self.provider.id_of(record) is None and not self.disposable:
            return False
        silent = not self.contract.answered_fields  # on answers: what can be written is expected in them, then
        fields = {f.name: f for f in self.contract.create_fields if f.reads_back or silent}
        # times may be the service's own
        sent = [(fields[n], v) for n, v in creation.find.items() if n in fields and fields[n].kind != "instant"]
        if not sent:
            is_bare = not any(record.get(f.shown_as) for f in fields.values() if f.is_text and not f.enum)
            return is_bare or self.disposable
        return 2 * sum(self.provider.same(f, v, record.get(f.shown_as)) for f, v in sent) > len(sent)

    def marks_in(self, text: str) -> list[str]:
        """The marks of the run in a text; all of it, where it has the run's tag alone."""
        marks = re.findall(rf"{re.escape(self.tag)}x\d+", text, re.IGNORECASE)
        return marks or ([text] if self.tag in text else [])

    def _carries_another(self, record: Record, creation: Creation) -> bool:
        """Whether a record carries a mark of the run, and none of those that its creation sent."""
        return re.search(rf"{self.tag}x\d", str(record), re.IGNORECASE) is not None and not self.carries_mark(
            record, creation
        )

    def _record(self, contact: str, answer: Answer) -> Record | None:
        """The contact in the answer to reading one, where it is not said to be another one."""
        record = self.provider.record(answer) if answer.succeeded else None
        return record if record is not None and self.provider.id_of(record) in (contact, None) else None

    def _shows(self, answer: Answer, contact: str, creations: Sequence[Creation], *, essential: bool) -> bool:
        """Whether an answer shows a contact; what it carries decides whose it is."""
        record = self._record(contact, answer)
        if record is not None:
            self._settle(creations, [c for c in creations if self.carries_mark(record, c)], wrong_id=True)
        elif essential and answer.status in (404, 410):
            self.journal.removed(contact)
        return answer.succeeded and self.provider.record(answer) is not None

    def _settle(self, creations: Iterable[Creation], owners: Sequence[Creation], *, wrong_id: bool) -> None:
        """Takes a reading of these creations' address for what it shows: it is of the owners, and of no other."""
        merges = not self.contract.has("remove")  # several submissions may be one contact there
        for creation in [c for c in creations if c.state == "created"]:
            if creation in owners:
                creation.tried = False
                if creation.open:
                    self.journal.proved(creation)
            elif wrong_id and not creation.altered and not (merges and owners):
                creation.proven = False
                self.journal.wrong_id(creation)
