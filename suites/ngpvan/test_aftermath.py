"""Contact, required data: whatever is refused creates nothing. Nothing lists contacts, so it is mended and sent again.

All of these requests are about one person: were one of them stored, the person would be there already. What is taken
although it may be refused shows as much by its status, and the next ones are about another person.
"""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.http import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

Body = dict[str, Json]
STRUCTURE = {"text": "in an object"}


def _wrong(contacts: Contacts, mark: str) -> list[tuple[str, Body]]:
    """What a service has to refuse, or may: in words, and as a body."""
    person = ngpvan.person(mark)
    here = {"facebookProfileUrl": "/ada.byron"}
    prefix = contacts.account.target.known.get("bad_prefix", "Zzq.")
    return [
        ("no type", {n: v for n, v in person.items() if n != "type"}),
        ("an unknown type", {**person, "type": "PERSON"}),
        ("an object for a text", {**person, "occupation": STRUCTURE}),
        ("an object for a collection", {**person, "addresses": ngpvan.address(1)}),
        ("a prefix that is not available", {**person, "prefix": prefix}),
        ("two phones of one type", {**person, "phones": [ngpvan.phone(mark), ngpvan.phone(mark)]}),
        ("a profile that is no whole URL", {**person, **here}),
    ]


def _attempt(contacts: Contacts, *, apart: bool = False) -> list[tuple[Answer, list[str]]]:
    """What was taken after refused submissions of the same person, and what was wrong with these.

    All are of one person, or each of its own (`apart`).
    """
    taken: list[tuple[Answer, list[str]]] = []
    mark, refused = contacts.account.mark(), list[str]()
    for number in range(len(_wrong(contacts, mark))):
        what, body = _wrong(contacts, mark)[number]
        answer = submitting.refusal(contacts, body)
        refused += [what] if answer.refused else []
        if apart and refused:
            answer = submitting.submit(contacts, ngpvan.person(mark))
        if answer.succeeded:
            taken += [(answer, refused)] if refused else []
            mark, refused = contacts.account.mark(), []
    if refused:
        taken.append((submitting.submit(contacts, ngpvan.person(mark)), refused))
    return taken


def _found(taken: list[tuple[Answer, list[str]]]) -> bool:
    """Whether somebody was there already."""
    return any(answer.status == 200 for answer, _ in taken)


@requirement("refusal.no-effect", "refused.creates-nothing")
def test_what_was_refused_is_new_when_it_is_mended(contacts: Contacts, judge: Judge) -> None:
    taken = _attempt(contacts)
    if _found(taken):
        taken = _attempt(contacts)  # somebody may have been there by chance
    if _found(taken):
        each = _attempt(contacts, apart=True)  # to say which of them was stored
        taken = each if _found(each) else taken

    for row in ("refusal.no-effect", "refused.creates-nothing"):
        with judge(row):
            for answer, refused in taken:
                expect.status(
                    answer, 201, about=f"the same contact, sent again after it was refused for {' or '.join(refused)}"
                )
