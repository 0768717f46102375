"""Faults of answers: statuses, labels, ids, redirects and errors."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.ngpvan import showing
from contacts_conformance.reference.ngpvan.context import Answer, Call, Hooks
from contacts_conformance.reference.ngpvan.faults.identification import create
from contacts_conformance.reference.ngpvan.fields import OPERATION_IDS
from contacts_conformance.reference.ngpvan.refusals import Problem, Refusal

FAULTS = Catalogue()
fault = FAULTS.fault

_OTHER = {"createContact": 202, "readContact": 203, "updateContact": 202}


def _succeeds(answer: Answer, call: Call, operation: str) -> bool:
    return call.operation == operation and 200 <= answer.status < 300


# Whole operations


@fault(breaks="ngpvan.operation.createContact.accepts", at=Hooks.problems)
def much_at_once_is_refused(problems: list[Problem], call: Call) -> list[Problem]:
    """A new contact with more than eight keys is refused."""
    is_much = call.operation == "createContact" and len(call.sent) > 8
    return [*problems, Problem("unknown", "type", "too much")] if is_much else problems


@fault(
    breaks="ngpvan.operation.{operation}.accepts", at=Hooks.start, each={"operation": ("readContact", "updateContact")}
)
def operation_is_refused(call: Call, *, operation: str) -> Call:
    """{operation} is refused."""
    if call.operation == operation:
        raise Refusal(403, "Not now")
    return call


@fault(breaks="ngpvan.operation.{operation}.no-server-error", at=Hooks.start, each={"operation": OPERATION_IDS})
def operation_fails(call: Call, *, operation: str) -> Call:
    """{operation} is answered 500."""
    if call.operation == operation:
        raise Refusal(500, "Something went wrong")
    return call


@fault(breaks="ngpvan.operation.createContact.no-server-error", at=Hooks.values)
def address_fails(values: Any, call: Call) -> Any:
    """A new contact with an address is answered 500."""
    if call.sent.get("addresses") and call.operation == "createContact":
        raise Refusal(500, "Something went wrong")
    return values


@fault(breaks="ngpvan.operation.{operation}.status", at=Hooks.answer, each={"operation": OPERATION_IDS})
def other_status(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} has another status of the 2xx than the documented ones."""
    return replace(answer, status=_OTHER[operation]) if _succeeds(answer, call, operation) else answer


@fault(breaks="ngpvan.operation.{operation}.content-type", at=Hooks.answer, each={"operation": OPERATION_IDS})
def labelled_as_html(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} is JSON that is labelled as HTML."""
    return replace(answer, media_type="text/html") if _succeeds(answer, call, operation) else answer


@fault(breaks="ngpvan.operation.{operation}.body", at=Hooks.answer, each={"operation": OPERATION_IDS})
def answered_in_an_array(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} is answered with an array."""
    return replace(answer, body=[answer.body]) if _succeeds(answer, call, operation) else answer


@fault(breaks="ngpvan.operation.createContact.body", at=Hooks.answer)
def answer_is_cut_off(answer: Answer, call: Call) -> Answer:
    """A success of createContact is no whole JSON."""
    return replace(answer, text='{"contactId":') if _succeeds(answer, call, "createContact") else answer


@fault(breaks="ngpvan.operation.createContact.body", at=Hooks.answer, each={"name": ("id", "contact_id")})
def id_has_another_name(answer: Answer, call: Call, *, name: str) -> Answer:
    """A success of createContact names the id `{name}`."""
    if not _succeeds(answer, call, "createContact"):
        return answer
    return replace(answer, body={name: answer.body["contactId"]})


# New or merged


@fault(breaks="ngpvan.answer.created", at=Hooks.answer, each={"status": ("200", "202")})
def new_contact_is_answered(answer: Answer, *, status: str) -> Answer:
    """A new contact is answered {status}."""
    return replace(answer, status=int(status)) if answer.status == 201 else answer


@fault(breaks="ngpvan.answer.created", at=Hooks.answer)
def new_organization_is_answered_200(answer: Answer, call: Call) -> Answer:
    """A new organization is answered 200."""
    is_one = answer.status == 201 and call.sent.get("type") == "ORGANIZATION"
    return replace(answer, status=200) if is_one else answer


@fault(breaks="ngpvan.answer.merged", at=Hooks.answer, each={"status": ("201", "202")})
def merge_is_answered(answer: Answer, call: Call, *, status: str) -> Answer:
    """A merge is answered {status}."""
    is_merge = answer.status == 200 and call.operation == "createContact"
    return replace(answer, status=int(status)) if is_merge else answer


