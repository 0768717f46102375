import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance import contract, providers
from contacts_conformance.contract import register
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.http.privacy import Own, Privacy
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts import response_checks

from ...miniatures import Call, respond, serving
from ..making import a_client, an_exchange

REQUEST = httpx.Request("GET", "http://stored.invalid/")
TAG = "cc12ab34cd"
STRANGER = {
    "id": 4711,
    "first_name": "Jonathan",
    "last_name": "O'Hara-Müller",
    "email": "jon@mail.example",
    "tags": None,
}
OWN = {"id": 12, "first_name": "Ada", "last_name": "Byron", "company": f"{TAG}x7", "tags": "buyer"}


def _privacy(provider: str = "liondesk", own: Own | None = None, known: tuple[str, ...] = ()) -> Privacy:
    id_of = providers.load(provider).id_of
    return Privacy(contract.load(provider), id_of, tag=lambda: TAG, own=lambda: own or Own(), known=known)


def _request(method: str = "GET", path: str = "/contacts", **more: Any) -> Request:
    return Request(method, path, ANONYMOUS, **more)


def _stored(body: Any, request: Request | None = None, status: int = 200, privacy: Privacy | None = None) -> Any:
    content = json.dumps(body).encode()
    return json.loads((privacy or _privacy()).conceal(request or _request(), status, content))


def test_a_record_of_somebody_else_keeps_names_types_lengths_and_written_forms() -> None:
    body = {"total": 2, "limit": 50, "skip": 0, "data": [STRANGER, OWN]}

    stored = _stored(body)

    stranger, own = stored.pop("data")
    assert stored == {"total": 2, "limit": 50, "skip": 0}
    assert own == OWN
    assert stranger.keys() == STRANGER.keys()
    assert stranger["first_name"] == "Xxxxxxxx"
    assert stranger["last_name"] == "X'Xxxx-Xxxxxx"
    assert stranger["email"] == "xxx@xxxx.xxxxxxx"
    assert stranger["tags"] is None
    assert (type(stranger["id"]), len(str(stranger["id"]))) == (int, 4)
    assert stranger["id"] != 4711


def test_a_body_with_nothing_to_hide_is_stored_byte_for_byte() -> None:
    content = json.dumps({"total": 1, "data": [OWN]}, indent=3).encode()

    assert _privacy().conceal(_request(), 200, content) is content
    assert _privacy().conceal(_request(), 200, b"") == b""


def test_equal_ids_stay_equal_within_a_run_and_differ_between_runs() -> None:
    body = [{**STRANGER, "id": "20120224000000000000000101"}, {**STRANGER, "id": "20120224000000000000000101"}]

    first, second = _stored(body)
    other = _stored(body)[0]

    assert first["id"] == second["id"]
    assert first["id"] != other["id"]
    assert len(first["id"]) == 26


@pytest.mark.parametrize(
    "body",
    [
        STRANGER,
        [STRANGER],
        {"contact": STRANGER},
        {"id": 1, "contacts": [STRANGER, OWN]},
        {"data": {"4711": STRANGER}},
        {"data": [[STRANGER]]},
        {"data": [{"wrapped": STRANGER}]},
        {**OWN, "spouse": STRANGER},
        {"D": {"Results": [{"name": "Jonathan"}]}},
        {"users": [{"id": 3, "name": "Jonathan"}]},
        {"data": ["Jonathan", OWN]},
        {"first": "Jonathan"},
        "Jonathan",
    ],
)
def test_wherever_a_stranger_stands_in_a_success_nothing_is_told(body: Any) -> None:
    stored = json.dumps(_stored(body))

    assert "Jonathan" not in stored
    assert "jon@" not in stored
    assert "4711" not in stored.replace('"4711": {', "")


def test_a_refusal_keeps_its_words_but_not_the_contact_in_it() -> None:
    body = {"code": "duplicate", "message": "there is such a contact", "contact": STRANGER}

    stored = _stored(body, _request("POST"), 409)

    assert stored["message"] == "there is such a contact"
    assert "Jonathan" not in json.dumps(stored)


def test_what_the_run_created_is_kept_where_a_check_did_not_ask_for_the_member_of_the_tag() -> None:
    privacy = _privacy(own=Own(frozenset({"12"})))
    privacy.conceal(_request("POST", json={"first_name": "Ada", "last_name": "Byron"}), 201, b"")

    row = {"id": 12, "first_name": "Ada", "last_name": "Byron"}
    assert _stored([row], privacy=privacy) == [row]
    assert _stored([{**row, "id": 4711}], privacy=privacy) != [row]
    assert _stored([{**STRANGER, "id": 12}], privacy=privacy)[0]["first_name"] == "Xxxxxxxx"


