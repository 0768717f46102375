"""The requests that give a contact back which the target file sets aside, after a script has changed it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from contacts_conformance.checks.reproduction.subjects import answer_of, path, writes
from contacts_conformance.checks.session import Session
from contacts_conformance.http.parsing import parse
from contacts_conformance.model import Exchange, Record


def requests(session: Session, changes: Sequence[Exchange]) -> list[Exchange]:
    """For each contact that was changed, a request that sets the members back as the run had read them before.

    A contact is left out where the run did not read it, or the request that changed it does not say what it changed; or
    where it is not known to be one that is set aside: then the record of its reading is without its values.
    """
    first = {path(e): e for e in reversed(changes)}
    made = (_setting_back(session, e, [c for c in changes if path(c) == path(e)]) for e in first.values())
    return [e for e in made if e is not None]


def _setting_back(session: Session, first: Exchange, changes: Sequence[Exchange]) -> Exchange | None:
    before = _read_before(session, first)
    named: dict[str, None] = {}
    for change in changes:
        values = session.provider.values(parse(change.request_body.encode("utf-8", "replace")))
        named |= dict.fromkeys(values or ())
    known = {f.name: f.shown_as for f in session.contract.change_fields}
    names = [n for n in named if n in known]
    if before is None or not names:
        return None
    body = session.provider.body("change", {n: before.get(known[n]) for n in names})
    return replace(first, request_body=json.dumps(body, ensure_ascii=False))


def _read_before(session: Session, change: Exchange) -> Record | None:
    """The contact as its last reading before the change shows it to the one who changed it."""
    every = session.recorder.exchanges
    place = next(n for n, e in enumerate(every) if e.id == change.id)
    same = (e for e in reversed(every[:place]) if path(e) == path(change) and e.identity == change.identity)
    read = next((e for e in same if not writes(e) and 200 <= e.status < 300), None)
    record = session.provider.record(answer_of(read)) if read is not None else None
    return record if record is not None and session.account.own().holds(record) else None