@fault(breaks="ngpvan.answer.merged", at=Hooks.answer)
def second_merge_is_answered_201(answer: Answer, call: Call) -> Answer:
    """The second merge into a contact is answered 201."""
    if answer.status != 200 or call.operation != "createContact":
        return answer
    merged: set[int] = call.memory.setdefault("answered", set())
    is_second = answer.contact in merged
    merged.add(answer.contact)
    return replace(answer, status=201) if is_second else answer


@fault(breaks="ngpvan.answer.repeated", at=Hooks.answer)
def repetition_is_answered_201(answer: Answer, call: Call) -> Answer:
    """A submission whose very words came before is answered 201."""
    seen: set[str] = call.memory.setdefault("seen", set())
    words = json.dumps(call.sent, sort_keys=True)
    is_repeated = words in seen and answer.status == 200
    seen.add(words)
    return replace(answer, status=201) if is_repeated else answer


@fault(breaks="ngpvan.answer.contact-id", at=Hooks.answer, each={"status": ("200", "201")})
def id_is_left_out(answer: Answer, call: Call, *, status: str) -> Answer:
    """The answer {status} holds no contactId."""
    is_it = call.operation == "createContact" and answer.status == int(status)
    return replace(answer, body={}) if is_it else answer


@fault(breaks="ngpvan.answer.contact-id", at=Hooks.answer)
def id_of_a_merge_is_null(answer: Answer, call: Call) -> Answer:
    """The contactId of a merge is null."""
    is_it = call.operation == "createContact" and answer.status == 200
    return replace(answer, body={"contactId": None}) if is_it else answer


@fault(breaks="ngpvan.answer.contact-id-text", at=Hooks.answer)
def id_is_a_number(answer: Answer, call: Call) -> Answer:
    """The contactId is a number."""
    return replace(answer, body={"contactId": answer.contact}) if _succeeds(answer, call, "createContact") else answer


# Redirects


@fault(breaks="ngpvan.redirect.answered", at=Hooks.named)
def id_in_the_body_is_ignored(_: str | None) -> str | None:
    """A contactId in the body is ignored."""
    return None


@fault(breaks="ngpvan.redirect.answered", at=Hooks.named)
def id_in_the_body_is_refused(named: str | None) -> str | None:
    """A contactId in the body is refused."""
    if named is not None:
        raise Refusal(400, "contactId does not belong here")
    return named


@fault(breaks="ngpvan.redirect.answered", at=Hooks.answer, each={"status": ("200", "302", "303")})
def redirect_is_answered(answer: Answer, *, status: str) -> Answer:
    """A contactId in the body is answered {status}."""
    return replace(answer, status=int(status)) if answer.status == 301 else answer


@fault(breaks="ngpvan.redirect.status", at=Hooks.answer, each={"status": ("307", "308")})
def redirect_has_status(answer: Answer, *, status: str) -> Answer:
    """A redirect has the status {status}."""
    return replace(answer, status=int(status)) if answer.status == 301 else answer


@fault(breaks="ngpvan.redirect.location", at=Hooks.location)
def location_is_the_newest_contact(_: str, named: str, call: Call) -> str:
    """A redirect leads to the contact that was created last."""
    return f"/contacts/{showing.shown_id(call.store.newest(call.tenant.name), call.options)}"


@fault(breaks="ngpvan.redirect.location", at=Hooks.location)
def location_is_the_collection(_: str) -> str:
    """A redirect leads to /contacts."""
    return "/contacts"


@fault(breaks="ngpvan.redirect.location", at=Hooks.location)
def location_is_the_template(_: str) -> str:
    """A redirect leads to the path with its placeholder."""
    return "/contacts/{contactId}"


@fault(breaks="ngpvan.redirect.location", at=Hooks.location)
def location_is_in_lower_case(location: str) -> str:
    """A redirect leads to the id in lower case."""
    return location.lower()


@fault(breaks="ngpvan.redirect.location", at=Hooks.location)
def location_is_another_resource(location: str) -> str:
    """A redirect leads to /people."""
    return location.replace("/contacts/", "/people/")


@fault(breaks="ngpvan.redirect.location", at=Hooks.answer)
def location_is_missing(answer: Answer) -> Answer:
    """A redirect has no Location."""
    return replace(answer, headers={}) if answer.status == 301 else answer


@fault(breaks="ngpvan.redirect.no-write", at=Hooks.location)
def redirected_contact_is_created(location: str, named: str, call: Call) -> str:
    """The data of a redirected call becomes a contact."""
    create(call, call.sent)
    return location


