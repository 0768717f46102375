"""Operators on the parameters of Spark's list, and on the object Pagination."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach, after, before, instead
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground, Query, number
from contacts_conformance.reference.kit.drawn.kinds import SIGNS
from contacts_conformance.reference.kit.drawn.parts import plain_fields, plainly
from contacts_conformance.reference.kit.drawn.world import Witness, World

_TEXT = r"'(?:[^'\\]|\\.)*'"
_BOUNDS = {"Gt": "Ge", "Ge": "Gt", "Lt": "Le", "Le": "Lt"}
_UNTOLD = frozenset({"'", "\\", "*", "?"})
"""Signs that a text in a filter has to escape, or that stand for others in it."""


def operators(ground: Ground) -> Iterator[Breach]:
    """Filters, orders, selections and pages."""
    fields = [f.name for f in plain_fields(ground) if f.searchable]
    for index, field in enumerate(fields):
        yield from _filters(field, fields[index - 1], ground)
        yield from _values(field, ground)
        yield from _orders(field, ground)
        yield from _selections(field, fields[index - 1], ground)
    for field in ("CreatedTimestamp", "ModificationTimestamp"):
        for one, other in _BOUNDS.items():
            yield _bound(field, one, other, ground)
    yield from _pages(ground)


def _filters(field: str, other: str, ground: Ground) -> Iterator[Breach]:
    one, two = (ground.contract.field(n) for n in (field, other))
    first, second = (plainly([one], n)[field] for n in (0, 1))
    beside = plainly([two])[other]
    eq = re.compile(rf"\b{field} Eq ")
    both = re.compile(rf"\b{field} Eq {_TEXT}")
    changes: dict[str, tuple[str, str, Callable[[str], str], str]] = {
        "eq-as-ne": ("answers Eq as Ne", f"{field} Eq '{first}'", lambda t: eq.sub(f"{field} Ne ", t), "eq"),
        "ne-as-eq": (
            "answers Ne as Eq",
            f"{field} Ne '{first}'",
            lambda t: t.replace(f"{field} Ne ", f"{field} Eq "),
            "ne",
        ),
        "not-ignored": (
            "heeds no Not",
            f"Not {field} Eq '{first}'",
            lambda t: t.replace(f"Not {field} ", f"{field} "),
            "not",
        ),
        "first-of-a-list": (
            "heeds the first value of a list alone",
            f"{field} Eq '{first}','{second}'",
            lambda t: re.sub(rf"\b({field} Eq {_TEXT})(?:\s*,\s*{_TEXT})+", r"\1", t),
            "list",
        ),
        "last-of-a-list": (
            "heeds the last value of a list alone",
            f"{field} Eq '{first}','{second}'",
            lambda t: re.sub(rf"\b({field} Eq )(?:{_TEXT}\s*,\s*)+({_TEXT})", r"\1\2", t),
            "list",
        ),
        "ignored-as-the-second": (
            "is ignored behind And",
            f"{other} Eq '{beside}' And {field} Eq '{first}'",
            lambda t: re.sub(rf" And {field} Eq {_TEXT}", "", t),
            "and",
        ),
        "or-ignored": (
            "is ignored behind Or",
            f"{other} Eq '{beside}x' Or {field} Eq '{first}'",
            lambda t: re.sub(rf" Or {field} Eq {_TEXT}", "", t),
            "or",
        ),
        "taken-for-a-beginning": (
            "finds what begins so",
            f"{field} Eq '{first}'",
            lambda t: both.sub(lambda m: f"{m[0][:-1]}*'", t),
            "eq",
        ),
    }
    for name, (told, asked, change, row) in changes.items():
        if name == "taken-for-a-beginning" and field in ("DisplayName",):
            continue  # a pattern that has no blank is compared with each word of the name
        yield _of_filter(name, field, f"The filter {field} {told}.", change, _looks(field, other, asked, ground), row)


def _values(field: str, ground: Ground) -> Iterator[Breach]:
    """What is looked for is cut at a sign, or refused for it."""
    shape = ground.contract.field(field).shape
    for name, (sign, kind) in SIGNS.items():
        example = kind.examples.get(shape)
        if example is None or sign in _UNTOLD or kind.level.value != "MUST":
            continue
        inside = re.compile(rf"(\b{field} Eq ')([^']*)(')")

        def change(text: str, sign: str = sign, inside: re.Pattern[str] = inside) -> str:
            return inside.sub(lambda m: m[1] + m[2].partition(sign)[0] + m[3], text)

        def refusing(call: Call, sign: str = sign, inside: re.Pattern[str] = inside) -> Reply | None:
            asked = (m[2] for k, v in call.query if k == "_filter" for m in inside.finditer(v))
            return ground.refusal(500) if any(sign in value for value in asked) else None

        async def witness(world: World, example: str = example) -> None:
            await world.create({field: example})
            await world.send("list", query=[("_filter", f"{field} Eq '{example}'")])

        told = f"What is looked for in {field} is cut at `{sign}`."
        yield _of_filter(f"cut-at-{name}", field, told, change, witness, "text", family="a value looked for")
        yield Breach(
            f"broken-{name}",
            f"list/_filter.{field}",
            f"The filter {field} is answered 500 with `{sign}` in its text.",
            (f"spark.field.{field}.searchable", "spark.filter"),
            instead(("list",), refusing),
            witness,
            family="a value looked for",
            kind="list",
            fields=(field,),
        )


def _bound(field: str, one: str, other: str, ground: Ground) -> Breach:
    def change(text: str) -> str:
        return text.replace(f"{field} {one} ", f"{field} {other} ")

    async def witness(world: World) -> None:
        contact = await world.create()
        await world.create()
        shown = ground.shown(await world.send("read", contact=contact))
        if shown:
            await world.send("list", query=[("_filter", f"{field} {one} {shown[0].get(field)}")])

    told = f"The filter {field} answers {one} as {other}."
    made = _of_filter(f"{one.lower()}-as-{other.lower()}", field, told, change, witness, "comparisons")
    # a service may store finer instants than it shows: only what is not before an instant is surely found by Ge
    return made if one == "Ge" else replace(made, level=Level.SHOULD)


def _orders(field: str, ground: Ground) -> Iterator[Breach]:
    turned = {"+": "-", "-": "+", "": "-"}

    def turn(text: str) -> str:
        return ",".join(
            turned[m[1]] + field if (m := re.fullmatch(rf"([+-]?){field}", part.strip())) else part
            for part in text.split(",")
        )

    def up(text: str) -> str:
        return text.replace(f"-{field}", f"+{field}")

    def as_second(text: str) -> str:
        first, *rest = text.split(",")
        return ",".join([first, *(p for p in rest if p.strip(" +-") != field)])

    for name, told, change, asked in (
        ("turned", "sorts the other way", turn, f"+{field}"),
        ("turned-descending", "sorts upwards where it is to sort downwards", up, f"-{field}"),
        ("ignored-as-the-second", "is ignored as the second name", as_second, f"+PrimaryEmail,-{field}"),
    ):
        if name == "ignored-as-the-second" and field == "PrimaryEmail":
            continue

        def act(query: Query, change: Callable[[str], str] = change) -> Query:
            return [(k, change(v) if k == "_orderby" else v) for k, v in query]

        async def witness(world: World, asked: str = asked) -> None:
            for n in (1, 2, 0):
                same = {"PrimaryEmail": "same@example.com"} if "," in asked else {}
                await world.create({**same, **plainly([ground.contract.field(field)], n)})
            await world.send("list", query=[("_orderby", asked)])

        yield _of_query(
            name, f"list/_orderby.{field}", f"_orderby {field} {told}.", act, witness, ("spark.order",), "sorts"
        )


def _selections(field: str, other: str, ground: Ground) -> Iterator[Breach]:
    fields = [ground.contract.field(n) for n in (field, other)]

    def last_only(query: Query) -> Query:
        return [(k, v.rpartition(",")[2] if k == "_select" and field in v.split(",") else v) for k, v in query]

    def not_selected(_: Call, reply: Reply) -> None:
        for contact in ground.shown(reply) if "_select" in {k for k, _ in _.query} else ():
            contact.pop(field, None)

    async def witness(world: World) -> None:
        await world.create(plainly(fields))
        await world.send("list", query=[("_select", f"{field},{other}")])

    place = f"list/_select.{field}"
    rows = ("spark.select",)
    yield _of_query(
        "last-name-only",
        place,
        f"_select with {field} heeds its last name alone.",
        last_only,
        witness,
        rows,
        "selections",
    )
    yield Breach(
        "not-selectable",
        place,
        f"_select leaves {field} out.",
        rows,
        after(("list",), not_selected),
        witness,
        family="selections",
        kind="list",
        fields=(field,),
    )


def _pages(ground: Ground) -> Iterator[Breach]:
    def third_is_second(query: Query) -> Query:
        return [(k, str(int(v) - 1) if k == "_page" and v.isdecimal() and int(v) >= 3 else v) for k, v in query]

    def limit_lost(query: Query) -> Query:
        paged = any(k == "_page" and v not in ("", "1") for k, v in query)
        return [(k, v) for k, v in query if k != "_limit" or not paged]

    def filter_lost(query: Query) -> Query:
        return [(k, v) for k, v in query if k != "_filter" or number(query, "_page", 1) < 2]

    def order_lost(query: Query) -> Query:
        return [(k, v) for k, v in query if k != "_orderby" or number(query, "_page", 1) < 2]

    def small(query: Query) -> Query:
        return [(k, "4" if k == "_limit" and v == "5" else v) for k, v in query]

    def one_is_two(query: Query) -> Query:
        return [(k, "2" if k == "_limit" and v == "1" else v) for k, v in query]

    rows = ("spark.page", "spark.order.before-page", "spark.pagination")
    for name, told, change, witness in (
        ("third-page-is-the-second", "From the third on, a page is the one before.", third_is_second, _walk(1, 3)),
        ("limit-lost-later", "`_limit` is ignored from the second page on.", limit_lost, _walk(2, 2)),
        ("filter-lost-later", "`_filter` is ignored from the second page on.", filter_lost, _walk(2, 2)),
        ("order-lost-later", "`_orderby` is ignored from the second page on.", order_lost, _walk(2, 2)),
        ("limit-five-is-four", "`_limit=5` is answered as 4.", small, _walk(5, 1)),
        ("limit-one-is-two", "`_limit=1` is answered as 2.", one_is_two, _walk(1, 1)),
    ):
        yield _of_query(name, "list/_page", told, change, witness, rows, "pages")

    def counter(change: Callable[[dict[str, Any], list[Any]], object]) -> Callable[[Call, Reply], None]:
        def act(_: Call, reply: Reply) -> None:
            d = reply.body.get("D") if isinstance(reply.body, dict) else None
            if isinstance(d, dict) and isinstance(d.get("Pagination"), dict):
                change(d["Pagination"], ground.page(reply))

        return act

    counters: dict[str, tuple[str, Callable[[dict[str, Any], list[Any]], object]]] = {
        "total-one-more-later": (
            "TotalRows is one more from the second page on",
            lambda p, r: p.update(TotalRows=p["TotalRows"] + (p.get("CurrentPage", 1) > 1)),
        ),
        "total-of-the-page": ("TotalRows counts the contacts of the page", lambda p, r: p.update(TotalRows=len(r))),
        "page-told-as-one": ("CurrentPage is always 1", lambda p, r: p.update(CurrentPage=1)),
        "size-of-the-page": ("PageSize tells how many contacts are shown", lambda p, r: p.update(PageSize=len(r))),
        "pages-rounded-down": (
            "TotalPages leaves a last page out that is not full",
            lambda p, r: p.update(TotalPages=p["TotalRows"] // max(1, p["PageSize"])),
        ),
        "last-one-missing": (
            "The last contact of a page is missing from the second page on",
            lambda p, r: p.get("CurrentPage", 1) > 1 and r and r.pop(),
        ),
        "third-page-empty": (
            "The third page is empty",
            lambda p, r: r.__delitem__(slice(0, None if p.get("CurrentPage") == 3 else 0)),
        ),
    }
    for name, (told, wrong) in counters.items():
        yield Breach(
            name,
            "list/Pagination",
            f"{told}.",
            rows,
            after(("list",), counter(wrong)),
            _walk(2, 3),
            family="pages",
            kind="list",
        )


def _walk(limit: int, pages: int) -> Witness:
    async def witness(world: World) -> None:
        for turn in range(7):
            await world.create({"Organization": "Walked", "Position": f"step {7 - turn}"})
        asked = [("_filter", "Organization Eq 'Walked'"), ("_orderby", "+Position"), ("_limit", str(limit))]
        for page in range(1, pages + 2):
            await world.send("list", query=[*asked, ("_page", str(page)), ("_pagination", "1")])

    return witness


def _looks(field: str, other: str, asked: str, ground: Ground) -> Witness:
    one, two = (ground.contract.field(n) for n in (field, other))

    async def witness(world: World) -> None:
        for turn in range(3):
            await world.create({**plainly([one], turn), **plainly([two])})
        longer = {n: f"{v}s" for n, v in plainly([one]).items() if one.shape == ""}
        await world.create({**longer, **plainly([two])})
        await world.send("list", query=[("_filter", asked)])

    return witness


def _of_filter(
    name: str,
    field: str,
    told: str,
    change: Callable[[str], str],
    witness: Witness,
    row: str,
    family: str = "filters",
) -> Breach:
    def act(query: Query) -> Query:
        return [(k, change(v) if k == "_filter" else v) for k, v in query]

    rows = (f"spark.field.{field}.searchable", f"spark.filter.{row}", "spark.filter")
    return _of_query(name, f"list/_filter.{field}", told, act, witness, rows, family)


def _of_query(
    name: str,
    place: str,
    told: str,
    change: Callable[[Query], Query],
    witness: Witness,
    rows: tuple[str, ...],
    family: str,
) -> Breach:
    def act(call: Call) -> None:
        call.query = change(call.query)

    return Breach(name, place, told, rows, before(("list",), act), witness, family=family, kind="list")
