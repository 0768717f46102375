"""Where the values of contacts stand in the requests and answers of one provider."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from contacts_conformance.contract import Contract, Field
from contacts_conformance.model import Json
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply

Values: TypeAlias = dict[str, Any]
"""A contact, or what is sent of one, by the names of its attributes."""

Query: TypeAlias = list[tuple[str, str]]


def number(query: Query, name: str, default: int) -> int:
    """The number that a parameter gives; the default where it gives none."""
    return next((int(v) for k, v in query if k == name and v.isdecimal()), default)


class Ground(ABC):
    """What operators and witnesses have to know of one provider; the rest they take from its contract."""

    contract: Contract
    roles: Mapping[str, Mapping[str, str]]
    """The headers of each identity that the reference server knows; the first one owns what it creates."""
    forms: Sequence[str] = ("",)
    """The kinds of a contact; one without a name where all are alike."""
    plain_phones: bool = True
    """Whether a number of a telephone reads as it was sent."""
    printed_phone: str = "1 (202) 555-0143"
    """A number of a telephone in the form that the page prints."""
    entries: Mapping[str, Sequence[Any]] = MappingProxyType({})
    """By list that can be sent: legal entries of one contact that differ in every member."""
    hides: frozenset[str] = frozenset()
    """Fields whose texts may read otherwise than they were sent, by the page or by a ruling."""
    keys: frozenset[str] = frozenset({"type"})
    """Members by which the entries of a list are told apart."""
    unprinted: frozenset[str] = frozenset()
    """Members of entries, as `phones.isDisclosure`, that the page does not print, so that a service may lack them."""
    may_refuse: frozenset[str] = frozenset()
    """Kinds of text that a service may refuse in a plain text, since the page says nothing of them."""
    caseless: frozenset[str] = frozenset()
    """Fields that may read in another case of letters than they were sent in, and whose signs are no plain promise."""
    brief_lists: bool = False
    """Whether a list may leave attributes out that a reading shows."""
    users: bool = False
    """Whether the identities are users with contacts of their own, and not roles of one user."""
    merges: bool = False
    """Whether a creation with a name and an e-mail address that a contact has is merged into that one."""
    fills_in: bool = False
    """Whether a service may give a new contact values that were not sent."""
    replaces: bool = False
    """Whether a change may clear what it does not carry."""
    false_may_lack: bool = False
    """Whether a reading may leave out a switch that is off."""
    illegal: Mapping[str, Any] = MappingProxyType({})
    """By field: a value that the page rules out, beyond texts above their limit."""
    blank: str | None = None
    """What clears a field that was set."""
    signed_in: Mapping[str, str] = MappingProxyType({})
    """By kind of call: the identity that alone may send it."""
    own_changes: frozenset[str] = frozenset()
    """Fields that the contact itself may change where it is signed in."""

    @abstractmethod
    def sent(self, call: Call) -> list[Values]:
        """The contacts in the body of a call, to be changed in place; none where there are none."""

    @abstractmethod
    def shown(self, reply: Reply) -> list[Values]:
        """The contacts in an answer, to be changed in place; none where there are none."""

    @abstractmethod
    def page(self, reply: Reply) -> list[Any]:
        """The list of contacts in the answer to a list, to be changed in place; empty where there is none."""

    @abstractmethod
    def body(self, kind: str, values: Values) -> Json:
        """The body of a call of this kind that carries these values."""

    @abstractmethod
    def least(self, number: int, form: str) -> Values:
        """The least that a new contact needs; contacts of different numbers are different people."""

    @abstractmethod
    def refusal(self, status: int) -> Reply:
        """An answer that refuses a call in the provider's own manner."""

    @abstractmethod
    def created(self, reply: Reply) -> str:
        """The id that the answer to a creation names; empty where it names none."""

    def takes(self, kind: str, form: str, name: str) -> bool:
        """Whether a contact of this form can be given the field by this kind of call."""
        field = self.contract.field(name)
        if kind == "my-change":
            return name in self.own_changes
        return kind in field.writeable and (not field.forms or self.form_of(form) in field.forms)

    def form_of(self, form: str) -> str:
        """The name of a form in the contract."""
        return form

    def shows(self, field: Field) -> bool:
        """Whether a reading has to show what was sent for a field."""
        return field.reads_back

    def is_unprinted(self, shape: str, acts: Callable[[str], bool]) -> bool:
        """Whether a fault acts on no number of a telephone in the form that the page prints, so that it only warns."""
        return shape == "phone" and not acts(self.printed_phone)

    def doubtful(self, kind: str, fields: tuple[str, ...]) -> bool:
        """Whether the page promises so little of these fields in this kind of call that a breach may be a warning."""
        return False

    def shown_name(self, name: str) -> str:
        """The name under which a field is shown."""
        return self.contract.field(name).shown_as or name
