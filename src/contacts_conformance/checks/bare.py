"""Contacts that are created with next to nothing: each is made once in a run, for all checks that ask about such."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.checks.session import Session
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json


def created(session: Session, least: Mapping[str, Json], marks: Mapping[str, str]) -> tuple[Mapping[str, Json], Answer]:
    """What a contact with these values and marks was sent with, and the answer to its creation.

    The values are those of whoever asks first for a contact with the same attributes.
    """

    def create() -> tuple[Mapping[str, Json], Answer]:
        return {**least, **marks}, session.contacts().send_create(dict(least), marks=marks)

    return session.once(f"bare with {', '.join([*least, *marks])}", create)
