"""What an OpenAPI document consists of here: attributes of a contact, operations, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.model import Level


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of a contact, as the contract describes it.

    `writeable` holds the kinds of operation (`create`, `change`) that take it, `required` those that demand it;
    `max_length` counts characters. `known` names an entry of the target file that gives it a legal value, `shape`
    the shape of a text that a careful caller sends (`email`, `phone`, `date`, or nothing). `forms` names the
    alternatives of a contact that have it, where the contract knows several and not all of them do. `shown_as` is the
    name under which answers show it, `within` another list that has to hold all its values. `fixed` says that what a
    caller sends has no effect, `advised` that a careful caller sends it although it is not required, and `searchable`
    that filters take it. `either` holds groups of legal values, of which a service may take one group alone;
    `members` what the entries of a list of objects may have. `grows` says that a service may add values of its own to
    the list on creation.
    """

    name: str
    kind: str
    section: str
    max_length: int | None = None
    shape: str = ""
    known: str = ""
    writeable: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    answered: bool = True
    write_only: bool = False
    level: Level = Level.MUST
    enum: tuple[Any, ...] = ()
    forms: frozenset[str] = frozenset()
    shown_as: str = ""
    within: str = ""
    fixed: bool = True
    advised: bool = False
    searchable: bool = False
    either: tuple[tuple[Any, ...], ...] = ()
    members: frozenset[str] = frozenset()
    grows: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_text(self) -> bool:
        """Whether it takes any text."""
        return self.kind == "text"

    @property
    def tells_last_edit(self) -> bool:
        """Whether it is the time of the last edit, which a service may move by itself: its jobs edit contacts, too."""
        return self.kind == "instant" and self.name.casefold().startswith("modif")

    @property
    def is_limited(self) -> bool:
        """Whether the contract limits its length."""
        return self.max_length is not None

    @property
    def reads_back(self) -> bool:
        """Whether a value that was written shows in answers."""
        return (self.answered or self.shown_as != self.name) and not self.write_only


@dataclass(frozen=True, slots=True)
class Answer:
    """One documented answer of an operation: the schema of its JSON body, if it has one."""

    status: str
    schema: Mapping[str, Any] | None
    body_level: Level = Level.MUST
    body_optional: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    `aliases` are paths that a service may have in its stead (`x-also-at`). An `optional` one is not documented by
    the page, and asked only of a target that says that it has it (`x-optional`). `lists` says which contacts its
    answer lists (`x-lists`): `all` that the caller may see, `marked` those with the mark in its path, or none where it
    is empty. `own_record` says that it is about the caller's own contact (`x-own-record`), `opens_session` that it
    opens a session and touches no contact (`x-opens-session`).
    """

    id: str
    kind: str
    method: str
    path: str
    section: str
    answers: tuple[Answer, ...]
    secured: bool = True
    aliases: tuple[str, ...] = ()
    optional: bool = False
    lists: str = ""
    own_record: bool = False
    opens_session: bool = False
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __str__(self) -> str:
        return self.id

    def answer(self, status: int) -> Answer | None:
        """What the contract says of this status: by its number, or by its class (`4XX`)."""
        by_status = {a.status.upper(): a for a in self.answers}
        return by_status.get(str(status)) or by_status.get(f"{status // 100}XX")

    @property
    def success(self) -> tuple[Answer, ...]:
        """The documented answers that say that the operation was carried out."""
        return tuple(a for a in self.answers if a.status.startswith("2"))

    @property
    def body_optional(self) -> bool:
        """Whether a success may come without a body."""
        return any(a.body_optional for a in self.success)
