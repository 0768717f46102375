"""The attributes of a contact, as the contract names, types and limits them."""

from __future__ import annotations

from contacts_conformance import contract

_CONTRACT = contract.load("liondesk")

FIELDS = {f.name: f for f in _CONTRACT.fields}
WRITEABLE = {f.name: f for f in _CONTRACT.create_fields}
STORED = {f.name: f for f in _CONTRACT.fields if f.name != "id" and f.kind in ("text", "id", "instant")}
"""What the database holds of a contact, and a query may compare and sort by; the keys are columns."""

LIMITED = tuple(f.name for f in _CONTRACT.limited_fields)
OPERATION_IDS = tuple(o.id for o in _CONTRACT.operations)
TEXTS = tuple(f.name for f in WRITEABLE.values() if f.is_text)
INSTANTS = tuple(f.name for f in WRITEABLE.values() if f.kind == "instant")


def limit(name: str) -> int:
    """The most characters that a limited field holds."""
    length = FIELDS[name].max_length
    if length is None:
        raise KeyError(f"{name} has no limit")
    return length


def default_page() -> int:
    """How many contacts a page holds when nothing is asked for."""
    parameters = _CONTRACT.operation("list").raw["parameters"]
    return int(next(p["schema"]["default"] for p in parameters if p["name"] == "$limit"))
