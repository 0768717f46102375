"""Services whose answers FeathersJS gives, not we: what a run says of each generation is known, point by point."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from contacts_conformance import contract
from contacts_conformance.account import readable
from contacts_conformance.contract import register
from contacts_conformance.pytest_plugin.runner import Done, Order, run

from ..night import at_night

SERVICES = Path(__file__).parent / "feathers"
USERS = {"owner": 1, "assignee": 2, "teammate": 3, "outsider": 4}
FOREIGN = 40
"""Contacts that are there before a run; every fourth is the outsider's, the others are the owner's."""

MALFORMED = {
    "liondesk.create.malformed-body-status": "warn",
    "liondesk.refusal.no-server-error": "warn",
}  # the body parser's error becomes a general one, 500
SINGLE = {  # a text is no list: to the query schema (5), to SQL (4), or to the adapter, which then fails with 500 (3)
    "liondesk.filter.in-single": "warn",
    "liondesk.filter.nin-single": "warn",
}
DOUBLE_SLASH = {"liondesk.transport.double-slash": "warn"}  # Express takes slashes as they come
ID_IS_TAKEN = {"liondesk.field.id.read-only": "not-applicable"}  # the adapters insert whatever id was sent
SEQUELIZE_TIMES = {  # timestamps of Sequelize: the time of the last edit is always its own
    "liondesk.field.modified_at.create": "warn",
    "liondesk.field.modified_at.change": "warn",
}

ENCODED = {"liondesk.transport.encoded-path": "warn"}  # Koa's router leaves the escapes of a path as they are

DEVIATIONS: Mapping[int, Mapping[str, str]] = {
    3: MALFORMED | SINGLE | DOUBLE_SLASH | ID_IS_TAKEN | SEQUELIZE_TIMES,
    4: MALFORMED | SINGLE | DOUBLE_SLASH | ID_IS_TAKEN,
    5: MALFORMED | SINGLE | ENCODED,
}
"""By generation, everything that is not a pass, with why it truly is none."""

TARGET = """
provider = "liondesk"
name = "FeathersJS {generation}"
base_url = "{url}"
writes = true
disposable = true
known = {{teammate = "2", outsider = "4", hotness = "12", source = "12"}}
share = {{path = "/shares", body = {{contact_id = "{{contact}}", user_id = "{{user}}"}}}}
"""


@dataclass(frozen=True)
class Service:
    """A running service."""

    generation: int
    url: str

    def total(self, role: str) -> int:
        """How many contacts a user sees."""
        request = urllib.request.Request(f"{self.url}/contacts", headers={"Authorization": f"Bearer tok-{role}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(json.load(answer)["total"])


@pytest.fixture(params=[5, *at_night(3, 4)], ids="generation {}".format)
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """The service on one generation of the framework, just started."""
    node = shutil.which("node")
    assert node is not None, "these tests need Node 20 or newer"
    assert (SERVICES / "node_modules").is_dir(), f"first run: npm ci --prefix {SERVICES}"
    folder = SERVICES / f"generation{request.param}"
    environment = {**os.environ, "PORT": "0", "FOREIGN": str(FOREIGN)}
    command = [node, "src/index.js"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield Service(request.param, line.rpartition(" ")[2].strip())
        process.terminate()


@pytest.fixture
def target(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The target file of the service."""
    text = TARGET.format(generation=service.generation, url=service.url)
    for role, number in USERS.items():
        monkeypatch.setenv(f"FEATHERS_{role.upper()}", f"tok-{role}")
        text += f'[identities.{role}]\ntoken = "${{FEATHERS_{role.upper()}}}"\nuser_id = "{number}"\n'
    path = tmp_path / "feathers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def judged(done: Done) -> dict[str, str]:
    assert done.result is not None, done.output
    return {j.requirement.id: j.verdict.value for j in done.result.judgements if j.verdict != "pass"}


def test_a_run_that_may_not_write_names_no_others(service: Service, target: Path, tmp_path: Path) -> None:
    text = target.read_text(encoding="utf-8")
    target.write_text(text.replace("writes = true\ndisposable = true", "writes = false"), encoding="utf-8")

    done = run(Order("liondesk", target=target, seed=service.generation, reports=tmp_path))

    told = {r: v for r, v in judged(done).items() if v != "not-verified"}
    assert told.items() <= DEVIATIONS[service.generation].items()
    assert done.result is not None
    able = readable.rows(contract.load("liondesk"), register.load("liondesk"))
    seen = sum(j.verdict != "not-verified" and j.requirement.id in able for j in done.result.judgements)
    assert seen >= 0.6 * len(able)


def test_its_true_deviations_are_named_and_nothing_else(service: Service, target: Path, tmp_path: Path) -> None:
    done = run(Order("liondesk", target=target, seed=service.generation, reports=tmp_path, yes=True))

    assert judged(done) == DEVIATIONS[service.generation]
    assert done.exit_code == 0
    assert done.result is not None
    assert done.result.traffic.left == ()
    assert (service.total("outsider"), service.total("owner")) == (FOREIGN // 4, FOREIGN - FOREIGN // 4)
