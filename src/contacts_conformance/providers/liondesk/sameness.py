"""Whether what a contact shows is what was sent. Page 003, Contacts, table of fields; Dates & Times."""

from __future__ import annotations

from contacts_conformance.contract import Field
from contacts_conformance.contract.specimens import composed
from contacts_conformance.model import Json
from contacts_conformance.oracle import instants


def same(field: Field, sent: Json, read: Json) -> bool:
    """Ids by their text, times as instants, a date also as a date-time of that day; unset in any of its forms."""
    if field.kind == "instant":
        return instants.parse(sent) is not None and instants.parse(sent) == instants.parse(read)
    if sent in (None, ""):
        return read in (None, "")
    if field.kind == "id":
        return read is not None and str(sent) == str(read)
    if field.shape == "date" and isinstance(read, str) and read != sent:
        return instants.parse(sent) is not None and read[:10] == sent and instants.parse(read) is not None
    return bool(composed(sent) == composed(read))
