"""The envelope: every answer is an object `D`, and a failure cannot be taken for a success."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.reference.kit import answers


@dataclass(frozen=True, slots=True)
class Answer(answers.Answer):
    """An answer whose body stands in an object `D`; a `text` has no envelope."""

    body: Mapping[str, Any]

    def content(self, *, floats: bool = False) -> bytes:
        """The bytes of the body, in its envelope; on request its integers are written with a point."""
        return answers.Answer(self.status, {"D": self.body}, text=self.text).content(floats=floats)

    @property
    def results(self) -> list[dict[str, Any]]:
        """The contacts in the answer; empty where there are none."""
        return [r for r in self.body.get("Results", ()) if isinstance(r, dict)]


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """Ends a request without carrying it out.

    `code` is the vendor's own number; `errors` says what is wrong by attribute, `sparkql` by token of a filter.
    """

    status: int
    code: int
    message: str
    errors: Mapping[str, str] = field(default_factory=dict)
    sparkql: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """The answer that tells it."""
        d: dict[str, Any] = {"Success": False, "Code": self.code, "Message": self.message}
        if self.errors:
            d["Errors"] = [
                {"Type": "InvalidAttribute", "Attribute": name, "Message": words, "Status": "Fatal"}
                for name, words in self.errors.items()
            ]
        if self.sparkql:
            d["SparkQLErrors"] = [dict(e) for e in self.sparkql]
        return Answer(self.status, d, headers=self.headers)


def success(results: Sequence[Mapping[str, Any]] | None = None, status: int = 200, **more: Any) -> Answer:
    """A success; without results there is no such member, and members that are None are left out."""
    d: dict[str, Any] = {"Success": True}
    if results is not None:
        d["Results"] = [dict(r) for r in results]
    return Answer(status, d | {k: v for k, v in more.items() if v is not None})
