"""Create requests that the checks of NGP VAN share, with the values that they need from the target file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered, SetUpFailed
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers.ngpvan import PROVIDER, phone, word
from contacts_conformance.verdicts.outcomes import Judge

_PREFERENCES = "communicationPreferences"


def submit(contacts: Contacts, body: Mapping[str, Json], **options: Any) -> Answer:
    """Submits a contact exactly so."""
    return contacts.send_create(body, marks={}, **options)


def refusal(contacts: Contacts, body: Mapping[str, Json]) -> Answer:
    """The answer to a contact that has to be refused."""
    return submit(contacts, body, legal=False)


def as_new(contacts: Contacts, attempt: Callable[[str], Answer]) -> Answer:
    """What an attempt with a mark of its own is answered, if it should be 201.

    Where it is 200, somebody may have been there by chance; so it is made once more, with another mark.
    """
    answer = attempt(contacts.account.mark())
    return attempt(contacts.account.mark()) if answer.status == 200 else answer


def expect_new(answer: Answer, refused: Iterable[Answer]) -> None:
    """Expects that a contact is new although it was submitted before, with what was refused.

    NotOffered where that was taken: then there is nothing to look behind.
    """
    taken = next((r for r in refused if not r.refused), None)
    if taken is not None:
        raise NotOffered(f"the contact was not refused: {taken!r}")
    expect.status(answer, 201, about="the same contact, sent again without what was refused")


def expect_taken_or_refused(answer: Answer) -> None:
    """Expects a success (2xx) or a refusal (4xx), and nothing else."""
    expect.that(
        answer.succeeded or answer.refused,
        "a success (2xx) or a refusal (4xx)",
        answer.status_line,
        kind="status",
        observed=str(answer.status),
        shown_by=answer,
    )


def errors(answer: Answer) -> list[Any]:
    """The errors in a refusal; none where it has no list of them."""
    body = answer.json
    found = body.get("errors") if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


def named_in(answer: Answer) -> list[str]:
    """The keys and places that the errors of a refusal name, in whatever case it writes them."""
    lists = [e.get("properties") for e in errors(answer) if isinstance(e, dict)]
    return [p for each in lists if isinstance(each, list) for p in each if isinstance(p, str)]


def expect_errors(answer: Answer) -> None:
    """Expects that a refusal has errors in JSON, each with a code in capitals, and a text."""
    media = answer.headers.get("content-type", "")
    expect.present(errors(answer), "errors", answer)
    expect.that(
        "json" in media.casefold(), "a media type of JSON", media or "none", about="Content-Type", shown_by=answer
    )
    for error in errors(answer):
        expect.of_type(error, "object", about="errors[]", shown_by=answer)
        for name in ("code", "text"):
            expect.of_type(error.get(name), "string", about=f"errors[].{name}", shown_by=answer)
            expect.present(error.get(name), f"errors[].{name}", answer)
        code = str(error["code"])
        expect.that(
            code.isidentifier() and code == code.upper(),
            "capitals and underscores",
            expect.shown(code),
            about="errors[].code",
            observed="other letters",
            shown_by=answer,
        )
        if error.get("properties") is not None:
            expect.of_type(error["properties"], "array", about="errors[].properties", shown_by=answer)
            for named in error["properties"]:
                expect.of_type(named, "string", about="errors[].properties[]", shown_by=answer)


def judge_errors(judge: Judge, *answers: Answer) -> None:
    """Judges the errors of those answers that are refusals."""
    with judge("error.body"):
        for answer in (a for a in answers if a.refused):
            expect_errors(answer)


def needs_reading(contacts: Contacts) -> None:
    """NotOffered where the target reads no contacts."""
    if not contacts.offers("read"):
        raise NotOffered("what was stored is seen only where the target reads contacts")


def id_in(answer: Answer) -> str:
    """The contactId in a success; SetUpFailed where there is none."""
    contact = PROVIDER.created_id(answer) if answer.succeeded else None
    if contact is None:
        raise SetUpFailed(f"Setup failed: submitting a contact returned no contactId: {answer!r}")
    return contact


def known(contacts: Contacts, name: str) -> Json:
    """What the target file knows under a name, the first of several; NotOffered where it knows nothing."""
    values = all_known(contacts, name)
    if not values:
        raise NotOffered(f"the target file gives no {name} (key {name} in the table [known])")
    return values[0]


def all_known(contacts: Contacts, name: str) -> list[Json]:
    """All that the target file knows under a name, separated by commas there; what is a number becomes one."""
    texts = [v.strip() for v in contacts.account.target.known.get(name, "").split(",")]
    return [int(t) if t.isdecimal() and str(int(t)) == t else t for t in texts if t]


def preferences(contacts: Contacts) -> str:
    """The name of the preferences on this target; NotOffered where the target file gives none."""
    name = contacts.account.target.settings.get("preferences")
    if name is None:
        raise NotOffered("the target file does not name the preferences (key preferences in the table [settings])")
    return name


def value_of(contacts: Contacts, field: Field, mark: str) -> Json:
    """A value for a key that is not there yet; NotOffered where the target file has to give one and does not."""
    match field.name:
        case "prefix":
            return known(contacts, "prefix")
        case "phones":
            return [phone(mark)]
        case "externalLinks":
            known(contacts, "external_source")
            number = mark.rpartition("x")[2]
            forms = (f"00{number}", f"A-{number}/b+c%20d", number)
            start = contacts.account.number() % len(forms)
            ids = [*forms[start:], *forms[:start]]  # where one source alone is known, it still gets all of these forms
            sources = all_known(contacts, "external_source")
            return [{"externalSourceTypeId": str(s), "externalId": i} for s, i in zip(sources, ids, strict=False)]
        case "contactCodes":
            known(contacts, "contact_code")
            return [{"contactCodeId": code} for code in all_known(contacts, "contact_code")]
        case "disclosureFields":
            designation = known(contacts, "designation")
            known(contacts, "disclosure_field")
            known(contacts, "disclosure_value")
            pairs = zip(all_known(contacts, "disclosure_field"), all_known(contacts, "disclosure_value"), strict=False)
            return [{"disclosureFieldId": f, "designationId": designation, "value": v} for f, v in pairs]
        case "communicationPreferences":
            return {str(known(contacts, "preference")): known(contacts, "preference_value")}
    fresh = contacts.account.number()
    return contacts.account.provider.sample(field, fresh) or word(fresh)


def key_of(contacts: Contacts, field: Field) -> str:
    """The name of a key on this target; NotOffered where the target file has to give it and does not."""
    return preferences(contacts) if field.name == _PREFERENCES else field.name


def values_of(contacts: Contacts, fields: tuple[Field, ...], mark: str) -> dict[str, Any]:
    """The names and e-mail of a contact are there already; the others, as far as the target file knows them."""
    values: dict[str, Any] = {}
    for field in fields:
        try:
            values[key_of(contacts, field)] = value_of(contacts, field, mark)
        except NotOffered:
            continue
    return values
