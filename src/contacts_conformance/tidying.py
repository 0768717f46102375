"""Removing what a run created: by the ids that its journal holds, and by its marks where no id ever came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from contacts_conformance.contacts import Contacts
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.journal import Creation

if TYPE_CHECKING:
    from contacts_conformance.session import Session

_FAILURES = 3
"""So many requests without a usable answer in a row end the removal: the next ones would fare no better."""


def tidy(session: Session, tag: str) -> list[str]:
    """Removes whatever the session's journal says was created and not removed; what could not be done, in words.

    What was submitted and never confirmed is looked for by its marks. A record is taken for the run's own only where
    it carries a mark with the run's `tag`; the other values that were sent may be anybody's.
    """
    broom = _Broom(session, tag)
    broom.settle()
    broom.remove()
    return broom.notes


class _Broom:
    def __init__(self, session: Session, tag: str) -> None:
        self.notes: list[str] = []
        self._session = session
        self._journal = session.journal
        self._tag = tag
        self._failures = 0

    def settle(self) -> None:
        """Takes into the journal what was submitted and never confirmed, where it exists."""
        markless = 0
        open_ends = self._journal.unconfirmed
        for index, creation in enumerate(open_ends):
            if creation.state != "intended":
                continue  # settled with one before that carried the same marks
            marks = self._marks(creation)
            if not marks:
                markless += 1
            elif not self._session.contract.has("list"):
                self.notes.append(
                    f"a contact with {_words(marks)} was submitted and never confirmed; there is no list to find it in"
                )
            elif self._tired:
                rest = sum(c.state == "intended" for c in open_ends[index:])
                self.notes.append(f"{rest} more contacts were submitted and never confirmed; they were not looked for")
                break
            else:
                self._look_for(creation, marks)
        if markless:
            self.notes.append(
                f"{markless} contacts were submitted without a mark to find them by, and never confirmed"
                if markless > 1
                else "a contact was submitted without a mark to find it by, and never confirmed"
            )

    def remove(self) -> None:
        """Removes what stands, the newest first."""
        if not self._session.contract.has("remove"):
            return
        self._failures = 0
        for creation in self._journal.standing:
            if self._tired:
                self.notes.append(f"{len(self._journal.standing)} contacts are left; no more was tried")
                return
            self._remove(creation)

    @property
    def _tired(self) -> bool:
        return self._failures >= (1 if self._session.client.is_unreachable else _FAILURES)

    def _marks(self, creation: Creation) -> dict[str, str]:
        return {k: v for k, v in creation.find.items() if self._tag in v}

    def _contacts(self, role: str) -> Contacts:
        return Contacts(self._session, self._session.target.identity(role))

    def _look_for(self, creation: Creation, marks: Mapping[str, str]) -> None:
        try:
            contacts = self._contacts(creation.identity)
            found = [self._session.provider.id_of(r) for r in contacts.marked(marks)]
        except (NotVerified, NotOffered) as failure:
            self._failures += 1
            self.notes.append(f"whether a contact with {_words(marks)} exists could not be found out: {failure}")
            return
        self._failures = 0
        for contact in found:
            if contact and not self._journal.owns(contact):
                self._journal.created(self._journal.intend(creation.identity, marks), contact)
        for other in self._journal.unconfirmed:
            if self._marks(other) == marks and other.identity == creation.identity:
                self._journal.refused(other)

    def _remove(self, creation: Creation) -> None:
        try:
            contacts = self._contacts(creation.identity)
            answer = contacts.send_remove(creation.id, essential=True)
            self._failures = 0
            if creation.state == "removed" and answer.succeeded:
                return
            marks = self._marks(creation)
            if marks and self._session.contract.has("list"):
                self._hunt(contacts, marks)
            if creation.state != "removed":
                self.notes.append(f"contact {creation.id} could not be removed: {answer!r}")
        except (NotVerified, NotOffered) as failure:
            self._failures += 1
            self.notes.append(f"contact {creation.id} could not be removed: {failure}")

    def _hunt(self, contacts: Contacts, marks: Mapping[str, str]) -> None:
        """Removes what carries these marks although it is not known under the id that it was created with."""
        for record in contacts.marked(marks):
            contact = self._session.provider.id_of(record)
            if contact and not self._journal.owns(contact):
                self._journal.created(self._journal.intend(contacts.identity.role, marks), contact)
                answer = contacts.send_remove(contact, essential=True)
                done = "it was removed" if answer.succeeded else f"it could not be removed: {answer!r}"
                self.notes.append(f"a contact that was created under another id had become {contact}; {done}")


def _words(marks: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in marks.items())
