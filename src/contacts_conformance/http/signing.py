"""Sessions of identities that sign their requests: opened when first needed, and once more where one has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable
from urllib.parse import unquote

from contacts_conformance.errors import NotVerified
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.model import Query
from contacts_conformance.target import Identity


@runtime_checkable
class Signing(Protocol):
    """A provider some of whose identities sign their requests within a session.

    `signing_parameters` are the names of the parameters of which a signature consists.
    """

    signing_parameters: frozenset[str]

    def signs(self, identity: Identity) -> bool:
        """Whether this identity signs."""
        ...

    def opening(self, identity: Identity) -> Request:
        """The request that opens a session for an identity."""
        ...

    def session_token(self, content: bytes) -> str | None:
        """The token of the session that the body of an answer says was opened, or None."""
        ...

    def signature(self, request: Request, identity: Identity, token: str, path: str, content: bytes) -> Query:
        """The parameters that sign a request; `path` and `content` as they are sent."""
        ...

    def session_ended(self, answer: Answer) -> bool:
        """Whether an answer says that the session has ended."""
        ...

    def signature_refused(self, request: Request, answer: Answer) -> bool:
        """Whether an answer says that a signature is wrong which was computed here, over a path that has two forms."""
        ...


@dataclass(slots=True)
class Sessions:
    """The sessions of one client, by role. `send` sends a request as it is, `learn` keeps a secret out of records."""

    signing: Signing
    send: Callable[[Request], Answer]
    learn: Callable[[str, str], None]
    _tokens: dict[str, str] = field(default_factory=dict)
    _decoded: set[str] = field(default_factory=set)
    """The roles whose signatures cover the decoded path: that of the request as it is sent was refused last."""

    def signed(self, request: Request, path: str, content: bytes) -> Request:
        """The request, signed if its identity signs; NotVerified where no session can be opened for it."""
        identity = request.identity
        if not self.signing.signs(identity):
            return request
        token = self._tokens.get(identity.role) or self._open(identity)
        path = unquote(path) if identity.role in self._decoded else path
        return replace(
            request, query=(*request.query, *self.signing.signature(request, identity, token, path, content))
        )

    def renews(self, request: Request, answer: Answer) -> str:
        """Why a request is to be sent again, signed anew; empty where it is not.

        Its session has ended, or its path has two forms, as sent and decoded, and the signature over one was refused.
        """
        role = request.identity.role
        if not self.signing.signs(request.identity):
            return ""
        if self.signing.session_ended(answer):
            ended = self._tokens.pop(role, None) is not None
            return "the session had ended; sent again in a new one" if ended else ""
        if self.signing.signature_refused(request, answer):
            self._decoded ^= {role}
            form = "decoded" if role in self._decoded else "as it is sent"
            return f"the signature was refused; sent again with one over the path {form}"
        return ""

    def _open(self, identity: Identity) -> str:
        opening = self.signing.opening(identity)
        for name, value in opening.query:
            self.learn(f"{identity.role}_{name}".upper(), value)
        answer = self.send(opening)
        token = self._tokens.get(identity.role)
        if token is None:
            raise NotVerified(f"no session could be opened for '{identity.role}': {answer!r}")
        return token

    def take(self, request: Request, content: bytes) -> None:
        """Takes the token from the body of the answer to a request that opens a session, before it is recorded."""
        if request.opens:
            token = self.signing.session_token(content)
            if token is not None and token.isprintable():
                self._tokens[request.opens] = token
                self.learn(f"{request.opens}_SESSION".upper(), token)
