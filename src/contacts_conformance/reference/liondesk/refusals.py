"""Refusals, and their bodies as the vendor's framework prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAMES = {
    400: "BadRequest",
    401: "NotAuthenticated",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    410: "Gone",
    422: "Unprocessable",
    429: "TooManyRequests",
    500: "GeneralError",
    503: "Unavailable",
}


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """Ends a request without carrying it out; `errors` says what is wrong by attribute."""

    status: int
    message: str
    errors: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """The JSON object that tells it."""
        name = _NAMES.get(self.status, "BadRequest" if self.status < 500 else "GeneralError")
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
        return {
            "name": name,
            "message": self.message,
            "code": self.status,
            "className": words,
            "errors": dict(self.errors),
        }
