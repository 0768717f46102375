import json
from dataclasses import replace
from pathlib import Path

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.fleet.plan import Job
from contacts_conformance.fleet.state import NAME, Ended, State

ONE, TWO = (Job(name, "liondesk", Path(f"/{name}.toml"), f"digest of {name}", name) for name in ("one", "two"))
ASKED = {"seed": 0}


def _opened(folder: Path, *, again: bool = False, seed: int = 0, jobs: tuple[Job, ...] = (ONE, TWO)) -> State:
    return State.opened(folder, jobs, {"seed": seed}, again=again)


def _killed(folder: Path) -> None:
    """A fleet that was killed when its first run had ended."""
    state = _opened(folder)
    state.note(ONE, Ended("one", 1, 2.5, "not conformant"))


def test_a_killed_fleet_knows_what_has_ended(tmp_path: Path) -> None:
    _killed(tmp_path)

    assert _opened(tmp_path).ended == {"one": Ended("one", 1, 2.5, "not conformant")}
    assert not State.was_complete(tmp_path)


def test_a_fleet_that_has_ended_is_followed_by_a_new_one(tmp_path: Path) -> None:
    _killed(tmp_path)
    _opened(tmp_path).write(complete=True)

    assert State.was_complete(tmp_path)
    assert _opened(tmp_path).ended == {}


def test_all_are_judged_again_if_that_is_asked_for(tmp_path: Path) -> None:
    _killed(tmp_path)

    assert _opened(tmp_path, again=True).ended == {}


def test_a_target_file_that_has_changed_is_judged_again(tmp_path: Path) -> None:
    _killed(tmp_path)

    assert _opened(tmp_path, jobs=(replace(ONE, digest="another"), TWO)).ended == {}


def test_a_fleet_with_other_options_does_not_go_on(tmp_path: Path) -> None:
    _killed(tmp_path)

    assert _opened(tmp_path, seed=1).ended == {}


def test_what_ended_in_a_way_that_nobody_knows_is_judged_again(tmp_path: Path) -> None:
    state = _opened(tmp_path)
    state.note(ONE, Ended("one", 5, 0.0, "its worker was lost", lost=True))

    assert _opened(tmp_path).ended == {}


def test_the_file_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _killed(tmp_path)
    before = (tmp_path / NAME).read_text()
    state = _opened(tmp_path)
    monkeypatch.setattr(Path, "replace", lambda self, other: (_ for _ in ()).throw(KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        state.note(TWO, Ended("two", 0, 1.0, "conformant"))

    assert (tmp_path / NAME).read_text() == before


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"fleet": 99})])
def test_a_file_that_is_no_state_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(text)

    with pytest.raises(UsageError, match="--again does without it"):
        _opened(tmp_path)
    assert _opened(tmp_path, again=True).ended == {}