def test_the_answer_to_a_creation_keeps_its_id_and_what_was_sent() -> None:
    sent = {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"}
    body = {"id": 77, **sent, "created_at": "2026-01-02T03:04:05Z"}

    assert _stored(body, _request("POST", json=sent), 201) == body
    assert _stored({**STRANGER, "id": 77}, _request("POST", json=sent), 201)["id"] == 77


def test_of_a_contact_that_was_merged_with_somebody_elses_what_the_run_sent_stays() -> None:
    sent = {"first_name": f"{TAG}x7", "phones": [{"number": "202-555-0101", "type": "HOME"}]}
    theirs = {"number": "739-400-1234", "type": "HOME"}
    shown = {"first_name": f"{TAG}x7", "phones": [{"number": "(202) 555-0101", "type": "HOME"}], "occupation": "Baker"}
    privacy = _privacy()
    privacy.conceal(_request("POST", json=sent), 201, b"")

    assert _stored(shown, privacy=privacy) == shown
    merged = _stored({**shown, "phones": [*shown["phones"], theirs]}, privacy=privacy)
    assert merged == {
        "first_name": f"{TAG}x7",
        "phones": [*shown["phones"], {"number": "000-000-0000", "type": "HOME"}],
        "occupation": "Xxxxx",
    }


def test_a_record_that_is_known_to_be_the_runs_own_is_kept() -> None:
    assert _stored(STRANGER, privacy=_privacy(own=Own(holds=lambda record: record["id"] == 4711))) == STRANGER


def test_what_the_target_file_and_the_path_say_is_told_anyway() -> None:
    body = {**STRANGER, "assigned_user_id": 815}

    stored = _stored(body, _request(path="/contacts/4711"), privacy=_privacy(known=("815",)))

    assert (stored["id"], stored["assigned_user_id"]) == (4711, 815)


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b'{"first_name": "Jonathan', "(withheld: 24 bytes that are no JSON)"),
        (b" <!DOCTYPE html><p>Jonathan", "(withheld: 27 bytes that are no JSON, begins with <!doctype html>)"),
        (b"Jonathan", "(withheld: 8 bytes that are no JSON)"),
        (b'[NaN, "Jonathan"]', "(withheld: 17 bytes that are no JSON)"),
        (b"\x1f\x8bJonathan", "(withheld: 10 bytes that are no JSON)"),
    ],
)
def test_a_success_that_is_no_json_is_stored_by_its_size(content: bytes, shown: str) -> None:
    stored = _privacy().conceal(_request(), 200, content)

    assert stored.decode() == shown
    assert parse(stored) is NOT_JSON


def test_a_failure_that_is_no_json_can_be_read() -> None:
    assert _privacy().conceal(_request(), 502, b"<h1>Bad gateway</h1>") == b"<h1>Bad gateway</h1>"


def test_odd_json_tells_nothing_either() -> None:
    name_twice = b'{"data": [{"first_name": "Jonathan", "first_name": "cc12ab34cdx1", "last_name": "cc12ab34cdx1"}]}'
    half = b'[{"first_name": "Jonathan\\ud800", "last_name": "Miller", "rank": 1e400}]'

    assert b"Jonathan" not in _privacy().conceal(_request(), 200, name_twice)
    stored = _privacy().conceal(_request(), 200, half)
    assert b"Jonathan" not in stored
    assert json.loads(stored)[0]["rank"] == float("inf")


def test_dates_stay_dates_and_what_is_none_stays_none() -> None:
    values = ["1984-02-29", "1985-02-29", "2/9/1984", "1984-02-29T23:59:01.123Z", "1984-02-29 24:10", "a12b"]

    stored = _stored([{"first_name": v, "last_name": "x"} for v in values])

    assert [r["first_name"] for r in stored] == [
        "2001-01-01",
        "0000-00-00",
        "1/1/2001",
        "2001-01-01T00:00:00.000Z",
        "2001-01-01 99:99",
        "x00x",
    ]


def test_checks_see_the_whole_body_and_nothing_else_does() -> None:
    def neighbourly(call: Call) -> None:
        respond(call, "200 OK", json.dumps({"total": 1, "limit": 1, "skip": 0, "data": [STRANGER]}))

    with serving(neighbourly) as server, a_client(server.url, privacy=_privacy()) as client:
        client.recorder.bodies = {}
        answer = client.send(_request())

    assert answer.json["data"] == [STRANGER]
    assert "Jonathan" not in repr(answer)
    assert "Jonathan" not in answer.exchange.response_body
    assert all(b"Jonathan" not in kept.content for kept in client.recorder.bodies.values())
    said = client.discreet(f"expected nothing; got {json.dumps(answer.json['data'][0])}")
    assert said == (
        'expected nothing; got {"id": 4711, "first_name": "J***", "last_name": "O***", "email": "j***", "tags": null}'
    )


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _records(provider: str) -> st.SearchStrategy[dict[str, Any]]:
    fields = contract.load(provider).fields
    names = st.sampled_from(sorted({f.shown_as for f in fields} | {"odd"}))
    texts = st.dates().map(str) | st.datetimes().map(lambda d: f"{d.isoformat()}Z") | st.text(max_size=9)
    return st.dictionaries(names, texts | JSON_VALUES | st.sampled_from(["Connected", TAG, ""]), max_size=8)


def _envelopes(provider: str) -> st.SearchStrategy[Any]:
    records = _records(provider)
    lists = st.lists(records | JSON_VALUES, max_size=3)
    counts = st.integers(-1, 99) | JSON_VALUES
    plain = st.fixed_dictionaries({}, optional={"total": counts, "limit": counts, "skip": counts, "data": lists})
    inner = st.fixed_dictionaries(
        {}, optional={"Success": st.just(True) | JSON_VALUES, "Results": lists, "Pagination": JSON_VALUES}
    )
    return records | lists | plain | st.fixed_dictionaries({"D": inner}) | JSON_VALUES


@pytest.mark.parametrize("provider", contract.providers())
@given(data=st.data())
def test_what_is_stored_is_judged_as_what_was_answered(provider: str, data: st.DataObject) -> None:
    content = json.dumps(data.draw(_envelopes(provider))).encode()
    operation = data.draw(st.sampled_from(contract.load(provider).operations))

    stored = _privacy(provider).conceal(_request(operation.method), 200, content)

    assert _judged(provider, operation, stored) == _judged(provider, operation, content)


def _judged(provider: str, operation: Any, content: bytes) -> Any:
    answer = Answer(200, httpx.Headers({"content-type": "application/json"}), content, an_exchange(), REQUEST)
    seen = response_checks.observe(contract.load(provider), register.load(provider), operation, answer)
    return [(o.requirement, [(b.kind, b.subject, b.observed) for b in o.breaches]) for o in seen]
