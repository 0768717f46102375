"""A service whose calls are signed, computed here from the vendor's description and with nothing of the suite."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, unquote

from contacts_conformance.target import Identity, Secret

SIGNED = Identity("signed", {"key": Secret("KEY", "key-of-ada"), "secret": Secret("SECRET", "secret-of-ada")})


class Service:
    """Opens sessions that are good for so many calls, one at a time, and takes signatures over some forms of a path.

    `asked` has the path of every call as it was sent, with the code that it was answered; `refuses` are paths that are
    answered as if their signature were wrong. It looks first whether the session has ended, or else at the signature.
    """

    def __init__(
        self, *forms: str, calls: int = 99, refuses: tuple[str, ...] = (), ended_first: bool = True, secret: str = ""
    ) -> None:
        self.forms = forms or ("sent", "decoded")
        self.calls = calls
        self.refuses = refuses
        self.ended_first = ended_first
        self.secret = secret or "secret-of-ada"
        self.opened = 0
        self.refused = 0
        self.left = 0
        self.stolen = 0
        """So many of the next sessions are ended at once by somebody who opens another one."""
        self.asked: list[tuple[str, int]] = []

    def end(self) -> None:
        """Ends the session."""
        self.left = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = (await receive()).get("body", b"")
        path = scope["raw_path"].decode().partition("?")[0]
        pairs = parse_qsl(scope["query_string"].decode(), keep_blank_values=True)
        code, results = self._open(dict(pairs)) if path == "/v1/session" else self._call(path, pairs, body)
        inner = {"Success": False, "Code": code} if code else {"Success": True, "Results": results}
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 401 if code else 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps({"D": inner}).encode()})

    def _open(self, sent: dict[str, str]) -> tuple[int, list[Any]]:
        if sent.get("ApiSig") != _md5(f"{self.secret}ApiKeykey-of-ada"):
            self.refused += 1
            return 1010, []
        self.opened += 1
        self.left = 0 if self.stolen else self.calls
        self.stolen = max(self.stolen - 1, 0)
        return 0, [{"AuthToken": f"token-{self.opened}", "Expires": ""}]

    def _call(self, path: str, pairs: list[tuple[str, str]], body: bytes) -> tuple[int, list[Any]]:
        glued = "".join(k + v for k, v in sorted(pairs) if k != "ApiSig") + body.decode()
        paths = {"sent": path, "decoded": unquote(path)}
        texts = [f"{self.secret}ApiKeykey-of-adaServicePath{paths[form]}{glued}" for form in self.forms]
        sent = dict(pairs)
        right = sent.get("ApiSig", "") in map(_md5, texts) and path not in self.refuses
        there = bool(self.left) and sent.get("AuthToken") == f"token-{self.opened}"
        wrong = [code for code, holds in ((1020, there), (1000, right)) if not holds]
        code = 0 if not wrong else wrong[0] if self.ended_first else wrong[-1]
        self.asked.append((path, code))
        self.left -= not code
        return code, []


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
