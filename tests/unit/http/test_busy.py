from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from contacts_conformance.errors import Throttled, Unsettled
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Request
from contacts_conformance.model import Exchange

from ...miniatures import Call, hostile, respond, serving
from ..making import OWNER, Waits, a_client, get, post

Manner = Callable[[Call], None]


def _hello(call: Call) -> None:
    respond(call, body='{"id": 1}', headers={"X-Greeting": "hello"})


def _answers(*statuses: str, **headers: str) -> Manner:
    """One status after the other, the last one for ever."""
    return lambda call: respond(
        call,
        statuses[min(call.number, len(statuses)) - 1],
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


def _sent(client: Client) -> Exchange:
    return client.recorder.exchanges[-1]


@pytest.mark.parametrize(("header", "wait"), [("2", 2.0), ("0.5", 0.5), ("-3", 0.0), ("soon", 0.5), ("", 0.5)])
def test_a_wait_in_seconds_is_waited(header: str, wait: float) -> None:
    waits = Waits()
    with (
        serving(_answers("429 Slow Down", "200 OK", Retry_After=header)) as server,
        a_client(server.url, waits) as client,
    ):
        answer = client.send(post())

    assert (waits, client.throttled) == ([wait], 1)
    assert answer.exchange.notes == (f"answered 429, sent again after {wait:.1f} s",)


def test_a_wait_until_a_date_is_waited() -> None:
    waits = Waits()
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    with (
        serving(_answers("429 Slow Down", "200 OK", Retry_After=date)) as server,
        a_client(server.url, waits) as client,
    ):
        client.send(get())

    assert 27 < waits[0] <= 30


def test_without_a_header_the_waits_double_and_there_are_three() -> None:
    waits = Waits()
    with (
        serving(_answers("429 Slow Down")) as server,
        a_client(server.url, waits) as client,
        pytest.raises(Throttled, match="GET /contacts: the target answered 429 4 times"),
    ):
        client.send(get())

    assert waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("header", ["61", "inf", "nan", "1e99", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_that_nobody_affords_is_not_begun(header: str) -> None:
    waits = Waits()
    with (
        serving(_answers("429 Slow Down", Retry_After=header)) as server,
        a_client(server.url, waits) as client,
        pytest.raises(Throttled, match=r"longer than limits\.max_wait"),
    ):
        client.send(get())

    assert waits == []


def test_after_three_requests_in_vain_nothing_more_is_sent() -> None:
    with serving(hostile.too_many_for_long) as server, a_client(server.url) as client:
        for _ in range(5):
            with pytest.raises(Throttled):
                client.send(get())

    assert len(server.calls) == 3
    assert not client.is_unreachable


def test_a_read_waits_out_503() -> None:
    with serving(_answers("503 Busy", "200 OK")) as server, a_client(server.url) as client:
        assert client.send(get()).succeeded


@pytest.mark.parametrize(("header", "wait"), [("2", 2.0), ("", 0.5)])
def test_503_to_a_creation_is_waited_out_and_the_creation_is_not_sent_again(header: str, wait: float) -> None:
    waits = Waits()
    with (
        serving(_answers("503 Busy", Retry_After=header)) as server,
        a_client(server.url, waits) as client,
        pytest.raises(Unsettled, match=r"POST /contacts: answered 503, .* not sent again"),
    ):
        client.send(post())

    assert len(server.calls) == 1
    assert waits == [wait]


def test_a_removal_that_cleans_up_waits_out_503() -> None:
    waits = Waits()
    busy = _answers("503 Busy", "204 No Content", retry_after="2")
    with serving(busy) as server, a_client(server.url, waits) as client:
        answer = client.send(Request("DELETE", "/contacts/1", OWNER, essential=True))

    assert (answer.status, waits) == (204, [2])


def test_a_change_waits_out_503_as_often_as_a_read() -> None:
    waits = Waits()
    with (
        serving(_answers("503 Busy")) as server,
        a_client(server.url, waits) as client,
        pytest.raises(Throttled, match="PATCH /contacts/1: the target answered 503 4 times"),
    ):
        client.send(post("/contacts/1", method="PATCH"))

    assert len(server.calls) == 4
    assert waits == [0.5, 1.0, 2.0]
