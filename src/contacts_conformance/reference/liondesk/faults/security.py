"""Faults of tokens, and of the address with two slashes."""

from __future__ import annotations

import base64
import contextlib
import re
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

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
def empty_token_is_somebodys(user: int | None, call: Call) -> int | None:
    """A scheme without a token behind it is let in."""
    is_empty = call.authorization and not call.token
    return _owner(call) if is_empty and call.operation == "listContacts" else user


@fault(breaks="liondesk.operation.listContacts.wrong-token", at=Hooks.user)
def begin_of_a_token_is_enough(user: int | None, call: Call) -> int | None:
    """Whatever begins with a token is taken for it."""
    known = [u for token, u in users.TOKENS.items() if call.token.startswith(token)]
    return known[0] if known else user


@fault(breaks="liondesk.operation.listContacts.wrong-token", at=Hooks.user)
def token_may_lack_its_end(user: int | None, call: Call) -> int | None:
    """A token is taken where no more than its last character is missing."""
    known = [u for token, u in users.TOKENS.items() if call.token == token[:-1]]
    return known[0] if known else user


@fault(breaks="liondesk.auth.exact", at=Hooks.user)
def letters_of_a_token_may_be_capitals(user: int | None, call: Call) -> int | None:
    """The letters of a token may be of any case."""
    known = [u for token, u in users.TOKENS.items() if token.casefold() == call.token.casefold()]
    return known[0] if known else user


@fault(breaks="liondesk.auth.exact", at=Hooks.user, each={"form": ("encoded", "plain")})
def scheme_basic_is_taken(user: int | None, call: Call, *, form: str) -> int | None:
    """A token is taken in the scheme Basic as well, where it is {form}."""
    scheme, _, value = call.authorization.partition(" ")
    if scheme.lower() != "basic":
        return user
    if form == "encoded":
        value = base64.b64decode(value + "===").partition(b":")[0].decode("latin-1")
    return users.TOKENS.get(value, user)


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


@fault(breaks="liondesk.transport.charset", at=Hooks.start, each={"operation": ("changeContact",)})
def charset_is_refused(call: Call, *, operation: str) -> Call:
    """A request of {operation} whose content type names a charset is refused with 415."""
    if call.operation == operation and "charset" in call.content_type:
        raise Refusal(415, "Unsupported media type")
    return call


@fault(breaks="liondesk.transport.encoded-path", at=Hooks.exchange)
def encoded_id_is_unknown(app: ASGIApp) -> ASGIApp:
    """The path of a contact is not decoded, so that an encoded id is unknown."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1")
        await app({**scope, "path": raw if "%" in raw else scope["path"]}, receive, send)

    return exchange


@fault(breaks="liondesk.transport.encoded-path", at=Hooks.path)
def path_is_decoded_twice(path: str) -> str:
    """The path of a contact is decoded twice."""
    return unquote(path)


@fault(breaks="liondesk.transport.encoded-path", at=Hooks.exchange)
def encoded_id_is_another(app: ASGIApp) -> ASGIApp:
    """The codes in a path are left out, so that an encoded id is that of another contact, or of none."""

    async def exchange(scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1")
        path = re.sub(r"%[0-9A-Fa-f]{2}", "", raw) if "%" in raw else scope["path"]
        await app({**scope, "path": path}, receive, send)

    return exchange


@fault(breaks="liondesk.transport.double-slash", at=Hooks.path)
def double_slash_is_unknown(path: str) -> str:
    """An address with two slashes before contacts is answered 404."""
    return "/unknown" if path.startswith("//") else path


def _owner(call: Call) -> int:
    row = call.store.row(stored_id(call.contact, call.options) or 0) if call.contact else None
    return users.OWNER if row is None else int(row["owner_user_id"])
