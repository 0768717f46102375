"""Whether a request may be sent: the one place that decides it, for every request of a run."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import unquote

from contacts_conformance.account.journal import Journal
from contacts_conformance.account.paths import Paths
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import CareViolated, NotVerified
from contacts_conformance.http.messages import READS, Request
from contacts_conformance.providers import Provider
from contacts_conformance.target import ANONYMOUS, Target


class Proof(Protocol):
    """What proves contacts to be the run's own."""

    def assure(self, contact: str, *, essential: bool = False) -> None:
        """Raises NotVerified where a contact cannot be told to be the run's own."""
        ...


class WriteGuard:
    """Lets through what reads, and what writes no more than the target file permits and the run owns.

    A write may go to a contact that this run created and that is proven to be its own, to one that the target file
    sets aside, to a path that addresses no contact and that the contract promises to refuse, or to the record of a
    caller whom the target file sets aside. It may create a contact that can be removed again.
    """

    def __init__(
        self, contract: Contract, provider: Provider, journal: Journal, target: Target, paths: Paths, ownership: Proof
    ) -> None:
        self._contract = contract
        self._journal = journal
        self._target = target
        self._paths = paths
        self._ownership = ownership
        self._without_contact = frozenset(provider.example_path(t) for _, t in contract.refused_methods)
        """Paths that address no contact (collections, and ids that do not exist)."""
        attributes = (i.attributes for i in target.identities.values())
        self._set_aside = {a["shared_contact"] for a in attributes if "shared_contact" in a}
        """The contacts that the target file sets aside for the run, by their ids."""

    def allow_changes(self, contact: str) -> None:
        """Allows changes to a contact that the target file sets aside for the run."""
        self._set_aside.add(contact)

    def check(self, request: Request) -> None:
        """Raises where a request must not be sent.

        NotVerified where the target file does not permit it, or where the contact may be somebody else's after all;
        CareViolated where it would touch what this run did not create, which is a defect of the suite.
        """
        if request.method in READS:
            return
        if not self._target.writes and not request.opens:
            raise NotVerified("the target file does not permit writing (writes = true)")
        if self._contract.refuses(request.method, request.path) and request.path in self._without_contact:
            return
        operation = self._paths.match(request.method, request.path)
        if operation is not None and self._is_harmless(operation, request):
            return
        if operation is not None and operation.kind == "create":
            self._check_creation()
            return
        self._check_contact(request)

    def _is_harmless(self, operation: Operation, request: Request) -> bool:
        """Whether an operation touches no contact, or the record of a caller who has none or whose it may change."""
        if operation.opens_session:
            return True
        may_change = request.identity is ANONYMOUS or "contact_id" in request.identity.attributes
        return operation.own_record and may_change

    def _check_creation(self) -> None:
        can_clean_up = self._contract.has("remove") or self._target.is_loopback
        if not (can_clean_up or self._target.leaves_contacts):
            raise NotVerified(
                "the contract documents no way to remove a contact, and the target file does not permit to leave "
                "any behind (leaves_contacts = true)"
            )

    def _check_contact(self, request: Request) -> None:
        contact = self._subject(request)
        if contact is None:
            raise CareViolated(f"{request.method} {request.path} would touch a record that this run did not create")
        if contact not in self._set_aside:
            self._ownership.assure(contact, essential=request.essential)

    def _subject(self, request: Request) -> str | None:
        """The contact that a write is about: the one that it says, or the one segment of its path that is an id.

        None where that is no contact of the run, and none that is set aside.
        """
        segments = [request.about, *(unquote(s) for s in request.path.split("/") if s)]
        return next((s for s in segments if self._journal.owns(s) or s in self._set_aside), None)
