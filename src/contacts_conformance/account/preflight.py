"""The first requests of a run: is the target there, and does it know the identities?"""

from __future__ import annotations

from dataclasses import replace

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Request
from contacts_conformance.target import Identity


def preflight(session: Session) -> dict[str, str]:
    """Asks for one contact as every identity, and says how each fares: by role, empty where all is well.

    A target that does not answer is unreachable from here on; an identity whose credentials it answers 401 is no
    longer one of the target's, so that what needs it is not verified rather than failed.
    """
    _locate(session)
    _note_absence(session)
    found: dict[str, str] = {}
    for role, identity in tuple(session.target.identities.items()):
        if role not in session.provider.keys.unwelcome:
            found[role] = _try(session, identity)
    for role, problem in found.items():
        if problem.startswith("401"):
            _drop(session, role)
    session.accepted = lambda identity: _accepted(session, identity)
    return found


def _accepted(session: Session, identity: Identity) -> bool:
    """Whether the target still takes credentials that it has just answered 401: if not, they have ended."""
    if identity.role not in session.target.identities or not _try(session, identity).startswith("401"):
        return True
    _drop(session, identity.role)
    return False


def _drop(session: Session, role: str) -> None:
    """Takes an identity for none of the target's; without the main one nothing more is sent."""
    main = session.main_role
    kept = {r: i for r, i in session.target.identities.items() if r != role}
    session.target = replace(session.target, identities=kept)
    session.notes.append(f"the target refuses the credentials of '{role}' with 401")
    if role == main:
        session.client.stop(NotVerified(session.notes[-1]))


def _try(session: Session, identity: Identity) -> str:
    contacts = Contacts(session, identity)
    try:
        if not session.contract.has("list"):
            return _ask_for_nobody(session, identity)
        answer = contacts.send_list(session.provider.limiting(1), legal=False)
    except NotVerified as failure:
        if session.client.answered == 0:
            session.client.unreachable(str(failure))
        return str(failure)
    if answer.status == 401:
        return f"401: the target refuses the credentials of '{identity.role}'"
    return "" if answer.succeeded else f"{answer.status} on a list of contacts"


def _ask_for_nobody(session: Session, identity: Identity) -> str:
    """Where there is no list, a contact that does not exist is asked for; whether that can be done does not matter."""
    template = next(o.path for o in session.contract.operations if "{" in o.path)
    answer = session.client.send(Request("GET", session.provider.example_path(template), identity, legal=False))
    if answer.status == 401:
        return f"401: the target refuses the credentials of '{identity.role}'"
    return f"{answer.status} on a contact that does not exist" if answer.status >= 500 else ""


def _note_absence(session: Session) -> None:
    """Notes which optional operations the target is without: faults that show through these alone go unseen."""
    for operation in session.contract.operations:
        if operation.optional and operation.kind not in session.target.offers.also:
            session.notes.append(
                f"{operation.method} {operation.path} is not offered (offers.also): whether values are kept is not "
                "seen, and requirements that need it are not applicable"
            )


def _locate(session: Session) -> None:
    """Finds out where contacts are created, if the contract knows several paths and the target file names none.

    An empty object is submitted as the main role, which creates nothing: 404 and 405 say that the path is not there.
    """
    creating = (o for o in session.contract.operations if o.kind == "create" and o.aliases)
    for operation in creating:
        if operation.id in session.paths:
            session.notes.append(f"{operation.method} {session.path(operation)} creates contacts, by the target file")
            continue
        try:
            contacts = session.contacts()
            for path in (operation.path, *operation.aliases):
                session.paths[operation.id] = path
                if contacts.send_create({}, marks={}, json={}, legal=False).status not in (404, 405):
                    session.notes.append(f"{operation.method} {path} creates contacts, as the target was found to")
                    break
            else:
                del session.paths[operation.id]
        except (NotVerified, NotOffered):
            session.paths.pop(operation.id, None)
