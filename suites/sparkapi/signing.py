"""Signed sessions beside tokens: two ways in which one user calls."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.target import Identity


def of_the_same_user(session: Session) -> Identity | None:
    """The identity that signs the calls of the main one's user, if the target file says that there is one."""
    user = session.contacts().identity.attributes.get("user_id")
    signed = session.target.identities.get("signed")
    return signed if signed is not None and user and signed.attributes.get("user_id") == user else None


def callers(session: Session) -> list[Contacts]:
    """The contacts as the main role calls, and as its user's session does, if there is one."""
    return [session.contacts(), *([session.contacts("signed")] if of_the_same_user(session) is not None else [])]
