"""Security of the contract: every operation without credentials or with wrong ones is refused and has no effect."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Operation
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.target import ANONYMOUS, Secret
from contacts_conformance.verdicts.outcomes import Judge


def _ask(session: Session, contacts: Contacts, operation: Operation, contact: Contact, **options: Any) -> Answer:
    options |= {"identity": ANONYMOUS, "legal": False}
    match operation.kind:
        case "create" if "headers" not in options:
            return _submission(session)[1]
        case "create":
            return contacts.send_create(contacts.complete({}), **options)
        case "list":
            return contacts.send_list(session.provider.mark_filter(contact.marks), **options)
        case "read":
            return contacts.send_read(contact.id, **options)
        case "change":
            return contacts.send_change(contact.id, _change(session, contact), **options)
        case _:
            return contacts.send("remove", contact.id, **options)


def _for_nobody(session: Session) -> Contact:
    """A contact that nobody is to see or alter; where the run may not write, one that is there."""
    return session.found() if session.only_reads else session.once("for nobody", lambda: _untouched(session))


def _untouched(session: Session) -> Contact:
    """A contact that nobody has altered, which it is to stay, so that other checks of this kind may have it as well."""
    contact, record = round_trip.untouched(session)
    round_trip.left_alone(session, contact, record)
    return contact


def _submission(session: Session) -> tuple[Mapping[str, str], Answer]:
    """The marks of a contact that was submitted without credentials, once in a run, and the answer."""

    def submit() -> tuple[Mapping[str, str], Answer]:
        contacts = session.contacts()
        marks = contacts.marks()
        values = contacts.complete({})
        return marks, contacts.send_create(values, marks=marks, identity=ANONYMOUS, legal=False)

    submitted: tuple[Mapping[str, str], Answer] = session.once("a submission of nobody", submit)
    return submitted


def _change(session: Session, contact: Contact) -> dict[str, Any]:
    """A change of one text, beside what the contact was created with."""
    fields = session.contract.change_fields
    text = next(f for f in fields if f.is_text and not (f.known or f.enum or f.name in contact.marks))
    return {**contact.sent, text.name: session.provider.sample(text, session.number())}


def _as_it_is(contacts: Contacts, contact: Contact) -> Record | None:
    """The documented attributes of the contact, where it can be read."""
    if not contacts.offers("read"):
        return None
    record = contacts.account.aftermath.known(contact.id) or contacts.read(contact)
    return contacts.account.contract.documented(record)


def _expect_refusal(judge: Judge, operation: Operation, aspect: str, answer: Answer) -> None:
    """A call of nobody is turned away, and what is not carried out is answered 401."""
    _expect_turned_away(judge, operation, aspect, answer)
    with judge("auth.status"):
        if answer.succeeded:
            raise NotShown(f"{operation} was carried out, so that no status of a refusal was shown")
        expect.status(answer, 401, about=operation.id)


def _expect_turned_away(judge: Judge, operation: Operation, aspect: str, answer: Answer) -> None:
    with judge(f"operation.{operation}.{aspect}"):
        expect.that(
            300 <= answer.status < 500,
            "a refusal or a redirect (4xx or 3xx)",
            answer.status_line,
            kind="status",
            observed=str(answer.status),
            shown_by=answer,
        )


@each(operation=Contract.secured_operations)
@requirement("operation.{operation}.no-token", "auth.status", "auth.no-effect")
def test_a_call_without_a_token_is_refused(
    operation: Operation, session: Session, contacts: Contacts, judge: Judge
) -> None:
    contact = _for_nobody(session)
    before = session.once("for nobody, as it was", lambda: _as_it_is(contacts, contact))

    answer = _ask(session, contacts, operation, contact)

    _expect_refusal(judge, operation, "no-token", answer)
    with judge("auth.no-effect"):
        if operation.kind not in ("change", "remove"):
            raise NotOffered(f"{operation} alters no contact")
        if before is None:
            raise NotOffered("the contract has no operation to read a contact back")
        after = contacts.send_read(contact.id)
        expect.success(after, about=f"reading the contact after {operation}")
        read = session.contract.documented(session.provider.record(after) or {})
        expect.unchanged(before, read, about=operation.id, shown_by=after)


@each(operation=Contract.secured_operations)
@requirement("operation.{operation}.wrong-token", "auth.status")
def test_a_call_with_a_wrong_token_is_refused(
    operation: Operation, session: Session, contacts: Contacts, judge: Judge
) -> None:
    """A list carries the scheme alone where there is a token: it is sent a wrong one with more behind a valid one."""
    contact = _for_nobody(session)
    token = contacts.identity.secrets.get("token")
    if operation.kind == "list" and token is not None:
        nobody = replace(contacts.identity, secrets={"token": Secret(token.variable, "")})
        empty = {name: value.strip() for name, value in session.provider.authorization(nobody).items()}
        answer = _ask(session, contacts, operation, contact, headers=empty)
        _expect_turned_away(
            judge, operation, "wrong-token", answer
        )  # a service may take it for a malformed header: 400
        return

    answer = _ask(session, contacts, operation, contact, headers=session.provider.wrong_authorization())

    _expect_refusal(judge, operation, "wrong-token", answer)


@requirement("operation.{list}.wrong-token")
def test_a_token_with_more_behind_it_is_refused(session: Session, contacts: Contacts) -> None:
    token = contacts.identity.secrets.get("token")
    if token is None:
        raise NotOffered(f"'{contacts.identity}' has no token")
    longer = Secret(token.variable, token.value + "0")
    session.client.redactor.learn(longer.variable, longer.value)
    headers = session.provider.authorization(replace(contacts.identity, secrets={"token": longer}))

    answer = contacts.send_list(identity=ANONYMOUS, headers=headers, legal=False)

    expect.refusal(answer)


@requirement("auth.no-effect")
def test_a_submission_without_a_token_creates_nothing(session: Session, contacts: Contacts) -> None:
    marks, _ = _submission(session)

    listed = contacts.ids(contacts.found(marks))
    expect.same_contacts(listed, [], about="contacts that a submission without a token created")
