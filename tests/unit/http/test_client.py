from collections.abc import Callable

import pytest

from contacts_conformance.errors import NotVerified, Unanswered
from contacts_conformance.http import wire
from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.model import Exchange

from ...miniatures import Call, hostile, respond, serving
from ..making import TOKEN, a_client, a_target, get, nobody, post

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


# What is sent


def test_a_request_carries_what_every_request_carries() -> None:
    with serving(_hello) as server, a_client(server.url, headers={"X-Extra": "1"}) as client:
        client.send(get(query=(("company", "a b&c"), ("$limit", "1"))))

    (call,) = server.calls
    assert call.path == "/contacts?company=a%20b%26c&%24limit=1"
    assert call.headers["authorization"] == f"Bearer {TOKEN}"
    assert call.headers["user-agent"] == "contacts-conformance/0 (run cctest)"
    assert call.headers["x-extra"] == "1"


def test_headers_of_a_request_replace_others_whatever_their_case() -> None:
    with serving(_hello) as server, a_client(server.url, headers={"accept": "text/plain"}) as client:
        client.send(get(headers={"AUTHORIZATION": "Bearer nobody"}))

    (call,) = server.calls
    assert call.headers["accept"] == "text/plain"
    assert call.headers["authorization"] == "Bearer nobody"


def test_header_names_and_values_need_not_be_ascii() -> None:
    with serving(_hello) as server, a_client(server.url, headers={"X-Office": "Köln"}) as client:
        answer = client.send(get())

    assert answer.succeeded
    assert server.calls[0].headers["x-office"].encode("latin-1").decode() == "Köln"
    assert answer.request.headers["x-office"] == "Köln"


def test_json_is_sent_as_utf_8_with_its_type() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        client.send(post(json={"first_name": "Zoë \ud800"}))

    assert server.calls[0].body == '{"first_name": "Zoë ?"}'.encode()
    assert server.calls[0].headers["content-type"] == "application/json"


def test_content_is_sent_as_it_is() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        client.send(post(json=None, content=b"\xff{"))

    assert server.calls[0].body == b"\xff{"


def test_half_a_surrogate_pair_in_a_query_does_not_end_the_run() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        assert client.send(get("/contacts/\ud800", query=(("a", "\ud800"),))).succeeded

    assert server.asked == ["GET /contacts/%3F?a=%3F"]


def test_what_no_address_can_hold_is_not_verified() -> None:
    with a_client("http://127.0.0.1:1") as client, pytest.raises(NotVerified, match="cannot be sent"):
        client.send(get(query=(("a", "x" * 70_000),)))


def test_the_permission_is_asked_before_anything_is_sent() -> None:
    def refuse(request: Request) -> None:
        raise NotVerified(f"no {request.method}")

    with serving(_hello) as server:
        client = Client(a_target(server.url), lambda _: {}, tag="t", version="0", permit=refuse)
        with pytest.raises(NotVerified, match="no POST"):
            client.send(post())
        client.close()

    assert server.calls == []


# What comes back


def test_an_answer_is_kept_with_its_exchange() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        answer = client.send(get())

    shown = answer.exchange
    assert (answer.status, answer.json, answer.headers["x-greeting"]) == (200, {"id": 1}, "hello")
    assert (shown.method, shown.status, shown.reason, shown.identity) == ("GET", 200, "OK", "owner")
    assert (shown.response_body, shown.response_size) == ('{"id": 1}', 9)
    assert answer.succeeded
    assert not answer.refused


def test_an_answer_says_in_one_line_what_was_sent_and_what_came() -> None:
    with serving(_answers("404 Not Found")) as server, a_client(server.url) as client:
        answer = client.send(post())

    assert answer.refused
    assert repr(answer) == f'POST {server.url}/contacts with {{"first_name": "Ada"}} as owner → 404'


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_answers_without_a_body_are_answers(method: str) -> None:
    status = "204 No Content" if method == "GET" else "200 OK"

    with (
        serving(lambda call: call.say(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n")) as server,
        a_client(server.url) as client,
    ):
        answer = client.send(get(method=method))
        again = client.send(get(method=method))

    assert (answer.content, again.succeeded) == (b"", True)


def test_a_head_may_state_the_length_of_the_body_it_does_not_send() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        assert client.send(get(method="HEAD")).headers["content-length"] == "9"
        assert client.send(get()).json == {"id": 1}


def test_a_reason_and_headers_need_not_be_ascii() -> None:
    head = b"HTTP/1.1 200 D'accord \xe9\xe8\r\nX-Office: K\xf6ln\r\nContent-Length: 2\r\n\r\n{}"

    with serving(lambda call: call.say(head)) as server, a_client(server.url) as client:
        answer = client.send(get())

    assert answer.exchange.reason.startswith("D'accord")
    assert answer.headers["x-office"] == "Köln"


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 twohundred OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        "HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: minus one\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        "HTTP/1.1 200 OK\r\nX: " + "y" * 200_000 + "\r\n\r\n",
    ],
)
def test_what_is_no_http_is_no_answer(head: str) -> None:
    def broken(call: Call) -> None:
        call.say(head)
        raise OSError

    with serving(broken) as server, a_client(server.url) as client:
        with pytest.raises(Unanswered, match="no answer: "):
            client.send(post())

        assert _sent(client).status == 0
        assert _sent(client).error


