"""The pages of a list: which one a query asks for, and what its answer has to show of limits and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.providers.sparkapi.telling import shown, told
from contacts_conformance.verdicts.response_checks import Observation

DEFAULT, LARGEST = 10, 25
"""How many contacts a page holds where nothing is asked, and at most."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that a query asks for. `limit` is None where it names none; `counts` is what it gives for
    `_pagination`."""

    limit: int | None = None
    page: int = 1
    counts: str = ""

    @property
    def size(self) -> int:
        """The limit, or that of a page where nothing is asked."""
        return self.limit or DEFAULT

    @property
    def skipped(self) -> int:
        """How many contacts stand on the pages before."""
        return (self.page - 1) * self.size

    def holds_all_of(self, most: int) -> bool:
        """Whether a list of so many contacts is on this page whole."""
        return self.page == 1 and most <= self.size

    def expected(self, matching: int) -> int:
        """How many contacts the page holds of so many that match."""
        return min(self.size, max(0, matching - self.skipped))


def window(query: Query) -> Window | None:
    """The part of a list that a query asks for; None where it does so in a way that the pages do not document."""
    values = dict(query)
    limit, page, counts = values.get("_limit", ""), values.get("_page", "1"), values.get("_pagination", "")
    if (
        not re.fullmatch(r"\d{0,2}", limit)
        or not re.fullmatch(r"\d{1,3}", page)
        or counts not in ("", "0", "1", "count")
    ):
        return None
    if limit and not 1 <= int(limit) <= LARGEST:
        return None
    return Window(int(limit) if limit else None, int(page), counts) if int(page) > 0 else None


class Pages:
    """Judges the counts and limits of lists, and whether pages of one list show a contact twice.

    `of` is the provider, `default` its row on pages where no limit is asked for, without the provider.
    """

    def __init__(self, of: str, default: str = "list.default-limit") -> None:
        self._of = of
        self._default = f"{of}.{default}"
        self._shown: dict[tuple[str, Query], dict[str, int]] = {}
        """The contacts that pages of a list have shown since the last write, and on which page each."""

    def forget(self) -> None:
        """Forgets what lists have shown: something was written."""
        self._shown.clear()

    def judge(
        self, asked: Window, answer: Answer, listed: Sequence[str], least: int, most: int | None
    ) -> Iterator[Observation]:
        """Judges the number of contacts and the Pagination object of an answer.

        At least `least` contacts match, and at most `most`; None where that is not known.
        """
        yield from self._pagination(asked, answer, least, most)
        if asked.counts == "count":
            row = f"{self._of}.pagination.count"
            yield self._all_well(row, answer, not listed, "no contacts", f"{len(listed)} contacts", "contacts")
            return
        row = f"{self._of}.page.limit"
        if asked.limit is not None:
            fits = len(listed) <= asked.limit
            yield self._all_well(row, answer, fits, f"at most {asked.limit} contacts", str(len(listed)), "too many")
            expected = asked.expected(least)
            if fits and expected == asked.limit and len(listed) < expected and not asked.holds_all_of(least):
                yield told(row, answer, f"{expected} contacts", str(len(listed)), observed="too few")
        elif len(listed) > DEFAULT:
            yield told(self._default, answer, f"at most {DEFAULT} contacts", str(len(listed)), observed="too many")
        if most is not None and asked.page > 1 and asked.skipped >= most:
            row = f"{self._of}.page.past-the-end"
            yield self._all_well(row, answer, not listed, "no contacts", f"{len(listed)} contacts", "contacts")
        elif most is not None and asked.page > 1 and len(listed) < asked.expected(least) < asked.size:
            row = f"{self._of}.page.walk"
            yield told(
                row, answer, f"{asked.expected(least)} contacts on this page", str(len(listed)), observed="too few"
            )

    def walked(
        self, user: str, query: Query, asked: Window, answer: Answer, listed: Sequence[str]
    ) -> Iterator[Observation]:
        """Judges whether a contact stands on more than one page of a list, or twice on one."""
        row = f"{self._of}.page.walk"
        if len(set(listed)) < len(listed):
            yield told(row, answer, "each contact once", "a contact twice on the page", observed="twice on a page")
        if asked.limit is None or asked.counts == "count":
            return
        rest = tuple((n, v) for n, v in query if n in ("_filter", "_orderby", "_limit"))
        before = self._shown.setdefault((user, rest), {})
        twice = [i for i in listed if before.get(i, asked.page) != asked.page]
        if twice:
            got = f"contact {twice[0]} on page {before[twice[0]]} as well as on page {asked.page}"
            yield told(row, answer, "each contact on one page", got, observed="on two pages")
        elif asked.page > 1 and listed:
            yield Observation(row)
        for contact in listed:
            before.setdefault(contact, asked.page)

    def _pagination(self, asked: Window, answer: Answer, least: int, most: int | None) -> Iterator[Observation]:
        inner = envelope(answer.json) or {}
        pagination = inner.get("Pagination")
        if asked.counts in ("", "0"):
            ok = "Pagination" not in inner
            yield self._all_well(
                f"{self._of}.pagination.off", answer, ok, "no Pagination", shown(pagination), "present"
            )
            return
        row = f"{self._of}.pagination.{'count' if asked.counts == 'count' else 'on'}"
        if not isinstance(pagination, dict):
            yield told(row, answer, "an object Pagination", shown(pagination), observed="missing")
            return
        total = pagination.get("TotalRows")
        if most is not None:
            ok = isinstance(total, int) and least <= total <= most
            numbers = str(least) if least == most else f"{least} to {most}"
            yield self._all_well(row, answer, ok, f"TotalRows {numbers}", shown(total), "another number", "TotalRows")
        if asked.counts == "1":
            yield from self._arithmetic(asked, answer, pagination)

    def _arithmetic(self, asked: Window, answer: Answer, pagination: dict[str, object]) -> Iterator[Observation]:
        row = f"{self._of}.pagination.arithmetic"
        total, size = pagination.get("TotalRows"), pagination.get("PageSize")
        expected: dict[str, int] = {"CurrentPage": asked.page}
        if asked.limit is not None:
            expected["PageSize"] = asked.limit
        if isinstance(total, int) and isinstance(size, int) and size > 0:
            expected["TotalPages"] = -(-total // size)
        for name, number in expected.items():
            got = pagination.get(name)
            yield self._all_well(row, answer, got == number, str(number), shown(got), "another number", name)

    def _all_well(
        self, row: str, answer: Answer, ok: bool, expected: str, got: str, observed: str, about: str = ""
    ) -> Observation:
        return Observation(row) if ok else told(row, answer, expected, got, about=about, observed=observed)
