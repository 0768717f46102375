"""Refusals, and their bodies as the vendor's page on errors has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a body: by which rule, and where.

    `rule` is one of `type`, `identification`, `mandatory names`, `text`, `collection`, `entry`, `preferences`, `ids`,
    `prefix`, `url`, `exclusive`, `one of a type` and `unknown`.
    """

    rule: str
    path: str
    text: str


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """Ends a request without carrying it out."""

    def __init__(self, status: int, text: str, code: str = "", problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.code = code or {401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(
            status, "INVALID_PARAMETER" if status < 500 else "INTERNAL_ERROR"
        )
        self.problems = problems

    def errors(self) -> list[dict[str, Any]]:
        """One error for each problem, or one for the whole."""
        if not self.problems:
            return [{"code": self.code, "text": self.text}]
        return [{"code": self.code, "text": p.text, "properties": [p.path]} for p in self.problems]
