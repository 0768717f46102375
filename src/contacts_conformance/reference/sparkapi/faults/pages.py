"""Faults of pages and their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from contacts_conformance.reference.kit.faults import Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d, without
from contacts_conformance.reference.sparkapi.window import Page, Window

_LISTS = ("listContacts", "listUnconnected", "listTagged")


@catalogue
def of_windows(fault: Register, api: Api, default: str) -> None:
    """Pages of a wrong size, and pages that are not next to one another.

    `default` is the row on the size without `_limit`.
    """
    named = api.provider

    @fault(breaks=f"{named}.{default}", at=Hooks.window)
    def default_is_25(window: Window, call: Call) -> Window:
        """A page holds 25 contacts where nothing else is asked for."""
        return window if call.parameter("_limit") else replace(window, limit=25)

    @fault(breaks=f"{named}.list.plain", at=Hooks.start)
    def plain_list_is_refused(call: Call) -> Call:
        """A list without parameters is refused."""
        if call.operation == "listContacts" and not call.parameters:
            raise Refusal(400, 1053, "A parameter is missing")
        return call

    @fault(breaks=f"{named}.page.limit", at=Hooks.window)
    def limit_is_ignored(window: Window) -> Window:
        """`_limit` is ignored."""
        return replace(window, limit=10)

    @fault(breaks=f"{named}.page.limit", at=Hooks.page)
    def page_has_one_too_many(page: Page) -> Page:
        """A page holds one contact more than asked for."""
        skip = (page.window.page - 1) * page.window.limit
        return replace(page, rows=page.ask(page.window.limit + 1, skip)) if page.rows else page

    @fault(breaks=f"{named}.page.walk", at=Hooks.window)
    def page_is_ignored(window: Window) -> Window:
        """`_page` is ignored."""
        return replace(window, page=1)

    @fault(breaks=f"{named}.page.walk", at=Hooks.page)
    def pages_overlap(page: Page) -> Page:
        """Every page but the first begins with the last contact of the one before."""
        skip = (page.window.page - 1) * page.window.limit
        return replace(page, rows=page.ask(page.window.limit, skip - 1)) if skip and page.rows else page

    @fault(breaks=f"{named}.page.walk", at=Hooks.page)
    def second_page_loses_its_first(page: Page) -> Page:
        """The second page lacks its first contact."""
        return replace(page, rows=page.rows[1:]) if page.window.page == 2 else page

    @fault(breaks=f"{named}.page.walk", at=Hooks.page)
    def last_page_is_empty(page: Page) -> Page:
        """A last page that is not full is empty."""
        short = page.window.page > 1 and len(page.rows) < page.window.limit
        return replace(page, rows=()) if short else page


@catalogue
def of_numbers(fault: Register, api: Api) -> None:
    """The object Pagination, where it does not belong or with wrong numbers."""
    named = f"{api.provider}.pagination"

    @fault(breaks=f"{named}.off", at=Hooks.answer)
    def numbers_are_always_there(answer: Answer, call: Call) -> Answer:
        """Lists have a Pagination object though nobody asked for it."""
        if call.operation not in _LISTS or not succeeded(answer) or "Pagination" in answer.body:
            return answer
        return with_d(answer, Pagination={"TotalRows": 1, "PageSize": 10, "TotalPages": 1, "CurrentPage": 1})

    @fault(breaks=f"{named}.on", at=Hooks.answer)
    def numbers_are_never_there(answer: Answer, call: Call) -> Answer:
        """`_pagination=1` adds no Pagination object."""
        return without(answer, "Pagination") if call.parameter("_pagination") == "1" else answer

    @fault(breaks=f"{named}.on", at=Hooks.pagination)
    def total_is_that_of_the_page(numbers: dict[str, Any], page: Page) -> dict[str, Any]:
        """TotalRows counts the contacts of the page."""
        return numbers | {"TotalRows": len(page.rows)} if page.window.counting == "1" else numbers

    @fault(breaks=f"{named}.on", at=Hooks.pagination)
    def total_counts_everything(numbers: dict[str, Any], page: Page, call: Call) -> dict[str, Any]:
        """TotalRows counts contacts that do not match, too."""
        return numbers | {"TotalRows": call.store.count(()) + 1}

    @fault(breaks=f"{named}.count", at=Hooks.answer)
    def count_has_contacts(answer: Answer, call: Call) -> Answer:
        """`_pagination=count` answers contacts, too."""
        if call.parameter("_pagination") != "count" or not succeeded(answer):
            return answer
        contacts = call.store.tables.contacts
        rows = call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.asc()], 2)
        return with_d(answer, Results=[{"Id": r["Id"], "ResourceUri": f"/v1/contacts/{r['Id']}"} for r in rows])

    @fault(breaks=f"{named}.count", at=Hooks.answer)
    def count_is_a_bare_number(answer: Answer, call: Call) -> Answer:
        """`_pagination=count` answers a number in the place of the Pagination object."""
        if call.parameter("_pagination") != "count" or "Pagination" not in answer.body:
            return answer
        return with_d(answer, Pagination=answer.body["Pagination"]["TotalRows"])

    @fault(breaks=f"{named}.count", at=Hooks.pagination)
    def count_is_a_text(numbers: dict[str, Any], page: Page) -> dict[str, Any]:
        """`_pagination=count` answers TotalRows as a text."""
        return numbers | {"TotalRows": str(numbers["TotalRows"])} if page.window.counting == "count" else numbers


@catalogue
def of_limits(fault: Register, api: Api) -> None:
    """Limits that are out of range, and pages that are."""
    named = f"{api.provider}.page"

    @fault(breaks=f"{named}.above-the-limit", at=Hooks.answer)
    def hundred_are_allowed(answer: Answer, call: Call) -> Answer:
        """A page may hold a hundred contacts."""
        limit = call.parameter("_limit") or ""
        if call.operation != "listContacts" or not limit.isdecimal() or int(limit) < 26:
            return answer
        contacts = call.store.tables.contacts
        rows = call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.asc()], min(int(limit), 100))
        return success([{"ResourceUri": f"/v1/contacts/{r['Id']}", "Id": r["Id"]} for r in rows])

    @fault(breaks=f"{named}.limit-zero", at=Hooks.window)
    def zero_is_the_default(window: Window) -> Window:
        """A limit of 0 is taken for 10."""
        return replace(window, limit=window.limit or 10)

    @fault(breaks=f"{named}.limit-text", at=Hooks.answer)
    def word_is_the_default(answer: Answer, call: Call) -> Answer:
        """A limit that is no number is taken for the default."""
        word = (call.parameter("_limit") or "0").lstrip("-").isdecimal()
        return answer if word or answer.status != 400 else success([])

    @fault(breaks=f"{named}.limit-text", at=Hooks.refusal)
    def word_fails(refusal: Refusal, call: Call) -> Refusal:
        """A limit that is no number is answered 404."""
        refusal.status = 404 if refusal.message.startswith("_limit is no") else refusal.status
        return refusal

    @fault(breaks=f"{named}.past-the-end", at=Hooks.page)
    def last_page_repeats(page: Page) -> Page:
        """A page past the end holds the contacts of the last."""
        past = (page.window.page - 1) * page.window.limit >= page.total > 0
        return replace(page, rows=page.ask(page.window.limit, 0)) if past and page.window.limit else page

    @fault(
        breaks=f"{api.provider}.pagination.arithmetic",
        at=Hooks.pagination,
        each={"number": ("TotalPages", "PageSize", "CurrentPage")},
    )
    def number_is_one_off(numbers: dict[str, Any], *, number: str) -> dict[str, Any]:
        """{number} is one too many."""
        return numbers | {number: numbers[number] + 1} if number in numbers else numbers

    @fault(breaks=f"{api.provider}.pagination.arithmetic", at=Hooks.pagination)
    def exact_multiple_has_one_page_more(numbers: dict[str, Any]) -> dict[str, Any]:
        """TotalPages is one too many where the last page is full."""
        size = numbers["PageSize"]
        return numbers | {"TotalPages": numbers["TotalRows"] // size + 1} if size else numbers

    @fault(breaks=f"{api.provider}.pagination.arithmetic", at=Hooks.pagination)
    def pages_are_rounded_down(numbers: dict[str, Any]) -> dict[str, Any]:
        """TotalPages does not count a last page that is not full."""
        size = numbers["PageSize"]
        return numbers | {"TotalPages": numbers["TotalRows"] // size} if size else numbers

    @fault(breaks=f"{api.provider}.pagination.arithmetic", at=Hooks.pagination)
    def size_is_that_of_the_page(numbers: dict[str, Any], page: Page) -> dict[str, Any]:
        """PageSize is the number of contacts on the page."""
        return numbers | {"PageSize": len(page.rows)} if page.rows else numbers
