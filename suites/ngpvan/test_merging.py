"""New or merged: what the answer says, who is merged with whom, and what is left of both."""

from collections.abc import Callable
from typing import Any

import pytest

from contacts_conformance.contacts import Contacts
from contacts_conformance.http import Answer
from contacts_conformance.judging import Judge, requirement
from contacts_conformance.model import Record
from contacts_conformance.oracle.merging import Merging
from contacts_conformance.providers import ngpvan
from contacts_conformance.session import Session

Body = dict[str, Any]
EITHER = pytest.mark.parametrize("whoever", [ngpvan.person, ngpvan.organization], ids=["individual", "organization"])


def _richer(body: Body, mark: str) -> Body:
    """The same contact with keys that it has not yet."""
    number = int(mark.rpartition("x")[2])
    more = {"phones": [ngpvan.phone(mark)], "addresses": [ngpvan.address(number)], "employer": f"Employer of {mark}"}
    return {**body, **more}


@EITHER
@requirement("answer.created")
def test_a_contact_that_matches_none_is_answered_201(contacts: Contacts, whoever: Callable[[str], Body]) -> None:
    answer = ngpvan.as_new(contacts, lambda mark: ngpvan.submit(contacts, whoever(mark)))

    assert answer.status == 201, answer


@EITHER
@requirement("merge.same-name-and-email", "answer.merged", "answer.contact-id", "answer.contact-id-text")
def test_the_same_name_and_email_is_the_same_contact(
    session: Session, contacts: Contacts, judge: Judge, whoever: Callable[[str], Body]
) -> None:
    mark = session.mark()
    first = ngpvan.submit(contacts, whoever(mark))

    second = ngpvan.submit(contacts, {**whoever(mark), "phones": [ngpvan.phone(mark)], "occupation": "Added"})

    with judge("answer.contact-id"):
        for answer in (first, second):
            assert answer.succeeded, answer
            assert ngpvan.PROVIDER.created_id(answer) is not None, answer
    with judge("answer.contact-id-text"):
        for answer in (first, second):
            contact = (ngpvan.PROVIDER.record(answer) or {}).get("contactId")
            assert isinstance(contact, str), answer
            assert contact, answer
    with judge("merge.same-name-and-email"):
        assert ngpvan.id_in(second) == ngpvan.id_in(first), f"{first!r}, and then {second!r}"
    with judge("answer.merged"):
        assert second.status == 200, f"{first!r}, and then {second!r}"


@EITHER
@requirement("merge.same-data", "answer.repeated")
def test_the_same_data_twice_is_one_contact(
    session: Session, contacts: Contacts, judge: Judge, whoever: Callable[[str], Body]
) -> None:
    mark = session.mark()
    body = _richer(whoever(mark), mark)
    first = ngpvan.submit(contacts, body)

    second = ngpvan.submit(contacts, body)

    with judge("merge.same-data"):
        assert ngpvan.id_in(second) == ngpvan.id_in(first), f"{first!r}, and then {second!r}"
    with judge("answer.repeated"):
        assert second.status == 200, f"{first!r}, and then {second!r}"


@requirement("merge.same-data")
def test_the_same_data_is_one_contact_whatever_came_between(session: Session, contacts: Contacts) -> None:
    bodies = [ngpvan.person(session.mark()) for _ in range(2)]
    first, between = (ngpvan.id_in(ngpvan.submit(contacts, b)) for b in bodies)

    again = ngpvan.submit(contacts, bodies[0])

    assert ngpvan.id_in(again) == first, f"{first} came first, {between} between, and then {again!r}"


@requirement("merge.distinct")
def test_contacts_that_share_nothing_are_different_ones(contacts: Contacts) -> None:
    def distinct(mark: str) -> Answer:
        others = [ngpvan.person(contacts.session.mark()), ngpvan.organization(contacts.session.mark())]
        found = {ngpvan.id_in(ngpvan.submit(contacts, other)) for other in others}
        answer = ngpvan.submit(contacts, _richer(ngpvan.person(mark), mark))
        found.add(ngpvan.id_in(answer))
        assert len(found) == 3, f"three contacts that share nothing have the ids {found}"
        return answer

    answer = ngpvan.as_new(contacts, distinct)

    assert answer.status == 201, answer


def _missing(session: Session, record: Record, *bodies: Body) -> dict[str, tuple[object, object]]:
    """What of these bodies does not read back: the key, what was sent and what is read."""
    contract = session.contract
    return {
        name: (value, record.get(name))
        for body in bodies
        for name, value in body.items()
        if not session.provider.same(contract.field(name), value, record.get(name))
    }


@requirement("merge.adds")
def test_matching_data_is_added(session: Session, contacts: Contacts) -> None:
    mark = session.mark()
    contact = contacts.create(**ngpvan.person(mark))
    richer = _richer(ngpvan.person(mark), mark)

    answer = ngpvan.submit(contacts, richer)

    missing = _missing(session, contacts.read(contact), richer)
    assert not missing, f"{answer!r} did not add (sent, read): {missing}"


@requirement("merge.keeps")
def test_what_matching_data_leaves_out_is_kept(session: Session, contacts: Contacts) -> None:
    mark = session.mark()
    richer = {**_richer(ngpvan.person(mark), mark), "nickName": "Kept"}
    contact = contacts.create(**richer)

    answer = ngpvan.submit(contacts, {**ngpvan.person(mark), "occupation": "Added"})

    missing = _missing(session, contacts.read(contact), richer)
    assert not missing, f"{answer!r} lost (sent, read): {missing}"


@requirement("merge.same-name-and-email")
def test_each_is_merged_into_the_one_that_it_matches(session: Session, contacts: Contacts) -> None:
    model = Merging()
    bodies = [who(session.mark()) for who in (ngpvan.person, ngpvan.organization, ngpvan.person)]
    for body in bodies:
        model.learn(body, ngpvan.id_in(ngpvan.submit(contacts, body)))

    for body in reversed(bodies):
        expected = model.expect(body)
        answer = ngpvan.submit(contacts, {**body, "occupation": "Added"})
        assert ngpvan.id_in(answer) in expected.among, f"expected {sorted(expected.among)}: {answer!r}"
