"""Operators on the parameters of LionDesk's list, and on what stands around the contacts in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from contacts_conformance.model import Level
from contacts_conformance.reference.kit.drawn.breach import Breach, after, before, instead
from contacts_conformance.reference.kit.drawn.exchange import Call, Reply
from contacts_conformance.reference.kit.drawn.ground import Ground, Query, number
from contacts_conformance.reference.kit.drawn.kinds import SIGNS
from contacts_conformance.reference.kit.drawn.parts import PLAIN, plain_fields, plainly
from contacts_conformance.reference.kit.drawn.world import Witness, World

_TIMES = ("2020-02-29T10:00:00Z", "2021-07-14T18:30:00Z", "2022-11-30T23:59:59Z")
_BOUNDS = {"$lt": "$lte", "$lte": "$lt", "$gt": "$gte", "$gte": "$gt"}
_WRONG = {"$lt": "$gt", "$lte": "$gte", "$gt": "$lt", "$gte": "$lte", "$ne": "$eq", "$in": "$nin", "$nin": "$in"}
_LISTS = ("$in", "$nin")


def operators(ground: Ground) -> Iterator[Breach]:
    """Filters, sorts and pages."""
    texts = {f.name: PLAIN[f.shape] for f in plain_fields(ground)}
    for field, values in {**texts, "created_at": _TIMES, "modified_at": _TIMES}.items():
        yield from _filters(field, values, ground)
        yield from _sorts(field, values, ground)
    for field in texts:
        yield from _values(field, ground)
    yield from _pages(ground)


def _filters(field: str, values: tuple[str, str, str], ground: Ground) -> Iterator[Breach]:
    is_time = field.endswith("_at")
    for operator in _BOUNDS if is_time else ("", "$ne", *_LISTS):
        key = f"{field}[{operator}]" if operator else field
        changes: dict[str, tuple[str, Callable[[Query], Query]]] = {
            "ignored": ("is ignored", partial(_without, key=key))
        }
        for table, word in ((_BOUNDS, "at-its-bound-as"), (_WRONG, "as")):
            if operator in table:
                other = table[operator]
                to = field if other == "$eq" else f"{field}[{other}]"
                changes[f"{word}-{other[1:]}"] = (f"answers as `{other}`", partial(_renamed, key=key, to=to))
        if operator in _LISTS:
            changes["first-value-only"] = ("heeds its first value alone", partial(_keep, key=key, most=1))
            changes["third-value-lost"] = ("heeds two values at most", partial(_keep, key=key, most=2))
        for name, (told, change) in changes.items():
            witness = _looks(field, values, [(key, v) for v in _asked(operator, name, values)])
            yield _of_query(name, f"list/{key}", f"The filter {key} {told}.", change, witness, operator, ground)
        for beside in ("tags", "last_name") if not operator else ():
            if beside != field:
                yield _beside(field, beside, ground)


def _asked(operator: str, name: str, values: tuple[str, str, str]) -> tuple[str, ...]:
    """The values that the witness looks for, of the three that there are."""
    if operator not in _LISTS:
        return values[1:2]
    return values if name == "third-value-lost" else values[:2]


def _beside(field: str, beside: str, ground: Ground) -> Breach:
    def change(query: Query) -> Query:
        names = [k for k, _ in query]
        return [(k, v) for k, v in query if not (k == field and beside in names)]

    fields = [ground.contract.field(n) for n in (field, beside)]

    async def witness(world: World) -> None:
        await world.create(plainly(fields))
        await world.create({**plainly(fields), **plainly(fields[:1], 1)})
        await world.send("list", query=list(plainly(fields).items()))

    told = f"The filter {field} is ignored beside {beside}."
    return _of_query(f"ignored-beside-{beside}", f"list/{field}", told, change, witness, "", ground)


def _sorts(field: str, values: tuple[str, str, str], ground: Ground) -> Iterator[Breach]:
    key = f"$sort[{field}]"
    turned = {"1": "-1", "-1": "1"}
    changes: dict[str, tuple[str, Callable[[Query], Query], Query]] = {
        "turned-descending": (
            "sorts upwards where it is to sort downwards",
            lambda query: [(k, "1" if k == key else v) for k, v in query],
            [(key, "-1")],
        ),
        "turned": (
            "sorts the other way",
            lambda query: [(k, turned.get(v, v) if k == key else v) for k, v in query],
            [(key, "1")],
        ),
        "ignored-with-a-limit": (
            "is ignored beside `$limit`",
            lambda query: [(k, v) for k, v in query if k != key or all(n != "$limit" for n, _ in query)],
            [(key, "-1"), ("$limit", "2")],
        ),
    }
    for name, (told, change, asked) in changes.items():
        rows = ("liondesk.sort",)
        witness = _looks(field, (values[1], values[2], values[0]), asked)
        yield _of_query(name, f"list/{key}", f"{key} {told}.", change, witness, "", ground, rows, "sorts")


def _values(field: str, ground: Ground) -> Iterator[Breach]:
    """What is looked for is cut at a sign, or refused for it."""
    shape = ground.contract.field(field).shape
    for name, (sign, kind) in SIGNS.items():
        example = kind.examples.get(shape)
        if example is None or kind.level is Level.SHOULD:
            continue

        def change(query: Query, sign: str = sign) -> Query:
            return [(k, v.partition(sign)[0] if k == field else v) for k, v in query]

        def refusing(call: Call, sign: str = sign) -> Reply | None:
            return ground.refusal(500) if any(k == field and sign in v for k, v in call.query) else None

        async def witness(world: World, example: str = example) -> None:
            await world.create({field: example})
            await world.send("list", query=[(field, example)])

        told = f"The filter {field} is cut at `{sign}`."
        yield _of_query(
            f"asked-up-to-{name}", f"list/{field}", told, change, witness, "", ground, family="a value looked for"
        )
        yield Breach(
            f"broken-{name}",
            f"list/{field}",
            f"The filter {field} is answered 500 with `{sign}` in its value.",
            ("liondesk.text.found", "liondesk.filter", "liondesk.operation.listContacts"),
            instead(("list",), refusing),
            witness,
            family="a value looked for",
            kind="list",
            fields=(field,),
        )


def _pages(ground: Ground) -> Iterator[Breach]:
    def page_of(query: Query) -> int:
        return number(query, "$skip", 0) // max(1, number(query, "$limit", 10))

    def later(query: Query) -> Query:
        more = page_of(query) >= 2
        return [(k, str(int(v) + 1) if k == "$skip" and v.isdecimal() and more else v) for k, v in query]

    def nearer(query: Query) -> Query:
        more = page_of(query) >= 2
        return [(k, str(int(v) - 1) if k == "$skip" and v.isdecimal() and more else v) for k, v in query]

    def skips_at_most_three(query: Query) -> Query:
        return [(k, "3" if k == "$skip" and v.isdecimal() and int(v) > 3 else v) for k, v in query]

    def small(query: Query) -> Query:
        return [(k, "4" if k == "$limit" and v == "5" else v) for k, v in query]

    def one_is_two(query: Query) -> Query:
        return [(k, "2" if k == "$limit" and v == "1" else v) for k, v in query]

    def no_limit_with_skip(query: Query) -> Query:
        return [(k, v) for k, v in query if k != "$limit" or all(n != "$skip" for n, _ in query)]

    pages = _walk
    for name, told, change, witness in (
        ("third-page-one-late", "From the third page on, a page begins one contact too late.", later, pages(1, 2)),
        ("third-page-one-early", "From the third page on, a page begins one contact too early.", nearer, pages(1, 2)),
        ("skip-three-at-most", "`$skip` above 3 skips 3.", skips_at_most_three, pages(2, 2)),
        ("limit-five-is-four", "`$limit=5` is answered as 4.", small, pages(5, 1)),
        ("limit-one-is-two", "`$limit=1` is answered as 2.", one_is_two, pages(1, 1)),
        ("limit-lost-with-skip", "`$limit` is ignored beside `$skip`.", no_limit_with_skip, pages(2, 1)),
    ):
        yield _of_query(
            name, "list/$skip", told, change, witness, "", ground, ("liondesk.page", "liondesk.list"), "pages"
        )

    def counter(change: Callable[[dict[str, Any], int], object]) -> Callable[[Call, Reply], None]:
        def act(call: Call, reply: Reply) -> None:
            if isinstance(reply.body, dict) and isinstance(reply.body.get("data"), list):
                change(reply.body, page_of(call.query))

        return act

    counters: dict[str, tuple[str, Callable[[dict[str, Any], int], object]]] = {
        "total-of-the-rest": (
            "`total` counts what is left, without what was skipped",
            lambda b, n: b.update(total=b["total"] - b["skip"]),
        ),
        "total-one-more-later": (
            "`total` is one more from the second page on",
            lambda b, n: b.update(total=b["total"] + (n > 0)),
        ),
        "total-of-the-page": ("`total` counts the contacts of the page", lambda b, n: b.update(total=len(b["data"]))),
        "skip-not-told": ("`skip` is told as 0", lambda b, n: b.update(skip=0)),
        "limit-told-of-the-page": (
            "`limit` tells how many contacts are shown",
            lambda b, n: b.update(limit=len(b["data"])),
        ),
        "last-one-missing": (
            "The last contact of a page is missing from the second page on",
            lambda b, n: n and b["data"].pop(),
        ),
        "third-page-empty": ("The third page is empty", lambda b, n: b.update(data=[] if n == 2 else b["data"])),
        "third-page-turned": (
            "The third page has its contacts in turned order",
            lambda b, n: n == 2 and b["data"].reverse(),
        ),
    }
    for name, (told, wrong) in counters.items():
        yield Breach(
            name,
            "list/page",
            f"{told}.",
            ("liondesk.list", "liondesk.page", "liondesk.sort", "liondesk.filter.with-page"),
            after(("list",), counter(wrong)),
            _walk(2, 3, "spouse_name") if "turned" in name else _walk(2, 3),
            family="pages",
            kind="list",
        )


def _walk(limit: int, pages: int, sort: str = "created_at") -> Witness:
    async def witness(world: World) -> None:
        for turn in range(7):
            await world.create({"created_at": f"2021-03-0{turn + 1}T10:00:00Z"})
        for page in range(pages + 1):
            await world.send(
                "list", query=[(f"$sort[{sort}]", "1"), ("$limit", str(limit)), ("$skip", str(page * limit))]
            )

    return witness


def _looks(field: str, values: tuple[str, str, str], asked: Query) -> Witness:
    async def witness(world: World) -> None:
        for value in values:
            await world.create({field: value})
        await world.send("list", query=asked)

    return witness


def _of_query(
    name: str,
    place: str,
    told: str,
    change: Callable[[Query], Query],
    witness: Witness,
    operator: str,
    ground: Ground,
    rows: tuple[str, ...] = (),
    family: str = "filters",
) -> Breach:
    def act(call: Call) -> None:
        call.query = change(call.query)

    own = (f"liondesk.filter.{operator[1:] or 'eq'}", "liondesk.filter", "liondesk.text.found")
    return Breach(name, place, told, rows or own, before(("list",), act), witness, family=family, kind="list")


def _is(name: str, key: str) -> bool:
    """Whether a parameter is this one, with or without the brackets of a list behind it."""
    return name == key or (key.endswith("]") and name.startswith(f"{key}["))


def _without(query: Query, *, key: str) -> Query:
    return [(k, v) for k, v in query if not _is(k, key)]


def _renamed(query: Query, *, key: str, to: str) -> Query:
    return [(to if _is(k, key) else k, v) for k, v in query]


def _keep(query: Query, *, key: str, most: int) -> Query:
    return [*_without(query, key=key), *[pair for pair in query if _is(pair[0], key)][:most]]
