"""Two identities of a target file whose credentials are swapped, as the contacts show that are theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import combinations

from contacts_conformance.account import claims
from contacts_conformance.account.claims import Claim, Wrong
from contacts_conformance.account.witnesses import Witnesses


def own(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Roles each of which is shown, as its own contact, the one that the other is said to have."""
    shown = {role: seen.account.provider.id_of(record) for role, record in seen.own.items()}
    said = {_role(c): c for c in all_claims if c.key.endswith(".contact_id") and _role(c) in shown}
    for one, other in combinations(said, 2):
        if (shown[one], shown[other]) == (said[other].value, said[one].value) and shown[one] != shown[other]:
            yield from claims.swapped(one, other, "each reads the contact of the other as its own")


def people(seen: Witnesses, all_claims: Sequence[Claim], suspects: Set[str]) -> Iterator[Wrong]:
    """Roles each of which creates a contact that the other one owns.

    Contacts are created only in a run that has created some: one for each role, other than the main one, that a failure
    is about and that created nothing that shows who it is, and one for the role that owns what it creates.
    """
    if not seen.people or not seen.account.journal.creations:
        return
    users = {_role(c): c.value for c in all_claims if c.key.endswith(".user_id")}
    users = {r: user for r, user in users.items() if r not in seen.account.provider.keys.unwelcome}
    told: set[str] = set()
    for one in [r for r in users if r in suspects - {seen.account.main_role} and not _shows(seen, r, users[r])]:
        seen.create(one)
        others = [r for r in users if users[r] != users[one] and _shows(seen, one, users[r])]
        for other in others if one not in told else ():
            if not seen.owners(other):
                seen.create(other)
            if _shows(seen, other, users[one]):
                told |= {one, other}
                yield from claims.swapped(one, other, f"what each creates shows the other as {seen.people[0]}")


def _shows(seen: Witnesses, role: str, user: str) -> bool:
    """Whether all that a role created is owned by a user."""
    return bool(seen.owners(role)) and all(owners == {user} for owners in seen.owners(role))


def _role(claim: Claim) -> str:
    return claim.key.split(".")[1]
