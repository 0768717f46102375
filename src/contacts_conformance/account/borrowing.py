"""Records that the target file sets aside: a check takes one as it is, changes it, and gives it back as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Loan
from contacts_conformance.errors import CareViolated, NotOffered, NotVerified, SetUpFailed
from contacts_conformance.http.messages import READS, Answer
from contacts_conformance.model import Json, Record

_BLANK: tuple[Json, ...] = (None, "", [])
"""What attributes without a value read as: absence, and what some services make of it."""


@contextmanager
def borrowed(
    contacts: Contacts, contact: str = "", *, names: Iterable[str] = (), known: Record | None = None
) -> Iterator[Record]:
    """A contact that the target file sets aside, as it reads; at the end of the block it is given back as it was.

    Without an id it is the caller's own contact. `names` are the attributes that the block may change; they are set
    back first, and together. What was absent is set to null, or where that is not taken, to an empty value. What
    cannot be set back is tried once more when the account is cleaned up, and what differs then is said in its notes,
    by the names of the attributes. The journal has how it was, so that `sweep` gives it back after a run that was
    killed. It is not read where it is `known` how it reads, because nothing was written to it since. SetUpFailed where
    the contact cannot be read, NotVerified where the journal cannot be written.
    """
    lent = _Lent(contacts, contact, names, known=known)
    loan = lent.note()
    try:
        yield lent.before
    finally:
        settled = False
        with suppress(NotVerified, NotOffered):
            settled = not lent.give_back()
        if settled:
            contacts.account.journal.returned(loan)


def give_back_all(account: Account, attempt: Callable[[Callable[[], str]], str]) -> list[str]:
    """Gives back what the journal says is borrowed still; what is not as it was, or may not be, in words.

    Of several loans of one contact, the first one says how it was. `attempt` repeats what the network disturbs. The
    journal forgets the loans of what is as it was, and of what nothing more can be done about.
    """
    notes = []
    for loan in {loan.of: loan for loan in reversed(account.journal.loans)}.values():
        own = f"the own contact of '{loan.identity}'"
        about = f"{f'contact {loan.contact}' if loan.contact else own}, which the target file sets aside,"
        try:
            contacts = Contacts(account, account.target.identity(loan.identity))
            note = attempt(partial(_give_back, contacts, loan))
        except (NotVerified, NotOffered, CareViolated) as failure:
            note = f"may not be as it was: it could not be set back: {failure}"
        notes += [f"{about} {note}"] if note else []
    return notes


def _give_back(contacts: Contacts, loan: Loan) -> str:
    lent = _Lent(contacts, loan.contact, loan.names, loan)
    differing = lent.give_back()
    restorable = lent.restorable(differing)
    if not restorable:
        contacts.account.journal.returned(loan)
    if not differing:
        return ""
    empty = [n for n in differing if lent.was(n) is None and n not in restorable]
    absent = f" ({', '.join(empty)}: absent before, and empty now)" if empty else ""
    return f"is not as it was: {', '.join(differing)} could not be set back{absent}"


class _Lent:
    """One contact that was borrowed, and how it was: as it reads now, or as the journal says."""

    def __init__(
        self,
        contacts: Contacts,
        contact: str,
        names: Iterable[str],
        loan: Loan | None = None,
        known: Record | None = None,
    ) -> None:
        self.name = f"contact {contact}" if contact else f"the own contact of '{contacts.identity.role}'"
        self._contacts = contacts
        self._contact = contact
        self._names = frozenset(names)
        own = (o for o in contacts.account.contract.operations if o.own_record)
        self._id = ""
        self._kinds = {"read": "read", "change": "change"}
        """The kinds of the operations that read and change it."""
        if not contact:
            self._kinds |= {"read" if o.method in READS else "change": o.kind for o in own}
        self._shown_as = {f.name: f.shown_as for f in contacts.account.contract.change_fields}
        self._now: Record = {}
        if loan is None:
            self.before = known or self._just_read() or self._read(essential=False)
            self._id = self._id_of(self.before)
        else:
            self.before, self._id = dict(loan.was), loan.id

    def note(self) -> Loan:
        """Has the journal note how it is, as far as a change can set it back. Answers have no secrets any more."""
        shown = {s: self.before[s] for s in self._shown_as.values() if s in self.before}
        role = self._contacts.identity.role
        try:
            return self._contacts.account.journal.lend(role, self._contact, self._id, self._names, shown)
        except OSError as error:
            raise NotVerified(f"{self.name} is not changed, since the journal cannot be written: {error}") from None

    def give_back(self) -> list[str]:
        """Sets back what differs, and reads the contact again; the names of the attributes that still differ."""
        self._now = self._just_read() or self._read(essential=True)
        differing = self._those_that_differ()
        named = [n for n in differing if n in self._names]
        if named:
            self._change({n: self.was(n) for n in named})
            differing = self._differing()
        others = self.restorable(differing)
        if others and others != named:
            self._change({n: self.was(n) for n in others})
            differing = self._differing()
        if self.restorable(differing):
            self._change({n: self._or_empty(n) for n in self.restorable(differing)})
            differing = self._differing()
        if self.restorable(differing):
            self._one_by_one(self.restorable(differing))
            differing = self._differing()
        return differing

    def _one_by_one(self, names: Iterable[str]) -> None:
        for name in names:
            if not self._change({name: self.was(name)}).succeeded and self.was(name) is None:
                self._change({name: self._or_empty(name)})

    def _read(self, *, essential: bool) -> Record:
        answer = self._contacts.send(self._kinds["read"], self._contact, essential=essential)
        record = self._contacts.account.provider.record(answer) if answer.succeeded else None
        if record is not None and self._id not in ("", self._id_of(record)):
            raise SetUpFailed(f"Setup failed: reading {self.name} returned another contact")
        if record is None:
            without = " without a contact" if answer.succeeded else ""
            raise SetUpFailed(f"Setup failed: reading {self.name} returned {answer.status}{without}")
        return record

    def _id_of(self, record: Record) -> str:
        return self._contacts.account.provider.id_of(record) or ""

    def _change(self, values: Mapping[str, Json]) -> Answer:
        body = self._contacts.account.provider.body("change", values)
        return self._contacts.send(self._kinds["change"], self._contact, json=body, essential=True, legal=False)

    def _just_read(self) -> Record | None:
        """The contact, where the last exchange of the run shows it to this role as a whole: nothing can have changed
        since."""
        account = self._contacts.account
        answer = account.last_answer(self._kinds["read"], self._contacts.identity.role, self._contact)
        record = account.provider.record(answer) if answer is not None and answer.succeeded else None
        return record if record is not None and self._id in ("", self._id_of(record)) else None

    def _differing(self) -> list[str]:
        """The attributes that read in another way than before, as they read now."""
        self._now = self._read(essential=True)
        return self._those_that_differ()

    def _those_that_differ(self) -> list[str]:
        return [n for n, shown in self._shown_as.items() if self._now.get(shown) != self.before.get(shown)]

    def restorable(self, differing: Iterable[str]) -> list[str]:
        """Those of them that hold something, or lack what they held."""
        return [n for n in differing if self.was(n) is not None or self._now.get(self._shown_as[n]) not in _BLANK]

    def was(self, name: str) -> Json:
        """What an attribute held; None where it was absent."""
        return self.before.get(self._shown_as[name])

    def _or_empty(self, name: str) -> Json:
        """What an attribute held, or the empty value of its kind where it was absent."""
        field = self._contacts.account.contract.field(name)
        empty: Json = [] if field.kind == "list" else ""
        return empty if self.was(name) is None else self.was(name)
