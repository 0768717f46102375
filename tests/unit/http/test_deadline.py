import socket
import time

from contacts_conformance.http.deadline import Deadline


class Stream:
    """A network stream as a pool shows it."""

    def __init__(self, one: socket.socket | None) -> None:
        self._socket = one

    def get_extra_info(self, name: str) -> socket.socket | None:
        return self._socket


def _connect(deadline: Deadline, stream: Stream, event: str = "connection.connect_tcp.complete") -> None:
    deadline.trace(event, {"return_value": stream})


def _pass(deadline: Deadline) -> None:
    until = time.monotonic() + 2
    while not deadline.expired and time.monotonic() < until:
        time.sleep(0.005)


def test_a_connection_is_cut_when_the_time_is_up() -> None:
    deadline = Deadline()
    mine, other = socket.socketpair()
    with mine, other, deadline.over(0.02):
        _connect(deadline, Stream(mine))
        assert mine.recv(1) == b""
    assert deadline.expired


def test_a_connection_that_comes_too_late_is_cut_at_once() -> None:
    deadline = Deadline()
    mine, other = socket.socketpair()
    with mine, other, deadline.over(0.01):
        _pass(deadline)
        _connect(deadline, Stream(mine), "proxy.start_tls.complete")
        assert mine.recv(1) == b""
    assert deadline.expired


def test_nothing_is_cut_in_time() -> None:
    deadline = Deadline()
    mine, other = socket.socketpair()
    with mine, other:
        with deadline.over(0.05):
            _connect(deadline, Stream(mine))
        time.sleep(0.1)
        other.sendall(b"x")
        assert mine.recv(1) == b"x"
    assert not deadline.expired


def test_what_is_no_socket_any_more_is_left_alone() -> None:
    deadline = Deadline()
    closed = socket.socket()
    closed.close()
    for stream in (Stream(None), Stream(closed)):
        _connect(deadline, stream)
        deadline.trace("http11.receive_response_body.complete", {})
        with deadline.over(0.01):
            _pass(deadline)

        assert deadline.expired
