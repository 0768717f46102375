"""Faults of whole answers: refused and failing operations, labels, envelopes, and methods that are not there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Key

SESSION = "openSession"


def faults(api: Api, refused: Iterable[str], failing: Iterable[str]) -> Catalogue:
    """The faults of whole answers of a generation.

    `refused` names the methods that its page refuses, as in `PUT.v1.contacts`; `failing` the statuses of failures
    whose envelope it demands.
    """
    return Catalogue(_of_operations(api), _of_envelopes(api, tuple(failing)), _of_methods(api, tuple(refused)))


def row_of(call: Call) -> str:
    """The method and path of a call, as the register names them."""
    segments = call.path.strip("/").split("/")
    if call.contact or call.tag:
        segments[-1] = "Id" if call.contact else "Tag"
    return ".".join((call.method, *segments))


def with_d(answer: Answer, **members: Any) -> Answer:
    """The answer with other members in `D`."""
    return replace(answer, body={**answer.body, **members})


def without(answer: Answer, *names: str) -> Answer:
    """The answer without some members of `D`."""
    return replace(answer, body={k: v for k, v in answer.body.items() if k not in names})


def with_results(answer: Answer, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    """The answer with every contact changed."""
    return with_d(answer, Results=[change(r) for r in answer.results]) if answer.results else answer


def succeeded(answer: Answer) -> bool:
    """Whether an answer is one of success."""
    return 200 <= answer.status < 300


@catalogue
def _of_operations(fault: Register, api: Api) -> None:
    named = f"{api.provider}.operation.{{operation}}"
    each = {"operation": (SESSION, *(o for o in api.operations if o in api.documented))}
    secured = {"operation": tuple(o for o in each["operation"] if o != SESSION)}

    @fault(breaks=f"{named}.accepts", at=Hooks.answer, each=each)
    def is_refused(answer: Answer, call: Call, *, operation: str) -> Answer:
        """{operation} refuses whatever is asked."""
        asked = call.operation == operation and succeeded(answer)
        return Refusal(400, 1060, "Not now").answer() if asked else answer

    @fault(breaks=f"{named}.no-server-error", at=Hooks.answer, each=each)
    def fails(answer: Answer, call: Call, *, operation: str) -> Answer:
        """{operation} is answered 500 after it was carried out."""
        done = call.operation == operation and succeeded(answer)
        return Refusal(500, 1026, "Something broke").answer() if done else answer

    @fault(breaks=f"{named}.status", at=Hooks.answer, each=each)
    def answers_another_status(answer: Answer, call: Call, *, operation: str) -> Answer:
        """{operation} answers success with 203."""
        return replace(answer, status=203) if call.operation == operation and succeeded(answer) else answer

    @fault(breaks=f"{named}.content-type", at=Hooks.answer, each=each)
    def is_labelled_as_text(answer: Answer, call: Call, *, operation: str) -> Answer:
        """The answer to {operation} is labelled as plain text."""
        return replace(answer, media_type="text/plain") if call.operation == operation else answer

    @fault(breaks=f"{named}.body", at=Hooks.answer, each=each)
    def results_are_no_array(answer: Answer, call: Call, *, operation: str) -> Answer:
        """{operation} answers Results as a text."""
        return with_d(answer, Results="none") if call.operation == operation and succeeded(answer) else answer

    @fault(breaks=f"{named}.body", at=Hooks.answer, each=each)
    def answers_without_its_envelope(answer: Answer, call: Call, *, operation: str) -> Answer:
        """{operation} answers what stands in D by itself."""
        if call.operation != operation or not succeeded(answer):
            return answer
        return replace(answer, text=_json(dict(answer.body)))

    def able(operation: str) -> Key:
        known = api.directory.tokens.values()
        return next(k for k in known if k.role in api.roles[operation] and not k.expired)

    @fault(breaks=f"{named}.no-token", at=Hooks.key, each=secured)
    def needs_no_token(key: Key | None, call: Call, *, operation: str) -> Key | None:
        """{operation} is carried out for callers without a token."""
        nobody = key is None and "authorization" not in call.headers
        return able(operation) if nobody and call.operation == operation else key

    @fault(breaks=f"{named}.wrong-token", at=Hooks.key, each=secured)
    def takes_any_token(key: Key | None, call: Call, *, operation: str) -> Key | None:
        """{operation} is carried out for any token."""
        unknown = key is None and "authorization" in call.headers
        return able(operation) if unknown and call.operation == operation else key


@catalogue
def _of_envelopes(fault: Register, api: Api, failing: tuple[str, ...]) -> None:
    named = f"{api.provider}.envelope"
    operations = {"operation": tuple(o for o in api.operations if o in api.documented)}
    statuses = {"status": failing}

    @fault(breaks=f"{named}.success", at=Hooks.answer, each=operations)
    def success_is_said_to_be_none(answer: Answer, call: Call, *, operation: str) -> Answer:
        """{operation} answers 2xx with Success false."""
        return with_d(answer, Success=False) if call.operation == operation and succeeded(answer) else answer

    @fault(breaks=f"{named}.success", at=Hooks.answer)
    def success_is_a_word(answer: Answer) -> Answer:
        """Success is the text true."""
        return with_d(answer, Success="true") if succeeded(answer) else answer

    @fault(breaks=f"{named}.success", at=Hooks.answer)
    def success_is_left_out(answer: Answer) -> Answer:
        """An answer of success does not say so."""
        return without(answer, "Success") if succeeded(answer) else answer

    @fault(breaks=f"{named}.success", at=Hooks.answer)
    def created_with_400(answer: Answer, call: Call) -> Answer:
        """A creation is carried out and answered 400 with Success true."""
        return replace(answer, status=400) if call.operation == "createContact" and succeeded(answer) else answer

    @fault(breaks=f"{named}.failure", at=Hooks.answer, each=statuses)
    def failure_comes_with_200(answer: Answer, *, status: str) -> Answer:
        """What should be answered {status} is answered 200 with Success false."""
        return replace(answer, status=200) if answer.status == int(status) else answer

    @fault(breaks=f"{named}.failure", at=Hooks.answer, each=statuses)
    def failure_says_success(answer: Answer, *, status: str) -> Answer:
        """An answer of {status} says Success true."""
        return with_d(answer, Success=True) if answer.status == int(status) else answer

    @fault(breaks=f"{named}.failure", at=Hooks.answer, each={"member": ("Code", "Message", "Success")})
    def failure_is_not_explained(answer: Answer, *, member: str) -> Answer:
        """Answers of failure have no {member}."""
        return answer if succeeded(answer) else without(answer, member)

    @fault(breaks=f"{named}.failure", at=Hooks.answer)
    def failure_has_no_envelope(answer: Answer) -> Answer:
        """Answers of failure hold the members of D by themselves."""
        return answer if succeeded(answer) else replace(answer, text=_json(dict(answer.body)))

    @fault(breaks=f"{named}.failure", at=Hooks.answer)
    def failure_is_a_page(answer: Answer) -> Answer:
        """Answers of failure are pages of HTML."""
        return answer if succeeded(answer) else replace(answer, text="<h1>Oops</h1>", media_type="text/html")

    @fault(breaks=f"{named}.failure", at=Hooks.answer)
    def every_write_is_answered_200_with_success_false(answer: Answer, call: Call) -> Answer:
        """Every write is answered 200 with Success false."""
        if call.method not in ("POST", "PUT", "DELETE") or call.operation == SESSION:
            return answer
        return replace(answer, status=200, body={"Success": False, "Code": 1060, "Message": "Queued"})

    @fault(breaks=f"{named}.code-is-a-number", at=Hooks.answer)
    def code_is_a_text(answer: Answer) -> Answer:
        """Code is a text of digits."""
        return answer if "Code" not in answer.body else with_d(answer, Code=str(answer.body["Code"]))

    @fault(breaks=f"{named}.one-is-a-list", at=Hooks.answer)
    def one_contact_is_no_list(answer: Answer, call: Call) -> Answer:
        """A single contact is answered as an object."""
        single = call.operation == "readContact" and answer.results
        return with_d(answer, Results=answer.results[0]) if single else answer

    @fault(breaks=f"{named}.resource-uri-shape", at=Hooks.shown)
    def path_has_no_version(contact: dict[str, Any]) -> dict[str, Any]:
        """ResourceUri begins behind the version."""
        uri = contact.get("ResourceUri")
        return contact | {"ResourceUri": uri.removeprefix("/v1")} if isinstance(uri, str) else contact

    @fault(breaks=f"{named}.resource-uri-shape", at=Hooks.shown)
    def path_names_another_contact(contact: dict[str, Any], row: Row) -> dict[str, Any]:
        """ResourceUri ends with a number that is not the Id."""
        return contact | {"ResourceUri": f"/v1/contacts/{row['number']}"}


@catalogue
def _of_methods(fault: Register, api: Api, refused: tuple[str, ...]) -> None:
    each = {"call": refused}

    @fault(breaks=f"{api.provider}.method.{{call}}", at=Hooks.answer, each=each)
    def is_carried_out(answer: Answer, made: Call, *, call: str) -> Answer:
        """{call} is answered 200."""
        return success() if answer.status == 405 and row_of(made) == call else answer

    @fault(breaks=f"{api.provider}.method.{{call}}", at=Hooks.answer, each=each)
    def is_not_found(answer: Answer, made: Call, *, call: str) -> Answer:
        """{call} is answered 404."""
        missing = answer.status == 405 and row_of(made) == call
        return Refusal(404, 404, "Not Found").answer() if missing else answer

    @fault(breaks=f"{api.provider}.method.envelope", at=Hooks.answer)
    def refused_method_has_no_code(answer: Answer) -> Answer:
        """A method that is not there is answered with code 1000."""
        return with_d(answer, Code=1000) if answer.status == 405 else answer

    @fault(breaks=f"{api.provider}.method.envelope", at=Hooks.answer)
    def refused_method_has_no_body(answer: Answer) -> Answer:
        """A method that is not there is answered with an empty body."""
        return replace(answer, text="") if answer.status == 405 else answer

    @fault(breaks=f"{api.provider}.method.envelope", at=Hooks.answer)
    def refused_method_says_success(answer: Answer) -> Answer:
        """A method that is not there is answered 405 with Success true."""
        return with_d(answer, Success=True) if answer.status == 405 else answer

    @fault(breaks=f"{api.provider}.method.allow", at=Hooks.refusal)
    def allow_is_missing(refusal: Refusal) -> Refusal:
        """A method that is not there is answered without the header Allow."""
        refusal.headers = {}
        return refusal


def _json(d: dict[str, Any]) -> str:
    return json.dumps(d)
