"""Where the operations of a contract are on one target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import SetUpFailed
from contacts_conformance.http.parsing import written

OF_ONE_CONTACT = frozenset({"read", "change", "remove"})
"""The kinds of operation whose path has the id of a contact."""


@dataclass(frozen=True, slots=True)
class Place:
    """An operation, and the id of the contact that a path addresses it at; empty where the path has none."""

    operation: Operation
    contact: str


class Paths:
    """The paths of operations below the base URL: as the contract has them, but for those that the target moved.

    The target file moves the operation of a kind by a setting, `create_path`; a run may find out more.
    """

    def __init__(self, contract: Contract, settings: Mapping[str, str]) -> None:
        self._contract = contract
        moved = ((o.id, settings.get(f"{o.kind}_path")) for o in contract.operations)
        self._moved = {name: path for name, path in moved if path}

    def of(self, operation: Operation) -> str:
        """The path of an operation on this target."""
        return self._moved.get(operation.id, operation.path)

    def is_moved(self, operation: Operation) -> bool:
        """Whether it is known to be elsewhere than the contract has it, or to be there indeed."""
        return operation.id in self._moved

    def move(self, operation: Operation, path: str) -> None:
        """Takes this path for that of the operation."""
        self._moved[operation.id] = path

    def move_back(self, operation: Operation) -> None:
        """Takes the contract's path for that of the operation again."""
        self._moved.pop(operation.id, None)

    @property
    def moved(self) -> dict[str, str]:
        """The paths of operations, by their ids, that are elsewhere than the contract has them, or there indeed."""
        return dict(self._moved)

    def take_over(self, moved: Mapping[str, str]) -> None:
        """Takes these paths for those of operations that the target has moved."""
        self._moved.update(moved)

    def match(self, method: str, path: str) -> Operation | None:
        """The operation that a method and a path belong to, wherever the target has it, in whatever spelling."""
        for operation in self._contract.operations:
            if (operation.method, self._moved.get(operation.id)) == (method, path):
                return operation
        return self._contract.match(method, path)

    def find(self, method: str, path: str) -> Place | None:
        """The operation that a method and a path belong to, wherever the target has it, and the id in the path.

        A path with another spelling than `fill` gives it (a slash more, a dot segment, `%2f`) belongs to none, and
        where a path stands in the contract as it is, it is none of a contact.
        """
        for operation in self._contract.operations:
            if operation.method == method:
                for template in self._templates(operation):
                    contact = self._held(template, path)
                    if contact is not None:
                        return Place(operation, contact)
        return None

    def refused(self, method: str, path: str) -> tuple[str, str] | None:
        """The template at whose paths the page promises to refuse a method, and what a path has in its open segment."""
        for excluded, template in self._contract.refused_methods:
            held = self._held(template, path) if excluded == method else None
            if held is not None:
                return template, held
        return None

    def of_contacts(self) -> frozenset[str]:
        """The templates whose open segment is the id of a contact."""
        return frozenset(o.path for o in self._contract.operations if o.kind in OF_ONE_CONTACT and "{" in o.path)

    def _templates(self, operation: Operation) -> tuple[str, ...]:
        return (self.of(operation), operation.path, *operation.aliases)

    def _held(self, template: str, path: str) -> str | None:
        """What `held` says, but that a path which an operation has as it stands has nothing in an open segment."""
        as_it_stands = any(path in self._templates(o) for o in self._contract.operations)
        return None if "{" in template and as_it_stands else held(template, path)


def held(template: str, path: str) -> str | None:
    """What a path has in the one segment that its template leaves open, empty where none is; None where it differs."""
    if "{" not in template:
        return "" if path == template else None
    before, after = template[: template.index("{")], template[template.index("}") + 1 :]
    contact = unquote(path.removeprefix(before).removesuffix(after))
    try:
        return contact if contact and fill(template, contact) == path else None
    except SetUpFailed:
        return None


def fill(path: str, contact: str) -> str:
    """A path with an id as the one segment that it leaves open, wherever the id came from.

    SetUpFailed where no path can hold the id.
    """
    try:
        if contact not in (".", ".."):
            segment = quote(contact, safe="")
            return path[: path.index("{")] + segment + path[path.index("}") + 1 :] if "{" in path else path
    except UnicodeEncodeError:
        pass
    raise SetUpFailed(f"{written(contact)} is said to be the id of a contact, and no path can hold it")
