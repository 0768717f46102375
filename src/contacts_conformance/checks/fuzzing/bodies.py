"""The bodies of generated contacts: the generated values, as far as they are legal and harmless."""

from __future__ import annotations

import re

from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, Operation
from contacts_conformance.model import Json, Level

_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\u024f]")


def fair(session: Session, operation: Operation, body: Json) -> dict[str, Json]:
    """The values of a generated body that an operation takes, without the attribute of the mark.

    Ids become those that the target file names; lists, instants and texts of a shape become samples; other texts keep
    to printable characters and to their length. Attributes whose legal values depend on others are left out.
    """
    values = session.provider.values(body) if isinstance(body, dict) else None
    chosen: dict[str, Json] = {}
    for name, value in (values or {}).items():
        field = session.contract.find_field(name)
        if field is None or name in session.provider.markers[:1] or operation.kind not in field.writeable:
            continue
        if field.known:
            if field.known in session.target.known:
                chosen[name] = round_trip.as_id(session.target.known[field.known])
        elif field.within or field.either:
            continue
        elif field.kind in ("list", "instant") or field.enum or field.level is Level.MAY:
            chosen[name] = session.provider.sample(field, session.number())
        elif field.is_text:
            chosen[name] = _text(session, field, str(value))
        else:
            chosen[name] = value
    return chosen


def least_change(session: Session) -> dict[str, Json]:
    """A change of one text."""
    field = next(f for f in session.contract.change_fields if f.is_text and not (f.known or f.enum))
    return {field.name: session.provider.sample(field, session.number())}


def _text(session: Session, field: Field, value: str) -> str:
    if field.shape:
        return str(session.provider.sample(field, session.number()))
    return _UNPRINTABLE.sub("x", value).strip()[: field.max_length].strip() or "x"
