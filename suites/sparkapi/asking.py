"""Requests that the checks of spark and flexmls share, and what they read from the responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from contacts_conformance.account.account import Account
from contacts_conformance.account.cohort import unlike
from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, refused_methods
from contacts_conformance.checks.sampled import nobodys
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, samples
from contacts_conformance.errors import NotOffered, NotShown, NotVerified, ReadOnly, SetUpFailed
from contacts_conformance.http.messages import Answer
from contacts_conformance.http.recording import cut
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import Page
from contacts_conformance.providers.sparkapi import NOBODY, code_of, envelope
from contacts_conformance.target import ANONYMOUS, Identity
from contacts_conformance.verdicts import response_checks
from contacts_conformance.verdicts.outcomes import Judge

MALFORMED = b'{"D": {"DisplayName": "cut off'
TYPES = ("field.Id.type", "field.Tags.type")
"""Rows on types that a plain request of any operation bears on, where it shows contacts."""
ASPECTS = ("accepts", "no-server-error", "status", "content-type", "body")
PLAIN_TEXT = {"Content-Type": "text/plain"}
WITH_CHARSET = {"Content-Type": "application/json; charset=utf-8"}


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
    """The answers to requests that are wrong in one plain way each, by what is wrong; those that a run may send."""

    def ask() -> dict[str, Answer]:
        contacts = session.contacts()
        required = session.contract.required_fields[0]
        rest = {n: v for n, v in contacts.complete({}).items() if n != required.name}
        reads = {
            "nobody's": contacts.send_list((("_limit", "1"),), identity=ANONYMOUS, legal=False),
            "unknown": contacts.send_read(_nobody_like(session), legal=False),
        }
        if session.only_reads:
            return reads
        return {
            "nobody's": reads["nobody's"],
            "without a required attribute": contacts.send_create(rest, legal=False),
            "too long": contacts.send_create(contacts.complete(too_long(required)), legal=False),
            "not JSON": malformed(contacts),
            "unknown": reads["unknown"],
        }

    answers: dict[str, Answer] = session.once("failures", ask)
    return answers


def failure(session: Session, case: str) -> Answer:
    """The answer to a request that is wrong in this way; ReadOnly where the run may not send it."""
    if case not in failures(session):
        raise ReadOnly
    return failures(session)[case]


def _nobody_like(session: Session) -> str:
    """An Id that no contact has, of the form that the target's Ids have."""
    try:
        contact = session.to_read().id
    except NotVerified:
        return NOBODY
    return nobodys(contact)


def too_long(field: Field) -> dict[str, Json]:
    """A value one character above the limit of a field."""
    return {field.name: samples.text_of_length(field, (field.max_length or 0) + 1)}


def malformed(contacts: Contacts, contact: str = "", marks: Mapping[str, str] | None = None) -> Answer:
    """Submits a body that ends too early, or changes a contact by one."""
    if contact:
        return contacts.send("change", contact, content=MALFORMED, legal=False)
    marks = contacts.marks() if marks is None else marks
    marked = b"".join(b', "%s": ["%s"]' % (n.encode(), v.encode()) for n, v in marks.items())
    return contacts.send_create({}, marks=marks, content=MALFORMED + b'"' + marked, legal=False)


def expect_success_envelope(answer: Answer) -> None:
    """Expects a success as the vendor documents it: a status of 2xx and an object D whose Success is true."""
    expect.success(answer)
    inner = _expect_envelope(answer, "D")
    expect.equal(inner.get("Success"), True, "Success", answer)


def expect_failure_envelope(answer: Answer, case: str = "") -> None:
    """Expects a failure as the vendor documents it: a status of 4xx and an object D whose Success is false, with a
    Code and a Message. `case` names the request."""
    expect.refusal(answer, case)
    inner = _expect_envelope(answer, _member(case, "D"))
    expect.equal(inner.get("Success"), False, _member(case, "Success"), answer)
    code = inner.get("Code")
    expect.that(
        code_of(answer) is not None,
        "a number, or a text of digits",
        expect.shown(code),
        about=_member(case, "Code"),
        kind="type",
        observed=expect.json_type(code),
        shown_by=answer,
    )
    expect.of_type(inner.get("Message"), "string", about=_member(case, "Message"), shown_by=answer)


def expect_failure(judge: Judge, row: str, case: str, answer: Answer) -> None:
    """Expects, for this row, the envelope of a failure, and for a row of its own that the Code is a number.

    `case` says what was wrong with the request.
    """
    if case == "too long" and answer.succeeded and (envelope(answer.json) or {}).get("Success") is not False:
        return  # cut, which a row of its own judges
    with judge(row):
        expect_failure_envelope(answer, case)
    with judge("envelope.code-is-a-number"):
        inner = envelope(answer.json) or {}
        if "Code" not in inner:
            raise NotShown("no failure showed a Code")
        expect.that(
            isinstance(inner["Code"], int),
            "a whole number",
            expect.shown(inner["Code"]),
            about=_member(case, "Code"),
            kind="type",
            observed=expect.json_type(inner["Code"]),
            shown_by=answer,
        )


