"""Records that the target file sets aside: a check takes one as it is, changes it, and gives it back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.errors import NotOffered, NotVerified, SetUpFailed
from contacts_conformance.http.messages import READS, Answer
from contacts_conformance.model import Json, Record

_BLANK: tuple[Json, ...] = (None, "", [])
"""What attributes without a value read as: absence, and what some services make of it."""


@contextmanager
def borrowed(contacts: Contacts, contact: str = "", *, names: Iterable[str] = ()) -> Iterator[Record]:
    """A contact that the target file sets aside, as it reads; at the end of the block it is given back as it was.

    Without an id it is the caller's own contact. `names` are the attributes that the block may change; they are set
    back first, and together. What was absent is set to null, or where that is not taken, to an empty value. What
    cannot be set back is tried once more when the account is cleaned up, and what differs then is said in its notes,
    by the names of the attributes. SetUpFailed where the contact cannot be read.
    """
    loan = _Loan(contacts, contact, names)
    try:
        yield loan.before
    finally:
        settled = False
        with suppress(NotVerified, NotOffered):
            settled = not loan.give_back()
        if not settled:
            contacts.account.at_the_end.setdefault(loan.name, loan.settle)


class _Loan:
    """One contact that was borrowed, and how it was."""

    def __init__(self, contacts: Contacts, contact: str, names: Iterable[str]) -> None:
        self.name = f"contact {contact}" if contact else f"the own contact of '{contacts.identity.role}'"
        self._contacts = contacts
        self._contact = contact
        self._names = frozenset(names)
        own = (o for o in contacts.account.contract.operations if o.own_record)
        self._kinds = {"read": "read", "change": "change"}
        """The kinds of the operations that read and change it."""
        if not contact:
            self._kinds |= {"read" if o.method in READS else "change": o.kind for o in own}
        self._shown_as = {f.name: f.shown_as for f in contacts.account.contract.change_fields}
        self.before = self._read(essential=False)

    def give_back(self) -> list[str]:
        """Sets back what differs, and reads the contact again; the names of the attributes that still differ."""
        differing = self._differing()
        named = [n for n in differing if n in self._names]
        if named:
            self._change({n: self._was(n) for n in named})
            differing = self._differing()
        others = self._restorable(differing)
        if others and others != named:
            self._change({n: self._was(n) for n in others})
            differing = self._differing()
        if self._restorable(differing):
            self._change({n: self._or_empty(n) for n in self._restorable(differing)})
            differing = self._differing()
        if self._restorable(differing):
            self._one_by_one(self._restorable(differing))
            differing = self._differing()
        return differing

    def _one_by_one(self, names: Iterable[str]) -> None:
        for name in names:
            if not self._change({name: self._was(name)}).succeeded and self._was(name) is None:
                self._change({name: self._or_empty(name)})

    def settle(self) -> str:
        """Tries once more to set back what differs; what still does, in words, or nothing where nothing does."""
        about = f"{self.name}, which the target file sets aside,"
        try:
            differing = self.give_back()
        except (NotVerified, NotOffered) as failure:
            return f"{about} may not be as it was: it could not be set back: {failure}"
        if not differing:
            return ""
        empty = [n for n in differing if self._was(n) is None and n not in self._restorable(differing)]
        absent = f" ({', '.join(empty)}: absent before, and empty now)" if empty else ""
        return f"{about} is not as it was: {', '.join(differing)} could not be set back{absent}"

    def _read(self, *, essential: bool) -> Record:
        answer = self._contacts.send(self._kinds["read"], self._contact, essential=essential)
        record = self._contacts.account.provider.record(answer) if answer.succeeded else None
        if record is None:
            without = " without a contact" if answer.succeeded else ""
            raise SetUpFailed(f"Setup failed: reading {self.name} returned {answer.status}{without}")
        self._now = record
        return record

    def _change(self, values: Mapping[str, Json]) -> Answer:
        body = self._contacts.account.provider.body("change", values)
        return self._contacts.send(self._kinds["change"], self._contact, json=body, essential=True, legal=False)

    def _differing(self) -> list[str]:
        """The attributes that read in another way than before."""
        now = self._read(essential=True)
        return [n for n, shown in self._shown_as.items() if now.get(shown) != self.before.get(shown)]

    def _restorable(self, differing: Iterable[str]) -> list[str]:
        """Those of them that hold something, or lack what they held."""
        return [n for n in differing if self._was(n) is not None or self._now.get(self._shown_as[n]) not in _BLANK]

    def _was(self, name: str) -> Json:
        return self.before.get(self._shown_as[name])

    def _or_empty(self, name: str) -> Json:
        """What an attribute held, or the empty value of its kind where it was absent."""
        field = self._contacts.account.contract.field(name)
        empty: Json = [] if field.kind == "list" else ""
        return empty if self._was(name) is None else self._was(name)
