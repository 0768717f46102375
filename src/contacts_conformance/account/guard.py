"""Whether a request may be sent: the one place that decides it, for every request of a run."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from contacts_conformance.account.journal import Journal
from contacts_conformance.account.paths import OF_ONE_CONTACT, Paths
from contacts_conformance.contract import Contract
from contacts_conformance.errors import CareViolated, NotVerified, ReadOnly
from contacts_conformance.http.messages import READS, Request
from contacts_conformance.providers import Provider
from contacts_conformance.target import ANONYMOUS, Identity, Target


class Proof(Protocol):
    """What proves contacts to be the run's own."""

    def assure(self, contact: str, *, essential: bool = False) -> None:
        """Raises NotVerified where a contact cannot be told to be the run's own."""
        ...

    def altered(self, contact: str) -> None:
        """Is told that a change goes to a contact, which may not show any more what its creation sent."""
        ...


class WriteGuard:
    """Lets through what reads, and what writes no more than the target file permits and the run owns.

    A write may go to a contact that this run created and that is proven to be its own; to one that the target file
    sets aside, by the identity that it is set aside for or the main one; and to the record of a caller whom the file
    sets aside. It may create a contact that can be removed again. What the page promises to refuse at a path that
    addresses no contact of the run (a collection, the caller's own record, an id that does not exist) may harm others
    where a server carries it out, so it goes only to an account that may be emptied (`disposable`).
    """

    def __init__(
        self,
        contract: Contract,
        provider: Provider,
        journal: Journal,
        target: Target,
        paths: Paths,
        ownership: Proof,
        main_role: str,
    ) -> None:
        self._contract = contract
        self._provider = provider
        self._journal = journal
        self._target = target
        self._paths = paths
        self._ownership = ownership
        self._main_role = main_role
        self._without_contact = frozenset(provider.example_path(t) for _, t in contract.refused_methods)
        """Paths that address no contact (collections, and ids that do not exist)."""
        self._set_aside: dict[str, set[str]] = {}
        """The contacts that the target file sets aside for the run, by their ids, and for which roles."""
        for role, identity in target.identities.items():
            if "shared_contact" in identity.attributes:
                self.allow_changes(identity.attributes["shared_contact"], role)
        self.held = ""
        """Why nothing is written at all for now; empty where that is not so."""

    def allow_changes(self, contact: str, role: str) -> None:
        """Allows a role, and the main one, to change a contact that the target file sets aside for the run."""
        self._set_aside.setdefault(contact, {self._main_role}).add(role)

    @property
    def set_aside(self) -> Set[str]:
        """The ids of contacts that the target file sets aside: which may be changed, or are a signed-in user's own."""
        own = (i.attributes.get("contact_id", "") for i in self._target.identities.values())
        return {*self._set_aside, *own} - {""}

    def check(self, request: Request) -> None:
        """Raises where a request must not be sent.

        ReadOnly where the target file permits no writing, NotVerified where it does not permit this request, or where
        the contact may be somebody else's after all;
        CareViolated where it would touch what this run did not create, which is a defect of the suite.
        """
        if request.method in READS:
            return
        place = self._paths.find(request.method, request.path)
        operation = place.operation if place is not None else None
        if operation is not None and operation.opens_session and request.opens is not None:
            return
        if not self._target.writes:
            raise ReadOnly
        if self.held:
            raise NotVerified(self.held)
        if place is None or operation is None:
            self._check_other(request)
        elif operation.kind == "create":
            self._check_creation()
        elif operation.kind in OF_ONE_CONTACT and place.contact:
            self._check_contact(request, place.contact)
        elif not operation.opens_session and not (operation.own_record and self._may_change_own(request.identity)):
            raise self._violation(request)

    def _may_change_own(self, identity: Identity) -> bool:
        """Whether an identity has no contact of its own, or one that the target file sets aside."""
        return identity is ANONYMOUS or "contact_id" in identity.attributes

    def _check_creation(self) -> None:
        may_stay = self._target.leaves_contacts or self._target.disposable
        if not (self._contract.has("remove") or may_stay):
            raise NotVerified(
                "the contract documents no way to remove a contact, and the target file does not permit to leave "
                "any behind (leaves_contacts = true)"
            )

    def _check_other(self, request: Request) -> None:
        """A write that belongs to no operation: the sharing of a contact, or what the page promises to refuse."""
        excluded = self._paths.refused(request.method, request.path)
        share = self._target.share
        if excluded is None:
            users = [i.attributes.get("user_id", "") for i in self._target.identities.values()]
            shares = {(share.method, share.path_for(request.about, u)) for u in users} if share else set()
            if not request.about or (request.method, request.path) not in shares:
                raise self._violation(request)
            self._check_contact(request, request.about)
            return
        template, held = excluded
        contact = held if template in self._paths.of_contacts() else self._with_mark(request.about, held)
        if contact and self._journal.owns(contact):
            self._check_contact(request, contact)
        elif request.path not in self._without_contact:
            raise self._violation(request)
        elif not self._target.disposable:
            raise NotVerified(
                f"{request.method} {request.path} could change or remove more than this run created, where the target "
                "carries it out; it is sent only to an account that may be emptied: for one, add disposable = true"
            )

    def _with_mark(self, contact: str, mark: str) -> str:
        """The contact, where a path with this mark is about it; empty where it is not."""
        marks = {m for c in self._journal.creations_with_id(contact) for m in c.find.values()}
        return contact if mark and mark in marks else ""

    def _check_contact(self, request: Request, contact: str) -> None:
        if request.about not in ("", contact):
            raise self._violation(request)
        if request.identity.role in self._set_aside.get(contact, ()):
            return
        if not self._journal.owns(contact):
            raise self._violation(request)
        self._ownership.assure(contact, essential=request.essential)
        if request.method != "DELETE":
            self._ownership.altered(contact)
            self._note_remarked(request, contact)

    def _note_remarked(self, request: Request, contact: str) -> None:
        """Notes where a change may take its mark from a contact: it names the attribute, or cannot be read."""
        values = self._provider.values(request.json) if request.content is None else None
        for creation in self._journal.creations_with_id(contact):
            if values is None or creation.find.keys() & values.keys():
                self._journal.remarked(creation)

    def _violation(self, request: Request) -> CareViolated:
        return CareViolated(f"{request.method} {request.path} would touch a record that this run did not create")