def expect_code(answer: Answer, *codes: int, about: str = "Code") -> None:
    """Expects that the Code of an answer is one of these, also as a text of digits."""
    code = code_of(answer)
    expect.that(
        code in codes,
        f"Code {' or '.join(map(str, codes))}",
        f"{answer.status} with Code {expect.shown(code)}",
        about=about,
        kind="code",
        observed=expect.shown(code),
        shown_by=answer,
    )


def expect_page(contacts: Contacts, answer: Answer, about: str = "") -> Page:
    """Expects a success that holds a page of contacts, and returns the page."""
    expect.success(answer, about)
    page = contacts.account.provider.page(answer)
    if page is None:
        expect.broken(
            "a page of contacts", _body(answer), about=about, kind="body", observed="no page", shown_by=answer
        )
    return page


def expect_contacts(page: Page, shown_by: Answer, about: str = "the page") -> None:
    """Expects that a page holds contacts."""
    expect.that(
        page.records, "contacts", "no contacts", about=about, kind="contacts", observed="missing", shown_by=shown_by
    )


def expect_at_most(most: int, page: Page, shown_by: Answer, about: str = "the page") -> None:
    """Expects that a page holds no more contacts than these."""
    expect.that(
        len(page.records) <= most, f"at most {most} contacts", str(len(page.records)), about=about, kind="contacts",
        observed="too many", shown_by=shown_by,
    )  # fmt: skip


def expect_own_contact(contacts: Contacts, answer: Answer) -> None:
    """Expects the own contact of a signed-in contact: the one that the target file names, where it names one."""
    record = contacts.account.provider.record(answer)
    if record is None:
        expect.broken("a contact", _body(answer), kind="body", observed="no contact", shown_by=answer)
    own = contacts.identity.attributes.get("contact_id", record.get("Id"))
    expect.equal(record.get("Id"), own, "Id", answer)


def _expect_envelope(answer: Answer, about: str) -> dict[str, Json]:
    inner = envelope(answer.json)
    if inner is None:
        expect.broken("an object D", _body(answer), about=about, kind="body", observed="no D", shown_by=answer)
    return inner


def _body(answer: Answer) -> str:
    return cut(answer.exchange.response_body, 200) or "no body"


def _member(case: str, name: str) -> str:
    return f"{case}: {name}" if case else name


def total_rows(answer: Answer) -> int | None:
    """How many contacts match, as the Pagination object says; None where there is none, or no number in it."""
    pagination = (envelope(answer.json) or {}).get("Pagination")
    rows = pagination.get("TotalRows") if isinstance(pagination, dict) else None
    return rows if isinstance(rows, int) and not isinstance(rows, bool) else None


def refused_calls(session: Session) -> Mapping[str, Answer]:
    """The answers to the methods that the page excludes and that may be tried, by method and path.

    NotShown where nobody can ask, NotVerified where none may be tried.
    """
    answers: dict[str, Answer] = {}
    why = NotVerified("the target file has no identity for the paths whose methods are refused")
    for method, path in session.contract.refused_methods:
        if session.role_at(path) in session.target.identities:
            try:
                answers[f"{method} {path}"] = refused_methods.excluded(session, method, path)
            except NotVerified as failure:
                why = failure
    if not answers:
        raise NotShown(str(why))
    return answers


def expect_operation_as_documented(session: Session, judge: Judge, answer: Answer, name: str = "openSession") -> None:
    """Expects that a plain request of an operation is carried out and answered as documented, a row for each aspect."""
    operation = next(o for o in session.contract.operations if o.id == name)
    with judge(f"operation.{name}.accepts"):
        expect.success(answer)
    provider = session.contract.provider
    seen = tuple(response_checks.observe(session.contract, session.register, operation, answer))
    for aspect in ASPECTS[1:]:
        with judge(f"operation.{name}.{aspect}"):
            expect.as_documented(seen, f"{provider}.operation.{name}.{aspect}")
    for row in {o.requirement for o in seen} & {f"{provider}.{t}" for t in TYPES}:
        with judge(row.removeprefix(f"{provider}.")):
            expect.as_documented(seen, row)


def with_other_word(identity: Identity) -> Identity:
    """The identity, its token after the other of the two words."""
    other = "Bearer" if identity.attributes.get("scheme") == "OAuth" else "OAuth"
    return replace(identity, attributes={**identity.attributes, "scheme": other})


def read(contacts: Contacts, contact: Contact | str) -> tuple[Record, Answer]:
    """The contact as it is now, and the answer that shows it; SetUpFailed where it cannot be read."""
    answer = contacts.send_read(contact if isinstance(contact, str) else contact.id)
    record = contacts.account.provider.record(answer) if answer.succeeded else None
    if record is None:
        without = " without a contact" if answer.succeeded else ""
        raise SetUpFailed(f"Setup failed: reading the test contact returned {answer.status}{without}")
    return record, answer