@fault(breaks="ngpvan.redirect.no-write", at=Hooks.location)
def redirected_contact_is_changed(location: str, named: str, call: Call) -> str:
    """The occupation of a redirected call is written to the contact that it names."""
    number = showing.stored_id(named, call.options)
    call.store.change(number, {"occupation": call.sent.get("occupation")})
    return location


@fault(breaks="ngpvan.redirect.no-write", at=Hooks.location)
def redirected_names_are_taken(location: str, named: str, call: Call) -> str:
    """The names of a redirected call are written to the contact that it names."""
    number = showing.stored_id(named, call.options)
    call.store.change(number, {k: call.sent.get(k) for k in ("firstName", "lastName")})
    return location


# Errors


@fault(breaks="ngpvan.error.body", at=Hooks.answer)
def errors_are_bare(answer: Answer) -> Answer:
    """A refusal is an array of errors."""
    return replace(answer, body=answer.body["errors"]) if 400 <= answer.status < 500 else answer


@fault(breaks="ngpvan.error.body", at=Hooks.answer, each={"member": ("code", "text")})
def errors_are_without(answer: Answer, *, member: str) -> Answer:
    """Errors have no {member}."""
    if not 400 <= answer.status < 500:
        return answer
    return replace(
        answer, body={"errors": [{k: v for k, v in e.items() if k != member} for e in answer.body["errors"]]}
    )


@fault(breaks="ngpvan.error.body", at=Hooks.answer)
def errors_are_empty(answer: Answer) -> Answer:
    """A refusal has an empty array of errors."""
    return replace(answer, body={"errors": []}) if 400 <= answer.status < 500 else answer


@fault(breaks="ngpvan.error.names-the-key", at=Hooks.answer)
def errors_name_no_key(answer: Answer) -> Answer:
    """Errors do not say what they are about."""
    if not 400 <= answer.status < 500:
        return answer
    return replace(
        answer, body={"errors": [{k: v for k, v in e.items() if k != "properties"} for e in answer.body["errors"]]}
    )


@fault(breaks="ngpvan.error.body", at=Hooks.answer, each={"kind": ("text", "collection", "URL")})
def errors_of_a_kind_are_bare(answer: Answer, *, kind: str) -> Answer:
    """A refusal of what is no {kind} is an array of errors."""
    errors = answer.body.get("errors", ()) if 400 <= answer.status < 500 else ()
    is_it = any(kind in e["text"] and "has to be" in e["text"] for e in errors)
    return replace(answer, body=errors) if is_it else answer


@fault(breaks="ngpvan.operation.createContact.accepts", at=Hooks.start)
def charset_is_refused(call: Call) -> Call:
    """A creation whose media type has a charset is refused."""
    if call.operation == "createContact" and "charset" in call.media_type.lower():
        raise Refusal(415, "Not this media type")
    return call


@fault(breaks="ngpvan.operation.createContact.no-server-error", at=Hooks.start)
def charset_fails(call: Call) -> Call:
    """A creation whose media type has a charset is answered 500."""
    if call.operation == "createContact" and "charset" in call.media_type.lower():
        raise Refusal(500, "Something went wrong")
    return call


@fault(breaks="ngpvan.operation.createContact.accepts", at=Hooks.sent)
def charset_hides_the_body(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """The body of a request whose media type has a charset is taken for an empty one."""
    return {} if "charset" in call.media_type.lower() else sent


@fault(breaks="ngpvan.json.malformed", at=Hooks.body)
def missing_brace_is_added(body: bytes) -> bytes:
    """A body that lacks its last brace is taken."""
    return body if body.rstrip().endswith(b"}") and _is_json(body) else body + b"}"


@fault(breaks="ngpvan.json.malformed", at=Hooks.refusal)
def malformed_body_fails(refusal: Refusal) -> Refusal:
    """A body that is not JSON is answered 500."""
    return Refusal(500, "Something went wrong") if refusal.code == "INVALID_JSON" else refusal


@fault(breaks="ngpvan.refusal.no-server-error", at=Hooks.refusal)
def body_that_ends_too_early_fails(refusal: Refusal, call: Call) -> Refusal:
    """A body that ends before its last brace is answered 500."""
    cut = refusal.code == "INVALID_JSON" and not call.body.rstrip().endswith(b"}")
    return Refusal(500, "Something went wrong") if cut else refusal


@fault(breaks="ngpvan.json.malformed-creates-nothing", at=Hooks.refusal)
def malformed_body_is_created(refusal: Refusal, call: Call) -> Refusal:
    """A body that lacks its last brace is refused, and the contact created."""
    if refusal.code == "INVALID_JSON":
        create(call, json.loads(call.body + b"}"))
    return refusal


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
