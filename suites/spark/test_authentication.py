"""Authentication (a page of its own): tokens with either scheme, and writes in a signed session."""

from dataclasses import replace

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking

pytestmark = in_cohort("contract")


@requirement("auth.other-word")
def test_the_other_word_before_a_token_is_taken(session: Session, contacts: Contacts) -> None:
    answer = contacts.send_list(identity=asking.with_other_word(contacts.identity), legal=False)

    expect.success(answer)


@requirement("session.writes", "session.wrong-signature")
def test_a_session_signs_writes(session: Session, judge: Judge) -> None:
    signed = asking.optional(session, "signed")
    contacts = session.contacts("signed")
    contact = contacts.create(GivenName="Zoë")
    flawed = replace(signed, attributes={**signed.attributes, "flaw": "body"})
    own = {*contact.marks, "Tags"}
    tame = round_trip.changed_whole(session).values()
    fields = tuple(t.field for t in tame if t.kept and not (t.field.members or t.field.name in own))
    sent = {**round_trip.values(session, fields), "GivenName": "Ada & Søn"}
    tags = [*(v for n, v in contact.marks.items() if n == "Tags"), "Signed"]

    answer = contacts.send_change(contact.id, {**sent, "Tags": tags})
    unsigned = contacts.send_change(contact.id, {"Pets": "a heron"}, identity=flawed, legal=False)

    with judge("session.writes"):
        expect.success(answer)
        record, read = asking.read(contacts, contact)
        round_trip.expect_values(session, record, sent, read, after="a signed change")
        expect.equal([t for t in tags if t not in (record.get("Tags") or ())], [], "the Tags that are missing", read)
    with judge("session.wrong-signature"):
        expect.refusal(unsigned, "a change whose signature is without the body")
