"""What a report says of a failure shows it again after the run: a curl line, or a script with contacts of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest

from contacts_conformance import contract, providers, reference, target
from contacts_conformance.account import sweep
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.reference.kit.application import Application
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.report.json import to_document

from ..night import at_night
from . import runs

_FAULTS = {
    "liondesk": (
        "lookup-is-ignored-on-change-hotness",
        "ignored-on-change-email",
        "cut-in-silence-company",
        "single-value-is-refused-nin",
        "bound-on-modified-at-is-off-at-the-boundary-lt",
        "removal-reaches-who-has-the-same-tags",
        "outsider-may-remove",
        "malformed-body-is-refused-but-stored",
        "wrong-token-is-answered-400",
        "source-has-no-name",
    ),
    "spark": (
        "ignored-on-creation-salutation",
        "change-empties-what-goes-with-it-home-locality",
        "is-never-found-anniversary",
        "is-turned-round-lt",
        "all-words-but-the-first",
        "removal-reaches-the-same-address",
        "is-let-in-public-remove-contact",
        "own-change-is-dropped-additional-notification-emails",
        "depth-does-not-matter",
        "expired-is-forbidden",
    ),
    "flexmls": (
        "ignored-on-creation-home-postal-code",
        "cut-in-silence-display-name",
        "page-has-one-too-many",
        "list-is-without-primary-email",
        "refused-put-creates",
        "session-lists-others-one",
        "is-let-in-portal-list-tagged",
        "takes-any-token-list-tagged",
        "fails-read-my-contact",
        "is-labelled-as-text-open-session",
    ),
    "ngpvan": (
        "merge-adds-the-first-alone-phones",
        "nick-name-ends-at-its-semicolon",
        "number-moves-to-the-newer-contact",
        "two-of-a-type-fail-emails",
        "value-that-differs-is-emptied-employer",
        "update-of-another-tenant-is-refused-and-done",
        "any-key-is-taken-read-contact",
        "no-key-is-needed-read-contact",
        "organizations-are-not-redirected",
        "second-entry-is-lost-phones",
    ),
}
_PYTHON = re.compile(r"\{'|\['|\('|\b(None|True|False)\b|datetime\.|frozenset")
"""What a value looks like in Python's own notation."""
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_VARYING = (
    (r"cc[0-9a-f]{8}", "MARK"),
    (r"\b2026-\d\d-\d\d", "DAY"),
    (r"\d\d:\d\d:\d\d(\.\d+)?", "TIME"),
    (r"(?im)^(date|content-length):.*$", ""),
    (r"127\.0\.0\.1:\d+", "HOST"),
)


def _faulty(provider: str, names: tuple[str, ...]) -> Any:
    """A server with all of these faults at once."""
    application = reference.load(provider).application
    assert isinstance(application, Application)
    faults = [application.faults[name] for name in names]

    class Several(application.hooks):  # type: ignore[name-defined,misc]  # a class that is known when it runs
        def __getattribute__(self, name: str) -> Any:
            acts = [f.act for f in faults if f.at.name == name]
            return _one_after_the_other(acts) if acts else super().__getattribute__(name)

    return application.build(Several(), application.options, lambda: datetime.now(UTC), 0).application()


def _one_after_the_other(acts: list[Callable[..., Any]]) -> Callable[..., Any]:
    return lambda value, *context: reduce(lambda v, act: act(v, *context), acts, value)


@contextmanager
def _served(provider: str, names: tuple[str, ...] = ()) -> Iterator[str]:
    with serving(_faulty(provider, names)) as url:
        yield url


def _run(provider: str, url: str, names: tuple[str, ...]) -> dict[str, Any]:
    """The report of a run against the server at this address, of the requirements that these faults break."""
    rows = tuple(dict.fromkeys(reference.faults(provider)[n].breaks for n in names))
    with mock.patch.object(reference, "serving", return_value=nullcontext(url)):
        done = run(Order(provider, requirements=rows))
    assert done.result is not None, done.output
    return to_document(done.result)


