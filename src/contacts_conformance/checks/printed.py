"""The examples that the page prints, sent once in a run in the form that they have there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contacts_conformance.checks import round_trip
from contacts_conformance.checks.dense import Met
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.examples import Example, load_examples
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.model import Json


def created(session: Session) -> list[Met]:
    """What became of each field of the printed creations; of each by itself where one is refused."""
    return session.once("printed creations", lambda: _sent(session, "create", lambda v: round_trip.created(session, v)))


def changed(session: Session) -> list[Met]:
    """What became of each field of the printed changes, all of one contact."""

    def change() -> list[Met]:
        return _sent(session, "change", lambda v: round_trip.changed_of(session, session.spare(), v))

    return session.once("printed changes", change)


def _examples(session: Session, kind: str) -> list[Example]:
    examples = load_examples(session.contract.provider)
    return [e for e in examples if e.of == kind and not e.only_forms and session.contract.has(kind)]


def _sent(session: Session, kind: str, send: Callable[[Mapping[str, Json]], round_trip.Trials]) -> list[Met]:
    return [
        Met(f"as printed in {example.section}", Grade.PLAIN, trial)
        for example in _examples(session, kind)
        for trial in send(_values(session, example, kind)).values()
    ]


def _values(session: Session, example: Example, kind: str) -> dict[str, Json]:
    """The values of an example, with ids of the target; one gives way to the mark where there is no other room."""
    known = {n: round_trip.as_id(v) for n, v in session.target.known.items()}
    filled = example.filled(f"w{session.tag[-6:]}n{session.number()}", known)
    values = {n: v for n, v in filled.items() if session.contract.field(n).reads_back}
    markers = session.provider.markers
    if kind == "create" and markers and not session.target.disposable and all(m in values for m in markers):
        del values[markers[0]]
    return values
