"""Ids of contacts: as answers show them, and as paths and filters name them."""

from __future__ import annotations

import uuid

from contacts_conformance.reference.liondesk.options import Options

_UUIDS = uuid.UUID("5c0f7d3a-94b1-4e6b-8f21-000000000000").int
_NODE = 2**48 - 1


def shown_id(number: int, options: Options) -> int | str:
    """The id of a contact, as an answer shows it."""
    if options.ids == "uuids":
        return str(uuid.UUID(int=_UUIDS | number))
    return str(number) if options.ids == "digits" else number


def stored_id(text: str, options: Options) -> int | None:
    """The number of the contact that an id in a path stands for; None where it can be none."""
    if options.ids == "uuids":
        try:
            number = uuid.UUID(text).int
        except ValueError:
            return None
        return number & _NODE if number & ~_NODE == _UUIDS else None
    plain = text.isascii() and text.isdecimal() and not text.startswith("0")
    return int(text) if plain and len(text) < 19 else None
