"""Contacts > Contact Response Format: what a success and a failure contain, and that refused methods change nothing."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, refused_methods
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.register import refused_method
from contacts_conformance.http.messages import Request
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from . import own

pytestmark = in_cohort("contract")

PATH_OF_ONE, PATH_OF_TAG, PATH_OF_ALL = "/v1/contacts/{Id}", "/v1/contacts/tags/{Tag}", "/v1/contacts"
WITHOUT_A_BODY = (("POST", PATH_OF_ONE), ("PUT", PATH_OF_ONE), ("POST", PATH_OF_TAG), ("PUT", PATH_OF_ALL))
"""Unsupported methods that are tried with a contact in their body elsewhere."""


@requirement("envelope.success")
def test_success_is_said_to_the_signed_in_contact(session: Session) -> None:
    asking.expect_success_envelope(own.read(session))


@requirement("envelope.failure", "envelope.failure-of-a-read", "envelope.code-is-a-number")
def test_failure_is_said_where_nothing_was_carried_out(session: Session, judge: Judge) -> None:
    for case, answer in asking.failures(session).items():
        row = "envelope.failure" if answer.exchange.method == "POST" else "envelope.failure-of-a-read"
        asking.expect_failure(judge, row, case, answer)


@requirement(*(refused_method(*each) for each in WITHOUT_A_BODY), "auth.status")
def test_a_method_that_is_not_there_is_so_whatever_is_sent(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact = refused_methods.made_for_it(session)
    for method, template in WITHOUT_A_BODY:
        if template != PATH_OF_ONE and not session.target.disposable:
            continue  # it was sent without a body already
        path = template if template == PATH_OF_ALL else contacts.path_of(contact, template)
        with judge(refused_method(method, template)):
            answer = session.client.send(Request(method, path, contacts.identity, about=contact.id, legal=False))
            expect.status(answer, 405, about=f"{method} without a body")
    with judge("auth.status"):
        path = contacts.path_of(contact, PATH_OF_ONE)
        answer = session.client.send(Request("POST", path, ANONYMOUS, about=contact.id, legal=False))
        expect.status(answer, 401, 405, about="an unsupported method without credentials")


@requirement("method.no-effect")
def test_a_method_that_is_not_there_changes_nothing(session: Session, contacts: Contacts) -> None:
    asking.refused_calls(session)
    contact = refused_methods.made_for_it(session)

    answer = contacts.send_read(contact.id)

    expect.success(answer, "the contact after refused methods")
    record = session.provider.record(answer) or {}
    for name, sent in {**contact.sent, **contact.marks}.items():
        shown = record.get(session.contract.field(name).shown_as)
        expect.that(
            session.provider.same(session.contract.field(name), [sent] if name in contact.marks else sent, shown),
            expect.shown(sent),
            expect.shown(shown),
            about=name,
            kind="changed",
            observed=expect.difference(shown, sent),
            shown_by=answer,
        )
    _expect_own_record_as_it_was(session)
    under_its_tag = "the contacts under its tag"
    asking.expect_only_listed(contacts, contact.id, lambda: contacts.ids(contacts.found(contact.marks)), under_its_tag)


def _expect_own_record_as_it_was(session: Session) -> None:
    """Expects that the signed-in contact does not read the text that an unsupported method sent for it."""
    name, path = refused_methods.altered(session).name, session.contract.operation("my-read").path
    calls = asking.refused_calls(session)
    sent = "".join(calls[c].exchange.request_body for c in (f"POST {path}", f"PUT {path}") if c in calls)
    answer = session.contacts("portal").send("my-read") if sent else None
    shown = (session.provider.record(answer) or {}).get(name) if answer is not None else None
    expect.that(
        not shown or str(shown) not in sent,
        "another value than the one that was sent",
        expect.shown(shown),
        about=f"{name} of the own record",
        kind="changed",
        observed="the value that was sent",
        shown_by=answer,
    )
