"""Faults of single attributes: their limits, their types, and whether they are stored and searched at all."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from contacts_conformance.reference.kit import text_faults
from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_results
from contacts_conformance.reference.sparkapi.store import Row

_READING = ("readContact", "listContacts", "readMyContact")
_WRITING = ("createContact", "changeContact")


def of_limits(api: Api) -> Catalogue:
    """Limits that are wrong by one character, or kept by cutting."""
    limits = {a.name: a.limit for a in api.attributes.values() if a.limit}
    # a country is two letters, or one digit where letters are refused; and tags are what contacts are marked by
    longer = [name for name, limit in limits.items() if limit > 2 and not api.attributes[name].is_list]
    return text_faults.of_limits(
        api.provider, limits, one_too_few=longer, limit=Hooks.limit, text=Hooks.text, sent=Hooks.sent
    )


@catalogue
def of_types(fault: Register, api: Api, wrong: Mapping[str, object], below: Mapping[str, str] | None = None) -> None:
    """Attributes that are answered as another type; `wrong` has such a value for each.

    `below` names the heading under which an attribute may stand.
    """

    @fault(breaks=f"{api.provider}.field.{{field}}.type", at=Hooks.shown, each={"field": tuple(wrong)})
    def wrong_type(contact: dict[str, Any], _: Row, call: Call, *, field: str) -> dict[str, Any]:
        """`{field}` is answered as another type than the documented one."""
        heading = (below or {}).get(field, "")
        if call.operation not in _READING:
            return contact
        if isinstance(contact.get(heading), dict):
            return contact | {heading: contact[heading] | {field: wrong[field]}}
        return contact | {field: wrong[field]}


@catalogue
def of_storing(
    fault: Register, api: Api, fields: Iterable[str], kinds: Collection[str], stored_as: Mapping[str, str]
) -> None:
    """Attributes that are taken and not stored; `kinds` says whether on creation, by a change, or both."""
    each = {"field": tuple(fields)}
    named = f"{api.provider}.field.{{field}}"

    if "create" in kinds:

        @fault(breaks=f"{named}.create", at=Hooks.inserted, each=each)
        def ignored_on_creation(values: dict[str, Any], *, field: str) -> dict[str, Any]:
            """`{field}` is taken on creation, but not stored."""
            name = stored_as.get(field, field)
            lists = name in api.tables.lists
            return values | {name: [] if lists else "Unconnected" if name == "RecordStatus" else None}

    if "change" in kinds:

        @fault(breaks=f"{named}.change", at=Hooks.updated, each=each)
        def ignored_on_change(values: dict[str, Any], row: Row, *, field: str) -> dict[str, Any]:
            """`{field}` is taken by a change, but keeps its value."""
            if field == "RecordStatus":
                return values | {field: "Unconnected"} if field in values else values
            return {k: v for k, v in values.items() if k != field}


@catalogue
def of_demands(fault: Register, api: Api, optional: Iterable[str], required: Iterable[str]) -> None:
    """Attributes that are demanded and need not be, and the other way round."""

    @fault(breaks=f"{api.provider}.field.{{field}}.optional", at=Hooks.sent, each={"field": tuple(optional)})
    def demanded_on_creation(sent: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
        """A contact without `{field}` is refused."""
        name = "Tags" if field == "Tag" else field
        if call.operation == "createContact" and name not in sent:
            raise Refusal(400, 1050, "Something is missing", {field: "is required"})
        return sent

    @fault(breaks=f"{api.provider}.field.{{field}}.required", at=Hooks.sent, each={"field": tuple(required)})
    def filled_in_when_missing(sent: dict[str, Any], call: Call, *, field: str) -> dict[str, Any]:
        """A contact without `{field}` is stored with a text of the server's."""
        missing = call.operation == "createContact" and not sent.get(field)
        return sent | {field: f"unknown{call.now()}"} if missing else sent


@catalogue
def of_read_only(fault: Register, api: Api, groups: Mapping[str, Collection[str]]) -> None:
    """Attributes that are taken from a body though they are the server's; `groups` has those of each row."""
    each = {"field": tuple(groups), "kind": tuple(o for o in _WRITING if o in api.documented)}

    @fault(breaks=f"{api.provider}.field.{{field}}.read-only", at=Hooks.answer, each=each)
    def taken_from_the_body(answer: Answer, call: Call, *, field: str, kind: str) -> Answer:
        """`{field}` is taken from the body of {kind} and answered from then on."""
        if call.operation == kind and succeeded(answer):
            contact = call.contact or str(answer.results[0].get("Id"))
            kept = {k: v for k, v in _sent(call).items() if k in groups[field]}
            call.memory.setdefault(contact, {}).update(kept)
            return answer
        return with_results(answer, lambda r: {**r, **call.memory.get(str(r.get("Id")), {})})


def _sent(call: Call) -> dict[str, Any]:
    d = json.loads(call.body)["D"]
    contact = d["Contacts"][0] if "Contacts" in d else d
    return dict(contact)
