"""Who is calling: access tokens, and the older sessions whose every call is signed."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import unquote

from contacts_conformance.reference.sparkapi import instants
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.users import Key, SignedKey, signature

_LIFE = instants.DAY
_IDLE = 3600 * instants.SECOND


@dataclass(slots=True)
class Session:
    """One session of a signed key; `begun` and `used` are instants."""

    token: str
    signed: SignedKey
    begun: int
    used: int
    calls: int = 0


def opened(call: Call) -> Answer:
    """A new session for the key that signed the call; the one before it ends."""
    name = call.parameter("ApiKey") or ""
    signed = call.api.directory.signed.get(name)
    is_right = signed is not None and _same(call.parameter("ApiSig"), signature(signed.secret, f"ApiKey{name}"))
    if signed is None or not call.hooks.opens(is_right, call):
        raise Refusal(401, 1010, "The key is unknown, or its signature is wrong")
    count = call.memory["sessions opened"] = call.memory.get("sessions opened", 0) + 1
    token = signature(signed.secret, f"session {count} of {call.now()}")
    sessions = _sessions(call)
    for old in [t for t, s in sessions.items() if s.signed is signed]:
        sessions[old].begun = -_LIFE
    sessions[token] = Session(token, signed, call.now(), call.now())
    expires = instants.shown(call.now() + _LIFE, "seconds-z")
    return success([{"AuthToken": token, "Expires": expires, "Roles": [signed.key.role.lower()]}])


def key(call: Call) -> Key:
    """What the caller may act as.

    Raises Refusal: 1000 where nobody is named or the signature is wrong, 1020 where the token or session has ended.
    """
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    named: Key | None = None
    if scheme.lower() in ("bearer", "oauth"):
        named = call.api.directory.tokens.get(token.strip())
    elif not scheme and call.parameter("AuthToken") is not None:
        named = _of_session(call)
    named = call.hooks.key(named, call)
    if named is None:
        raise Refusal(401, 1000, "Invalid credentials")
    if named.expired:
        raise Refusal(401, 1020, "The token has expired")
    return named


def to_sign(call: Call, name: str, path: str) -> str:
    """What a caller of this key signs: the key, the path, the other parameters by name, and the body."""
    parameters = sorted((k, v) for k, v in call.parameters if k != "ApiSig")
    glued = "".join(k + v for k, v in parameters)
    return f"ApiKey{name}ServicePath{path}{glued}{call.body.decode('utf-8', 'replace')}"


def _of_session(call: Call) -> Key | None:
    session = _sessions(call).get(call.parameter("AuthToken") or "")
    if session is None:
        return None
    now, most = call.now(), call.options.session_calls
    sent = call.parameter("ApiSig")
    right = any(
        _same(sent, signature(session.signed.secret, to_sign(call, session.signed.name, path))) for path in _paths(call)
    )
    if not call.hooks.signed(right, call):
        return None
    if now - session.begun > _LIFE or now - session.used > _IDLE or (most is not None and session.calls >= most):
        raise Refusal(401, 1020, "The session has expired")
    session.used, session.calls = now, session.calls + 1
    return session.signed.key


def signed_but_for(part: str, call: Call) -> bool:
    """Whether the signature of a call is right if a part of the call is taken for what a caller may have signed.

    `part` is `path`, `parameters`, `order` or `body`; a fault that does not look at it asks this.
    """
    session = _sessions(call).get(call.parameter("AuthToken") or "")
    if session is None:
        return False
    secret, key = session.signed.secret, session.signed.name
    pairs = sorted((k, v) for k, v in call.parameters if k != "ApiSig")
    body = call.body.decode("utf-8", "replace")
    paths, some = [call.path], [pairs]
    match part:
        case "path":
            paths.append(f"{call.path}/unconnected")
        case "parameters":
            some.append([p for p in pairs if p[0] == "AuthToken"])
        case "order":
            some.append(pairs[::-1])
        case _:
            body = ""
    texts = (f"ApiKey{key}ServicePath{p}{''.join(k + v for k, v in s)}{body}" for p in paths for s in some)
    return any(_same(call.parameter("ApiSig"), signature(secret, text)) for text in texts)


def _paths(call: Call) -> tuple[str, ...]:
    """The path of a call in the forms that its signature may cover."""
    forms = {"as sent": (call.path,), "decoded": (unquote(call.path),), "either": (call.path, unquote(call.path))}
    return forms[call.options.signed_path]


def _sessions(call: Call) -> dict[str, Session]:
    sessions: dict[str, Session] = call.memory.setdefault("sessions", {})
    return sessions


def _same(sent: str | None, right: str) -> bool:
    return hmac.compare_digest((sent or "").encode(), right.encode())
