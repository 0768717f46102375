"""Contact, contactId: a create request that names a contactId is redirected to that contact and changes nothing."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.verdicts.outcomes import Judge

from . import submitting

SAME_INTENT = (301, 307, 308)


@dataclass(frozen=True)
class _Redirected:
    """Submissions that named a contact: which one, what was sent beside, the answers, and the contact before."""

    contact: str
    body: dict[str, Any]
    answers: tuple[Answer, ...]
    before: Record | None = None


def _named(contacts: Contacts, contact: str, body: dict[str, Any]) -> Answer:
    """The answer to a submission that names a contact: in its first member, or in its last one."""
    named = {"contactId": contact}
    whole = {**body, **named} if "occupation" in body else {**named, **body}
    return submitting.submit(contacts, whole, legal=False)


@requirement("redirect.answered", "redirect.status", "redirect.location", "redirect.location-host")
def test_a_submission_that_names_a_contact_is_redirected_to_it(contacts: Contacts, judge: Judge) -> None:
    named = contacts.create(**ngpvan.organization(contacts.account.mark()))
    contacts.create(**ngpvan.organization(contacts.account.mark()))  # so that the newest contact is another one
    answer = _named(contacts, named.id, {**ngpvan.organization(contacts.account.mark()), "occupation": "Redirected"})
    location = answer.headers.get("location", "")

    with judge("redirect.answered"):
        expect.status(answer, *SAME_INTENT)
    with judge("redirect.status"):
        if answer.status not in SAME_INTENT:
            raise NotOffered(f"the request is not redirected: {answer!r}")
        expect.status(answer, 301)
    with judge("redirect.location"):
        path = [unquote(s) for s in urlsplit(location).path.rstrip("/").split("/")]
        expect.that(
            path[-2:] == ["contacts", named.id],
            f"a path that ends in /contacts/{named.id}",
            location or "no Location",
            about="Location",
            observed="missing" if not location else "other path",
            shown_by=answer,
        )
    with judge("redirect.location-host"):
        if not location:
            raise NotOffered("there is no Location")
        base = contacts.account.target.base_url
        expect.that(
            _origin(urljoin(base, location)) == _origin(base),
            f"a URL at {'://'.join(_origin(base))}, or a relative one",
            location,
            about="Location",
            observed="other host" if urlsplit(location).hostname != urlsplit(base).hostname else "other scheme",
            shown_by=answer,
        )


def _origin(url: str) -> tuple[str, str]:
    """The scheme and the host of a URL, with its port where that is not the usual one."""
    parts = urlsplit(url)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    return parts.scheme, parts.netloc.lower().removesuffix(usual)


@requirement("redirect.no-write", "redirect.answered")
def test_a_redirected_submission_writes_nothing(contacts: Contacts, judge: Judge) -> None:
    seen: list[_Redirected] = []

    def submitted_again(mark: str) -> Answer:
        seen.append(_redirected_twice(contacts, mark))
        return submitting.submit(contacts, seen[-1].body)

    answer = submitting.as_new(contacts, submitted_again)

    redirected = seen[-1]
    with judge("redirect.answered"):
        for each, what in zip(redirected.answers, ("named once", "named again"), strict=True):
            expect.status(each, *SAME_INTENT, about=what)
    with judge("redirect.no-write"):
        expect.status(answer, 201, about="the same data, sent again without contactId")
        expect.different(submitting.id_in(answer), redirected.contact, "contactId", answer)
        if redirected.before is not None:
            read = contacts.send_read(redirected.contact)
            expect.success(read, about="the contact that was named")
            after = contacts.account.contract.documented(ngpvan.PROVIDER.record(read) or {})
            expect.unchanged(redirected.before, after, shown_by=redirected.answers[0])


def _redirected_twice(contacts: Contacts, mark: str) -> _Redirected:
    """Two submissions that name one contact, each with something for every kind of field beside."""
    named = contacts.create(**ngpvan.person(contacts.account.mark()))
    before = contacts.account.contract.documented(contacts.read(named)) if contacts.offers("read") else None
    body = {
        **ngpvan.person(mark),
        "phones": [ngpvan.phone(mark)],
        "addresses": [ngpvan.address(contacts.account.number())],
        **{name: f"Redirected {name}" for name in ("employer", "occupation")},
        "facebookProfileUrl": f"https://facebook.com/redirected.{contacts.account.number()}",
    }
    answers = tuple(_named(contacts, named.id, body) for _ in range(2))
    return _Redirected(named.id, body, answers, before)
