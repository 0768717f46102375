from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.making import OWNER, TOKEN, a_target

from contacts_conformance.errors import UsageError
from contacts_conformance.fleet import plan
from contacts_conformance.target import Identity, Secret

Write = Callable[..., Path]

FILE = """
provider = "liondesk"
base_url = "{url}"

[identities.owner]
token = "${{{variable}}}"
user_id = "1"
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.setenv("ONE", "secret-of-one")
    monkeypatch.setenv("SAME", "secret-of-one")
    monkeypatch.setenv("TWO", "secret-of-two")

    def written(name: str, variable: str = "ONE", url: str = "https://a.example.com") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(FILE.format(url=url, variable=variable), encoding="utf-8")
        return path

    return written


def test_targets_with_the_same_credentials_at_one_address_are_on_one_account(write: Write) -> None:
    files = [
        write("a.toml"),
        write("b.toml", "TWO"),
        write("c.toml", "SAME"),
        write("d.toml", url="https://d.example.com"),
    ]

    planned = plan.jobs(files)

    assert {job.name: job.account for job in planned} == {"a": "a", "b": "b", "c": "a", "d": "d"}
    assert [[job.name for job in each] for each in plan.by_account(planned)] == [["a", "c"], ["b"], ["d"]]


def test_one_identity_in_common_is_enough_also_by_way_of_a_third_target() -> None:
    other = Identity("teammate", {"token": Secret("OTHER", "other-secret")})
    alone, both = a_target(), replace(a_target(), identities={"owner": OWNER, "teammate": other})
    third = replace(a_target(), identities={"owner": other})

    assert plan.credentials(alone) & plan.credentials(both)
    assert plan.credentials(third) & plan.credentials(both)
    assert not plan.credentials(third) & plan.credentials(alone)


def test_neither_the_case_nor_the_end_of_an_address_makes_another_account() -> None:
    assert plan.credentials(a_target("https://A.example.com/")) == plan.credentials(a_target("https://a.example.com"))


def test_no_secret_is_told() -> None:
    assert TOKEN not in repr(plan.credentials(a_target()))


def test_files_of_one_name_take_that_of_their_folder(write: Write) -> None:
    assert [job.name for job in plan.jobs([write("x/a.toml"), write("y/a.toml"), write("y/b.toml")])] == [
        "x-a",
        "y-a",
        "b",
    ]


def test_every_mistake_of_every_file_is_told_before_anything_is_sent(write: Write) -> None:
    wrong = [write("a.toml", url="nonsense"), write("b.toml"), write("c.toml", "MISSING")]

    with pytest.raises(UsageError) as raised:
        plan.jobs(wrong)

    assert any("a.toml" in line for line in raised.value.lines)
    assert any("MISSING" in line for line in raised.value.lines)


def test_a_file_that_is_named_twice_is_told(write: Write) -> None:
    file = write("a.toml")
    (file.parent / "x").mkdir()

    with pytest.raises(UsageError, match="is named twice"):
        plan.jobs([file, file.parent / "x" / ".." / "a.toml"])
