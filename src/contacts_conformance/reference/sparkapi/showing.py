"""How answers show contacts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from contacts_conformance.reference.sparkapi import instants, listing
from contacts_conformance.reference.sparkapi.attributes import Attribute
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import Page

Expansions: TypeAlias = Mapping[str, Callable[[Row, Call], dict[str, Any]]]
"""By name: the members that an expansion adds to a contact."""

_ALWAYS = ("ResourceUri", "Id")
_NAMES = (*_ALWAYS, "DisplayName")
_BRIEFLY = (*_NAMES, "PrimaryEmail", "Tags", "RecordStatus")


def page(found: Page, call: Call, expansions: Expansions | None = None) -> Answer:
    """A page of contacts."""
    counted = found.window.counting == "count"
    brief: tuple[str, ...] = {"whole": (), "brief": _BRIEFLY, "names": _NAMES}[call.options.lists]
    results = [contact(row, call, expansions, brief) for row in found.rows]
    left_out = counted and call.options.counting == "missing"
    dropped = [{"Token": name, "Status": "Dropped"} for name in found.dropped]
    numbers = listing.pagination(found, call)
    return success(None if left_out else results, Pagination=numbers, SparkQLErrors=dropped or None)


def one(row: Row, call: Call, expansions: Expansions | None = None) -> Answer:
    """A single contact: an array of one."""
    return success([contact(row, call, expansions)])


def contact(row: Row, call: Call, expansions: Expansions | None = None, plainly: Sequence[str] = ()) -> dict[str, Any]:
    """A contact, cut to what was selected (or else to `plainly`, where that says anything), with what was expanded."""
    chosen = _chosen(call) or set(plainly)
    shown: dict[str, Any] = {"ResourceUri": uri(row["Id"], call)}
    for attribute in call.api.attributes.values():
        if attribute.name in shown or not _is_shown(attribute, chosen, call):
            continue
        shown |= _attribute(attribute, row, call)
    if call.options.extra == "some":
        shown |= {"Score": 0, "Links": {"Self": shown["ResourceUri"]}}
    if chosen:
        shown = {k: v for k, v in shown.items() if k in chosen or k in _ALWAYS}
    if expansions is not None:
        for name in call.hooks.expanded(_expanded(call, expansions), row, call):
            shown |= call.hooks.expansion(expansions[name](row, call), name, row, call)
    return call.hooks.shown(shown, row, call)


def uri(contact: str, call: Call) -> str:
    """The path of a contact."""
    if call.api.roles[call.operation] <= {"VOW", "Portal"} and call.options.my_uri == "my":
        return "/v1/my/contact"
    return f"/v1/contacts/{quote(contact, safe='')}"


def instant(value: int | None, call: Call) -> str | None:
    """An instant in the notation of this server."""
    return None if value is None else instants.shown(value, call.options.notation)


def _chosen(call: Call) -> set[str]:
    names = {name.partition(".")[0] for name in listing.names(call, "_select")}
    known = {*call.api.attributes, *call.api.expansions}
    if names - known and call.options.unknown_names == "refused":
        raise Refusal(400, 1053, f"There is no attribute {min(names - known)}")
    return names & known


def _expanded(call: Call, expansions: Expansions) -> list[str]:
    asked = listing.names(call, "_expand")
    wrong = [n for n in asked if n not in expansions]
    if wrong and call.options.unknown_names == "refused":
        raise Refusal(400, 1053, f"There is no expansion {wrong[0]} for this role")
    return [n for n in asked if n in expansions]


def _is_shown(attribute: Attribute, chosen: set[str], call: Call) -> bool:
    if not attribute.shown:
        return False
    if attribute.name == "OwnerId":
        return call.options.owner == "shown" or "OwnerId" in chosen
    if attribute.name == "RecordStatus":
        return call.options.status == "shown" or "RecordStatus" in chosen or call.operation == "listUnconnected"
    if attribute.name == "Note":
        return call.options.notes == "always" or "Note" in chosen
    return True


def _attribute(attribute: Attribute, row: Row, call: Call) -> dict[str, Any]:
    name, options = attribute.name, call.options
    if attribute.members:
        return {name: {m: bool(row[m]) for m in attribute.members}}
    value = row[name]
    if attribute.is_list:
        if options.entries == "turned":
            value = call.turned(value)
        return {name: value} if value or options.unset != "missing" else {}
    if value is None:
        if options.unset == "missing":
            return {}
        return {name: "" if attribute.kind == "text" and options.unset == "empty" else None}
    return {name: instant(value, call) if attribute.kind == "instant" else value}
