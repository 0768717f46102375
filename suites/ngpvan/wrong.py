"""Values of a wrong kind, each of which has to be refused: as many in one request as its refusal names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.http import Answer
from contacts_conformance.model import Json

from . import submitting

Body = dict[str, Any]


@dataclass(frozen=True)
class Wrong:
    """A value of a wrong kind: what it is, the key that has it, and where in it a refusal would say that it is.

    One that is `further` is sent beside others alone, unless the service names all that is wrong but this. One that is
    `alone` is sent with no other, so that a service which stores a contact before it looks at that value is seen.
    """

    what: str
    key: str
    value: Json
    path: str = ""
    further: bool = False
    alone: bool = False

    def is_named_in(self, answer: Answer) -> bool:
        """Whether a refusal names the key, or the place in it."""
        places = [p.casefold() for p in submitting.named_in(answer)]
        whole = self.path or self.key
        return any(p == whole.casefold() or (not self.path and p.startswith(f"{whole.casefold()}[")) for p in places)


def tried(contacts: Contacts, body: Mapping[str, Json], values: Sequence[Wrong]) -> dict[str, Answer]:
    """The answer that tells of each value what becomes of it beside a body, by what it is.

    Values of different keys go together. Where such a request is taken, all of them are; where it is refused, those
    that the refusal names are, and each of the others is sent alone.
    """
    answers = {w.what: submitting.refusal(contacts, {**body, w.key: w.value}) for w in values if w.alone}
    left = [w for w in values if not w.alone]
    while left:
        together = list({w.key: w for w in reversed(left)}.values())
        left = [w for w in left if w not in together]
        answers |= _round(contacts, body, together)
    return answers


def _round(contacts: Contacts, body: Mapping[str, Json], together: Sequence[Wrong]) -> dict[str, Answer]:
    answer = submitting.refusal(contacts, {**body, **{w.key: w.value for w in together}})
    told = [w for w in together if answer.succeeded or len(together) == 1 or w.is_named_in(answer)]
    answers = {w.what: answer for w in told}
    names_several = len(told) > 1
    for each in (w for w in together if w not in told and (names_several or not w.further)):
        answers[each.what] = submitting.refusal(contacts, {**body, each.key: each.value})
    return answers
