"""Requests that the checks of spark and flexmls share, and what they read from the responses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from contacts_conformance.account.contacts import Contact, Contacts, unlike
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, samples
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.client import Answer, Request
from contacts_conformance.http.signing import Signing
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers.sparkapi import NOBODY, code_of, envelope
from contacts_conformance.target import ANONYMOUS, Identity
from contacts_conformance.verdicts import response_checks
from contacts_conformance.verdicts.outcomes import Judge

MALFORMED = b'{"D": {"DisplayName": "cut off'
ASPECTS = ("accepts", "no-server-error", "status", "content-type", "body")
_OTHERS = str.maketrans("0123456789abcdefABCDEF", "9876543210fedcbaFEDCBA")
"""Another figure for each, so that a number stays one, also in hex."""
PLAIN_TEXT = {"Content-Type": "text/plain"}


def optional(session: Session, role: str) -> Identity:
    """The identity of a role that no target has to have; NotOffered where this one has none."""
    if role not in session.target.identities:
        raise NotOffered(f"the target has no identity '{role}' (table [identities.{role}])")
    return session.identity(role)


def fixture(session: Session, name: str) -> str:
    """What the target file sets aside under a name in [known]: it belongs to the key of the main role of an agent.

    NotOffered where the target declares that it is without that role, NotVerified where nothing is set aside.
    """
    session.identity(session.provider.main_role)
    return session.target.known_id(name)


def failures(session: Session) -> Mapping[str, Answer]:
    """The answers to requests that are wrong in one plain way each, by what is wrong."""

    def ask() -> dict[str, Answer]:
        contacts = session.contacts()
        required = session.contract.required_fields[0]
        rest = {n: v for n, v in contacts.complete({}).items() if n != required.name}
        return {
            "nobody's": contacts.send_list(identity=ANONYMOUS, legal=False),
            "without a required attribute": contacts.send_create(rest, legal=False),
            "too long": contacts.send_create(contacts.complete(too_long(required)), legal=False),
            "not JSON": malformed(contacts),
            "unknown": contacts.send_read(_nobody_like(session), legal=False),
        }

    found: dict[str, Answer] = session.once("failures", ask)
    return found


def _nobody_like(session: Session) -> str:
    """An Id that no contact has, of the form that the target's Ids have."""
    try:
        contact = plain(session).id
    except NotVerified:
        return NOBODY
    if len(contact) < 10 and contact.isdecimal():
        return str(10**9 - 1 - int(contact))
    return contact[:-12] + contact[-12:].translate(_OTHERS)


def too_long(field: Field) -> dict[str, Json]:
    """A value one character above the limit of a field."""
    return {field.name: samples.text_of_length(field, (field.max_length or 0) + 1)}


def malformed(contacts: Contacts, contact: str = "", marks: Mapping[str, str] | None = None) -> Answer:
    """Submits a body that ends too early, or changes a contact by one."""
    if contact:
        return contacts.send("change", contact, content=MALFORMED, legal=False)
    return contacts.send_create({}, marks=contacts.marks() if marks is None else marks, content=MALFORMED, legal=False)


def failure_problem(answer: Answer) -> str:
    """What keeps an answer from being the failure that the vendor documents; empty where nothing does."""
    if not answer.refused:
        return f"the status is {answer.status}: {answer!r}"
    inner = envelope(answer.json)
    if inner is None:
        return f"there is no object D: {answer!r}"
    if inner.get("Success") is not False:
        return f"Success is {inner.get('Success')!r}: {answer!r}"
    if code_of(answer) is None:
        return f"Code is {inner.get('Code')!r}: {answer!r}"
    return "" if isinstance(inner.get("Message"), str) else f"Message is {inner.get('Message')!r}: {answer!r}"


def judge_failure(judge: Judge, row: str, what: str, answer: Answer) -> None:
    """Judges the envelope of a failure, by this row, and that its Code is a number; `what` was wrong."""
    if what == "too long" and answer.succeeded:
        return  # cut, which a row of its own judges
    with judge(row):
        problem = failure_problem(answer)
        assert not problem, f"{what}: {problem}"
    with judge("envelope.code-is-a-number"):
        code = (envelope(answer.json) or {}).get("Code", 0)
        assert isinstance(code, int), f"{what}: Code is {code!r}: {answer!r}"


def success_problem(answer: Answer) -> str:
    """What keeps an answer from being the success that the vendor documents; empty where nothing does."""
    if not answer.succeeded:
        return f"the status is {answer.status}: {answer!r}"
    inner = envelope(answer.json)
    if inner is None:
        return f"there is no object D: {answer!r}"
    return "" if inner.get("Success") is True else f"Success is {inner.get('Success')!r}: {answer!r}"


