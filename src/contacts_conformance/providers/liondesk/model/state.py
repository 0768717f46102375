"""The contacts of a plan as they have to be: whose they are, what they hold, and what answers have shown of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.liondesk.model.certainty import UNKNOWN, Value, value_of
from contacts_conformance.providers.liondesk.sameness import same
from contacts_conformance.target import Target

MAIN = "owner"
ROLES = (MAIN, "assignee", "teammate", "outsider")
MARKED = "company"
"""The field that carries the plan's mark."""
ASSIGNED, OWNED = "assigned_user_id", "owner_user_id"
NOBODY = ("", "0")


@dataclass
class Contact:
    """One contact of a plan, by the step that created it.

    `sent` has the values that writes have set, as they were sent, `by` the kind of the write that set each, and
    `shown` what answers have shown since. `may_see` are the ids of users who may have been assigned to it, before or
    now. `since` says what was written since it was last read: `change` to itself, else the kind of a write to another
    contact. `listed` has the roles whose lists have shown it since it was written to. `doubt` is the row that a refused
    write would break if it were carried out.
    """

    place: int
    owner: str
    sent: dict[str, Json] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    shown: dict[str, Json] = field(default_factory=dict)
    may_see: set[str] = field(default_factory=set)
    since: set[str] = field(default_factory=set)
    edited: str = ""
    """The last time of the last edit that was set, where a later change, which did not set it, has to move it."""
    listed: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    """The fields that a reading has shown since they were set."""
    latest: set[str] = field(default_factory=set)
    """What the last write has set."""
    vague: set[str] = field(default_factory=set)
    old: dict[str, Json] = field(default_factory=dict)
    gone: bool = False
    lost: bool = False
    doubt: str = ""

    def take(self, kind: str, values: Mapping[str, Json]) -> None:
        """Takes over what a write has set."""
        self.old |= {n: self.shown.get(n) for n, v in values.items() if v in (None, "")}
        self.sent |= values
        self.by |= dict.fromkeys(values, kind)
        self.vague -= values.keys()
        self.latest = set(values)
        self.unsettle(values)
        self.since.add(kind)

    def unsettle(self, names: Iterable[str]) -> None:
        """Forgets what answers have shown of fields that were written to."""
        for name in (*names, *(n.removesuffix("_id") for n in names), "modified_at"):
            self.shown.pop(name, None)
            self.judged.discard(name)
        self.listed.clear()

    def doubtful(self, names: Collection[str]) -> None:
        """Takes in that fields may hold what they held, or what was sent: nothing is expected of them any more."""
        self.unsettle(names)
        for name in names:
            self.sent.pop(name, None)
            self.vague.add(name)


@dataclass
class Account:
    """All contacts of a plan. `ids` has their ids, by the step; `mark` is the plan's mark."""

    contract: Contract
    target: Target
    contacts: dict[int, Contact] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    mark: str = ""
    changes_work: bool = False
    """Whether a change was seen to be stored."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that the target has, the main one first."""
        offered = self.target.offers.roles
        return tuple(r for r in ROLES if r in self.target.identities and (offered is None or r in offered))

    def user(self, role: str) -> str:
        """The id of a role's user; empty where the target does not say it."""
        identity = self.target.identities.get(role)
        return identity.attributes.get("user_id", "") if identity is not None else ""

    @property
    def standing(self) -> list[Contact]:
        """The contacts that were created and not removed, as far as that is certain."""
        return [c for c in self.contacts.values() if not c.gone and not c.lost]

    def of_id(self, contact: str) -> Contact | None:
        """The contact of an id; of several the one that stands."""
        found = [c for p, c in self.contacts.items() if self.ids.get(p) == contact]
        return next((c for c in found if not c.gone), found[-1] if found else None)

    def filled(self, words: str) -> str | None:
        """What stands at a place of a plan; None where the model does not know it."""
        name, _, of = words.partition(" ")
        match name:
            case "mark":
                return self.mark
            case "id" if of.isdecimal():
                return self.ids.get(int(of))
            case "known":
                return self.target.known.get(of)
            case "user":
                return self.user(of) or None
        return None

    def text(self, value: Json) -> str | None:
        """A value of a plan as it was sent, as text; None where the model does not know it."""
        if not isinstance(value, str):
            return str(value)
        before, opened, rest = value.partition("⟦")
        if not opened:
            return value
        words, closed, after = rest.partition("⟧")
        inside, end = self.filled(words), self.text(after)
        return before + inside + end if closed and inside is not None and end is not None else None

    def value(self, contact: Contact, name: str) -> Value:
        """What a field is known to hold."""
        known = self.contract.find_field(name)
        if known is None or name not in contact.shown:
            return UNKNOWN
        sent, shown = contact.sent.get(name), contact.shown[name]
        if known.is_text and sent is not None and sent != shown and not (sent == "" and shown in (None, "")):
            return UNKNOWN
        return value_of(known, shown, sent)

    def assigned(self, contact: Contact) -> str | None:
        """The id of the user that is assigned to a contact, empty where there is none; None where nothing shows it."""
        if ASSIGNED not in contact.shown:
            return None
        shown = str(contact.shown[ASSIGNED] or "")
        return "" if shown in NOBODY else shown

    def sees(self, role: str, contact: Contact) -> bool | None:
        """Whether the user of a role may see a contact, which is not gone; None where that is not certain."""
        user = self.user(role)
        if role == contact.owner:
            return True
        assigned = self.assigned(contact)
        if assigned is None or not user:
            return None
        if assigned == user:
            return True
        return None if user in contact.may_see else False

    def note(self, contact: Contact, record: Record) -> None:
        """Takes in what a reading shows of a contact."""
        names = {f.shown_as for f in self.contract.answered_fields}
        contact.shown |= {n: v for n, v in record.items() if n in names}
        contact.judged |= names
        self._note_assigned(contact)

    def note_item(self, contact: Contact, item: Record) -> None:
        """Takes in what a list shows of a contact that nothing has shown yet, as far as it is what was sent."""
        for field_ in self.contract.answered_fields:
            name = field_.shown_as
            if name not in item or name in contact.shown:
                continue
            if name not in contact.sent or same(field_, contact.sent[name], item[name]):
                contact.shown[name] = item[name]
        self._note_assigned(contact)

    def _note_assigned(self, contact: Contact) -> None:
        if assigned := self.assigned(contact):
            contact.may_see.add(assigned)

    def others(self, contact: Contact) -> Iterator[Contact]:
        """All contacts that stand but this one."""
        return (c for c in self.standing if c is not contact)
