import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from contacts_conformance.errors import BudgetSpent, Oversized, Unanswered, Unreachable
from contacts_conformance.http import lanes
from contacts_conformance.http.client import Client
from contacts_conformance.model import Exchange
from contacts_conformance.target import Limits, Timeouts, Tls

from ...miniatures import Call, hostile, respond, serving
from ..making import TOKEN, Asleep, a_client, get, post

Manner = Callable[[Call], None]


def _hello(call: Call) -> None:
    respond(call, body='{"id": 1}', headers={"X-Greeting": "hello"})


def _sent(client: Client) -> Exchange:
    return client.recorder.exchanges[-1]


# What is sent


def _patient(**limits: int) -> Timeouts:
    return Timeouts(connect=1, read=5, total=limits.get("total", 5))


@pytest.mark.parametrize("manner", [hostile.drip, hostile.dripping_head, hostile.silence])
def test_no_answer_takes_longer_than_the_total(manner: Manner) -> None:
    timeouts = Timeouts(connect=1, read=60, total=0.2)
    with serving(manner) as server, a_client(server.url, timeouts=timeouts) as client:
        begun = time.monotonic()
        with pytest.raises(Unanswered, match=r"not complete after 0\.2 s \(timeouts\.total\)"):
            client.send(post())
        lasted = time.monotonic() - begun

    assert lasted < 30  # half of what a read may take


def test_a_dripping_body_without_a_length_is_not_taken_for_complete() -> None:
    def drip(call: Call) -> None:
        call.say("HTTP/1.1 200 OK\r\n\r\n")
        while call.hear(0.02):
            call.say("1")

    timeouts = Timeouts(connect=1, read=5, total=0.15)
    with serving(drip) as server, a_client(server.url, timeouts=timeouts) as client, pytest.raises(Unanswered):
        client.send(post())


def test_the_next_request_is_not_cut_by_the_deadline_of_the_one_before() -> None:
    def slow_first(call: Call) -> None:
        if call.number == 1:
            call.hear(5)
        respond(call, body="{}")

    timeouts = Timeouts(connect=1, read=5, total=0.2)
    with serving(slow_first) as server, a_client(server.url, timeouts=timeouts) as client:
        assert client.send(get()).exchange.notes[0].endswith("(timeouts.total)), sent again after 0.1 s")
        assert client.send(get()).succeeded


def test_silence_ends_with_the_read_timeout() -> None:
    timeouts = Timeouts(connect=1, read=0.1, total=5)
    with (
        serving(hostile.silence) as server,
        a_client(server.url, timeouts=timeouts) as client,
        pytest.raises(Unanswered, match=r"nothing came for 0\.1 s \(timeouts\.read\)"),
    ):
        client.send(post())


def test_nobody_there_is_no_answer() -> None:
    with a_client("http://127.0.0.1:1") as client, pytest.raises(Unanswered, match="ConnectError"):
        client.send(get())


def test_a_body_beyond_the_limit_is_an_answer_that_nothing_can_be_read_from() -> None:
    with serving(hostile.endless_body) as server, a_client(server.url, limits=Limits(max_body=100_000)) as client:
        for request in (get(), post(), get(), post(), get()):
            with pytest.raises(Oversized, match=r"200, but the body is longer than 100,000 bytes \(limits\.max_body\)"):
                client.send(request)

        assert not client.is_unreachable
        assert (client.answered, client.unanswered) == (5, 0)
        assert _sent(client).status == 200
        assert _sent(client).notes == ("the body is longer than 100,000 bytes (limits.max_body)",)
        assert _sent(client).response_body.startswith("[1,1,")


def test_of_a_removal_or_a_refusal_the_status_is_enough() -> None:
    def long(call: Call) -> None:
        respond(call, "200 OK" if call.method == "DELETE" else "404 Not Found", b" " * 100)

    with serving(long) as server, a_client(server.url, limits=Limits(max_body=50)) as client:
        for request in (post(method="DELETE", json=None), get()):
            answer = client.send(request)

            assert not answer.whole
            assert answer.content == b""


def test_a_body_of_the_limit_is_read() -> None:
    with (
        serving(lambda call: respond(call, body="1" * 50)) as server,
        a_client(server.url, limits=Limits(max_body=50)) as client,
    ):
        assert client.send(get()).content == b"1" * 50


def test_the_budget_of_requests_is_kept_and_what_is_owed_is_for_what_cleans_up() -> None:
    with serving(_hello) as server, a_client(server.url, limits=Limits(max_requests=2)) as client:
        client.pace.owed = lambda: 1
        client.send(get())
        with pytest.raises(BudgetSpent, match=r"limits\.max_requests"):
            client.send(get())
        client.send(get(essential=True))
        with pytest.raises(BudgetSpent, match=r"limits\.max_requests"):
            client.send(get(essential=True))

    assert len(server.calls) == 2


