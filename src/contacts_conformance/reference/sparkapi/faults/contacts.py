"""Faults of making and reading contacts, that both generations can have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d, with_results
from contacts_conformance.reference.sparkapi.store import Row


def faults(api: Api) -> Catalogue:
    """The faults of making and reading contacts of a generation."""
    return Catalogue(_of_creation(api), _of_bodies(api), _of_reading(api), _of_own_record(api))


@catalogue
def _of_creation(fault: Register, api: Api) -> None:
    named = f"{api.provider}.create"

    @fault(breaks=f"{named}.stores", at=Hooks.created)
    def is_stored_twice(contact: str, call: Call) -> str:
        """A new contact is stored twice."""
        row = call.store.row(contact) or {}
        call.store.add({k: v for k, v in row.items() if k not in ("Id", "number")})
        return contact

    @fault(breaks=f"{named}.stores", at=Hooks.answer)
    def is_not_in_any_list(answer: Answer, call: Call) -> Answer:
        """A contact of this run is in no list."""
        lists = call.operation in ("listContacts", "listTagged") and answer.results
        known = ("009001", "009002", "009003", "009004", "000001", "000002")
        return with_d(answer, Results=[r for r in answer.results if r["Id"].endswith(known)]) if lists else answer

    @fault(breaks=f"{named}.resource-uri", at=Hooks.answer)
    def creation_tells_no_path(answer: Answer, call: Call) -> Answer:
        """The answer to a creation has no Results."""
        made = call.operation == "createContact" and succeeded(answer)
        return success(status=answer.status) if made else answer

    @fault(breaks=f"{named}.resource-uri", at=Hooks.answer)
    def creation_tells_a_wrong_path(answer: Answer, call: Call) -> Answer:
        """The answer to a creation has a path under which there is nothing."""
        if call.operation != "createContact":
            return answer
        return with_results(answer, lambda r: {**r, "ResourceUri": r["ResourceUri"] + "0"})

    @fault(breaks=f"{named}.fresh-id", at=Hooks.answer)
    def every_creation_tells_the_same_id(answer: Answer, call: Call) -> Answer:
        """Every creation answers the Id and path of the first."""
        if call.operation != "createContact" or not answer.results:
            return answer
        first = call.memory.setdefault("first", answer.results)
        return with_d(answer, Results=first)

    @fault(breaks=f"{named}.duplicate", at=Hooks.answer)
    def duplicate_is_a_bad_request(answer: Answer) -> Answer:
        """A contact that is there already is answered 400 with code 1053."""
        return replace(with_d(answer, Code=1053), status=400) if answer.body.get("Code") == 1055 else answer

    @fault(breaks=f"{named}.duplicate", at=Hooks.answer)
    def duplicate_is_a_success(answer: Answer, call: Call) -> Answer:
        """A contact that is there already is answered 201."""
        if answer.body.get("Code") != 1055:
            return answer
        return success([{"ResourceUri": "/v1/contacts/0", "Id": "0"}], 201)


@catalogue
def _of_bodies(fault: Register, api: Api) -> None:
    named = f"{api.provider}.create"

    @fault(breaks=f"{named}.malformed-body", at=Hooks.refusal)
    def malformed_is_415(refusal: Refusal, call: Call) -> Refusal:
        """A body that is not JSON is answered 415."""
        refusal.status = 415 if _is_malformed(refusal, call) else refusal.status
        return refusal

    @fault(breaks=f"{named}.malformed-body", at=Hooks.answer)
    def malformed_is_taken(answer: Answer, call: Call) -> Answer:
        """A body that is not JSON is answered 201."""
        malformed = call.operation == "createContact" and answer.body.get("Message") == "The body is not JSON"
        return success([{"ResourceUri": "/v1/contacts/0", "Id": "0"}], 201) if malformed else answer

    @fault(breaks=f"{named}.malformed-body-code", at=Hooks.refusal)
    def malformed_has_another_code(refusal: Refusal) -> Refusal:
        """A body that is not JSON is answered with code 1060."""
        refusal.code = 1060 if refusal.code == 1035 else refusal.code
        return refusal

    @fault(breaks=f"{named}.content-type", at=Hooks.answer)
    def label_does_not_matter(answer: Answer, call: Call) -> Answer:
        """A body that is labelled as plain text is taken."""
        unlabelled = answer.body.get("Message") == "The content type is not application/json"
        return success([{"ResourceUri": "/v1/contacts/0", "Id": "0"}], 201) if unlabelled else answer

    @fault(breaks=f"{named}.content-type", at=Hooks.refusal)
    def wrong_label_fails(refusal: Refusal) -> Refusal:
        """A body that is labelled as plain text is answered 500."""
        refusal.status = 500 if "content type" in refusal.message else refusal.status
        return refusal

    @fault(breaks=f"{named}.charset", at=Hooks.answer, each={"status": ("400", "415", "500")})
    def character_set_is_refused(answer: Answer, call: Call, *, status: str) -> Answer:
        """A body whose label names its character set is answered {status}."""
        named_so = call.operation == "createContact" and "charset" in call.headers.get("content-type", "")
        return Refusal(int(status), 1035, "No such label").answer() if named_so else answer

    @fault(breaks=f"{named}.required-code", at=Hooks.refusal)
    def missing_has_another_code(refusal: Refusal) -> Refusal:
        """A missing attribute is answered with code 1060."""
        refusal.code = 1060 if "missing" in refusal.message else refusal.code
        return refusal

    @fault(breaks=f"{named}.required-code", at=Hooks.refusal)
    def missing_is_422(refusal: Refusal) -> Refusal:
        """A missing attribute is answered 422."""
        refusal.status = 422 if "missing" in refusal.message else refusal.status
        return refusal


@catalogue
def _of_reading(fault: Register, api: Api) -> None:
    named = f"{api.provider}.read"

    @fault(breaks=f"{named}.answers-the-contact", at=Hooks.start)
    def reads_the_newest(call: Call) -> Call:
        """Reading any contact answers the newest."""
        return _of_newest(call) if call.operation == "readContact" else call

    @fault(breaks=f"{named}.answers-the-contact", at=Hooks.shown)
    def reads_the_name_of_another(contact: dict[str, Any], row: Row, call: Call) -> dict[str, Any]:
        """A contact is read with the name that was read before."""
        if call.operation != "readContact":
            return contact
        before = call.memory.get("name", row["DisplayName"])
        call.memory["name"] = row["DisplayName"]
        return contact | {"DisplayName": before}

    @fault(breaks=f"{named}.unknown-id", at=Hooks.refusal)
    def unknown_is_a_bad_request(refusal: Refusal) -> Refusal:
        """Reading an Id that does not exist is answered 400."""
        refusal.status = 400 if refusal.code == 404 else refusal.status
        return refusal

    @fault(breaks=f"{named}.unknown-id", at=Hooks.answer)
    def unknown_is_an_empty_list(answer: Answer, call: Call) -> Answer:
        """Reading an Id that does not exist is answered 200 with no contacts."""
        return success([]) if call.operation == "readContact" and answer.status == 404 else answer

    @fault(breaks=f"{named}.unknown-id-code", at=Hooks.refusal)
    def unknown_has_another_code(refusal: Refusal) -> Refusal:
        """Reading an Id that does not exist is answered with code 1000."""
        refusal.code = 1000 if refusal.code == 404 else refusal.code
        return refusal


@catalogue
def _of_own_record(fault: Register, api: Api) -> None:

    @fault(breaks=f"{api.provider}.my.own", at=Hooks.answer)
    def own_record_comes_with_others(answer: Answer, call: Call) -> Answer:
        """Whoever is signed in reads another contact beside the own record."""
        if call.operation != "readMyContact" or not answer.results:
            return answer
        other = {"Id": "1", "ResourceUri": "/v1/contacts/1", "DisplayName": "Somebody Else"}
        return with_d(answer, Results=[*answer.results, other])


def _of_newest(call: Call) -> Call:
    contacts = call.store.tables.contacts
    newest = call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.desc()], 1)
    call.contact = newest[0]["Id"] if newest and call.store.row(call.contact) else call.contact
    return call


def _is_malformed(refusal: Refusal, call: Call) -> bool:
    return refusal.message == "The body is not JSON" and call.operation == "createContact"
