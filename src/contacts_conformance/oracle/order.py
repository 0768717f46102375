"""Order and pages, judged over a list of contacts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

from contacts_conformance.contract import Contract
from contacts_conformance.model import Record
from contacts_conformance.oracle.operators import key

Keys = Sequence[tuple[str, int]]
"""Fields with 1 for upwards and -1 for downwards; the first one weighs most."""


def disorder(contract: Contract, records: Sequence[Record], keys: Keys) -> str:
    """The first two neighbours that stand the wrong way round, in words; empty where there are none.

    Contacts that are equal in every key may stand either way.
    """
    for before, after in pairwise(records):
        for name, direction in keys:
            field = contract.field(name)
            a, b = key(field, before.get(name)), key(field, after.get(name))
            if a == b:
                continue
            if (a < b) != (direction > 0):
                order = "upwards" if direction > 0 else "downwards"
                one, other = (json.dumps(r.get(name), ensure_ascii=False) for r in (before, after))
                return f"{one} stands before {other}, though {name} is to go {order}"
            break
    return ""


def ordered(contract: Contract, records: Sequence[Record], keys: Keys) -> list[Record]:
    """The contacts in this order; what is equal in every key keeps its order."""
    result = list(records)
    for name, direction in reversed(keys):
        field = contract.field(name)
        result.sort(key=lambda r, f=field, n=name: key(f, r.get(n)), reverse=direction < 0)  # type: ignore[misc]  # bound now
    return result
