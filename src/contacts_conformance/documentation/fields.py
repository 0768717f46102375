"""The fields of all providers: what each calls the same thing, and what its page says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract, Field
from contacts_conformance.documentation import vocabulary
from contacts_conformance.documentation.anchors import slugs
from contacts_conformance.documentation.vocabulary import Meaning

_KINDS = {"text": "text", "id": "id", "instant": "time", "number": "number", "flag": "true or false", "list": "list"}
_ENOUGH = 8
"""So many values of a list are shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one provider's page says of a field, in words for a table; `limit` is in characters."""

    provider: str
    field: Field
    type: str
    limit: str
    required: str
    writeable: str
    searchable: str
    notes: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What all providers have for one meaning; `slug` is unique. A provider that has nothing has no entry."""

    slug: str
    meaning: Meaning
    entries: Sequence[Entry]


def compared(providers: Sequence[str]) -> tuple[Compared, ...]:
    """Every field of every provider: first by meaning, and then, under their own names, those that belong to none."""
    known = {name for m in vocabulary.document().meanings for name in m.fields}
    own = dict.fromkeys(f.name for p in providers for f in contracts.load(p).fields if f.name not in known)
    meanings = (*vocabulary.document().meanings, *(Meaning(name=n, fields=(n,)) for n in own))
    anchors = slugs(m.name for m in meanings)
    rows = (Compared(anchors[m.name], m, tuple(_entries(providers, m))) for m in meanings)
    return tuple(row for row in rows if row.entries)


def is_searchable(contract: Contract, field: Field) -> bool:
    """Whether the page says that a list can be filtered by it."""
    return field.searchable or field.name in _parameters(contract.provider)


def _entries(providers: Sequence[str], meaning: Meaning) -> Iterator[Entry]:
    for provider in providers:
        contract = contracts.load(provider)
        for name in meaning.fields:
            if field := contract.find_field(name):
                yield Entry(
                    provider,
                    field,
                    _KINDS.get(field.kind, field.kind),
                    _limit(field),
                    _when(field.required),
                    _when(field.writeable),
                    "yes" if is_searchable(contract, field) else "no",
                    "; ".join(_notes(field)),
                )


def _limit(field: Field) -> str:
    if field.max_length is not None:
        return f"{field.max_length:,}"
    return "not stated" if field.is_text and field.writeable and not field.enum else ""


def _when(kinds: frozenset[str]) -> str:
    if not kinds:
        return "no"
    return "yes" if len(kinds) > 1 else {"create": "on creation", "change": "on change"}[next(iter(kinds))]


def _notes(field: Field) -> Iterator[str]:
    if field.enum:
        values = [str(v) for v in field.enum]
        yield ", ".join(values[:_ENOUGH]) + (f" and {len(values) - _ENOUGH} more" if len(values) > _ENOUGH else "")
    if field.forms:
        yield "only for " + " and ".join(sorted(field.forms))
    if field.shown_as != field.name:
        yield f"shown as {field.shown_as}"
    elif not field.reads_back:
        yield "not shown in responses"


@cache
def _parameters(provider: str) -> frozenset[str]:
    """The names of the parameters that a list takes."""
    contract = contracts.load(provider)
    if not contract.has("list"):
        return frozenset()
    nodes: Sequence[Mapping[str, str]] = contract.operation("list").raw.get("parameters", ())
    return frozenset(contracts.resolve(contract.document, n)["name"] for n in nodes)
