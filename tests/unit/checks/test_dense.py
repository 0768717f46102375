"""What becomes of bodies that a service refuses or does not keep, by a service of a few lines."""

from collections.abc import Callable, Mapping

import httpx
import pytest

from contacts_conformance.checks.dense import Body, Dense, Series
from contacts_conformance.checks.round_trip import Attempt
from contacts_conformance.checks.session import Session
from contacts_conformance.contract.specimens import Grade, Specimen
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json

from ..making import a_target, an_exchange

Store = Callable[[str, str], str | None]

TEXT = Specimen(("comma", "plus", "quote", "slash"), ("a,b", "c+d", "'", "/"))
OTHER = Specimen(("null",), ("null",))


def sent(*bodies: Body, store: Store) -> tuple[Dense, int]:
    """What bodies met at a service that stores a text of a field so, or refuses it (None); and the requests of it."""
    requests = []

    def attempt(values: Mapping[str, Json]) -> Attempt:
        requests.append(values)
        stored = {n: store(n, str(v)) for n, v in values.items()}
        status = 400 if None in stored.values() else 201
        answer = Answer(status, httpx.Headers(), b"{}", an_exchange(status=status), httpx.Request("POST", "http://x"))
        return Attempt(answer, None if status == 400 else stored, "1", ("1",))

    series = Series(Session(a_target()), attempt)
    for body in bodies:
        series.send(body)
    return series.dense, len(requests)


def failed(dense: Dense) -> set[tuple[str, str]]:
    return {(name, m.kind) for name, met in dense.met.items() for m in met.values() if not m.trial.kept}


def test_one_request_is_enough_where_all_is_kept() -> None:
    dense, requests = sent({"first_name": TEXT, "last_name": OTHER}, store=lambda _, text: text)

    assert (failed(dense), requests) == (set(), 1)
    assert set(dense.met["first_name"]) == {"comma", "plus", "quote", "slash"}


def test_a_text_that_is_changed_is_taken_apart_to_the_kind() -> None:
    body = {"first_name": TEXT, "last_name": TEXT}

    dense, _ = sent(body, store=lambda name, text: text.replace("+", " ") if name == "last_name" else text)

    assert failed(dense) == {("last_name", "plus")}


def test_a_text_that_is_refused_is_taken_apart_to_field_and_kind() -> None:
    body = {"first_name": TEXT, "last_name": TEXT, "company": OTHER}

    dense, _ = sent(body, store=lambda name, text: None if name == "first_name" and "'" in text else text)

    assert failed(dense) == {("first_name", "quote")}
    assert set(dense.met["last_name"]) >= {"comma", "plus", "slash"}


def test_kinds_that_fail_together_alone_are_named_together() -> None:
    dense, _ = sent({"first_name": TEXT}, store=lambda _, text: text[:8])

    assert failed(dense) == {("first_name", k) for k in TEXT.kinds}


def test_a_kind_that_is_refused_is_left_out_of_what_follows() -> None:
    bodies = [{"first_name": TEXT}, {"last_name": TEXT}, {"company": TEXT}]

    dense, requests = sent(*bodies, store=lambda _, text: None if "," in text else text)

    assert failed(dense) == {("first_name", "comma")}
    assert requests < 10


def test_a_service_that_refuses_everything_is_not_asked_for_ever() -> None:
    bodies = [dict.fromkeys(("first_name", "last_name", "company", "spouse_name"), TEXT)] * 50

    _, requests = sent(*bodies, store=lambda _, __: None)

    assert requests <= 90


@pytest.mark.parametrize(("read", "kept"), [("2016-05-14T07:00:00Z", True), ("2016-05-16T00:00:00Z", False)])
def test_a_day_may_begin_in_any_zone_and_is_no_other_day(read: str, kept: bool) -> None:
    dense, _ = sent(
        {"created_at": Specimen(("date-alone",), ("2016-05-14",), Grade.FORM)}, store=lambda name, text: read
    )

    assert failed(dense) == (set() if kept else {("created_at", "date-alone")})


def test_a_tame_value_that_is_lost_beside_specimens_is_named() -> None:
    def attempt(values: Mapping[str, Json]) -> Attempt:
        answer = Answer(201, httpx.Headers(), b"{}", an_exchange(status=201), httpx.Request("POST", "http://x"))
        return Attempt(answer, {n: v for n, v in values.items() if n != "company"}, "1", ("1",))

    session = Session(a_target())
    fields = [session.contract.field(n) for n in ("first_name", "company", "fax")]
    series = Series(session, attempt, fields)
    series.send({"first_name": TEXT})

    assert failed(series.dense) == {("company", "plain-beside-others")}
    assert series.dense.taken[0] is not None
    assert series.dense.taken[0].sure == {"first_name", "company", "fax"}
