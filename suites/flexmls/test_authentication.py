"""Contacts > Authentication: a signed session creates contacts and reads a path with a space."""

from collections.abc import Mapping
from dataclasses import replace

from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.sampled import nobodys
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.target import ANONYMOUS, Secret
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking, signing
from .values import expect_short

pytestmark = in_cohort("contract")


@requirement("auth.expired")
def test_an_expired_token_is_refused_by_every_operation(session: Session, judge: Judge) -> None:
    expired, contacts = asking.optional(session, "expired"), session.contacts()
    shown = contacts.ids(contacts.list().records)

    answers: dict[str, Answer] = {}
    if shown:
        answers["a reading"] = contacts.send_read(shown[0], identity=expired, legal=False)
    if not session.account.lacks.missing:
        answers["a tag"] = contacts.send("tagged", "Buyers", identity=expired, legal=False)
    if session.target.writes:
        answers["a creation"] = contacts.send_create(contacts.complete({}), identity=expired, legal=False)

    for about, answer in answers.items():
        with judge("auth.expired"):
            expect.status(answer, 401, about=f"{about} with an expired token")


def _added(session: Session) -> tuple[Mapping[str, Json], Answer]:
    """What a signed session added, and the answer; done once in a run."""
    asking.optional(session, "signed")
    contacts = session.contacts("signed")

    def add() -> tuple[Mapping[str, Json], Answer]:
        fields = tuple(f for f in session.contract.create_fields if f.name != "Tag")
        values = {**round_trip.values(session, fields), "HomeLocality": "Zürich & more"}
        return values, contacts.send_create(contacts.complete(values))

    added: tuple[Mapping[str, Json], Answer] = session.once("added by a session", add)
    return added


@requirement("session.writes", "field.DisplayName.required", "field.DisplayName.max-length")
def test_a_session_signs_writes(session: Session, judge: Judge) -> None:
    values, answer = _added(session)
    contacts = session.contacts("signed")
    name = session.contract.field("DisplayName")

    with judge("session.writes"):
        expect.success(answer)
        contacts.need_told(answer)
        contact = session.provider.created_id(answer) or "?"
        read = contacts.send_read(contact)
        expect.success(read, "what the session added")
        round_trip.expect_values(session, session.provider.record(read) or {}, values, read)
        if signing.of_the_same_user(session) is not None:
            expect.success(session.contacts().send_read(contact), "what a session of the same user added")
    with judge("field.DisplayName.required"):
        rest = {n: v for n, v in contacts.complete({}).items() if n != name.name}
        expect.refusal(contacts.send_create(rest, legal=False), "a signed creation")
    with judge("field.DisplayName.max-length"):
        longer = contacts.send_create(contacts.complete(asking.too_long(name)), legal=False)
        if longer.succeeded:
            contacts.need_told(longer)
            record, longer = asking.read(contacts, session.provider.created_id(longer) or "?")
            expect_short(name, record, longer)


@requirement("tag.all")
def test_what_a_session_adds_is_under_its_tag(session: Session) -> None:
    _, answer = _added(session)
    contact = session.provider.created_id(answer) if answer.succeeded else None
    if contact is None or session.account.lacks.missing or signing.of_the_same_user(session) is None:
        raise NotOffered("no session of the same user added a contact, or lists of tags are not answered")
    contacts = session.contacts()
    marks = next(c.find for c in session.journal.creations_with_id(contact))

    listed = asking.listed(contacts, marks, expected=1)

    expect.same_contacts(contacts.ids(contacts.page(listed).records), [contact], shown_by=listed)


@requirement("session.blank")
def test_a_path_with_a_blank_is_signed_as_it_is_sent(session: Session) -> None:
    signed = asking.optional(session, "signed")
    if session.account.lacks.missing:
        raise NotVerified("no path with a blank is answered, since lists of tags are not")

    answer = session.contacts().send("tagged", f"no such {session.mark()}", identity=signed)

    expect.that(
        answer.succeeded or answer.status == 404,
        "a success (2xx), or 404",
        str(answer.status),
        kind="status",
        observed=str(answer.status),
        shown_by=answer,
    )


