"""Sample texts of LionDesk's contacts."""

from __future__ import annotations

from contacts_conformance.contract import Field, samples, specimens
from contacts_conformance.contract.examples import printed_forms


def text(field: Field, number: int) -> str:
    """A text by the field's shape; a telephone number as the page prints one, since it names no other form."""
    if field.shape == "phone":
        return specimens.like(printed_forms("liondesk")["phone"][0], number)
    return samples.text(field, number)
