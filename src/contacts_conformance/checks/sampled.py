"""What lists show of contacts that are there already, held against what is certain of them.

Others may change contacts between two requests, and do so while nobody looks. So whatever does not hold is looked at
once more from the beginning, with what is there then, before it is told.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar

from contacts_conformance.account.cohort import Cohort
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.sample import Sample, walked
from contacts_conformance.checks import expect
from contacts_conformance.errors import Broken, NotShown
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import Page

Truth: TypeAlias = bool | None
"""Whether a list has to show a contact (True), must not show it (False), or may do either."""
Sure: TypeAlias = Callable[[Record], Truth]

_Value = TypeVar("_Value")
_MAY_MOVE = 3
"""By so many the number of all contacts may move within a walk through their pages."""
_OTHERS = str.maketrans("0123456789abcdefABCDEF", "9876543210fedcbaFEDCBA")
_BETWEEN_QUOTES = re.compile(r"'((?:[^'\\]|\\.)*)'")
_SIGNS = frozenset(string.ascii_letters + string.digits + " .-_@+'()&,/")


def sayable(value: Json) -> bool:
    """Whether a query can quote a text without a sign, or a blank at its ends, that services may read otherwise."""
    return isinstance(value, str) and 0 < len(value) <= 80 and value == " ".join(value.split()) and {*value} <= _SIGNS


def nobodys(contact: str) -> str:
    """An id of the form of this one that no contact has."""
    if len(contact) < 10 and contact.isdecimal():
        return str(10**9 - 1 - int(contact))
    return contact[:-12] + contact[-12:].translate(_OTHERS)


def steadily(look: Callable[[], _Value], expectation: Callable[[_Value], None], again: Callable[[], _Value]) -> None:
    """An expectation about what was seen holds; where it does not, it has to fail for what is seen `again`, too."""
    try:
        expectation(look())
    except Broken:
        expectation(again())


def renewed(found: Cohort) -> Cohort:
    """The same contacts as a list shows them now."""
    answer = found.contacts.send_list(found.found_by, quotes=quoted(found.found_by))
    return replace(found, records=found.contacts.page(answer).records)


def quoted(query: Query) -> tuple[str, ...]:
    """The values of a query that may have been read in contacts: of a value with quotes, what stands between them."""
    said = [v for _, v in query if not v.lstrip("-").isdecimal() or len(v) > 3]
    return tuple(t for v in said for t in (_BETWEEN_QUOTES.findall(v) if "'" in v else [v]))


@dataclass(frozen=True, slots=True)
class Asking:
    """A list of contacts that are there: what is asked beside `found_by`, and what is certain of each contact.

    `about` names what is asked without the values, and `options` are those of the request. It `is_narrow` where the
    query asks for these contacts alone by itself.
    """

    query: Query
    sure: Sure
    about: str
    options: Mapping[str, Any]
    is_narrow: bool = False

    def of(self, found: Cohort) -> tuple[Page, Answer]:
        """The page that it is answered with, among contacts that a list shows alone."""
        query = self.query if self.is_narrow else found.narrowed(self.query)
        answer = found.contacts.send_list(query, quotes=quoted(query), **self.options)
        expect.success(answer, self.about)
        return found.contacts.page(answer), answer


def asking(query: Query, sure: Sure, about: str = "", **options: Any) -> Asking:
    """What is asked; without `about` it is named by its parameters."""
    return Asking(query, sure, about or "&".join(dict.fromkeys(n for n, _ in query)), options)


def expect_found(found: Cohort, asked: Asking) -> None:
    """Of contacts that a list finds alone, it shows those that a query surely finds, and none that it surely does not.

    NotShown where the query is certain of no contact among them.
    """
    if not any(asked.sure(r) for r in found.records):
        raise NotShown(f"no contact of those that are there is certain to be found by {asked.about}")

    def compare(now: Cohort) -> None:
        page, answer = asked.of(now)
        _expect_certain(now.contacts, now.records, page, asked, answer, is_all=True)
        if page.total is not None:
            expect.equal(page.total, len(page.records), "total", answer)

    steadily(lambda: found, compare, lambda: renewed(found))


def expect_listed(sample: Sample, asked: Asking, *, size: int) -> None:
    """A page of the whole list shows no contact that a query surely does not find.

    Where it is not full, it shows all that the query surely finds among the sampled ones. Its total lies between what
    is certain to be found and what may be.

    NotShown where the query is certain of no contact of the sample.
    """
    if not any(asked.sure(r) for r in sample.records):
        raise NotShown(f"no contact of those that are there is certain to be found by {asked.about}")

    def compare(now: Sample) -> None:
        query = (*asked.query, *now.contacts.account.provider.limiting(size))
        answer = now.contacts.send_list(query, quotes=quoted(query), **asked.options)
        expect.success(answer, asked.about)
        page = now.contacts.page(answer)
        most = size if page.limit is None else min(size, page.limit)
        is_all = len(page.records) < most
        _expect_certain(now.contacts, now.records, page, asked, answer, is_all=is_all)
        truths = [asked.sure(r) for r in now.records]
        least = max(truths.count(True), len(page.records))
        left = (now.total or 0) - truths.count(False) if now.total is not None else None
        if page.total is not None:
            most_of_all = len(page.records) if is_all else left
            fits = least <= page.total and (most_of_all is None or page.total <= most_of_all)
            wanted = f"{least} or more" if most_of_all is None else f"{least} to {most_of_all}"
            expect.that(fits, wanted, str(page.total), about=f"total, {asked.about}", shown_by=answer)

    steadily(lambda: sample, compare, lambda: walked(sample.contacts))


def _expect_certain(
    contacts: Contacts, known: Sequence[Record], page: Page, asked: Asking, answer: Answer, *, is_all: bool
) -> None:
    listed = contacts.ids(page.records)
    truths = dict(zip(contacts.ids(known), map(asked.sure, known), strict=True))
    shown = {i: asked.sure(r) for i, r in zip(listed, page.records, strict=True)}
    wrong = {i for i in listed if shown[i] is False or (shown[i] is None and truths.get(i) is False)}
    due = [i for i, t in truths.items() if t and i not in listed] if is_all else []
    expect.same_contacts(listed, [*(i for i in dict.fromkeys(listed) if i not in wrong), *due], asked.about, answer)


def expect_order(
    found: Cohort, asked: Asking, compared: Callable[[Record, Record], int | None], *, most: int | None = None
) -> None:
    """A list shows contacts that it finds alone in an order: of no two the later one is sure to come first.

    `compared` is -1 or 1 where one contact is sure to come before or after another. `most` asks for the first ones
    alone, and those that are left out must not be sure to come before one of them. NotShown where no two are certain.
    """
    if not any(compared(a, b) for a in found.records for b in found.records):
        raise NotShown(f"of no two contacts that are there it is certain which comes first by {asked.about}")

    def compare(now: Cohort) -> None:
        page, answer = asked.of(now)
        listed = now.contacts.ids(page.records)
        size = len(now.ids) if most is None else min(most, page.limit if page.limit is not None else most)
        if most is None:
            expect.same_contacts(listed, now.ids, asked.about, answer)
        by_id = dict(zip(now.ids, now.records, strict=True))
        ranked = [by_id.get(i, r) for i, r in zip(listed, page.records, strict=True)][:size]
        left = [r for i, r in by_id.items() if i not in listed]
        turned = [(a, b) for n, a in enumerate(ranked) for b in (*ranked[n + 1 :], *left) if compared(a, b) == 1]
        said = f"{len(turned)} of them stand before contacts that come first"
        expect.that(
            not turned, "contacts in order", said, about=asked.about, kind="order", observed="other order",
            shown_by=answer,
        )  # fmt: skip

    steadily(lambda: found, compare, lambda: renewed(found))


def expect_each_once(sample: Sample) -> None:
    """No contact stands on two pages of a list, as long as nobody adds or removes one meanwhile."""

    def compare(now: Sample) -> None:
        totals = {t.page.total for t in now.pages}
        listed = [i for t in now.pages for i in now.contacts.ids(t.page.records)]
        if len(totals) > 1:
            raise NotShown("the number of all contacts has changed while the pages were turned")
        expect.same_contacts(listed, {*listed}, "the pages of the list", now.pages[-1].answer)

    steadily(lambda: sample, compare, lambda: walked(sample.contacts))


def expect_total(sample: Sample) -> None:
    """Each page of a walk states one total: that of all contacts, where the walk came to the end."""

    def compare(now: Sample) -> None:
        first = now.total
        for turned in now.pages:
            total, shown_by = turned.page.total, turned.answer
            about = f"total of page {turned.skip // max(1, now.pages[-1].skip // max(1, len(now.pages) - 1)) + 1}"
            expect.of_type(total, "number", about=about, shown_by=shown_by)
            assert total is not None
            least = turned.skip + len(turned.page.records) if turned.page.records else 0
            expect.that(total >= least, f"{least} or more", str(total), about=about, observed="too small")
            steady = first is not None and abs(total - first) <= _MAY_MOVE
            expect.that(steady, f"about {first}", str(total), about=about, observed="another total", shown_by=shown_by)
        if now.is_whole:
            expect.equal(first, len(now.records), "total", now.pages[0].answer)

    steadily(lambda: sample, compare, lambda: walked(sample.contacts))


def expect_as_read(sample: Sample, record: Record, differing: Callable[[Record, Record], Sequence[str]]) -> None:
    """Reading a contact shows it, and as a list shows it; `differing` names what differs of item and reading."""
    contacts = sample.contacts
    (contact,) = contacts.ids([record])

    def look(item: Record) -> tuple[Record, Record, Answer]:
        answer = contacts.send_read(contact)
        expect.success(answer, "reading a contact of a list")
        return item, contacts.account.provider.record(answer) or {}, answer

    def compare(seen: tuple[Record, Record, Answer]) -> None:
        item, read, answer = seen
        names = differing(item, read)
        expect.that(
            not names, "what the list shows", f"{', '.join(names)} otherwise", about=", ".join(names),
            observed="another value", shown_by=answer,
        )  # fmt: skip

    def again() -> tuple[Record, Record, Answer]:
        now = walked(contacts)
        item = next((r for r in now.records if contacts.ids([r]) == [contact]), None)
        if item is None:
            raise NotShown("the contact is not among those that a list shows first any more")
        return look(item)

    steadily(lambda: look(record), compare, again)
