"""Faults of whole operations: legal requests that are refused or fail, wrong statuses, labels and bodies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import unquote_plus

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.liondesk.context import Call, Hooks
from contacts_conformance.reference.liondesk.fields import OPERATION_IDS
from contacts_conformance.reference.liondesk.refusals import Refusal

_Value = TypeVar("_Value")

FAULTS = Catalogue()
fault = FAULTS.fault


# Legal requests that are refused


@fault(breaks="liondesk.page.limit", at=Hooks.query_string)
def limit_of_one_is_refused(text: str) -> str:
    """A list with a limit of 1 is refused."""
    return _refuse_if(text, "$limit=1" in unquote_plus(text).split("&"))


@fault(breaks="liondesk.operation.listContacts.accepts", at=Hooks.query_string)
def sorting_by_an_id_is_refused(text: str) -> str:
    """A list that is ordered by an id is refused."""
    return _refuse_if(text, "_id]=" in unquote_plus(text))


@fault(breaks="liondesk.operation.createContact.accepts", at=Hooks.sent)
def whole_contact_is_refused(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """A new contact with fifteen attributes or more is refused."""
    return _refuse_if(sent, call.operation == "createContact" and len(sent) > 14)


@fault(breaks="liondesk.operation.createContact.accepts", at=Hooks.start)
def long_body_is_refused(call: Call) -> Call:
    """A new contact with a body of more than 2,000 bytes is refused."""
    return _refuse_if(call, call.operation == "createContact" and len(call.body) > 2000)


@fault(breaks="liondesk.operation.createContact.accepts", at=Hooks.sent)
def empty_contact_is_refused(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """A new contact without attributes is refused."""
    return _refuse_if(sent, call.operation == "createContact" and not sent)


@fault(breaks="liondesk.operation.readContact.accepts", at=Hooks.start)
def reading_is_refused(call: Call) -> Call:
    """Reading a contact is refused."""
    return _refuse_if(call, call.operation == "readContact")


@fault(breaks="liondesk.operation.changeContact.accepts", at=Hooks.sent)
def change_of_two_attributes_is_refused(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """A change of more than one attribute is refused."""
    return _refuse_if(sent, call.operation == "changeContact" and len(sent) > 1)


@fault(breaks="liondesk.operation.changeContact.accepts", at=Hooks.start)
def every_third_change_is_refused(call: Call) -> Call:
    """Every third change is refused."""
    return _refuse_if(call, _every_third(call, "changeContact"))


@fault(breaks="liondesk.operation.changeContact.accepts", at=Hooks.start)
def change_on_several_lines_is_refused(call: Call) -> Call:
    """A change is refused whose body is written on several lines, as the page prints it."""
    return _refuse_if(call, call.operation == "changeContact" and b"\n" in call.body)


@fault(breaks="liondesk.operation.removeContact.accepts", at=Hooks.start)
def first_removal_is_refused(call: Call) -> Call:
    """The first attempt to remove a contact is refused, the second is not."""
    return _refuse_if(call, call.operation == "removeContact" and _is_first(call))


# Legal requests that fail


@fault(breaks="liondesk.operation.listContacts.no-server-error", at=Hooks.start)
def every_third_list_fails(call: Call) -> Call:
    """Every third list is answered 500."""
    return _fail_if(call, _every_third(call, "listContacts"))


@fault(breaks="liondesk.filter.in", at=Hooks.query_string)
def list_of_values_fails(text: str) -> str:
    """A list with three values for `$in` is answered 500."""
    return _fail_if(text, unquote_plus(text).count("[$in]") > 2)


@fault(breaks="liondesk.operation.createContact.no-server-error", at=Hooks.start)
def every_third_creation_fails(call: Call) -> Call:
    """Every third submission is answered 500."""
    return _fail_if(call, _every_third(call, "createContact"))


@fault(breaks="liondesk.operation.createContact.no-server-error", at=Hooks.text)
def quote_fails(text: str, _: str, call: Call) -> str:
    """A new contact with an apostrophe is answered 500."""
    return _fail_if(text, call.operation == "createContact" and "'" in text)


@fault(breaks="liondesk.operation.readContact.no-server-error", at=Hooks.start)
def every_third_read_fails(call: Call) -> Call:
    """Every third reading of a contact is answered 500."""
    return _fail_if(call, _every_third(call, "readContact"))


@fault(breaks="liondesk.operation.changeContact.no-server-error", at=Hooks.start)
def every_third_change_fails(call: Call) -> Call:
    """Every third change is answered 500."""
    return _fail_if(call, _every_third(call, "changeContact"))


@fault(breaks="liondesk.operation.changeContact.no-server-error", at=Hooks.sent)
def change_of_an_id_fails(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """A change that gives an id is answered 500."""
    return _fail_if(sent, call.operation == "changeContact" and any(name.endswith("_id") for name in sent))


@fault(breaks="liondesk.operation.removeContact.no-server-error", at=Hooks.start)
def first_removal_fails(call: Call) -> Call:
    """The first attempt to remove a contact is answered 500, the second is carried out."""
    return _fail_if(call, call.operation == "removeContact" and _is_first(call))


@fault(breaks="liondesk.operation.removeContact.no-server-error", at=Hooks.answer)
def removal_fails_after_it_is_done(answer: Answer, call: Call) -> Answer:
    """A removal is carried out, and answered 500."""
    if call.operation != "removeContact" or answer.status != 200:
        return answer
    return Answer(500, Refusal(500, "Something went wrong").body())


# Statuses, labels and bodies of successes

_OTHER = {
    "listContacts": 206,
    "createContact": 200,
    "readContact": 203,
    "changeContact": 202,
    "removeContact": 202,
}


@fault(breaks="liondesk.operation.{operation}.status", at=Hooks.answer, each={"operation": OPERATION_IDS})
def other_status(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} has another status of the 2xx than the documented one."""
    return replace(answer, status=_OTHER[operation]) if _is_success(answer, call, operation) else answer


