"""Plans are kept for later runs, each target's by itself."""

from pathlib import Path

import pytest

from contacts_conformance.checks.deep.kept import opened
from contacts_conformance.errors import UsageError
from contacts_conformance.providers.plans import Step

_ONE, _TWO = (Step("list"),), (Step("create"), Step("remove", of=0))


def test_what_was_kept_is_there_in_the_next_run_and_the_shortest_comes_first(tmp_path: Path) -> None:
    kept = opened(str(tmp_path), "liondesk/embedded")
    kept.keep(_TWO, by="model")
    kept.keep(_ONE, by="")

    assert opened(str(tmp_path), "liondesk/embedded").plans() == [(_ONE, ""), (_TWO, "model")]


def test_what_was_forgotten_is_gone(tmp_path: Path) -> None:
    kept = opened(str(tmp_path), "liondesk/embedded")
    kept.keep(_ONE, by="")
    kept.keep(_TWO, by="model")
    kept.forget(_ONE, by="")

    assert kept.plans() == [(_TWO, "model")]


def test_targets_do_not_see_each_others_plans(tmp_path: Path) -> None:
    opened(str(tmp_path), "liondesk/embedded").keep(_ONE, by="")

    assert opened(str(tmp_path), "liondesk/https://api.example.com").plans() == []


def test_what_no_version_can_read_is_let_go(tmp_path: Path) -> None:
    kept = opened(str(tmp_path), "liondesk/embedded")
    kept.keep(_ONE, by="")
    kept.database.save(b"contacts-conformance/liondesk/embedded/plain", b"no plan")

    assert kept.plans() == [(_ONE, "")]
    assert len(list(kept.database.fetch(b"contacts-conformance/liondesk/embedded/plain"))) == 1


def test_a_store_whose_package_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "redis", None)

    with pytest.raises(UsageError, match=r"redis://…@127\.0\.0\.1:1/0 needs the package redis: pip install"):
        opened("redis://:pass-word@127.0.0.1:1/0", "liondesk/embedded")


def test_a_store_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(UsageError, match=r"redis://…@127\.0\.0\.1:1/0 does not answer") as raised:
        opened("redis://:pass-word@127.0.0.1:1/0", "liondesk/embedded")

    assert "pass-word" not in str(raised.value)


def test_a_folder_may_be_called_as_a_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    opened("redis-examples", "liondesk/embedded").keep(_ONE, by="")

    assert (tmp_path / "redis-examples").is_dir()
