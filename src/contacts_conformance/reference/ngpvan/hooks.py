"""The points of the NGP VAN server at which a fault can act, in the order in which a request passes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contacts_conformance.reference.kit import faults
from contacts_conformance.reference.ngpvan.answers import Answer
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Row, Values
from contacts_conformance.reference.ngpvan.tenants import Tenant

if TYPE_CHECKING:
    from contacts_conformance.reference.ngpvan.context import Call


class Points(faults.Points):
    """Each method gives back its first argument, as the fault changes it; the others are what the fault may look at."""

    def tenant(self, tenant: Tenant | None, call: Call) -> Tenant | None:
        """Whom the key belongs to; None where it is missing or wrong."""
        return self._pass("tenant", tenant, call)

    def start(self, call: Call) -> Call:
        """The call of a known tenant, before anything is done; a fault may refuse it."""
        return self._pass("start", call)

    def body(self, body: bytes, call: Call) -> bytes:
        """The bytes of a body."""
        return self._pass("body", body, call)

    def sent(self, sent: dict[str, Any], call: Call) -> dict[str, Any]:
        """The JSON object of a body, unchecked."""
        return self._pass("sent", sent, call)

    def named(self, named: str | None, call: Call) -> str | None:
        """The contactId that the body of a submission names, if it names one."""
        return self._pass("named", named, call)

    def keys(self, keys: frozenset[str], kind: str, call: Call) -> frozenset[str]:
        """The keys that a contact of a type can have."""
        return self._pass("keys", keys, kind, call)

    def prefixes(self, prefixes: frozenset[str], call: Call) -> frozenset[str]:
        """The prefixes that the tenant has."""
        return self._pass("prefixes", prefixes, call)

    def beside(self, stays: bool, entry: Entry, where: str, call: Call) -> bool:
        """Whether an entry may stand beside another one that has its slot: in one `body`, or after a `merge`."""
        return self._pass("beside", stays, entry, where, call)

    def problems(self, problems: list[Problem], call: Call) -> list[Problem]:
        """What is wrong with the body."""
        return self._pass("problems", problems, call)

    def values(self, values: Values, call: Call) -> Values:
        """What the body gives a contact."""
        return self._pass("values", values, call)

    def match(self, match: int | None, values: Values, call: Call) -> int | None:
        """The number of the contact that a submission closely matches."""
        return self._pass("match", match, values, call)

    def inserted(self, values: Values, call: Call) -> Values:
        """What a new contact gets."""
        return self._pass("inserted", values, call)

    def merged(self, values: Values, row: Row, call: Call) -> Values:
        """What the contact that was `row` gets by a merge or an update."""
        return self._pass("merged", values, row, call)

    def shown(self, contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """A contact as it is read."""
        return self._pass("shown", contact, row, call)

    def location(self, location: str, named: str, call: Call) -> str:
        """Where a redirect leads."""
        return self._pass("location", location, named, call)

    def refusal(self, refusal: Refusal, call: Call) -> Refusal:
        """A refusal that is about to be answered."""
        return self._pass("refusal", refusal, call)

    def answer(self, answer: Answer, call: Call) -> Answer:
        """The whole answer, refusals and redirects included."""
        return self._pass("answer", answer, call)
