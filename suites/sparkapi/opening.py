"""Sessions that are opened by a check itself, with the right signature or another one."""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.checks.session import Session
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.signing import Signing
from contacts_conformance.target import Identity

_OF_NOTHING = "0" * 32


def opened(session: Session, identity: Identity) -> Answer:
    """The answer to a request that opens a session for an identity."""
    return session.client.send(_opening(session, identity))


def opened_wrongly(session: Session, identity: Identity, signature: str = _OF_NOTHING) -> Answer:
    """The answer to a request that opens a session with a key, and this signature; without one where it is empty."""
    right = _opening(session, identity)
    query = tuple(p for p in right.query if p[0] != "ApiSig")
    query += (("ApiSig", signature),) if signature else ()
    return session.client.send(replace(right, query=query, legal=False, essential=False))


def _opening(session: Session, identity: Identity) -> Request:
    signing = session.provider
    assert isinstance(signing, Signing)
    return signing.opening(identity)
