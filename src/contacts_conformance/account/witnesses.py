"""What reading an account shows of the people, ids and roles that its target file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.preflight import granted
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import Attributing

_PAGES = 3
_MADE = 2


@dataclass
class Witnesses:
    """What can be read of an account, by role: its lists, two of the contacts that it created, and its own contact."""

    account: Account
    made: dict[str, list[Record]] = field(default_factory=dict)
    listed: dict[str, list[Record]] = field(default_factory=dict)
    own: dict[str, Record] = field(default_factory=dict)

    def gather(self) -> None:
        """Asks every identity for what it may read."""
        account = self.account
        for role in tuple(account.target.identities):
            if role in account.provider.keys.unwelcome:
                continue
            with suppress(NotVerified, NotOffered):
                operation = granted(account, role)
                if operation is not None and not operation.lists:
                    self._ask_for_own(role, operation.kind)
                elif operation is not None:
                    self.listed[role] = list(self._list(role))
            with suppress(NotVerified, NotOffered):
                self.made[role] = list(self._created(role))

    @property
    def people(self) -> Sequence[str]:
        """The members of a contact that name a user; the first one its owner."""
        provider = self.account.provider
        return provider.people if isinstance(provider, Attributing) else ()

    def named(self, record: Record) -> frozenset[str]:
        """The users that a contact names."""
        return frozenset(str(record[m]) for m in self.people if record.get(m) not in (None, ""))

    def owners(self, role: str) -> list[frozenset[str]]:
        """The owner of each contact that a role created, as far as it shows one."""
        owner = self.people[0] if self.people else ""
        return [frozenset({str(r[owner])}) for r in self.made.get(role, ()) if r.get(owner) not in (None, "")]

    def older(self, role: str) -> list[Record]:
        """What a role sees that this run did not create."""
        own = {c.id for c in self.account.journal.creations}
        return [r for r in self.listed.get(role, ()) if self.account.provider.id_of(r) not in own]

    def create(self, role: str) -> None:
        """Creates a contact as a role, which the clean-up removes, and reads it; nothing where that cannot be done."""
        with suppress(NotVerified, NotOffered):
            contact = Contacts(self.account, self.account.identity(role)).create()
            answer = self.read(role, contact.id)
            record = self.account.provider.record(answer) if answer is not None and answer.succeeded else None
            self.made.setdefault(role, []).extend([record] if record is not None else [])

    def reads(self, role: str, contact: str) -> bool | None:
        """Whether a role can read a contact; None where that is not known."""
        answer = self.read(role, contact)
        return None if answer is None or answer.status >= 500 else answer.succeeded

    def read(self, role: str, contact: str) -> Answer | None:
        """The answer to reading a contact as a role; None where there is none."""
        with suppress(NotVerified, NotOffered):
            return Contacts(self.account, self.account.identity(role)).send_read(contact, legal=False)
        return None

    def values(self, name: str, members: Sequence[str]) -> set[str]:
        """The values that contacts show for what the target file knows under a name."""
        shown: set[str] = set()
        for record in (r for records in (*self.listed.values(), *self.made.values()) for r in records):
            for value in (record.get(m) for m in (*members, name)):
                inner = value.get("id") if isinstance(value, Mapping) else value
                shown |= {str(inner)} if inner not in (None, "") else set()
        return shown

    def _ask_for_own(self, role: str, kind: str) -> None:
        answer = self.account.send(kind, self.account.identity(role), legal=False)
        record = self.account.provider.record(answer) if answer.succeeded else None
        if record is not None:
            self.own[role] = record

    def _list(self, role: str) -> Iterator[Record]:
        contacts, size = Contacts(self.account, self.account.identity(role)), self.account.lacks.page_size
        for page in range(_PAGES):
            answer = contacts.send_list(self.account.provider.limiting(size, page * size), legal=False)
            found = self.account.provider.page(answer) if answer.succeeded else None
            yield from found.records if found is not None else ()
            if found is None or len(found.records) < size:
                return

    def _created(self, role: str) -> Iterator[Record]:
        creations = [c for c in self.account.journal.creations if c.identity == role and c.state == "created"]
        for creation in [c for c in creations if c.id and not c.altered][-_MADE:]:
            answer = self.read(role, creation.id)
            record = self.account.provider.record(answer) if answer is not None and answer.succeeded else None
            if record is not None:
                yield record