class _Shell:
    """Runs what a report prints, with the credentials of the reference server in the environment."""

    def __init__(self, provider: str, folder: Path) -> None:
        self._described = target.embedded(reference.load(provider).TARGET, "http://h", providers.load(provider).keys)
        file = folder / "target.toml"
        file.write_text(_target_file(provider), encoding="utf-8")
        secrets = {s.variable: s.value for s in self._described.secrets}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**os.environ, **secrets, "PATH": path, "TARGET": str(file)}

    def run(self, text: str, url: str) -> str:
        """What the text prints, which has to come to its end."""
        environment = {**self._environment, "BASE_URL": url}
        done = subprocess.run(
            ["sh", "-c", text], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def _target_file(provider: str) -> str:
    lines = [f'provider = "{provider}"', 'base_url = "http://127.0.0.1"']
    described = reference.load(provider).TARGET
    keys = providers.load(provider).keys
    for role, identity in described["identities"].items():
        secret = {s.variable for s in target.embedded(described, "http://h", keys).identities[role].secrets.values()}
        lines.append(f"[identities.{role}]")
        for name, value in identity.items():
            variable = f"{provider}_{role}_{name}".upper()
            lines.append(f'{name} = "{f"${{{variable}}}" if variable in secret else value}"')
    return "\n".join([*lines, ""])


def _alike(text: str) -> str:
    """What was printed, without what differs from run to run: ids are numbered as they come."""
    for pattern, name in _VARYING:
        text = re.sub(pattern, name, text)
    ids: dict[str, int] = {}
    pattern = r'\d{15,}|VNB[A-Z0-9]{8}|(?<="id":)\d+|(?<=/contacts/)\d+'
    return re.sub(pattern, lambda found: f"ID{ids.setdefault(found[0], len(ids))}", text)


def _shown(printed: str) -> str:
    """The answer that shows the failure, and what was read after it."""
    return printed.partition("this shows it: ")[2].partition("\nexpected:    ")[0] or printed


def _expect_agreement(report: dict[str, Any]) -> None:
    """Each failure is told by the exchange that it names, and with values as the API writes them."""
    for row in report["requirements"]:
        assert row["verdict"] not in ("fail", "warn") or row["checks"][0]["outcome"] == "broken"
        for check in row["checks"]:
            assert not _PYTHON.search(_TEXT.sub("a text", check["message"])), check["message"]
            breach = check["breach"]
            if breach is None:
                continue
            exchange = report["exchanges"][breach["exchange"]]
            assert exchange["request"]["url"] in exchange["curl"].replace("'\"", "").replace("\"'", "")
            if breach["kind"] == "status":
                assert breach["got"].startswith(str(exchange["response"]["status"])), row["id"]


def _count(provider: str, url: str) -> int:
    """How many contacts the server holds for whoever acts in the checks; -1 where nothing tells, or removes any."""
    if not contract.load(provider).has("remove"):
        return -1
    adapter = providers.load(provider)
    described = target.embedded(reference.load(provider).TARGET, url, adapter.keys)
    identity = described.identities[adapter.main_role]
    path = {"liondesk": "/contacts", "spark": "/v1/contacts?_pagination=1"}[provider]
    answer = httpx.get(f"{url}{path}", headers=dict(adapter.authorization(identity)))
    body = answer.json()
    return int(body["total"] if "total" in body else body["D"]["Pagination"]["TotalRows"])


@pytest.mark.parametrize("provider", ["liondesk", "flexmls", *at_night("spark", "ngpvan")])
def test_what_a_report_says_of_a_failure_shows_it_when_the_run_is_over(provider: str, tmp_path: Path) -> None:
    names = _FAULTS[provider]
    rows = {reference.faults(provider)[name].breaks for name in names}
    shell = _Shell(provider, tmp_path)
    with _served(provider, names) as faulty, _served(provider) as sound:
        report = _run(provider, faulty, names)
        _expect_agreement(report)
        before = _count(provider, faulty)
        shown = []
        for row in report["requirements"]:
            check = next((c for c in row["checks"] if c["outcome"] == "broken"), None)
            if check is None or row["id"] not in rows:
                continue
            exchange = report["exchanges"][check["breach"]["exchange"]]
            text = check.get("script") or exchange["curl"]
            again = shell.run(text, faulty)
            right = shell.run(text.replace(faulty, sound), sound)
            status = exchange["response"]["status"]
            assert f"HTTP/1.1 {status}" in _shown(again), f"{row['id']}\n{text}\n{again}"
            assert _alike(_shown(again)) != _alike(_shown(right)), f"{row['id']}\n{text}\n{again}"
            shown.append(row["id"])
        left = _count(provider, faulty) - before

    assert set(shown) == rows
    assert left == 0


def test_contacts_are_kept_where_that_is_asked_for_and_swept_later(tmp_path: Path) -> None:
    with serving(runs.application(fault="ignored-on-change-email")) as url:
        file, before = runs.describe(url, tmp_path), _count("liondesk", url)
        order = Order("liondesk", file, ("liondesk.field.email.change",), reports=tmp_path, yes=True, keep=True)
        with mock.patch.dict(os.environ, runs.TOKENS):
            done = run(order)
            assert done.result is not None, done.output
            kept = _count("liondesk", url) - before
            swept = sweep.sweep(runs.load(file), tmp_path / "liondesk" / "journal")

        assert kept > 0
        assert done.result.exit_code == 1
        assert done.result.traffic.left
        assert f"{kept} contacts are kept" in str(done.result.traffic.notes)
        assert swept.clean
        assert _count("liondesk", url) == before
        assert not list((tmp_path / "liondesk" / "journal").glob("*.jsonl"))


def test_a_script_that_is_kept_as_a_file_can_be_started(tmp_path: Path) -> None:
    fault = "ignored-on-change-email"
    with serving(runs.application(fault=fault)) as url:
        runs.describe(url, tmp_path)
        done = runs.run(tmp_path / "target.toml", tmp_path, "liondesk.field.email.change")
        (script,) = (done.folder / "reproductions").iterdir()
        printed = subprocess.run(
            [script], env={**os.environ, **runs.TOKENS}, capture_output=True, text=True, check=True
        )

    assert "this shows it: GET as owner" in printed.stdout
    assert script.name == "liondesk.field.email.change.sh"