def test_a_body_that_breaks_off_is_no_answer() -> None:
    def broken(call: Call) -> None:
        call.say('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id"')
        raise OSError

    with serving(broken) as server, a_client(server.url) as client, pytest.raises(Unanswered):
        client.send(post())


def test_redirects_are_answers_and_never_followed() -> None:
    with (
        serving(_hello) as other,
        serving(hostile.redirect_to(other.url)) as server,
        a_client(server.url) as client,
    ):
        answer = client.send(get())

    assert answer.status == 307
    assert answer.headers["location"].startswith(other.url)
    assert other.calls == []


def test_cookies_are_not_kept() -> None:
    with serving(_answers("200 OK", Set_Cookie="session=owner; Path=/")) as server, a_client(server.url) as client:
        client.send(get())
        client.send(nobody())

    assert [c.headers.get("cookie") for c in server.calls] == [None, None]
    assert "authorization" not in server.calls[1].headers


def test_every_answer_is_observed_with_its_request() -> None:
    seen: list[tuple[Request, Answer]] = []
    with serving(_hello) as server:
        client = Client(
            a_target(server.url), lambda _: {}, tag="t", version="0", observe=lambda *pair: seen.append(pair)
        )
        answers = [client.send(get()), client.send(get(legal=False))]
        client.close()

    assert [(r.legal, a) for r, a in seen] == [(True, answers[0]), (False, answers[1])]


# Connections


def test_reads_share_a_connection_and_each_write_has_its_own() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        for _ in range(3):
            client.send(get())
        kept = server.connections
        for _ in range(3):
            client.send(post())

    assert (kept, server.connections) == (1, 4)


def test_writes_take_the_connection_of_reads_once_it_has_served_often() -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        for _ in range(8):
            client.send(get())
        for _ in range(8):
            client.send(post())

    assert server.connections == 1


def test_a_connection_that_was_not_used_for_a_while_is_not_trusted_with_a_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(_hello) as server, a_client(server.url) as client:
        for _ in range(8):
            client.send(get())
        monkeypatch.setattr(wire, "_FRESH", 0.0)
        client.send(post())

    assert server.connections == 2


def test_once_a_kept_connection_was_lost_every_write_has_its_own() -> None:
    def hang_up_once(call: Call) -> None:
        if call.number == 10:
            raise OSError
        respond(call, body="{}")

    with serving(hang_up_once) as server, a_client(server.url) as client:
        for _ in range(20):
            client.send(get())
        before = server.connections
        for _ in range(3):
            client.send(post())

    assert (before, server.connections) == (2, 5)


def test_a_server_that_closes_idle_connections_costs_no_write_and_no_read() -> None:
    def close_in_silence(call: Call) -> None:
        respond(call, body="{}")
        raise OSError

    with serving(close_in_silence) as server, a_client(server.url) as client:
        answers = [client.send(make()) for _ in range(5) for make in (get, post)]

    assert all(a.succeeded for a in answers)
    assert sum(c.method == "POST" for c in server.calls) == 5


def test_after_silence_a_read_is_sent_again_and_a_creation_is_not() -> None:
    def hang_up_first(call: Call) -> None:
        if call.number == 1:
            raise OSError
        respond(call, body="{}")

    with serving(hang_up_first) as server, a_client(server.url) as client:
        answer = client.send(get())
    with serving(hang_up_first) as other, a_client(other.url) as client, pytest.raises(Unanswered):
        client.send(post())

    assert answer.exchange.notes[0].startswith("no answer (RemoteProtocolError: ")
    assert answer.exchange.notes[0].endswith("), sent again after 0.1 s")
    assert (len(server.calls), len(other.calls)) == (2, 1)


# Limits
