"""One request on its way through the server, its answer, and the hooks that both pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.reference.kit import answers, hooks
from contacts_conformance.reference.kit.context import RequestContext
from contacts_conformance.reference.kit.hooks import Hook
from contacts_conformance.reference.ngpvan.options import Options
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal
from contacts_conformance.reference.ngpvan.store import Entry, Row, Store, Values
from contacts_conformance.reference.ngpvan.tenants import TENANTS, Tenant


@dataclass(frozen=True, slots=True)
class Answer(answers.Answer):
    """An answer; `contact` is the number of the contact that it is about, 0 if it is about none."""

    contact: int = field(default=0, kw_only=True)


@dataclass(slots=True, kw_only=True)
class Call(RequestContext[Store, "Hooks", Options]):
    """One request: what was sent, who sent it, and what the server answers it from.

    `scheme` is how the key came (`basic`, `header`, or nothing). `tenant` is whose key it is, and `sent` the object in
    the body; both are set while the request is answered.
    """

    base_url: str
    scheme: str
    user: str
    key: str
    tenant: Tenant = TENANTS[0]
    sent: dict[str, Any] = field(default_factory=dict)
    media_type: str = ""
    """The media type of the request, with its parameters."""
    is_late: bool = False
    """Whether the same words came while another request that has them was being answered; see `Hooks.overlap`."""


class Hooks(hooks.Hooks):
    """The hooks of the NGP VAN server, in the order in which a request passes them.

    Each line says what the value of a hook is, and then what else a fault can look at; most can look at the call.
    """

    overlap = Hook[float, []]()
    """Seconds that a creation waits for another one of the same words, which then does not see what it creates; 0."""
    tenant = Hook[Tenant | None, [Call]]()
    """Whom the key belongs to; None where it is missing or wrong."""
    start = Hook[Call, []]()
    """The call of a known tenant, before anything is done; a fault may refuse it."""
    body = Hook[bytes, [Call]]()
    """The bytes of a body."""
    sent = Hook[dict[str, Any], [Call]]()
    """The JSON object of a body, unchecked."""
    named = Hook[str | None, [Call]]()
    """The contactId that the body of a submission names, if it names one."""
    keys = Hook[frozenset[str], [str, Call]]()
    """The keys that a contact of a type can have; then the type."""
    prefixes = Hook[frozenset[str], [Call]]()
    """The prefixes that the tenant has."""
    beside = Hook[bool, [Entry, str, Call]]()
    """Whether an entry may stand beside another one of its slot; then the entry, and where: `body` or `merge`."""
    problems = Hook[list[Problem], [Call]]()
    """What is wrong with the body."""
    values = Hook[Values, [Call]]()
    """What the body gives a contact."""
    match = Hook[int | None, [Values, Call]]()
    """The number of the contact that a submission closely matches, if there is one; then what was submitted."""
    inserted = Hook[Values, [Call]]()
    """What a new contact gets."""
    merged = Hook[Values, [Row, Call]]()
    """What a contact gets by a merge or an update; then the contact as it was."""
    shown = Hook[dict[str, Any], [Row, Call]]()
    """A contact as it is read; then the contact as it is stored."""
    location = Hook[str, [str, Call]]()
    """Where a redirect leads; then the contactId that the submission names."""
    refusal = Hook[Refusal, [Call]]()
    """A refusal that is about to be answered."""
    answer = Hook[Answer, [Call]]()
    """The whole answer, refusals and redirects included."""
