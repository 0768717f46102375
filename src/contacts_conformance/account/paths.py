"""Where the operations of a contract are on one target."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import SetUpFailed


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

    def match(self, method: str, path: str) -> Operation | None:
        """The operation that a method and a path belong to, wherever the target has it."""
        for operation in self._contract.operations:
            if (operation.method, self._moved.get(operation.id)) == (method, path):
                return operation
        return self._contract.match(method, path)


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
    raise SetUpFailed(f"{contact!r} is said to be the id of a contact, and no path can hold it")
