"""The first requests of a run: is the target there, and does it know the identities?"""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.contacts import Contacts
from contacts_conformance.errors import NotVerified
from contacts_conformance.session import Session
from contacts_conformance.target import Identity


def preflight(session: Session) -> dict[str, str]:
    """Asks for one contact as every identity, and says how each fares: by role, empty where all is well.

    A target that does not answer is unreachable from here on; an identity whose credentials it answers 401 is no
    longer one of the target's, so that what needs it is not verified rather than failed.
    """
    found: dict[str, str] = {}
    for role, identity in tuple(session.target.identities.items()):
        found[role] = _try(session, identity)
    refused = {role: problem for role, problem in found.items() if problem.startswith("401")}
    if refused:
        kept = {r: i for r, i in session.target.identities.items() if r not in refused}
        session.target = replace(session.target, identities=kept)
    if session.provider.main_role in refused:
        session.client.stop(
            NotVerified(f"the target refuses the credentials of '{session.provider.main_role}' with 401")
        )
    return found


def _try(session: Session, identity: Identity) -> str:
    try:
        query = session.provider.limiting(1)
        answer = Contacts(session, identity).send_list(query, legal=False)
    except NotVerified as failure:
        if session.client.answered == 0:
            session.client.unreachable(str(failure))
        return str(failure)
    if answer.status == 401:
        return f"401: the target refuses the credentials of '{identity.role}'"
    return "" if answer.succeeded else f"{answer.status} on a list of contacts"