@requirement("list.forbidden")
def test_a_list_that_is_not_permitted_is_forbidden(session: Session) -> None:
    portal = session.contacts("portal")

    answer = portal.send_list((("_limit", "1"), ("_pagination", "1")), legal=False)

    expect.status(answer, 403, 405)


_OF_NUMBERS = "abcdef"
"""Letters that may be digits of a number, whose case then says nothing."""


@requirement("auth.nearly")
def test_a_token_with_a_letter_in_another_case_is_refused(session: Session) -> None:
    contacts = session.contacts()
    token = contacts.identity.secrets.get("token")
    value = token.value if token is not None else ""
    letters = [i for i, c in enumerate(value) if c.isascii() and c.isalpha() and c.lower() not in _OF_NUMBERS]
    if token is None or not letters:
        raise NotOffered(f"'{contacts.identity}' has no token with such a letter")
    last = letters[-1]
    other = Secret(token.variable, value[:last] + value[last].swapcase() + value[last + 1 :])
    session.client.redactor.learn(other.variable, other.value)
    headers = session.provider.authorization(replace(contacts.identity, secrets={"token": other}))

    answer = contacts.send_list(identity=ANONYMOUS, headers=headers, legal=False)

    expect.refusal(answer, "a token with a letter in another case")


@requirement("auth.status")
def test_nobody_is_not_told_what_is_unknown(session: Session, judge: Judge) -> None:
    contacts = session.contacts()
    unknown = nobodys(session.plain().id)
    answers = {
        "a part of the list": asking.failure(session, "nobody's"),
        "an unknown Id": contacts.send_read(unknown, identity=ANONYMOUS, legal=False),
    }
    if not session.account.lacks.missing:
        tag, empty = f"nobody bears {session.mark()}", {"Authorization": "Bearer"}
        answers["an unknown tag"] = contacts.send("tagged", tag, identity=ANONYMOUS, headers=empty, legal=False)
    if session.target.writes:
        rest = {n: v for n, v in contacts.complete({}).items() if n != "DisplayName"}
        answers["an incomplete contact"] = contacts.send_create(
            rest, marks=contacts.marks(), identity=ANONYMOUS, legal=False
        )

    for about, answer in answers.items():
        with judge("auth.status"):
            expect.status(answer, 401, about=f"{about} without credentials")


@requirement("session.wrong-signature")
def test_the_signature_of_a_list_is_good_for_nothing_else(session: Session) -> None:
    signed = asking.optional(session, "signed")
    contacts, contact = session.contacts("signed"), session.plain()
    flawed = replace(signed, attributes={**signed.attributes, "flaw": "list"})

    answers = {"a contact": contacts.send_read(contact.id, identity=flawed, legal=False)}
    if not session.account.lacks.missing:
        tag = next(iter(contact.marks.values()))
        answers["a tag"] = contacts.send("tagged", tag, identity=flawed, legal=False)
        answers["a tag without one"] = contacts.send("tagged", tag, query=(("ApiSig", ""),), legal=False)

    for about, answer in answers.items():
        expect.refusal(answer, f"the signature of a list for {about}")


@requirement("role.portal.readContact", "role.idx.readMyContact")
def test_neither_role_reads_the_own_contact_in_the_other_way(session: Session, judge: Judge) -> None:
    with judge("role.portal.readContact"):
        portal = session.contacts("portal")
        own = portal.identity.attributes.get("contact_id")
        if own is None:
            raise NotOffered("the target file does not name the signed-in contact (contact_id)")
        expect.refusal(portal.send_read(own, legal=False), "the own contact by its Id")
    with judge("role.idx.readMyContact"):
        if signing.of_the_same_user(session) is None:
            raise NotOffered("there is no session of the same user")
        expect.refusal(session.contacts("signed").send("my-read", legal=False), "an own record of a session")