# Silence


def test_after_two_reads_in_vain_nothing_more_is_sent() -> None:
    with serving(hostile.hang_up) as server, a_client(server.url) as client:
        with pytest.raises(Unanswered, match=r"GET /contacts: no answer: .* \(4 attempts\)"):
            client.send(get())
        with pytest.raises(Unreachable, match="gives no answers"):
            client.send(get())
        with pytest.raises(Unreachable):
            client.send(get())

        assert client.is_unreachable
        assert client.unanswered == len(server.calls) == 8


def test_after_eight_creations_in_vain_nothing_more_is_sent() -> None:
    with serving(hostile.hang_up) as server, a_client(server.url) as client:
        for _ in range(7):
            with pytest.raises(Unanswered):
                client.send(post())
        with pytest.raises(Unreachable, match="gives no answers"):
            client.send(post())

        assert client.unanswered == len(server.calls) == 8


def test_what_many_lanes_lack_at_one_moment_ends_nothing() -> None:
    stalled = threading.Barrier(8)

    def stall_once(call: Call) -> None:
        if call.number <= 8:
            stalled.wait(5)
            raise hostile.Hangup
        respond(call, body="{}")

    with serving(stall_once) as server, a_client(server.url, limits=Limits(max_connections=8)) as client:
        answers = lanes.each([lambda: client.send(get())] * 8, 8)

        assert [answer.status for answer in answers] == [200] * 8
        assert (client.unanswered, client.answered) == (8, 8)
        assert client.closed_for is None


def test_many_lanes_in_vain_end_with_the_target() -> None:
    def send(client: Client) -> str:
        try:
            client.send(get())
        except (Unanswered, Unreachable) as failure:
            return type(failure).__name__
        return ""

    allowed = Limits(max_connections=8)
    with serving(hostile.hang_up) as server, a_client(server.url, Asleep(), limits=allowed) as client:
        failures = lanes.each([partial(send, client)] * 24, 8)

        assert set(failures) == {"Unanswered", "Unreachable"}
        assert client.is_unreachable
        assert len(server.calls) <= 3 * 4 * 8  # at most three requests of each lane


def test_what_cleans_up_is_sent_once_where_nobody_answers() -> None:
    with serving(hostile.hang_up) as server, a_client(server.url) as client:
        client.unreachable("it is gone")
        with pytest.raises(Unanswered):
            client.send(get(essential=True))

    assert len(server.calls) == 1


def test_an_answer_ends_the_count_of_silences() -> None:
    def every_other(call: Call) -> None:
        if call.number % 2:
            raise OSError
        respond(call, body="{}")

    with serving(every_other) as server, a_client(server.url) as client:
        for _ in range(4):
            with pytest.raises(Unanswered):
                client.send(post())
            client.send(post())

        assert not client.is_unreachable
        assert len(server.calls) == 8


def test_what_cleans_up_is_sent_even_then() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        client.unreachable("it is gone")

        with pytest.raises(Unreachable, match="it is gone"):
            client.send(get())
        assert client.send(get(essential=True)).succeeded


# Secrets and certificates


def test_an_echoed_token_does_not_get_through() -> None:
    def echo(call: Call) -> None:
        token = call.headers["authorization"]
        respond(call, "200 Hello " + token, '{"you": "' + token + '"}', headers={"X-You": token})

    with serving(echo) as server, a_client(server.url) as client:
        answer = client.send(get("/contacts/" + TOKEN, query=(("token", TOKEN),)))

    shown = repr(answer.exchange) + repr(answer) + repr(answer.content) + repr(answer.headers) + repr(answer.request)
    assert TOKEN not in shown
    assert answer.exchange.url.endswith("/contacts/${OWNER_TOKEN}?token=${OWNER_TOKEN}")
    assert answer.json == {"you": "Bearer ${OWNER_TOKEN}"}


def test_a_token_that_a_broken_server_sends_is_not_in_the_error() -> None:
    with (
        serving(lambda call: call.say(f"HTTP/1.1 {TOKEN}\r\n\r\n")) as server,
        a_client(server.url) as client,
        pytest.raises(Unanswered) as failure,
    ):
        client.send(post())

    assert TOKEN not in str(failure.value)


@pytest.mark.parametrize("tls", [Tls(), Tls(verify=False)])
def test_what_speaks_no_tls_is_no_answer(tls: Tls) -> None:
    timeouts = Timeouts(connect=1, read=5, total=5)  # the server waits for the end of a line, and so does who greets it
    with (
        serving(_hello) as server,
        a_client(server.url.replace("http", "https"), tls=tls, timeouts=timeouts) as client,
        pytest.raises(Unanswered),
    ):
        client.send(post())