def total_rows(answer: Answer) -> int | None:
    """How many contacts match, as the Pagination object says; None where there is none, or no number in it."""
    pagination = (envelope(answer.json) or {}).get("Pagination")
    rows = pagination.get("TotalRows") if isinstance(pagination, dict) else None
    return rows if isinstance(rows, int) and not isinstance(rows, bool) else None


def refused_calls(session: Session) -> Mapping[str, Answer]:
    """The answers to every method that the page excludes, by method and path."""

    return {
        f"{method} {path}": round_trip.excluded(session, method, path)
        for method, path in session.contract.refused_methods
        if session.role_at(path) in session.target.identities
    }


def open_session(session: Session, identity: Identity) -> Answer:
    """The answer to a request that opens a session for an identity."""
    signing = session.provider
    assert isinstance(signing, Signing)
    return session.client.send(signing.opening(identity))


def judge_plain(session: Session, judge: Judge, answer: Answer, name: str = "openSession") -> None:
    """Judges the rows of an operation by the answer to a plain request."""
    operation = next(o for o in session.contract.operations if o.id == name)
    with judge(f"operation.{name}.accepts"):
        expect.success(answer)
    provider = session.contract.provider
    seen = tuple(response_checks.observe(session.contract, session.register, operation, answer))
    for aspect in ASPECTS[1:]:
        with judge(f"operation.{name}.{aspect}"):
            expect.as_documented(seen, f"{provider}.operation.{name}.{aspect}")


def signed_wrongly(session: Session, identity: Identity) -> Answer:
    """A list whose signature is that of nothing."""
    return session.client.send(
        Request("GET", session.contract.operation("list").path, identity, (("ApiSig", "0" * 32),), legal=False)
    )


def with_other_word(identity: Identity) -> Identity:
    """The identity, its token after the other of the two words."""
    other = "Bearer" if identity.attributes.get("scheme") == "OAuth" else "OAuth"
    return replace(identity, attributes={**identity.attributes, "scheme": other})


def differing(session: Session, before: Record, after: Record, *but: str) -> list[str]:
    """The documented attributes in which a contact differs, but for these."""
    one, other = (session.contract.documented(r) for r in (before, after))
    return sorted(n for n in (one.keys() | other.keys()) - set(but) if one.get(n) != other.get(n))


def status_of(record: Record) -> str:
    """The RecordStatus of a contact; where answers do not show it, that of the contacts in the list."""
    return str(record.get("RecordStatus") or "Connected")


def plain(session: Session) -> Contact:
    """A contact that nothing is known of but what it needs; made once in a run."""
    found: Contact = session.once("plain contact", session.contacts().create)
    return found


def cohort(session: Session, name: str, count: int) -> tuple[dict[str, str], list[Contact]]:
    """So many plain contacts under one mark, and the mark; made once in a run."""

    def make() -> tuple[dict[str, str], list[Contact]]:
        contacts = session.contacts()
        marks = contacts.marks()
        return marks, [contacts.create(marks) for _ in range(count)]

    found: tuple[dict[str, str], list[Contact]] = session.once(name, make)
    return found


def listed(contacts: Contacts, marks: Mapping[str, str], query: Query = (), *, expected: int = 0) -> Answer:
    """The list of the contacts that carry these marks, asked again while it lags behind `expected` contacts."""
    seen: list[Answer] = []

    def complete() -> bool:
        seen.append(contacts.send_marked(marks, query))
        page = contacts.session.provider.page(seen[-1]) if seen[-1].succeeded else None
        return page is not None and len(page.records) >= expected

    contacts.eventually(complete)
    return seen[-1]


def settled(contacts: Contacts, marks: Mapping[str, str], count: int) -> None:
    """Waits until the list shows so many contacts with these marks, as long as the target's lists may lag."""
    if contacts.session.target.limits.patience:
        contacts.eventually(lambda: len(contacts.marked(marks)) >= count)


def read_back(contacts: Contacts, marks: Mapping[str, str], created: Sequence[Contact]) -> list[Record]:
    """These contacts as they read, in their order: by one list, and one by one where that does not show all of them."""
    settled(contacts, marks, len(created))
    listed = {contacts.session.provider.id_of(r): r for r in contacts.marked(marks)}
    return [_whole(contacts, listed.get(c.id), c) for c in created]


def _whole(contacts: Contacts, record: Record | None, contact: Contact) -> Record:
    """The record from a list, or the contact as it reads where a list shows less of it, or other values."""
    return contacts.read(contact) if record is None or unlike(contacts, record, contact.sent) else record
