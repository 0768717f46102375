"""Authentication (a page of its own): how to send an API key, requests without a valid key, and other tenants."""

from collections.abc import Mapping

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import PROVIDER
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

SAME_INTENT = (301, 307, 308)
MISSING: Mapping[str, str] = {}


def _as(contacts: Contacts, headers: Mapping[str, str], mark: str) -> Answer:
    """Submits a person with these credentials and no others."""
    return submitting.submit(contacts, ngpvan.person(mark), identity=ANONYMOUS, headers=headers, legal=False)


@requirement("auth.basic")
def test_the_key_is_taken_as_a_password(session: Session, contacts: Contacts) -> None:
    answer = _as(contacts, PROVIDER.basic(contacts.identity), session.mark())

    expect.success(answer)


@requirement("auth.header", "answer.created", "answer.merged", "merge.adds", "redirect.answered")
def test_the_key_is_taken_in_its_header(session: Session, contacts: Contacts, judge: Judge) -> None:
    header, mark = PROVIDER.header(contacts.identity), session.mark()

    answer = _as(contacts, header, mark)

    with judge("auth.header"):
        expect.success(answer)
    if not answer.succeeded:
        raise NotOffered(f"the key is not taken in a header: {answer!r}")
    with judge("answer.created"):
        expect.status(answer, 201)
    body = {**ngpvan.person(mark), "occupation": "Added by header"}
    merged = submitting.submit(contacts, body, identity=ANONYMOUS, headers=header, legal=False)
    named = {"contactId": submitting.id_in(answer), **body, "employer": "Redirected", "phones": [ngpvan.phone(mark)]}
    redirected = submitting.submit(contacts, named, identity=ANONYMOUS, headers=header, legal=False)
    with judge("answer.merged"):
        expect.status(merged, 200)
    with judge("redirect.answered"):
        expect.status(redirected, *SAME_INTENT)
    with judge("merge.adds"):
        if contacts.offers("read"):
            expect.equal(
                contacts.read(submitting.id_in(answer)).get("occupation"), body["occupation"], "occupation", merged
            )


@requirement("auth.key-case")
def test_the_case_of_the_key_does_not_matter(session: Session, contacts: Contacts) -> None:
    key = contacts.identity.secrets["api_key"].value
    if key.swapcase() == key:
        raise NotOffered("the key has no letters")

    answer = _as(contacts, PROVIDER.basic(contacts.identity, key.swapcase()), session.mark())

    expect.success(answer)


def _nearly_right(session: Session, contacts: Contacts) -> list[Mapping[str, str]]:
    """Credentials without a key, with a wrong one, and with ones that are a sign off."""
    key = contacts.identity.secrets["api_key"].value
    near = (key[:-1], f"{key}0", key[:-1] + ("1" if key[-1] != "1" else "2"))
    for number, each in enumerate(near):
        session.client.redactor.learn(f"a key like api_key ({number})", each)
    wrong = PROVIDER.wrong_authorization()
    return [
        MISSING,
        wrong,
        {"apiKey": wrong["apiKey"]},
        {"apiKey": ""},
        PROVIDER.empty_authorization(),
        *(PROVIDER.basic(contacts.identity, each) for each in near),
        *({"apiKey": each} for each in near),
    ]


@requirement("auth.refusal-status", "auth.no-effect", "error.body")
def test_a_call_without_a_valid_key_is_refused_and_creates_nothing(
    session: Session, contacts: Contacts, judge: Judge
) -> None:
    refused: list[Answer] = []

    def without_and_with(mark: str) -> Answer:
        refused[:] = [_as(contacts, headers, mark) for headers in _nearly_right(session, contacts)]
        return submitting.submit(contacts, ngpvan.person(mark))

    answer = submitting.as_new(contacts, without_and_with)

    with judge("auth.refusal-status"):
        for each in refused:
            expect.status(each, 401, 403)
    submitting.judge_errors(judge, *refused)
    with judge("auth.no-effect"):
        expect.status(answer, 201, about="the same contact, sent again with a key")


@requirement("tenant.not-merged", "tenant.not-read", "tenant.not-changed")
def test_tenants_do_not_share_contacts(session: Session, contacts: Contacts, judge: Judge) -> None:
    mark = session.mark()
    stranger = session.contacts("stranger")
    mine = contacts.create(**ngpvan.person(mark))

    answer = submitting.submit(stranger, ngpvan.person(mark))
    by_header = submitting.submit(
        stranger, ngpvan.person(mark), identity=ANONYMOUS, headers=PROVIDER.header(stranger.identity), legal=False
    )

    with judge("tenant.not-merged"):
        expect.status(answer, 201, about="the other tenant's contact")
        for each in (answer, by_header):
            if each.succeeded:
                expect.different(submitting.id_in(each), mine.id, "contactId", each)
    with judge("tenant.not-changed"):
        body = {**ngpvan.person(mark), "occupation": "Changed by another tenant"}
        changed = stranger.send_change(mine.id, body, legal=False)
        if contacts.offers("read"):
            expect.different(contacts.read(mine).get("occupation"), body["occupation"], "occupation", changed)
        expect.no_success(changed, about="an update by another tenant")
    with judge("tenant.not-read"):
        contacts.read(mine)
        header = PROVIDER.header(stranger.identity)
        for read in (
            stranger.send_read(mine.id, legal=False),
            stranger.send_read(mine.id, identity=ANONYMOUS, headers=header, legal=False),
        ):
            expect.no_success(read, about="as another tenant")
