import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from contacts_conformance.errors import UsageError
from contacts_conformance.reference.kit.serving import serving


async def _hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


APP = Starlette(routes=[Route("/", _hello)])

FOREVER = """
import sys
from contacts_conformance.reference import serve_forever
from starlette.applications import Starlette
serve_forever(Starlette(), int(sys.argv[1]))
print("ended")
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def test_no_answer_waits_for_an_acknowledgement(monkeypatch: pytest.MonkeyPatch) -> None:
    listeners, create = [], socket.create_server

    def created(*address: object, **options: object) -> socket.socket:
        listeners.append(create(*address, **options))  # type: ignore[arg-type]  # whatever was given
        return listeners[-1]

    monkeypatch.setattr(socket, "create_server", created)
    with serving(APP):
        assert listeners[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_it_answers_as_soon_as_the_url_is_known() -> None:
    with serving(APP) as url:
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(url).text == "hello"


def test_it_takes_the_port_that_is_asked_for() -> None:
    port = _free_port()

    with serving(APP, port) as url:
        assert url == f"http://127.0.0.1:{port}"


def test_the_port_that_was_free_is_told_once_it_answers() -> None:
    told = "import functools\n" + FOREVER.replace("int(sys.argv[1])", "0, functools.partial(print, flush=True)")
    with subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        status = httpx.get(f"http://127.0.0.1:{port}/").status_code
        server.send_signal(signal.SIGINT)

    assert status == 404


def test_nothing_is_left_when_it_ends() -> None:
    before = threading.active_count()
    with serving(APP) as url, httpx.Client() as client:
        client.get(url)
        begun = time.monotonic()
    lasted = time.monotonic() - begun

    assert threading.active_count() == before
    assert lasted < 30
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_it_ends_when_the_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), serving(APP) as url:
        raise ZeroDivisionError
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_two_run_side_by_side() -> None:
    with serving(APP) as one, serving(APP) as other:
        assert one != other
        assert httpx.get(one).text == httpx.get(other).text


def test_a_port_in_use_is_wrong_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} is in use"), serving(APP, port):
            pass


def test_a_port_that_is_none_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="port 70000 does not exist"), serving(APP, 70000):
        pass


def test_an_interrupt_ends_a_server_that_runs_forever_without_a_word() -> None:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", FOREVER, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert _answers(port) == 404
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=10)
    finally:
        process.kill()

    assert (output, errors, process.returncode) == ("ended\n", "", 0)


def _answers(port: int) -> int:
    deadline = time.monotonic() + 20
    while True:
        try:
            return httpx.get(f"http://127.0.0.1:{port}").status_code
        except httpx.ConnectError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