def read_once(session: Session, contact: str) -> tuple[Record, Answer]:
    """A contact that no check changes, as the main role reads it; asked once in a run."""
    shown: tuple[Record, Answer] = session.once(f"{contact} as it reads", lambda: read(session.contacts(), contact))
    return shown


def expect_unchanged(
    session: Session, before: Record, after: Record, *but: str, about: str = "", shown_by: Answer | str | None = None
) -> None:
    """Expects that the documented attributes of a contact are the same, but for these."""
    one, other = (session.contract.documented(r) for r in (before, after))
    expect.unchanged(one, other, but=but, about=about, shown_by=shown_by)


def expect_connected(record: Record, shown_by: Answer, *, is_listed: bool = True) -> None:
    """Expects that a contact is Connected, as its RecordStatus says, or its place in the list where that is not shown.

    `is_listed` says whether the check expects the contact in the list as well. NotShown where neither tells.
    """
    status = record.get("RecordStatus") or ("Connected" if is_listed else None)
    if status is None:
        raise NotShown("no answer showed whether the contact is Connected")
    expect.equal(status, "Connected", "RecordStatus", shown_by)


def expect_no_notify(record: Record, shown_by: Answer) -> None:
    """Expects a contact without Notify, which no answer shows."""
    expect.that(
        "Notify" not in record, "a contact without Notify", expect.shown(record.get("Notify")), about="Notify",
        observed="present", shown_by=shown_by,
    )  # fmt: skip


def listed(contacts: Contacts, marks: Mapping[str, str], query: Query = (), *, expected: int = 0) -> Answer:
    """The list of the contacts that carry these marks, asked again while it lags behind `expected` contacts."""
    answers: list[Answer] = []

    def complete() -> bool:
        answers.append(contacts.send_marked(marks, query))
        page = contacts.account.provider.page(answers[-1]) if answers[-1].succeeded else None
        return page is not None and len(page.records) >= expected

    contacts.eventually(complete)
    return answers[-1]


def expect_listed(contacts: Contacts, contact: str, ids: Callable[[], Sequence[str]], about: str) -> None:
    """Expects that a list, whose Ids `ids` asks for, shows a contact within the time that lists may lag behind."""
    listed = _eventually(contacts, ids, lambda listed: contact in listed)
    _expect_in_list(contacts, contact in listed, f"contact {contact}", listed, about, "missing")


def expect_only_listed(contacts: Contacts, contact: str, ids: Callable[[], Sequence[str]], about: str) -> None:
    """Expects that a list, whose Ids `ids` asks for, shows a contact and no other, once lists no longer lag behind."""
    listed = _eventually(contacts, ids, lambda listed: list(listed) == [contact])
    observed = "extra" if contact in listed else "missing"
    _expect_in_list(contacts, list(listed) == [contact], f"contact {contact} alone", listed, about, observed)


def expect_not_listed(contacts: Contacts, contact: str, ids: Callable[[], Sequence[str]], about: str) -> None:
    """Expects that a list, whose Ids `ids` asks for, is without a contact, once lists no longer lag behind."""
    listed = _eventually(contacts, ids, lambda listed: contact not in listed)
    _expect_in_list(contacts, contact not in listed, f"no contact {contact}", listed, about, "extra")


def _eventually(
    contacts: Contacts, ids: Callable[[], Sequence[str]], holds: Callable[[Sequence[str]], bool]
) -> Sequence[str]:
    """The Ids of a list, asked for again while they do not hold and the list may lag behind."""
    lists: list[Sequence[str]] = []

    def as_expected() -> bool:
        lists.append(ids())
        return holds(lists[-1])

    contacts.eventually(as_expected)
    return lists[-1]


def _expect_in_list(
    contacts: Contacts, holds: bool, expected: str, listed: Sequence[str], about: str, observed: str
) -> None:
    expect.that(
        holds,
        expected,
        f"contacts {', '.join(listed)}" if listed else "no contacts",
        about=about,
        kind="contacts",
        observed=observed,
        shown_by=last_exchange(contacts.account),
    )


def last_exchange(account: Account) -> str:
    """The id of the exchange that came last."""
    return account.recorder.since(len(account.recorder) - 1)[0].id


def wait_until_listed(contacts: Contacts, marks: Mapping[str, str], count: int) -> None:
    """Waits until the list shows so many contacts with these marks, as long as the target's lists may lag."""
    if contacts.account.target.limits.patience:
        contacts.eventually(lambda: len(contacts.marked(marks)) >= count)


def read_back(contacts: Contacts, marks: Mapping[str, str], created: Sequence[Contact]) -> list[Record]:
    """These contacts as they read, in their order: by one list, and one by one where that does not show all of them."""
    wait_until_listed(contacts, marks, len(created))
    listed = {contacts.account.provider.id_of(r): r for r in contacts.marked(marks)}
    return [_whole(contacts, listed.get(c.id), c) for c in created]


def _whole(contacts: Contacts, record: Record | None, contact: Contact) -> Record:
    """The record from a list, or the contact as it reads where a list shows less of it, or other values."""
    return contacts.read(contact) if record is None or unlike(contacts, record, contact.sent) else record
