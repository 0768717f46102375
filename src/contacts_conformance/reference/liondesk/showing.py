"""How answers show contacts, pages and refusals."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.answers import Answer
from contacts_conformance.reference.liondesk import instants
from contacts_conformance.reference.liondesk.context import Call
from contacts_conformance.reference.liondesk.fields import STORED
from contacts_conformance.reference.liondesk.ids import shown_id
from contacts_conformance.reference.liondesk.lookups import LOOKUPS
from contacts_conformance.reference.liondesk.options import Options
from contacts_conformance.reference.liondesk.query import Page
from contacts_conformance.reference.liondesk.refusals import Refusal
from contacts_conformance.reference.liondesk.store import Row


def page(page: Page, call: Call) -> dict[str, Any]:
    """A page, as an answer shows it."""
    data = [contact(row, call) for row in page.rows]
    if page.select:
        data = [{k: v for k, v in item.items() if k in ("id", *page.select)} for item in data]
    return {"total": page.total, "limit": page.limit, "skip": page.skip, "data": data}


def refusal(refusal: Refusal, options: Options) -> Answer:
    """The answer that tells a refusal."""
    body = refusal.body()
    answer = Answer(refusal.status, body, headers=refusal.headers)
    match options.errors:
        case "plain":
            return replace(answer, body={"error": refusal.message})
        case "html":
            page = f"<!doctype html><title>{body['name']}</title><p>{html.escape(refusal.message)}</p>"
            return replace(answer, text=page, media_type="text/html; charset=utf-8")
        case "empty":
            return replace(answer, text="")
    return answer


def contact(row: Row, call: Call) -> dict[str, Any]:
    """A contact, as an answer shows it."""
    options = call.options
    shown: dict[str, Any] = {"id": shown_id(row["id"], options)}
    for name, stored in STORED.items():
        if stored.write_only and options.lookup_ids == "hidden":
            continue
        shown |= _attribute(name, row[name], options)
    if options.related == "arrays":
        shown |= {"addresses": [], "custom_fields": []}
    for name, entries in LOOKUPS.items():
        if (entry := entries.get(row[f"{name}_id"])) is not None:
            shown[name] = dict(entry)
            if options.ids == "digits" and "id" in entry:
                shown[name]["id"] = str(entry["id"])
        elif options.unset_lookup != "missing":
            shown[name] = {} if options.unset_lookup == "object" else None
    if options.extra == "some":
        shown |= {"score": 0, "links": {"self": f"/contacts/{shown['id']}"}}
    return call.hooks.shown(shown, row, call)


def _attribute(name: str, value: Any, options: Options) -> dict[str, Any]:
    kind = STORED[name].kind
    if value is None or value == "":
        if options.unset == "missing":
            return {}
        return {name: "" if kind == "text" and options.unset == "empty" else value}
    if kind == "instant":
        return {name: instants.shown(value, options.notation)}
    return {name: str(value) if kind == "id" and options.ids == "digits" else value}
