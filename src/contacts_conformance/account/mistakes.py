"""Finds out which claims of a target file are wrong: by reading, and by what a run that writes has sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from itertools import combinations

from contacts_conformance import contract as contracts
from contacts_conformance.account import claims, crossed, swaps
from contacts_conformance.account.account import Account
from contacts_conformance.account.claims import Claim, Wrong
from contacts_conformance.account.witnesses import Witnesses
from contacts_conformance.model import Exchange
from contacts_conformance.target import example

_REFUSED = frozenset({400, 403, 404, 409, 422})
_ABSENT = frozenset({400, 404, 422})
"""What a write is answered for a value that is not there; not for one that the caller may not use."""


def find(account: Account, suspects: Set[str] = frozenset()) -> tuple[Wrong, ...]:
    """The claims of the target file that are shown to be wrong, each once, with the line that says so.

    `suspects` are the roles that failures are about: they may be asked to create a contact, in a run that writes.
    """
    seen = Witnesses(account)
    seen.gather()
    all_claims = claims.of(account.target, account.contract, seen.people, account.main_role)
    found: dict[str, Wrong] = {}
    for wrong in (
        *_alike(account, all_claims),
        *_own_contacts(seen, all_claims),
        *_contacts(seen, all_claims),
        *_users(seen, all_claims),
        *_refused(seen, all_claims),
        *swaps.later(account),
        *crossed.own(seen, all_claims),
        *crossed.people(seen, all_claims, suspects),
    ):
        found.setdefault(wrong.claim.key + wrong.claim.value, wrong)
    for wrong in _left_in(seen, all_claims, [w.claim for w in found.values() if not w.swapped]):
        found.setdefault(wrong.claim.key + wrong.claim.value, wrong)
    return tuple(replace(w, line=account.client.redactor.text(w.line)) for w in found.values())


def _wrong(claim: Claim, why: str, *, swapped: bool = False) -> Wrong:
    return Wrong(claim, f'{claim.key} = "{claim.value}" in the target file is wrong: {why}', swapped)


def _alike(account: Account, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Users, or values, that have to be different and are not; and identities with the same secret."""
    by_key = {c.key: c for c in all_claims}
    for apart in account.provider.keys.apart:
        for one, other in combinations([by_key[k] for k in apart if k in by_key], 2):
            if one.value == other.value:
                why = f"{one.key} and {other.key} are the same, and each has to be another one"
                yield from (_wrong(one, why), _wrong(other, why))
    for first, second in combinations(account.target.identities.values(), 2):
        same = {k for k, s in first.secrets.items() if k in second.secrets and second.secrets[k].value == s.value}
        if same and same == first.secrets.keys() == second.secrets.keys():
            names = f"identities.{first.role} and identities.{second.role}"
            line = f"{names} in the target file have the same {' and '.join(sorted(same))}"
            yield from (Wrong(claims.of_identity(identity.role), line) for identity in (first, second))


