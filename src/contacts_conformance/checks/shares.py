"""Contacts that a user did not create and may see: assigned to them, or shared with them as the target file says."""

from __future__ import annotations

from collections.abc import Callable

from contacts_conformance.account.contacts import Contact
from contacts_conformance.checks.round_trip import as_id
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified, SetUpFailed
from contacts_conformance.http.messages import Request
from contacts_conformance.model import Json


def user_id(session: Session, role: str) -> str:
    """The id of the user of a role; NotVerified where the target file does not give it."""
    identity = session.identity(role)
    user = identity.attributes.get("user_id")
    if user is None:
        raise NotVerified(f"the target gives no id of the user '{role}' (key user_id in [identities.{role}])")
    return user


def shared_with(session: Session, role: str, create: Callable[[], Contact] | None = None) -> Contact:
    """A contact of the main role, as `create` makes it, that the user of this role was given a share in.

    It is shared by the request in the target file's table [share]; where there is none, it is the contact that the file
    sets aside as `shared_contact` of the role. NotVerified where there is neither.
    """
    identity = session.identity(role)
    if session.target.share is None:
        set_aside = identity.attributes.get("shared_contact")
        if set_aside is None:
            raise NotVerified(
                f"the target names no way to share a contact (table [share]) and no contact that was shared with "
                f"'{role}' (key shared_contact in [identities.{role}])"
            )
        return Contact(set_aside, {}, {})
    contact = create() if create is not None else session.contacts().create()
    share(session, contact.id, role)
    return contact


def share(session: Session, contact: str, role: str) -> None:
    """Shares a contact of the main role with the user of another, by the request in the target file's table [share].

    NotVerified where there is none, or where it is not carried out.
    """
    request = session.target.share
    if request is None:
        raise NotVerified("the target names no way to share a contact (table [share])")
    filling = {"{contact}": contact, "{user}": user_id(session, role)}
    answer = session.client.send(
        Request(
            request.method,
            request.path_for(contact, user_id(session, role)),
            session.identity(session.main_role),
            json=_filled(request.body, filling),
            legal=False,
            about=contact,
        )
    )
    if not answer.succeeded:
        raise SetUpFailed(f"Setup failed: sharing the test contact with {role} returned {answer.status}: {answer!r}")


def _filled(value: Json, filling: dict[str, str]) -> Json:
    """The value with its placeholders filled in; one that stands alone becomes a number where the id is one."""
    if isinstance(value, dict):
        return {k: _filled(v, filling) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, filling) for v in value]
    if not isinstance(value, str):
        return value
    if value in filling:
        return as_id(filling[value])
    for name, text in filling.items():
        value = value.replace(name, text)
    return value
