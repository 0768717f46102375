"""Sessions of identities that sign their requests: opened when first needed, and once more where one has ended.

The vendor's own clients sign the path in two forms: as it is sent, with its escapes, and decoded. Which one a service
takes is found out when the signature of a path whose forms differ is refused for the first time.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, runtime_checkable
from urllib.parse import unquote

from contacts_conformance.errors import CredentialsRefused, NotVerified
from contacts_conformance.http import lanes
from contacts_conformance.http.ledger import Ledger, OwnLedger
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.model import Query
from contacts_conformance.target import Identity

_REFUSALS = 2
"""So many refusals to open a session settle it: the first one may be a proxy's."""
_RENEWALS = 3
"""So many new sessions are used for one request, where a session of its key was good before: others may end it."""


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
        """The parameters that sign a request; `path` in the form that they cover, `content` as it is sent."""
        ...

    def is_signed_here(self, request: Request) -> bool:
        """Whether the signature of a request is computed by `signature`, and is meant to be right."""
        ...

    def session_ended(self, answer: Answer) -> bool:
        """Whether an answer says that the session has ended."""
        ...

    def signature_refused(self, answer: Answer) -> bool:
        """Whether an answer may say that a signature is wrong."""
        ...


@dataclass(slots=True)
class Signed:
    """How one request was signed the last time, and what was tried for it."""

    token: str = ""
    decoded: bool | None = None
    """Whether the signature covers the decoded path; None where both forms are the same, or a check signed."""
    renewals: int = 0
    other_form: bool = False
    """Whether it was sent again to find out which form is accepted."""


@dataclass(slots=True)
class Sessions:
    """The sessions of one client. `send` sends a request as it is, `learn` keeps a secret out of records.

    The ledger may be shared with other clients of the run, in this process or another one.
    """

    signing: Signing | None
    send: Callable[[Request], Answer]
    learn: Callable[[str, str], None]
    ledger: Ledger = field(default_factory=OwnLedger)
    _learned: set[str] = field(default_factory=set)
    _good: set[str] = field(default_factory=set)
    """The owners of keys with which something was answered with a success."""
    _refusals: defaultdict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    """The answers that refused a session to each owner."""

    def signed(self, request: Request, signed: Signed) -> Request:
        """The request, signed if its identity signs; `signed` tells then how.

        NotVerified where no session can be opened for the identity: CredentialsRefused where they are not accepted.
        """
        identity = request.identity
        if self.signing is None or not self.signing.signs(identity):
            return request
        signed.token = self.ledger.token(_owner(identity)) or self._open(self.signing, identity)
        self._learn(identity, signed.token)
        path = request.sent_path
        signed.decoded = None
        if unquote(path) != path and self.signing.is_signed_here(request):
            signed.decoded = self.ledger.decoded()
            path = unquote(path) if signed.decoded else path
        parameters = self.signing.signature(request, identity, signed.token, path, request.sent_body or b"")
        return replace(request, query=(*request.query, *parameters))

    def renews(self, request: Request, answer: Answer, signed: Signed) -> str:
        """Why a request is to be sent again, signed anew; empty where it is not.

        Its session has ended, or its path has two forms, and the signature over one was refused. An ended session says
        nothing about the form.
        """
        if self.signing is None or not signed.token:
            return ""
        owner = _owner(request.identity)
        if self.signing.session_ended(answer):
            self.ledger.ended(owner, signed.token)
            signed.renewals += 1
            again = signed.renewals <= (_RENEWALS if owner in self._good else 1)
            return "the session had ended; sent again in a new one" if again else ""
        if answer.succeeded:
            self._good.add(owner)
        return "" if signed.decoded is None else self._tries(self.signing, answer, signed, decoded=signed.decoded)

    def _tries(self, signing: Signing, answer: Answer, signed: Signed, *, decoded: bool) -> str:
        if not signing.signature_refused(answer):
            if answer.succeeded:
                self.ledger.accepted(decoded)
            return ""
        if signed.other_form:
            self.ledger.turns_back(decoded)
            return ""
        signed.other_form = self.ledger.tries_other(decoded)
        form = "as it is sent" if decoded else "decoded"
        return f"the signature was refused; sent again with one over the path {form}" if signed.other_form else ""

    def _open(self, signing: Signing, identity: Identity) -> str:
        owner = _owner(identity)
        refusals = self._refusals[owner]
        if len(refusals) >= _REFUSALS:
            raise _not_opened(refusals[-1], identity.role)
        opening = signing.opening(identity)
        for name, value in opening.query:
            self.learn(f"{identity.role}_{name}".upper(), value)
        with lanes.aside():  # another one may be opening it
            token = self.ledger.begin(owner)
        if token:
            return token
        try:
            answer = self.send(opening)
            token = self.ledger.token(owner)
        finally:
            self.ledger.done(owner)
        if not token:
            refusals += [answer] if answer.refused else []
            raise _not_opened(answer, identity.role)
        return token

    def take(self, request: Request, content: bytes) -> None:
        """Takes the token from the body of the answer to a request that opens a session, before it is recorded."""
        if request.opens is not None and self.signing is not None:
            token = self.signing.session_token(content)
            if token is not None and token.isprintable():
                self._learn(request.opens, token)
                self.ledger.opened(_owner(request.opens), token)

    def _learn(self, identity: Identity, token: str) -> None:
        if token not in self._learned:
            self._learned.add(token)
            self.learn(f"{identity.role}_SESSION".upper(), token)


def _not_opened(answer: Answer, role: str) -> NotVerified:
    why = f"no session could be opened for '{role}': {answer!r}"
    return CredentialsRefused(why) if answer.status == 401 else NotVerified(why)


def _owner(identity: Identity) -> str:
    """A name for the key and secret of an identity, which tells nothing of them; two roles may have the same."""
    text = "\0".join(f"{name}={secret.value}" for name, secret in sorted(identity.secrets.items()))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
