"""Which submissions have to be one contact, and which two, of a service that merges by likeness.

The model is silent wherever likeness is a matter of opinion. It knows two things: data with the name and an e-mail of
a contact is that contact, and data that shares nothing with any contact is a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Submission:
    """What a submission tells of a contact: its whole name, or None, every part of a name, e-mails, and phones.

    An e-mail is its type and its address.
    """

    name: tuple[str, ...] | None
    parts_of_names: tuple[str, ...] = ()
    emails: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of its e-mails, in lower case."""
        return frozenset(address.casefold() for _, address in self.emails)

    @property
    def traits(self) -> frozenset[tuple[str, str]]:
        """Everything by which somebody could take two contacts for one."""
        names = {("name", part.casefold()) for part in self.parts_of_names}
        emails = {("email", address) for address in self.addresses}
        phones = {("phone", "".join(c for c in number if c.isdecimal())[-10:]) for number in self.phones}
        return frozenset(names | emails | phones)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a submission may become: one of these contacts, or a new one where `new` holds."""

    among: frozenset[str]
    new: bool

    @property
    def must_merge(self) -> bool:
        """Whether it has to be merged into a contact that is there."""
        return not self.new

    @property
    def must_be_new(self) -> bool:
        """Whether it has to be a new contact."""
        return self.new and not self.among

    def allows(self, contact: str, known: Iterable[str]) -> bool:
        """Whether this answer is right, when these contacts were known before."""
        return contact in self.among if contact in known else self.new


@dataclass(slots=True)
class _Contact:
    """What is certain of a contact, and every trait that was ever submitted for it.

    `name` is None where submissions disagree on it. An e-mail is uncertain where another one of its type was
    submitted, or where later e-mails came without it: they may have been added, or have taken the place of all.
    """

    name: tuple[str, ...] | None
    emails: dict[str, str | None] = field(default_factory=dict)
    traits: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, submission: Submission) -> None:
        if submission.name != self.name:
            self.name = None
        mentioned = {kind for kind, _ in submission.emails}
        if mentioned and self.traits:
            self.emails |= dict.fromkeys(self.emails.keys() - mentioned)
        for kind, written in submission.emails:
            address = written.casefold()
            self.emails[kind] = address if self.emails.get(kind, address) == address else None
        self.traits |= submission.traits

    def is_named(self, submission: Submission) -> bool:
        """Whether the submission has the name and an e-mail that the contact certainly has."""
        known = set(self.emails.values())
        return self.name is not None and self.name == submission.name and bool(submission.addresses & known)


class Merging:
    """The contacts of one service, as its answers have shown them."""

    def __init__(self) -> None:
        self._contacts: dict[str, _Contact] = {}

    @property
    def known(self) -> frozenset[str]:
        """The ids of all contacts."""
        return frozenset(self._contacts)

    def expect(self, submission: Submission) -> Expectation:
        """What a submission may become.

        Where several contacts share something with it, any of them will do, as long as one has to.
        """
        traits = submission.traits
        sharing = {i for i, c in self._contacts.items() if c.traits & traits}
        certain = any(self._contacts[i].is_named(submission) for i in sharing)
        return Expectation(frozenset(sharing), new=not certain)

    def learn(self, submission: Submission, contact: str) -> None:
        """Takes over that a submission became this contact."""
        if contact not in self._contacts:
            self._contacts[contact] = _Contact(submission.name)
        self._contacts[contact].learn(submission)
