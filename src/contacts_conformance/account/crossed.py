"""Two identities of a target file whose credentials are swapped, as the contacts show that are theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from contacts_conformance.account.claims import Claim, Wrong
from contacts_conformance.account.witnesses import Witnesses

_TWO = 2


def own(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Roles each of which is shown, as its own contact, the one that the other is said to have."""
    shown = {role: seen.account.provider.id_of(record) for role, record in seen.own.items()}
    said = {_role(c): c for c in all_claims if c.key.endswith(".contact_id") and _role(c) in shown}
    for one, other in combinations(said, 2):
        if (shown[one], shown[other]) == (said[other].value, said[one].value) and shown[one] != shown[other]:
            yield from _swapped(one, other, "each reads the contact of the other as its own")


def people(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Roles each of which creates a contact that the other one owns.

    A contact is created only in a run that has created some, for roles, two or more, that have sent something and
    created nothing that shows who they are.
    """
    users = {_role(c): c.value for c in all_claims if c.key.endswith(".user_id")}
    sent = {e.identity for e in seen.account.recorder.exchanges if e.status}
    unsure = [r for r in users if r in sent and not any(users[r] in owners for owners in seen.owners(r))]
    unsure = [r for r in unsure if r not in seen.account.provider.keys.unwelcome]
    if not seen.people or len(unsure) < _TWO or not seen.account.journal.creations:
        return
    for role in unsure:
        seen.create(role)
    for one, other in combinations(unsure, 2):
        crossed = (users[other], users[one])
        if users[one] != users[other] and all(
            seen.owners(r) and all(owners == {user} for owners in seen.owners(r))
            for r, user in zip((one, other), crossed, strict=True)
        ):
            yield from _swapped(one, other, f"what each creates shows the other as {seen.people[0]}")


def _swapped(one: str, other: str, why: str) -> Iterator[Wrong]:
    line = f"identities.{one} and identities.{other} in the target file are swapped: {why}"
    yield from (Wrong(Claim(f"identities.{r}", r, (), r), line) for r in (one, other))


def _role(claim: Claim) -> str:
    return claim.key.split(".")[1]
