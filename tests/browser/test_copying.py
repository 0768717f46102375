"""What the copy buttons copy, a shell runs; and it shows the failure."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from contacts_conformance import reference
from contacts_conformance.pytest_plugin.runner import Order, run

from .browsing import Watched, opened

ROW = "liondesk.field.company.max-length"
FAULT = "over-long-text-fails-company"
_ROLES = reference.load("liondesk").TARGET["identities"]
_TOKENS = {f"LIONDESK_{role.upper()}_TOKEN": f"{identity['token']}" for role, identity in _ROLES.items()}
_COMMANDS = str(Path(sys.executable).parent)


@pytest.fixture(scope="module")
def embedded(folder: Path) -> Path:
    """The page of a run against the embedded server, whose one failure a single request shows."""
    done = run(Order("liondesk", fault=FAULT, requirements=(ROW,), reports=folder / "embedded"))
    assert done.exit_code == 1, done.output
    return folder / "embedded" / "liondesk" / "conformance.html"


def test_curl_and_command_of_a_served_target_show_its_failure(browser: Browser, folder: Path) -> None:
    place = folder / "served"
    place.mkdir()
    port = _free_port()
    target = _target(place, port)
    with _served(["contacts-conformance", "serve", "liondesk", "--port", str(port), "--fault", FAULT], port):
        ran = _shell(f"contacts-conformance run --target {target} --yes --requirement {ROW} --reports {place}", _TOKENS)
        assert ran.returncode == 1, ran.stdout + ran.stderr
        with opened(browser, place / "liondesk" / "conformance.html", permissions=["clipboard-read"]) as watched:
            curl = _copied(watched, f"Copy the curl command of {ROW}")
            command = _copied(watched, f"Copy the command that checks {ROW} again")
        answer = _shell(curl, _TOKENS)
        again = _shell(f"{command} --reports {place / 'again'}", _TOKENS)

    assert not any(token in curl for token in _TOKENS.values())
    assert answer.stdout.startswith("HTTP/1.1 500 ")
    assert again.returncode == 1
    assert f"fail: {ROW} (MUST)" in again.stdout


def test_commands_of_an_embedded_run_show_its_failure(browser: Browser, embedded: Path) -> None:
    with opened(browser, embedded, permissions=["clipboard-read"]) as watched:
        serve = _copied(watched, "Copy the command that serves the reference server again")
        curl = _copied(watched, f"Copy the curl command of {ROW}")
        command = _copied(watched, f"Copy the command that checks {ROW} again")
    found = re.search(r"--port (\d+)", serve)
    assert found
    with _served(serve.split(), int(found[1])):
        answer = _shell(curl, _TOKENS)
    again = _shell(f"{command} --reports {embedded.parent / 'again'}")

    assert answer.stdout.startswith("HTTP/1.1 500 ")
    assert again.returncode == 1
    assert f"fail: {ROW} (MUST)" in again.stdout


def test_the_curl_command_of_an_exchange_is_copied_too(browser: Browser, embedded: Path) -> None:
    with opened(browser, embedded, ROW, permissions=["clipboard-read"]) as watched:
        watched.page.locator("details.exchange summary").first.click()
        watched.page.locator("details.exchange button").first.focus()
        watched.page.keyboard.press("Enter")
        expect(watched.page.locator("#announce")).to_have_text("Copied")

        assert watched.page.evaluate("navigator.clipboard.readText()").startswith("curl -sS ")


def test_copying_works_without_the_clipboard_api(browser: Browser, embedded: Path) -> None:
    with opened(browser, embedded, permissions=["clipboard-read"]) as watched:
        read = "navigator.clipboard.readText"
        watched.page.evaluate(f"globalThis.readText = {read}.bind(navigator.clipboard)")
        watched.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        button = watched.page.get_by_role("button", name=f"Copy the command that checks {ROW} again")
        button.focus()
        watched.page.keyboard.press("Space")
        expect(button).to_have_text("Copied")

        assert watched.page.evaluate("readText()").endswith(f"--requirement {ROW}")


def test_what_cannot_be_copied_is_selected(browser: Browser, embedded: Path) -> None:
    with opened(browser, embedded) as watched:
        watched.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        watched.page.evaluate("document.execCommand = () => false")
        watched.page.get_by_role("button", name=f"Copy the command that checks {ROW} again").click()
        expect(watched.page.locator("#announce")).to_have_text("Selected: press Ctrl+C")

        assert watched.page.evaluate("getSelection().toString()").endswith(f"--requirement {ROW}")


def _copied(watched: Watched, name: str) -> str:
    """What the clipboard holds after the button was pressed by keyboard."""
    button = watched.page.get_by_role("button", name=name)
    button.focus()
    watched.page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    text: str = watched.page.evaluate("navigator.clipboard.readText()")
    return text


def _shell(command: str, secrets: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a user pastes it, with the secrets in the environment."""
    environment = {**os.environ, **(secrets or {}), "PATH": f"{_COMMANDS}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, env=environment)


@contextmanager
def _served(words: Sequence[str], port: int) -> Iterator[None]:
    """Runs the command that serves, until the block ends."""
    process = subprocess.Popen([f"{_COMMANDS}/{words[0]}", *words[1:]], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _answers(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _target(place: Path, port: int) -> Path:
    lines = ['provider = "liondesk"', f'base_url = "http://127.0.0.1:{port}"', "writes = true"]
    for role, identity in _ROLES.items():
        lines += ["", f"[identities.{role}]", f'token = "${{LIONDESK_{role.upper()}_TOKEN}}"']
        lines.append(f'user_id = "{identity["user_id"]}"')
    path = place / "target.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
