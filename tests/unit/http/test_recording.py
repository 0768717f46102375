import shlex
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts_conformance.http.recording import Recorder, curl, cut

from ..making import an_exchange

SAYABLE = st.text(st.characters(codec="utf-8"), max_size=40).filter(str.isprintable)


def _words(command: str) -> list[str]:
    """The words of a command, its variables as they stand."""
    return shlex.split(command.replace(" \\\n", " "))


def test_exchanges_are_numbered_and_found_again() -> None:
    recorder = Recorder("gw0-")
    recorder.add(an_exchange(id=recorder.next_id()))
    mark = len(recorder)
    recorder.add(an_exchange(id=recorder.next_id()))

    assert [e.id for e in recorder.exchanges] == ["gw0-1", "gw0-2"]
    assert [e.id for e in recorder.since(mark)] == ["gw0-2"]


def test_a_long_text_is_cut_and_its_length_said() -> None:
    assert cut("a" * 6_000) == "a" * 6_000
    assert cut("abcdef" * 1_000_000, 4) == "abcd … (6,000,000 characters in all)"


def test_a_command_sends_the_request_again() -> None:
    exchange = an_exchange(method="PATCH", request_body='{"first_name": "O\'Hara"}')

    assert curl(exchange) == (
        "curl -sS -g -i -X PATCH \\\n"
        "  'http://127.0.0.1:1/contacts?%24limit=1' \\\n"
        "  -H 'Authorization: Bearer '\"${OWNER_TOKEN}\" \\\n"
        "  -H 'Accept: application/json' \\\n"
        "  --data-raw '{\"first_name\": \"O'\\''Hara\"}'"
    )


def test_the_command_for_a_head_does_not_wait_for_a_body() -> None:
    assert curl(an_exchange(method="HEAD")).startswith("curl -sS -g -I \\\n")


def test_headers_that_curl_makes_are_left_out_and_empty_ones_are_sent() -> None:
    exchange = an_exchange(
        request_headers=(("Host", "x"), ("Content-Length", "2"), ("Connection", "x"), ("X-Empty", ""))
    )

    assert [w for w in _words(curl(exchange)) if ":" in w or ";" in w] == [exchange.url, "X-Empty;"]


def test_a_body_that_looks_like_the_name_of_a_file_is_none() -> None:
    words = _words(curl(an_exchange(request_body="@/etc/hostname")))

    assert words[words.index("--data-raw") + 1] == "@/etc/hostname"


@pytest.mark.parametrize(
    "text", ["$(reboot)", "`reboot`", "'; reboot; '", "${", "${}", "${a b}", "${é}", "$HOME", "!!", "\\"]
)
def test_nothing_in_a_body_is_for_the_shell(text: str) -> None:
    words = _words(curl(an_exchange(request_body=text)))

    assert words[words.index("--data-raw") + 1] == text


def test_a_variable_stands_outside_the_quotes_even_behind_an_open_brace() -> None:
    assert curl(an_exchange(request_body="${ a ${OWNER_TOKEN}'")).endswith(
        "--data-raw '${ a '\"${OWNER_TOKEN}\"''\\'''"
    )


@given(SAYABLE, SAYABLE, SAYABLE)
def test_whatever_was_sent_the_words_stay_whole(path: str, header: str, body: str) -> None:
    exchange = an_exchange(url=f"http://x/{path}", request_headers=(("X-A", header),), request_body=body)

    words = _words(curl(exchange))

    assert words[:6] == ["curl", "-sS", "-g", "-i", "-X", "GET"]
    assert words[6] == f"http://x/{path}"
    assert words[8] == (f"X-A: {header}" if header else "X-A;")
    assert words[9:] == (["--data-raw", body] if body else [])


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@settings(max_examples=15)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=200))
def test_bash_reads_the_command_and_hands_over_the_body(body: str) -> None:
    body = body.replace("${", "$ {")
    command = curl(an_exchange(method="POST", request_body=body))
    show = 'curl() { printf "%s" "${@: -1}"; }; '

    checked = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True)
    shown = subprocess.run(["bash", "-c", show + command], capture_output=True, env={"OWNER_TOKEN": "t"})

    assert (checked.returncode, checked.stderr) == (0, "")
    assert shown.stdout.decode() == body
