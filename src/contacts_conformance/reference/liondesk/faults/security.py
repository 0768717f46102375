"""Faults of tokens, and of the address with two slashes."""

from __future__ import annotations

import contextlib

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk import users
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import OPERATION_IDS
from contacts_conformance.reference.liondesk.ids import stored_id
from contacts_conformance.reference.liondesk.operations import OPERATIONS
from contacts_conformance.reference.liondesk.refusals import Refusal

FAULTS = Catalogue()
fault = FAULTS.fault

_WRITING = ("createContact", "changeContact", "removeContact")


@fault(breaks="liondesk.operation.{operation}.no-token", at=Hooks.user, each={"operation": OPERATION_IDS})
def no_token_is_needed(user: int | None, call: Call, *, operation: str) -> int | None:
    """A call of {operation} without a token is carried out."""
    return _owner(call) if not call.token and call.operation == operation else user


@fault(breaks="liondesk.operation.{operation}.wrong-token", at=Hooks.user, each={"operation": OPERATION_IDS})
def any_token_is_taken(user: int | None, call: Call, *, operation: str) -> int | None:
    """A call of {operation} with any token is carried out."""
    return _owner(call) if user is None and call.token and call.operation == operation else user


@fault(breaks="liondesk.operation.listContacts.wrong-token", at=Hooks.user)
def begin_of_a_token_is_enough(user: int | None, call: Call) -> int | None:
    """Whatever begins with a token is taken for it."""
    known = [u for token, u in users.TOKENS.items() if call.token.startswith(token)]
    return known[0] if known else user


@fault(breaks="liondesk.auth.no-effect", at=Hooks.refusal, each={"operation": _WRITING})
def refused_but_carried_out(refusal: Refusal, call: Call, *, operation: str) -> Refusal:
    """A call of {operation} without a valid token is answered 401, and carried out."""
    if refusal.status == 401 and call.operation == operation:
        call.user = _owner(call)
        with contextlib.suppress(Refusal):
            OPERATIONS[operation](call)
    return refusal


@fault(breaks="liondesk.auth.status", at=Hooks.refusal)
def invalid_token_is_answered_403(refusal: Refusal) -> Refusal:
    """A call without a valid token is answered 403."""
    return Refusal(403, refusal.message) if refusal.status == 401 else refusal


@fault(breaks="liondesk.auth.status", at=Hooks.refusal)
def wrong_token_is_answered_400(refusal: Refusal, call: Call) -> Refusal:
    """A call with a wrong token is answered 400, one without a token 401."""
    return Refusal(400, refusal.message) if refusal.status == 401 and call.token else refusal


@fault(breaks="liondesk.transport.double-slash", at=Hooks.path)
def double_slash_is_unknown(path: str) -> str:
    """An address with two slashes before contacts is answered 404."""
    return "/unknown" if path.startswith("//") else path


def _owner(call: Call) -> int:
    row = call.store.row(stored_id(call.contact, call.options) or 0) if call.contact else None
    return users.OWNER if row is None else int(row["owner_user_id"])
