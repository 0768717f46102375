"""Faults at the door: of callers without credentials, and of methods that are not there."""

from __future__ import annotations

import json
from dataclasses import replace

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import row_of, with_d

FAULTS = Catalogue()
fault = FAULTS.fault

_UNAUTHORIZED, _NOT_ALLOWED = 401, 405


@fault(breaks="flexmls.auth.status", at=Hooks.answer)
def parameters_open_the_list(answer: Answer, call: Call) -> Answer:
    """A list with parameters is answered without credentials."""
    opens = call.operation == "listContacts" and call.parameters and call.parameter("ApiSig") is None
    return success([]) if opens and answer.status == _UNAUTHORIZED and not call.headers.get("authorization") else answer


@fault(breaks="flexmls.auth.status", at=Hooks.answer)
def empty_token_is_good(answer: Answer, call: Call) -> Answer:
    """A header without a token behind its word is taken for credentials."""
    is_empty = call.headers.get("authorization", "").strip() in ("Bearer", "OAuth")
    return success([]) if is_empty and answer.status == _UNAUTHORIZED else answer


@fault(breaks="flexmls.auth.status", at=Hooks.answer, each={"operation": ("listContacts", "readContact")})
def refusal_shows_contacts(answer: Answer, call: Call, *, operation: str) -> Answer:
    """A call of {operation} without credentials is answered 401, beside a contact."""
    shows = call.operation == operation and answer.status == _UNAUTHORIZED
    return with_d(answer, Results=[{"Id": "201010122342756895000001", "DisplayName": "Seen"}]) if shows else answer


@fault(breaks="flexmls.auth.status", at=Hooks.answer)
def body_is_looked_at_first(answer: Answer, call: Call) -> Answer:
    """A creation without credentials and without DisplayName is answered 400."""
    is_refused = (
        call.operation == "createContact" and answer.status == _UNAUTHORIZED and "DisplayName" not in _sent(call)
    )
    return Refusal(400, 1050, "DisplayName is missing").answer() if is_refused and call.body else answer


@fault(breaks="flexmls.auth.status", at=Hooks.answer)
def unsupported_method_needs_no_credentials(answer: Answer, call: Call) -> Answer:
    """POST to a contact is answered as a success without credentials."""
    is_post = call.method == "POST" and call.contact
    return success([]) if is_post and answer.status == _UNAUTHORIZED else answer


_CALLS = ("POST.v1.contacts.Id", "PUT.v1.contacts.Id", "POST.v1.contacts.tags.Tag", "PUT.v1.contacts")


@fault(breaks="flexmls.method.{call}", at=Hooks.refusal, each={"call": _CALLS})
def unsupported_method_wants_a_body(refusal: Refusal, call_: Call, *, call: str) -> Refusal:
    """A call of {call} without a body is answered 400."""
    is_bare = refusal.status == _NOT_ALLOWED and row_of(call_) == call and not call_.body
    return replace(refusal, status=400, code=1035) if is_bare else refusal


@fault(breaks="flexmls.method.no-effect", at=Hooks.refusal, each={"method": ("POST", "PUT")})
def refused_method_writes_the_own_record(refusal: Refusal, call: Call, *, method: str) -> Refusal:
    """{method} to the own record is answered 405, and the record has what was sent."""
    sent = _sent(call)
    if refusal.status == _NOT_ALLOWED and call.method == method and call.path.endswith("/my/contact") and sent:
        call.store_refused(call.key.contact, {"DisplayName": sent["DisplayName"]})
    return refusal


@fault(breaks="flexmls.method.no-effect", at=Hooks.refusal)
def refused_post_adds_to_a_tag(refusal: Refusal, call: Call) -> Refusal:
    """POST to a tag is answered 405, and a contact with that tag is added."""
    sent = _sent(call)
    if refusal.status == _NOT_ALLOWED and call.method == "POST" and call.tag and sent:
        made = {"RecordStatus": "Connected", "CreatedTimestamp": call.now(), "ModificationTimestamp": call.now()}
        call.store.add(made | {"OwnerId": call.user, "DisplayName": sent["DisplayName"], "Tags": [call.tag]})
        call.keeps = True
    return refusal


def _sent(call: Call) -> dict[str, str]:
    """The contact in the body of a call; empty where there is none."""
    try:
        return dict(json.loads(call.body)["D"]["Contacts"][0])
    except (ValueError, KeyError, IndexError, TypeError):
        return {}


@fault(breaks="flexmls.list.forbidden", at=Hooks.allowed, each={"parameter": ("limit", "pagination")})
def list_with_a_parameter_is_permitted(allowed: bool, call: Call, *, parameter: str) -> bool:
    """A list that is not permitted is answered where it has the parameter _{parameter}."""
    return allowed or (call.operation == "listContacts" and f"_{parameter}=" in call.query_string)
