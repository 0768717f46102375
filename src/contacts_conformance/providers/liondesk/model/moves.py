"""Moves that create, change, assign, read and remove contacts, each by every role, whether it may or not.

Only a request of the owner of a contact that stands is sure to be legal, whatever a plan leaves out; what the answers
to all others have to be, the model says.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.providers.liondesk.model import values
from contacts_conformance.providers.liondesk.model.drawing import any_of, later
from contacts_conformance.providers.liondesk.model.state import ASSIGNED, MAIN, MARKED, Account, Contact
from contacts_conformance.providers.plans import Step, known, user

_MOST = 7
"""So many contacts a plan has at most; a page of the default size holds more."""
_TEAM = ("assignee", "teammate")


def creations(account: Account) -> SearchStrategy[Step] | None:
    """A contact of the main role, at times of another one: with few texts, many, with times, assigned, with lookups.

    Mostly it has the fields that the first contact of the plan has, so that lists by these tell several apart.
    """
    if len(account.contacts) >= _MOST:
        return None

    def steps() -> SearchStrategy[Step]:
        contract = account.contract
        first = next(iter(account.contacts.values()), None)
        names = [n for n in first.sent if _is_text(account, n)] if first is not None else []
        alike = values.alike(contract, names) if len(names) > 1 else values.some(contract, 2, 5)
        more = any_of(st.just({}), values.times(), values.times(), values.times(), *_extras(account))
        usual = st.builds(lambda a, b: {**a, **b}, alike, more)
        own = any_of(usual, usual, usual, usual, values.some(contract), values.dense(contract))
        steps = [own.map(lambda v: Step("create", values=v))] * 8
        steps.append(values.odd(contract).map(lambda v: Step("create", values=v, expects="")))
        if "outsider" in account.target.known:
            steps.append(alike.map(lambda v: Step("create", values={**v, ASSIGNED: known("outsider")}, expects="")))
        others = [r for r in account.roles if r != MAIN]
        if others:
            steps.append(st.builds(lambda r, v: Step("create", r, values=v), st.sampled_from(others), alike))
        return any_of(*steps)

    return later(steps)


def _extras(account: Account) -> list[SearchStrategy[values.Values]]:
    """Ids that the target knows: of users of the team, and of lookups."""
    users = [r for r in _TEAM if r in account.roles and account.user(r)]
    found: list[SearchStrategy[values.Values]] = []
    if users:
        found.append(st.sampled_from(users).map(lambda r: {ASSIGNED: user(r)}))
    lookups = [n for n in ("hotness", "source") if n in account.target.known]
    if lookups:
        found.append(st.sampled_from(lookups).map(lambda n: {f"{n}_id": known(n)}))
    return found


def changes(account: Account) -> SearchStrategy[Step] | None:
    """A few texts, all, times or lookups, by the owner, by who is assigned, and at times by somebody else."""
    if not account.standing:
        return None

    def steps() -> SearchStrategy[Step]:
        contract = account.contract
        held = list(dict.fromkeys(n for c in account.standing for n in c.sent if _is_text(account, n) and n != MARKED))
        given = any_of(
            values.alike(contract, held, most=2) if held else values.some(contract, 1, 2),
            values.some(contract, 1, 2),
            values.some(contract, 2, 5),
            values.dense(contract),
            values.dense(contract),
            values.times(),
            *_extras(account)[1:],
            st.builds(
                lambda a, b: {**a, **b}, values.some(contract, 1, 2), st.just({"modified_at": values.MODIFIED[0]})
            ),
        )
        own = _by_owners(account, given)
        odd = st.builds(lambda c, v: _step("change", c, c.owner, v), _one(account.standing), values.odd(contract))
        steps = [own, own, own, odd]
        pairs = _others(account, account.standing)
        if pairs:
            few = values.alike(contract, ("first_name", "tags", "spouse_name"), most=2)
            steps += [st.builds(lambda p, v: _step("change", p[0], p[1], v), st.sampled_from(pairs), few)] * 2
        return any_of(*steps)

    return later(steps)


def assignments(account: Account) -> SearchStrategy[Step] | None:
    """The contact is assigned to a user of the team, or to one of whom the page says that it must not be."""
    mine = [c for c in account.standing if c.owner == MAIN]
    users = [r for r in _TEAM if r in account.roles and account.user(r)]
    if not mine or not users:
        return None

    def steps() -> SearchStrategy[Step]:
        team = st.builds(lambda c, r: _own("change", c, {ASSIGNED: user(r)}), _one(mine), st.sampled_from(users))
        if "outsider" not in account.target.known:
            return team
        out = _one(mine).map(lambda c: _step("change", c, c.owner, {ASSIGNED: known("outsider")}))
        return any_of(team, team, team, out)

    return later(steps)


def emptyings(account: Account) -> SearchStrategy[Step] | None:
    """A change of one text to nothing, of which the page does not say that it can be done."""
    held = [(c, n) for c in account.standing for n, v in c.sent.items() if v and _is_text(account, n) and n != MARKED]
    if not held:
        return None

    def steps() -> SearchStrategy[Step]:
        nothing: SearchStrategy[str | None] = st.sampled_from([None, ""])
        return st.builds(lambda p, v: _step("change", p[0], p[0].owner, {p[1]: v}), st.sampled_from(held), nothing)

    return later(steps)


def removals(account: Account) -> SearchStrategy[Step] | None:
    """By the owner, or by somebody else."""
    standing = account.standing
    if not standing:
        return None

    def steps() -> SearchStrategy[Step]:
        own = _one(standing).map(lambda c: _own("remove", c))
        pairs = _others(account, standing)
        if not pairs:
            return own
        return any_of(own, st.sampled_from(pairs).map(lambda p: _step("remove", p[0], p[1])))

    return later(steps)


def readings(account: Account) -> SearchStrategy[Step] | None:
    """Of a contact that stands, by its owner or by somebody else."""
    standing = account.standing
    if not standing:
        return None

    def steps() -> SearchStrategy[Step]:
        fresh = [c for c in standing if c.since] or standing
        own = _one(fresh).map(lambda c: _step("read", c, c.owner) if c.doubt else _own("read", c))
        pairs = _others(account, standing)
        if not pairs:
            return own
        return any_of(own, own, st.sampled_from(pairs).map(lambda p: _step("read", p[0], p[1])))

    return later(steps)


def revisits(account: Account) -> SearchStrategy[Step] | None:
    """What is left of a contact that was removed: it is read, changed or removed once more."""
    gone = [c for c in account.contacts.values() if c.gone]
    if not gone:
        return None

    def steps() -> SearchStrategy[Step]:
        roles = st.sampled_from(account.roles)
        reads = st.builds(lambda c, r: _step("read", c, r), _one(gone), roles)
        given = values.alike(account.contract, ("first_name", "tags"), most=2)
        writes = st.builds(lambda c, v: _step("change", c, c.owner, v), _one(gone), given)
        return any_of(reads, reads, writes, _one(gone).map(lambda c: _step("remove", c, c.owner)))

    return later(steps)


def _by_owners(account: Account, given: SearchStrategy[values.Values]) -> SearchStrategy[Step]:
    return st.builds(lambda c, v: _own("change", c, v), _one(account.standing), given)


def _one(contacts: Sequence[Contact]) -> SearchStrategy[Contact]:
    return st.sampled_from(list(contacts))


def _others(account: Account, contacts: Sequence[Contact]) -> list[tuple[Contact, str]]:
    """Contacts with roles that do not own them; who is or was assigned comes as often as all others together."""
    pairs = [(c, r) for c in contacts for r in account.roles if r != c.owner]
    assigned = [p for p in pairs if account.sees(p[1], p[0]) or account.user(p[1]) in p[0].may_see]
    return pairs + assigned * max(1, len(pairs) // max(1, len(assigned)))


def _own(kind: str, contact: Contact, given: values.Values | None = None) -> Step:
    """A request of the owner, which has to succeed."""
    row = {"read": "liondesk.access.owner.read", "remove": "liondesk.access.owner.remove"}.get(kind, "")
    return Step(kind, _role(contact.owner), contact.place, values=given or {}, row=row)


def _step(kind: str, contact: Contact, role: str, given: values.Values | None = None) -> Step:
    """A request of which the model alone says how it has to be answered."""
    return Step(kind, _role(role), contact.place, values=given or {}, expects="")


def _role(role: str) -> str:
    return "" if role == MAIN else role


def _is_text(account: Account, name: str) -> bool:
    field = account.contract.find_field(name)
    return field is not None and field.is_text
