"""Pages about servers that try to harm whoever reads them: no dialogue, no request, nothing out of place."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from contacts_conformance import reference
from contacts_conformance.model import Exchange, Judgement, Level, Source, Traffic, Verdict
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.report import page
from contacts_conformance.report.json import to_document

from ..miniatures import Call, respond, serving
from ..unit.making import a_fact, a_judgement, a_requirement, a_result, an_exchange
from .browsing import Watched, opened

ATTACKS = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script><!-- <script>",
    "\"><img src=x onerror=alert(3)>'><svg onload=alert(4)>",
    "]]></style></pre></textarea></title></noscript><iframe srcdoc='<script>alert(5)</script>'>",
    "javascript:alert(6)",
    "{{ 7 * 7 }} {% raw %} ${alert(8)} `",
    "\x1b[31m\x1b]0;owned\x07\x1b[2J\r\n\x00\x08",
    "\u202edesrever\u2066\u2069\u200b\ufeff\u2028\u2029\u0085",
    "\ud800 \udfff lone",
    "&lt;b&gt;&amp;&#x3c;script&#x3e;alert(9)&#x3c;/script&#x3e;",
    "<a href='https://attacker.invalid/'>x</a><link rel=stylesheet href=https://attacker.invalid/><base href=//x>",
)
EVIL = " ".join(ATTACKS)
_HIDDEN = "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufeff]"


@pytest.fixture(scope="module")
def attacked(folder: Path) -> Path:
    """A page in whose report every text is hostile, those of the suite itself included."""
    rows = [_row(number, verdict, attack) for number, verdict in enumerate(Verdict) for attack in ATTACKS]
    exchanges = tuple(_exchange(name, size) for name, size in (("1", 0), ("2", 1_000_000)))
    result = a_result(
        *rows, exchanges=exchanges, title=EVIL, target=EVIL, base_url=EVIL, command=f"contacts-conformance '{EVIL}'",
        tag=EVIL, suite_version=EVIL, traffic=Traffic(5, 5, 1, (EVIL,) * 9, 1, 1, (EVIL,)), complete=False,
        excluded=(a_requirement("liondesk.left.out", statement=EVIL, excluded=EVIL),),
    )  # fmt: skip
    document = to_document(result)
    document["deviations"] = {"file": EVIL, "entries": [_deviation(attack) for attack in ATTACKS]}
    path = folder / "attacked" / "conformance.html"
    path.parent.mkdir()
    path.write_text(page.render(document), encoding="utf-8")
    page.write_index(path.parent / "index.html", {path.parent: document})
    return path


@pytest.fixture(scope="module")
def judged(folder: Path) -> Path:
    """The page of a real run against a server whose every string is hostile."""
    with serving(_hostile) as server:
        target = folder / "hostile.toml"
        roles = reference.load("liondesk").TARGET["identities"]
        lines = ['provider = "liondesk"', f'base_url = "{server.url}"', "writes = true"]
        for role in roles:
            lines += [f"[identities.{role}]", f'token = "${{BROWSER_TEST_{role.upper()}}}"', 'user_id = "1"']
        target.write_text("\n".join(lines), encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            for role in roles:
                patch.setenv(f"BROWSER_TEST_{role.upper()}", f"token-of-{role}")
            done = run(Order("liondesk", target, reports=folder / "judged", yes=True))
    assert done.result is not None, done.output
    assert done.exit_code == 1, done.output
    return folder / "judged" / "liondesk" / "conformance.html"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_report_of_hostile_texts_is_shown_as_text(browser: Browser, attacked: Path, width: int) -> None:
    with opened(browser, attacked, viewport={"width": width, "height": 900}) as watched:
        _open_everything(watched)

        _is_sound(watched, width)
        expect(watched.page.locator("article.card.fail .told").first).to_contain_text("<script>alert(1)</script>")
        assert watched.count("details.row") == len(Verdict) * len(ATTACKS) + 1


def test_hostile_texts_are_text_without_javascript_as_well(browser: Browser, attacked: Path) -> None:
    with opened(browser, attacked, java_script_enabled=False) as watched:
        expect(watched.page.locator("article.card.fail .told").first).to_contain_text("<script>alert(1)</script>")
        assert watched.count("img, iframe, base, link") == 0


def test_a_server_of_hostile_strings_is_shown_as_text(browser: Browser, judged: Path) -> None:
    with opened(browser, judged) as watched:
        _open_everything(watched)

        _is_sound(watched, 1280)
        assert "alert(1)" in watched.page.locator("article.card.fail .answer").first.inner_text()
    assert judged.stat().st_size < 2_000_000


def test_an_index_of_hostile_texts_is_shown_as_text(browser: Browser, attacked: Path) -> None:
    with opened(browser, attacked.parent / "index.html") as watched:
        _is_sound(watched, 1280)


def test_the_policy_would_stop_what_escaping_let_through(browser: Browser, conformant: Path) -> None:
    with opened(browser, conformant) as watched:
        refused = watched.page.evaluate(
            """() => { try { document.body.innerHTML = "<img src=x onerror=alert(1)>"; }
            catch (error) { return error.name; } }"""
        )
        ran = watched.page.evaluate(
            """() => { const s = document.createElement("script");
            try { s.textContent = "globalThis.ran = 1"; document.body.append(s); } catch { }
            return globalThis.ran ?? 0; }"""
        )
        watched.messages.clear()  # the browser says that it refused

    assert refused == "TypeError"
    assert ran == 0


def test_a_curl_command_with_hidden_characters_can_be_pasted(browser: Browser, folder: Path) -> None:
    body = "{'x': '\x1b[31m\u202e\u200b\tü \\ '}"
    document = to_document(a_result(a_judgement(), exchanges=(an_exchange(method="POST", request_body=body),)))
    path = folder / "pasted.html"
    path.write_text(page.render(document), encoding="utf-8")
    with opened(browser, path) as watched:
        curl = watched.page.locator(".card pre[data-label^='the curl']").text_content() or ""
    function = 'curl() { printf %s "${@: -1}"; }\n'
    sent = subprocess.run(["bash", "-c", function + curl], capture_output=True, timeout=10, check=True).stdout

    assert sent.decode() == body
    assert curl.replace("\n", "").isprintable()


def _open_everything(watched: Watched) -> None:
    # in steps, as the inner parts are made when the outer ones open
    watched.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    watched.until("!document.querySelector('.row:not(:has(> .inside dl))')")
    watched.page.evaluate("document.querySelectorAll('details.exchange').forEach(d => { d.open = true; })")
    watched.until("!document.querySelector('details.exchange:not(:has(dl))')")


def _is_sound(watched: Watched, width: int) -> None:
    """No element that only an attack makes, no hidden character, nothing wider than the window."""
    assert watched.count("img, iframe, base, link, script:not([id]):not(:last-of-type)") == 0
    assert watched.count("[onerror], [onload], [onclick], [style]") == 0
    schemes = watched.page.eval_on_selector_all("a", "all => [...new Set(all.map(a => a.protocol))]")
    assert set(schemes) <= {"file:", "https:"}, schemes
    hidden = watched.page.evaluate(f"[...document.body.innerText.matchAll(/{_HIDDEN}/gu)].map(m => m[0].charCodeAt(0))")
    assert hidden == []
    assert watched.page.evaluate("document.documentElement.scrollWidth") == width


def _row(number: int, verdict: Verdict, attack: str) -> Judgement:
    row = a_requirement(
        f"liondesk.access.role-{number}.{attack}",
        Level.MUST,
        statement=attack,
        source=Source(attack, attack),
        judged=attack,
    )
    facts = (a_fact(message=EVIL, requirement=row.id, check=attack, exchanges=("1", "2", attack)),)
    return replace(a_judgement(verdict, EVIL), requirement=row, facts=facts)


def _exchange(name: str, size: int) -> Exchange:
    return an_exchange(
        id=name, identity=EVIL, method=ATTACKS[0], url=EVIL + "u" * size, request_headers=((EVIL, EVIL),),
        request_body=EVIL, reason=EVIL + "r" * size, response_headers=((EVIL, EVIL + "h" * size),) * 3,
        response_body=EVIL + "b" * size, notes=(EVIL,), operation=EVIL,
    )  # fmt: skip


def _deviation(attack: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(("requirement", "state", "message", "reason", "link", "first_seen", "expires"), attack),
        "seed": 0,
        "observed": [attack],
    }


def _hostile(call: Call) -> None:
    """Every name and value is an attack; some of them are a megabyte long."""
    text = EVIL + "A" * (1_000_000 if call.number % 50 == 1 else 0)
    contact = {"id": text, "first_name": text, **{attack: attack for attack in ATTACKS}}
    listed = {"total": text, "data": [contact], EVIL: [EVIL]}
    body = json.dumps(
        listed if call.method == "GET" and "?" in call.path else contact, ensure_ascii=call.number % 2 == 0
    )
    # a client would not take the control characters of ASCII here, but does take those of Latin-1
    status = f"{(200, 201, 400, 500)[call.number % 4]} {ATTACKS[0]} \x9b31m"
    headers = {"X-Evil": "<img src=x onerror=alert(1)> \x9b31m", "Location": ATTACKS[4], "X-More": ATTACKS[2]}
    respond(call, status, body.encode("utf-8", "surrogatepass"), headers=headers)
