"""How much a filter can show: of those that are drawn, the most telling one is sent."""

from __future__ import annotations

from collections.abc import Iterable

from contacts_conformance.model import Json
from contacts_conformance.oracle import sparkql
from contacts_conformance.oracle.sparkql import Filter, Rejected
from contacts_conformance.providers.plans import MARK, id_of
from contacts_conformance.providers.spark.explaining import Sight, shown_to_work
from contacts_conformance.providers.spark.truth import Fields, Truth, evaluate, holds
from contacts_conformance.providers.sparkapi.people import Person


def worth(text: str, fields: Fields, people: Iterable[Person]) -> int:
    """How many conditions of a filter, with its places, matter for these contacts; 0 where it finds all or none."""
    try:
        filter_ = sparkql.parse(text)
    except Rejected:
        return 0
    sights = [_predicted(filter_, fields, p) for p in people]
    truths = {s.listed for s in sights}
    return 1 + len(shown_to_work(filter_, fields, [*sights, Sight(None, False)])) if {True, False} <= truths else 0


def _predicted(filter_: Filter, fields: Fields, person: Person) -> Sight:
    """Whether the filter finds a contact, by its values with the places of the mark and of its Id."""
    tags = person.values.get("Tags")
    values: dict[str, Json] = {**person.values, "Tags": [*(tags if isinstance(tags, list) else []), MARK]}
    values["Id"] = id_of(person.place)
    sendable = (c.field for c in filter_.conditions if c.field not in ("Id", "Tags") and c.field in person.values)
    truth: Truth = None
    if filter_.node is not None and all(person.knows(name) for name in sendable):
        truth = evaluate(filter_.node, holds(fields, values))
    return Sight(values, truth)
