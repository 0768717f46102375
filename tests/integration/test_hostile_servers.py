"""Whole runs against servers that are broken or hostile: each ends by itself, with the right verdict and a report."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from ..miniatures import Call, Manner, Miniature, hostile, respond, serving
from ..night import at_night
from .runs import IMPATIENT, TOKENS, Run, describe, run

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _judge(manner: Manner, folder: Path, *timeouts: str, rows: Sequence[str] = ()) -> tuple[Run, Miniature]:
    with serving(manner) as server:
        done = run(describe(server.url, folder, *timeouts), folder / "reports", *rows)
    return done, server


def _is_sound(done: Run, code: int) -> None:
    assert done.code == done.report["verdict"]["exit_code"] == code, done.output[-3_000:]
    assert "Traceback" not in done.output
    assert "INTERNALERROR" not in done.output
    assert not done.totals["suite-error"]
    assert not done.totals["known-deviation"]


@pytest.mark.parametrize(
    "manner",
    [
        hostile.garbage,
        hostile.odd_shapes,
        hostile.one_contact,
        # nothing can be prepared there either, as with garbage
        *at_night(hostile.server_error, hostile.empty_list, hostile.null, hostile.empty),
    ],
)
def test_a_server_that_answers_nonsense_is_not_conformant(manner: Manner, tmp_path: Path) -> None:
    done, server = _judge(manner, tmp_path)

    _is_sound(done, 1)
    assert done.totals["fail"] >= 10
    assert done.report["traffic"]["requests"] == len(server.calls) < 900
    assert not _CONTROLS.search(done.output)
    if manner not in (hostile.one_contact, hostile.odd_shapes):  # where nothing can be prepared, nothing is judged
        filters = {v for r, v in done.verdicts.items() if r.startswith("liondesk.filter.")}
        assert filters == {"not-verified"}


@pytest.mark.parametrize(
    "manner",
    [
        hostile.hang_up,
        hostile.silence,
        hostile.drip,
        hostile.dripping_head,
        hostile.odd_redirect,
    ],
)
def test_a_server_without_answers_is_unreachable(manner: Manner, tmp_path: Path) -> None:
    done, server = _judge(manner, tmp_path, IMPATIENT)

    _is_sound(done, 4)
    assert set(done.totals) == {"not-verified"}
    assert len(server.calls) <= 8
    assert not done.journals


def test_a_port_where_nobody_listens_is_unreachable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

    done = run(describe(url, tmp_path), tmp_path / "reports")

    _is_sound(done, 4)
    assert done.report["traffic"]["requests"] <= 8
    assert not done.journals


@pytest.mark.parametrize(
    ("manner", "most"),
    [
        (hostile.refuse_everybody, 9),
        (hostile.too_many, 12),
        (hostile.too_many_for_long, 3),
        *at_night((hostile.busy, 12)),  # waits as with too_many
    ],
)
def test_a_server_that_lets_nobody_in_leaves_the_run_incomplete(manner: Manner, most: int, tmp_path: Path) -> None:
    done, server = _judge(manner, tmp_path)

    _is_sound(done, 3)
    assert set(done.totals) == {"not-verified"}
    assert len(server.calls) <= most
    assert not done.journals


def test_no_credentials_follow_a_redirect(tmp_path: Path) -> None:
    with serving(hostile.html) as other:
        done, server = _judge(hostile.redirect_to(other.url), tmp_path)

    _is_sound(done, 1)
    assert other.calls == []
    assert server.calls


def test_a_server_that_falls_silent_in_the_middle_is_unreachable_from_there(tmp_path: Path) -> None:
    def fall_silent(call: Call) -> None:
        if call.number > 60:
            raise hostile.Hangup
        hostile.one_contact(call)

    done, server = _judge(fall_silent, tmp_path)

    _is_sound(done, 4)
    assert len(server.calls) <= 80  # clean-up tries for a while


def test_whatever_a_server_says_no_report_is_broken_by_it(tmp_path: Path) -> None:
    wild = "<script>alert(1)</script>]]>\x1b[31m\u202eevil\u0000\x07" + "x" * 100_000

    def shout(call: Call) -> None:
        respond(call, "418 <b>Teapot</b>", wild.encode(), "text/html")

    with serving(shout) as server:
        done = run(describe(server.url, tmp_path), tmp_path / "reports", html=True)

    _is_sound(done, 1)
    page = (done.folder / "report.html").read_text(encoding="utf-8")
    assert not _CONTROLS.search(done.output)
    assert not _CONTROLS.search((done.folder / "junit.xml").read_text(encoding="utf-8"))
    assert "<script>alert(1)" not in page
    assert "\x1b" not in page
    assert "\x00" not in page


@pytest.mark.parametrize("manner", [hostile.server_error, hostile.too_many])
def test_no_artefact_shows_a_token(manner: Manner, tmp_path: Path) -> None:
    def echo(call: Call) -> None:
        token = call.headers.get("authorization", "")
        if manner is hostile.too_many:
            respond(call, "429 " + token, token, headers={"Retry-After": token})
        else:
            respond(
                call, "500 " + token, f'{{"message": "{token}", "again": "{token[::-1]}"}}', headers={"X-You": token}
            )

    done, _ = _judge(echo, tmp_path, rows=("liondesk.operation", "liondesk.auth", "liondesk.page"))

    written = done.output + "".join(
        p.read_text(encoding="utf-8") for p in tmp_path.rglob("*") if p.is_file() and p.name != "target.toml"
    )
    assert not [t for t in TOKENS.values() if t in written or t[::-1] in written]
