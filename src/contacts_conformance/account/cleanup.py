"""Removing what a run created: by the ids that its journal holds, and by its marks where no id ever came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import PAGE_SIZE, Contacts
from contacts_conformance.account.journal import Creation
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Traffic

_FAILURES = 3
"""So many requests without a usable answer in a row end the removal: the next ones would fare no better."""


def tidy(account: Account) -> list[str]:
    """Removes whatever the account's journal says was created and not removed; what could not be done, in words.

    What was submitted and never confirmed is looked for by its marks. A record is taken for the run's own only where
    it carries a mark with the run's tag, or, under the id that its creation was answered with, what was sent.
    """
    work = _CleanUp(account)
    if account.contract.has("remove"):
        work.prove_ownership()
    work.resolve_unconfirmed()
    if account.contract.has("remove"):
        work.remove()
        work.confirm_removals()
    work.note_foreign_ids()
    return work.notes


def clean_up(account: Account) -> Traffic:
    """Removes what the run created, in reverse, proves that nothing is left, and says what was done."""
    account.notes += filter(None, [settle() for settle in account.at_the_end.values()])
    notes = [*account.notes, *tidy(account)]
    journal, client = account.journal, account.client
    left = tuple(dict.fromkeys(c.id for c in journal.standing))
    created = len({c.id for c in journal.creations if c.id})
    if left and not account.contract.has("remove"):
        notes.append(f"{len(left)} contacts stay: the contract documents no way to remove one")
    traffic = Traffic(
        requests=client.pace.sent,
        created=created,
        removed=created - len(left),
        left=left,
        throttled=client.throttled,
        unanswered=client.unanswered,
        notes=tuple(notes),
    )
    journal.close()
    client.close()
    return traffic


class _CleanUp:
    def __init__(self, account: Account) -> None:
        self.notes: list[str] = []
        self._account = account
        self._journal = account.journal
        self._tag = account.tag
        self._failures = 0
        self._doubts: dict[str, str] = {}
        """Why contacts, by their ids, are not surely the run's own."""

    def prove_ownership(self) -> None:
        """Finds out which contacts are surely the run's own, by reading each that no reading has shown yet."""
        for creation in self._journal.standing:
            if creation.open and self._tired:
                self._doubts[creation.id] = "clean-up gave up before it came to them"
            elif creation.open:
                self._prove_one(creation)

    def resolve_unconfirmed(self) -> None:
        """Takes into the journal what was submitted and never confirmed, where it exists."""
        self._failures = 0
        markless = 0
        open_ends = self._journal.unconfirmed
        for index, creation in enumerate(open_ends):
            if not creation.lost:
                continue  # resolved with one before that carried the same marks
            marks = self._marks(creation)
            if not marks:
                markless += 1
            elif not self._account.contract.has("list"):
                self.notes.append(
                    f"a contact with {_words(marks)} may exist: its creation was not confirmed, and there is no list "
                    "to look in"
                )
            elif self._tired:
                rest = sum(c.lost for c in open_ends[index:])
                self.notes.append(
                    f"{rest} more contacts may exist: their creation was not confirmed, and they were not looked for"
                )
                break
            else:
                self._look_for(creation, marks)
        if markless:
            self.notes.append(
                f"{markless} contacts may exist: their creation was not confirmed, and they carry no tag to find "
                "them by"
                if markless > 1
                else "a contact may exist: its creation was not confirmed, and it carries no tag to find it by"
            )

    def remove(self) -> None:
        """Removes what stands, the newest first."""
        self._failures = 0
        for creation in self._journal.standing:
            if self._tired:
                self.notes.append(
                    f"{len(self._journal.standing)} contacts are left; clean-up gave up after requests failed"
                )
                return
            if creation.state == "created" and creation.id not in self._doubts:
                self._remove(creation)
        left = [c for c in self._journal.standing if c.id in self._doubts]
        if left:
            self.notes.append(f"{len(left)} contacts are left: {self._doubts[left[0].id]}")

    def confirm_removals(self) -> None:
        """Looks whether the last contacts that were said to be removed are still there: then all may be."""
        gone = [c for c in reversed(self._journal.creations) if c.state == "removed" and c.proven]
        last = next(self._chunks(gone), [])
        if last and any(map(self._is_there, self._shown(last)[:1])):
            for creation in gone:
                self._journal.created(creation, creation.id)
            self.notes.append(
                "the target answered that it removed contacts, but they are still there; all are counted as left"
            )

    def note_foreign_ids(self) -> None:
        """Says which ids creations were answered with that are of other contacts."""
        others = {c.id for c in self._journal.creations if c.id and c.state in ("wrong-id", "refused")}
        if others:
            some = ", ".join(sorted(cut(o, 60) for o in others)[:3]) + (", …" if len(others) > 3 else "")
            self.notes.append(
                f"the target answered creations with ids of other contacts; they were not touched: {some}"
            )

    @property
    def _tired(self) -> bool:
        return self._failures >= (1 if self._account.client.is_unreachable else _FAILURES)

    def _marks(self, creation: Creation) -> dict[str, str]:
        return {k: v for k, v in creation.find.items() if self._tag in v}

    def _contacts(self, role: str) -> Contacts:
        return Contacts(self._account, self._account.target.identity(role))

    def _chunks(self, creations: Sequence[Creation]) -> Iterator[list[Creation]]:
        """Creations that one list can show: marked in the same attribute, by the same identity."""
        if not self._account.contract.has("list"):
            return
        marked = [c for c in creations if self._marks(c)]
        for _, group in groupby(sorted(marked, key=self._place), self._place):
            alike = list(group)
            for start in range(0, len(alike), PAGE_SIZE):
                yield alike[start : start + PAGE_SIZE]

    def _place(self, creation: Creation) -> tuple[str, str]:
        return creation.identity, next(iter(self._marks(creation)))

    def _shown(self, chunk: Sequence[Creation]) -> list[Creation]:
        """Those of a chunk that a list of them shows."""
        role, name = self._place(chunk[0])
        values = list(dict.fromkeys(self._marks(c)[name] for c in chunk))
        provider = self._account.provider
        query = provider.any_of(name, values) if len(values) > 1 else provider.mark_filter({name: values[0]})
        try:
            contacts = self._contacts(role)
            page = contacts.page(contacts.send_list((*query, *provider.limiting(PAGE_SIZE)), essential=True))
        except (NotVerified, NotOffered):
            self._failures += 1
            return []
        self._failures = 0
        ids = set(contacts.ids(page.records))
        return [c for c in chunk if c.id in ids]

    def _is_there(self, creation: Creation) -> bool:
        """Whether a contact can be read, and is the run's own."""
        try:
            contacts = self._contacts(creation.identity)
            answer = contacts.send_read(creation.id, essential=True)
        except (NotVerified, NotOffered):
            self._failures += 1
            return False
        record = self._account.provider.record(answer) if answer.succeeded else None
        return record is not None and self._account.ownership.carries_mark(record, creation)

    def _look_for(self, creation: Creation, marks: Mapping[str, str]) -> None:
        try:
            contacts = self._contacts(creation.identity)
            contact_ids = [self._account.provider.id_of(r) for r in contacts.marked(marks)]
        except (NotVerified, NotOffered) as failure:
            self._failures += 1
            self.notes.append(f"a contact with {_words(marks)} may exist, but looking for it failed: {failure}")
            return
        self._failures = 0
        for contact in contact_ids:
            if contact and not self._journal.owns(contact):
                self._journal.created(self._journal.intend(creation.identity, marks), contact)
        for other in self._journal.unconfirmed:
            if self._marks(other) == marks and other.identity == creation.identity:
                self._journal.refused(other)

    def _prove_one(self, creation: Creation) -> None:
        try:
            self._account.ownership.assure(creation.id, essential=True)
            self._failures = 0
        except (NotVerified, NotOffered) as failure:
            if creation.open:
                self._failures += 1
                self._doubts[creation.id] = str(failure)
            elif creation.state == "removed" and self._marks(creation):
                self._remove_by_marks(self._contacts(creation.identity), self._marks(creation))

    def _remove(self, creation: Creation) -> None:
        try:
            contacts = self._contacts(creation.identity)
            answer = contacts.send_remove(creation.id, essential=True)
            self._failures = 0
            if creation.state == "removed" and answer.succeeded:
                return
            marks = self._marks(creation)
            if marks and self._account.contract.has("list"):
                self._remove_by_marks(contacts, marks)
            if creation.state != "removed":
                self.notes.append(f"contact {creation.id} could not be removed: {answer!r}")
        except (NotVerified, NotOffered) as failure:
            self._failures += 1
            self.notes.append(f"contact {creation.id} could not be removed: {failure}")

    def _remove_by_marks(self, contacts: Contacts, marks: Mapping[str, str]) -> None:
        """Removes what carries these marks although it is not known under the id that it was created with."""
        try:
            for record in contacts.marked(marks):
                contact = self._account.provider.id_of(record)
                if contact and not self._journal.owns(contact):
                    self._journal.created(self._journal.intend(contacts.identity.role, marks), contact)
                    answer = contacts.send_remove(contact, essential=True)
                    done = "it was removed" if answer.succeeded else f"it could not be removed: {answer!r}"
                    self.notes.append(
                        f"a contact has another id than its creation was answered with, {contact}; {done}"
                    )
        except (NotVerified, NotOffered) as failure:
            self._failures += 1
            self.notes.append(f"a contact with {_words(marks)} may still exist, but looking for it failed: {failure}")


def _words(marks: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in marks.items())