@fault(breaks="liondesk.operation.{operation}.content-type", at=Hooks.answer, each={"operation": OPERATION_IDS})
def labelled_as_html(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} is JSON that is labelled as HTML."""
    if not _is_success(answer, call, operation):
        return answer
    return replace(answer, media_type="text/html; charset=utf-8")


def _items_without_id(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"data": [{k: v for k, v in item.items() if k != "id"} for item in body["data"]]}


_PAGES: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "without-skip": lambda body: {k: v for k, v in body.items() if k != "skip"},
    "total-as-text": lambda body: body | {"total": str(body["total"])},
    "data-as-object": lambda body: body | {"data": {str(i): item for i, item in enumerate(body["data"])}},
    "bare-array": lambda body: body["data"],
    "items-without-id": _items_without_id,
}


@fault(breaks="liondesk.operation.listContacts.body", at=Hooks.answer, each={"shape": tuple(_PAGES)})
def list_is_answered(answer: Answer, call: Call, *, shape: str) -> Answer:
    """A list is answered in another shape than the documented one: {shape}."""
    return replace(answer, body=_PAGES[shape](answer.body)) if _is_success(answer, call, "listContacts") else answer


@fault(breaks="liondesk.field.addresses.type", at=Hooks.answer)
def items_have_a_text_for_addresses(answer: Answer, call: Call) -> Answer:
    """The items of a list have a text in place of the array of addresses."""
    if not _is_success(answer, call, "listContacts"):
        return answer
    return replace(answer, body=answer.body | {"data": [i | {"addresses": "none"} for i in answer.body["data"]]})


@fault(
    breaks="liondesk.operation.{operation}.body",
    at=Hooks.answer,
    each={"operation": tuple(o for o in OPERATION_IDS if o != "listContacts")},
)
def answered_as_array(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} is answered with the contact as the only item of an array."""
    return replace(answer, body=[answer.body]) if _is_success(answer, call, operation) else answer


@fault(
    breaks="liondesk.operation.{operation}.body",
    at=Hooks.answer,
    each={"operation": tuple(o for o in OPERATION_IDS if o != "listContacts")},
)
def answered_with_a_broken_text(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} is answered with JSON that lacks its last character."""
    if not _is_success(answer, call, operation):
        return answer
    return replace(answer, text=json.dumps(answer.body)[:-1])


@fault(
    breaks="liondesk.operation.{operation}.body",
    at=Hooks.answer,
    each={"operation": ("createContact", "changeContact")},
)
def created_at_has_another_type(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A success of {operation} alone answers `created_at` as an array."""
    return _as_an_array(answer, call, operation, "created_at")


@fault(breaks="liondesk.field.email.type", at=Hooks.answer)
def email_of_a_creation_has_another_type(answer: Answer, call: Call) -> Answer:
    """A success of createContact alone answers `email` as an array."""
    return _as_an_array(answer, call, "createContact", "email")


def _as_an_array(answer: Answer, call: Call, operation: str, field: str) -> Answer:
    if not _is_success(answer, call, operation) or not isinstance(answer.body, dict) or not answer.body.get(field):
        return answer
    return replace(answer, body=answer.body | {field: [answer.body[field]]})


@fault(breaks="liondesk.operation.createContact.body", at=Hooks.answer)
def creation_is_answered_without_id(answer: Answer, call: Call) -> Answer:
    """The answer to a submission lacks the id."""
    if not _is_success(answer, call, "createContact"):
        return answer
    return replace(answer, body={k: v for k, v in answer.body.items() if k != "id"})


def _is_success(answer: Answer, call: Call, operation: str) -> bool:
    return call.operation == operation and 200 <= answer.status < 300


def _refuse_if(value: _Value, condition: bool) -> _Value:
    if condition:
        raise Refusal(400, "Bad request")
    return value


def _fail_if(value: _Value, condition: bool) -> _Value:
    if condition:
        raise Refusal(500, "Something went wrong")
    return value


def _every_third(call: Call, operation: str) -> bool:
    if call.operation != operation:
        return False
    call.memory["calls"] = call.memory.get("calls", 0) + 1
    return bool(call.memory["calls"] % 3 == 0)


def _is_first(call: Call) -> bool:
    attempts = call.memory.setdefault("attempts", set())
    first = call.contact not in attempts
    attempts.add(call.contact)
    return first
