"""A service whose answers FeathersJS gives, not we: what the run says of it is known, point by point."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_conformance.running import Done, Order, run

SERVICE = Path(__file__).parent / "feathers"
USERS = {"owner": 1, "assignee": 2, "teammate": 3, "outsider": 4}

DEVIATIONS = {
    "liondesk.create.malformed-body-status": "warn",  # its body parser's error becomes a general error, 500
    "liondesk.filter.in-single": "warn",  # a single value is no array to its query schema
    "liondesk.filter.nin-single": "warn",
}
"""Everything that is not a pass, with why it truly is none."""

TARGET = """
provider = "liondesk"
name = "FeathersJS 5"
base_url = "{url}"
writes = true
known = {{teammate = "2", outsider = "4", hotness = "12", source = "12"}}
share = {{path = "/shares", body = {{contact_id = "{{contact}}", user_id = "{{user}}"}}}}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the running service."""
    node = shutil.which("node")
    assert node is not None, "these tests need Node 20 or newer"
    assert (SERVICE / "node_modules").is_dir(), f"first run: npm ci --prefix {SERVICE}"
    environment = {**os.environ, "PORT": "0", "FOREIGN": "40"}
    command = [node, "src/index.js"]
    with subprocess.Popen(command, cwd=SERVICE, env=environment, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        line = service.stdout.readline()
        yield line.rpartition(" ")[2].strip()
        service.terminate()


@pytest.fixture
def target(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The target file of the service."""
    text = TARGET.format(url=address)
    for role, number in USERS.items():
        monkeypatch.setenv(f"FEATHERS_{role.upper()}", f"tok-{role}")
        text += f'[identities.{role}]\ntoken = "${{FEATHERS_{role.upper()}}}"\nuser_id = "{number}"\n'
    path = tmp_path / "feathers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def judged(done: Done) -> dict[str, str]:
    assert done.result is not None, done.output
    return {j.requirement.id: j.verdict.value for j in done.result.judgements if j.verdict != "pass"}


def test_its_true_deviations_are_named_and_nothing_else(target: Path, tmp_path: Path) -> None:
    done = run(Order("liondesk", target=target, reports=tmp_path))

    assert judged(done) == DEVIATIONS
    assert done.exit_code == 0
    assert done.result is not None
    assert done.result.traffic.left == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_other_seeds_say_the_same(target: Path, seed: int) -> None:
    done = run(Order("liondesk", target=target, seed=seed))

    assert judged(done) == DEVIATIONS
