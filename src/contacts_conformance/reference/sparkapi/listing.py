"""Lists: what the parameters ask for, and one page of rows."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression

from contacts_conformance.reference.kit import query_strings
from contacts_conformance.reference.kit.query_strings import Pairs
from contacts_conformance.reference.sparkapi import filters, grammar
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.window import DEFAULT_LIMIT, LARGEST_LIMIT, Page, Window

_EVERYTHING = 10_000
_LAST_PAGE, _LARGEST_SKIP = 100_000, 2_500_000


def pairs(query_string: str) -> Pairs:
    """The parameters in the order in which they were sent, decoded; Refusal (1053) if one of them is not UTF-8."""
    try:
        return query_strings.pairs(query_string)
    except UnicodeDecodeError:
        raise Refusal(400, 1053, "The query is not UTF-8") from None


def asked(visible: tuple[ColumnElement[bool], ...], call: Call) -> Page:
    """The page that the call asks for, of the contacts that are visible."""
    window = call.hooks.window(_window(call), call)
    rules = grammar.Rules(
        {a.name: a.kind for a in call.api.attributes.values() if a.searchable},
        depth=call.options.groups,
        wildcards=call.options.wildcards,
        longest=call.options.longest_filter,
        drop_unknown=call.options.unknown_field == "dropped",
        lenient=call.options.filters == "lenient",
    )
    reading = call.hooks.reading(grammar.read(call.parameter("_filter") or "", rules), call)
    clauses = visible if reading.group is None else (*visible, filters.where(reading.group, call))
    order = _order(call)

    def ask(limit: int | None, skip: int) -> tuple[Row, ...]:
        return tuple(call.store.find(clauses, order, limit, skip))

    skip = window.skip if window.skips else (window.page - 1) * window.limit
    total = call.store.count(clauses)
    if 0 < total <= skip and call.options.past_the_end == "refused":
        raise Refusal(404, 404, "There is no such page")
    rows = ask(window.limit, skip) if window.limit and window.counting != "count" else ()
    return call.hooks.page(Page(total, window, rows, clauses, ask, reading.dropped), call)


def pagination(page: Page, call: Call) -> dict[str, Any] | None:
    """The object Pagination; None where it was not asked for."""
    window = page.window
    if window.counting == "0":
        return None
    size = window.limit
    numbers: dict[str, Any] = {
        "TotalRows": page.total,
        "PageSize": size,
        "TotalPages": -(-page.total // size) if size else 0,
    }
    numbers |= {"CurrentOffset": window.skip} if window.skips else {"CurrentPage": window.page}
    return call.hooks.pagination(numbers, page, call)


def names(call: Call, parameter: str) -> list[str]:
    """The names in a list with commas, once each; empty where the parameter was not sent."""
    text = call.parameter(parameter) or ""
    return list(dict.fromkeys(n.strip() for n in text.split(",") if n.strip()))


def _window(call: Call) -> Window:
    if call.options.parameters != "taken":
        return Window(_EVERYTHING, 1, 0, "0", False)
    limit = _number(call, "_limit", DEFAULT_LIMIT)
    if limit > LARGEST_LIMIT:
        if call.options.large_limit == "refused":
            raise Refusal(400, 1053, f"_limit is above {LARGEST_LIMIT}")
        limit = LARGEST_LIMIT
    if limit == 0 and call.options.zero_limit == "refused":
        raise Refusal(400, 1053, "_limit is 0")
    page, skip = _number(call, "_page", 1), _number(call, "_skip", 0)
    if not 1 <= page <= _LAST_PAGE or skip > _LARGEST_SKIP:
        raise Refusal(400, 1053, f"There is no page {page}")
    counting = call.parameter("_pagination") or "0"
    if counting not in ("0", "1", "count"):
        raise Refusal(400, 1053, "_pagination is neither 0 nor 1 nor count")
    return Window(limit, page, skip, counting, call.parameter("_skip") is not None)


def _number(call: Call, name: str, default: int) -> int:
    text = call.parameter(name)
    if text is None:
        return default
    if re.fullmatch(r"\d{1,9}", text, re.ASCII) is None:
        raise Refusal(400, 1053, f"{name} is no whole number")
    return int(text)


def _order(call: Call) -> list[UnaryExpression[Any]]:
    contacts = call.store.tables.contacts
    keys: list[tuple[str, int]] = []
    for part in (call.parameter("_orderby") or "").split(","):
        # a raw plus sign arrives as a blank
        match = re.fullmatch(r"\s*([+-]?)([A-Z][A-Za-z0-9]*)\s*", part)
        sortable = match and match[2] in contacts.c and call.api.attributes[match[2]].searchable
        if match and sortable:
            keys.append((match[2], -1 if match[1] == "-" else 1))
        elif part.strip() and call.options.unknown_names == "refused":
            raise Refusal(400, 1053, f"Nothing can be ordered by {part.strip()}")
    keys = call.hooks.order(keys, call)
    last = contacts.c.number.desc() if call.options.order == "newest first" else contacts.c.number.asc()
    return [*(contacts.c[name].desc() if way < 0 else contacts.c[name].asc() for name, way in keys), last]