def _own_contacts(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Contacts that are said to be somebody's own, and are not there.

    One that is there may be the right one, and the API shows a wrong one.
    """
    shown = {role: seen.account.provider.id_of(record) for role, record in seen.own.items()}
    for claim in all_claims:
        role, name = _parts(claim)
        right = shown.get(role)
        if name != "contact_id" or not right or right == claim.value:
            continue
        if seen.reads(seen.account.main_role, claim.value) is False:
            yield _wrong(claim, f'there is no such contact; the own contact of {role} is "{right}"')


def _contacts(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Contacts that whoever is said to see them can neither read nor list."""
    for claim in all_claims:
        role, name = _parts(claim)
        if name != "shared_contact" and not (
            claim.key.startswith("known.") and name in seen.account.provider.keys.contacts
        ):
            continue
        role = role or seen.account.main_role
        answer = seen.read(role, claim.value)
        listed = {seen.account.provider.id_of(r) for r in seen.listed.get(role, ())}
        if answer is not None and answer.status in (403, 404, 410) and claim.value not in listed:
            asked = f"{answer.exchange.method} {answer.exchange.url} as {role}"
            yield _wrong(
                claim, f"{asked} → {answer.status}, and it is not in the list; write a contact that {role} sees"
            )


def _users(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Users who are not those whose contacts their identities create and see."""
    users = {_parts(c)[0]: c for c in all_claims if c.key.endswith(".user_id")}
    for role, claim in users.items():
        made = seen.owners(role)
        old = seen.older(role) if made else seen.listed.get(role, [])
        evidence = [*made, *(n for n in map(seen.named, old) if n)]
        fitting = set(frozenset.intersection(*evidence)) if evidence else set()
        if not fitting or claim.value in fitting or (not made and any(claim.value in seen.named(r) for r in old)):
            continue
        for right in sorted(fitting):
            others = [c for r, c in users.items() if c.value == right and r != role]
            members = seen.people[:1] if made else seen.people
            what = f'what {role} {"creates" if made else "sees"} shows "{right}" as {" or ".join(members)}'
            if not others and (made or ((refusal := _only_refused(seen, claim)) is not None and refusal.legal)):
                yield _wrong(claim, f'{what}: write user_id = "{right}"')
            elif (
                others
                and not _creates(seen, others[0])
                and _is_another(seen, _parts(others[0])[0], right, [*seen.made.get(role, ()), *old])
            ):
                why = f"{what}, as {others[0].key} says: are the tokens of the two swapped?"
                both = ((role, claim), (_parts(others[0])[0], others[0]))
                yield from (_wrong(replace(c, role=r), why, swapped=True) for r, c in both)


def _creates(seen: Witnesses, claim: Claim) -> bool:
    """Whether what an identity creates shows the user that it is said to be."""
    return any(claim.value in owners for owners in seen.owners(_parts(claim)[0]))


def _is_another(seen: Witnesses, role: str, user: str, records: Iterable[dict[str, object]]) -> bool:
    """Whether an identity cannot read a contact of the user that it is said to be."""
    of_user = [r for r in records if user in seen.named(r)]
    contact = seen.account.provider.id_of(of_user[0]) if of_user else None
    return bool(contact) and seen.reads(role, str(contact)) is False


def _refused(seen: Witnesses, all_claims: Sequence[Claim]) -> Iterator[Wrong]:
    """Values that no contact shows, and that every write was refused for, in words that name them or their members,
    or as a value is refused that has to be.

    Of several values under one key those that are named stand alone.
    """
    found: dict[str, list[tuple[Claim, Exchange, str]]] = {}
    for claim in all_claims:
        is_contact = _parts(claim)[1] in ("contact_id", "shared_contact", *seen.account.provider.keys.contacts)
        refusal = None if is_contact else _only_refused(seen, claim)
        if refusal is None or _is_confirmed(seen, claim):
            continue
        if _is_named(seen, claim, refusal):
            found.setdefault(claim.key, []).append((claim, refusal, ""))
        elif (bad := _alike_refused(seen, claim, refusal, all_claims)) is not None:
            found.setdefault(claim.key, []).append((claim, refusal, f", word for word as {bad.key}"))
    for several in found.values():
        named = [(c, r, like) for c, r, like in several if _stands_alone(c.value, r.response_body)]
        for claim, refusal, like in named or several:
            others = sorted(seen.values(_parts(claim)[1], claim.members)) if claim.key.startswith("known.") else []
            has = f"; contacts have {', '.join(others[:3])}" if others else ""
            asked = f"{refusal.method} {refusal.url} with it → {refusal.status}, each time{like}"
            shown = ", and no contact that can be read shows it" if any(seen.listed.values()) else ""
            yield _wrong(claim, f"{asked}{shown}{has}")


def _is_named(seen: Witnesses, claim: Claim, refusal: Exchange) -> bool:
    """Whether a refusal names the value of a claim, or where it stands.

    Where no contacts are listed, that none shows the value says nothing, and a refusal that names an attribute of
    contacts may be about all that it can hold, or about what a check has made wrong: it has to name the value, or the
    member of an entry that holds it.
    """
    if not claim.members and refusal.status not in _ABSENT:
        return False
    members = claim.members or [n for n, v in claims.sent(refusal) if str(v) == claim.value]
    if not any(seen.listed.values()) or not refusal.legal:
        members = [m for m in members if seen.account.contract.find_field(m) is None]
    return _stands_alone(claim.value, refusal.response_body) or any(m in refusal.response_body for m in members)


def _stands_alone(value: str, text: str) -> bool:
    """Whether a text has a value that is no part of a word, and no position such as `[1]`."""
    return re.search(rf"(?<![\w\[.]){re.escape(value)}(?!\w)", text) is not None


def _alike_refused(seen: Witnesses, claim: Claim, refusal: Exchange, all_claims: Sequence[Claim]) -> Claim | None:
    """A claim of a value that has to be refused, which was so word for word as the value of this claim."""
    pairs = [a for a in seen.account.provider.keys.apart if claim.key in a and claim.key.startswith("known.")]
    told = (refusal.status, refusal.response_body.replace(claim.value, ""))
    members = {n for n, v in claims.sent(refusal) if str(v) == claim.value}
    for bad in (c for c in all_claims if not c.members and c.key != claim.key and any(c.key in p for p in pairs)):
        for each in (e for e in seen.account.recorder.exchanges if e.status == refusal.status):
            carried = any(n in members and str(v) == bad.value for n, v in claims.sent(each))
            if carried and (each.status, each.response_body.replace(bad.value, "")) == told:
                return bad
    return None


def _is_confirmed(seen: Witnesses, claim: Claim) -> bool:
    """Whether reading shows that a value is right: a user's by the contacts of the user, another one by any contact."""
    role, name = _parts(claim)
    if name == "user_id":
        mine = [*seen.owners(role), *map(seen.named, seen.listed.get(role, ()))]
        return any(claim.value in named for named in mine)
    if name in ("contact_id", "shared_contact") or not claim.members:
        contact = seen.account.provider.id_of(seen.own[role]) if role in seen.own else None
        return contact == claim.value
    return claim.value in seen.values(name, claim.members) or any(
        200 <= e.status < 300 and e.method != "GET" and claim.is_carried(e) for e in seen.account.recorder.exchanges
    )


def _only_refused(seen: Witnesses, claim: Claim) -> Exchange | None:
    """The first of the run's writes that carried a value, a legal one if there is one, where each of them was refused;
    None where one was not.

    A user counts only where another one was taken in the same member: an API that takes nobody is at fault itself.
    """
    writes = [e for e in seen.account.recorder.exchanges if e.method != "GET" and e.status]
    carrying = [e for e in writes if claim.is_carried(e)]
    if not carrying or not all(e.status in _REFUSED for e in carrying):
        return None
    if not set(claim.members).isdisjoint(seen.people):
        taken = (e for e in writes if 200 <= e.status < 300)
        if not any(n in claim.members and str(v) != claim.value for e in taken for n, v in claims.sent(e)):
            return None
    return next((e for e in carrying if e.legal), carrying[0])


def _left_in(seen: Witnesses, all_claims: Sequence[Claim], wrong: Sequence[Claim]) -> Iterator[Wrong]:
    """Values of the example that nobody replaced and nothing shows to be right, where another of them is wrong."""
    given = example.values(contracts.provider_path(seen.account.target.provider) / "target.toml")
    left = [c for c in all_claims if c.value in given.get(c.key, ())]
    proof = next((c for c in left if c in wrong), None)
    others = [c for c in left if c not in wrong and not _is_confirmed(seen, c)] if proof is not None else []
    named = ", ".join(f'{c.key} = "{c.value}"' for c in others)
    for claim in others:
        yield Wrong(claim, f"still those of the example, as {proof.key if proof else ''}, which is wrong: {named}")


def _parts(claim: Claim) -> tuple[str, str]:
    """The role that a claim is about, or nothing, and the name of its key."""
    before, _, name = claim.key.rpartition(".")
    return before.removeprefix("identities").removeprefix("known").removeprefix("."), name
