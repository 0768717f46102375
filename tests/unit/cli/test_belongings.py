from pathlib import Path

import pytest

from contacts_conformance.cli import belongings
from contacts_conformance.contract import packages, resources

ROW = "ngpvan.auth.wrong-key"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The providers whose checks and faults were looked up; what is found is kept in a folder of its own."""
    providers: list[str] = []

    def ask(provider: str) -> dict[str, dict[str, list[str]]]:
        providers.append(provider)
        return {"checks": {ROW: [f"check {len(providers)}"]}, "faults": {ROW: ["a: A fault."]}}

    monkeypatch.setattr(belongings, "user_cache_path", lambda *names, **options: tmp_path / "caches")
    monkeypatch.setattr(belongings, "_asked", ask)
    return providers


def test_what_was_found_is_kept(asked: list[str]) -> None:
    first = belongings.of(ROW)

    assert belongings.of(ROW) == first == belongings.Belongings(("check 1",), ("a: A fault.",))
    assert belongings.of("ngpvan.other.row") == belongings.Belongings((), ())
    assert asked == ["ngpvan"]


def test_each_provider_is_kept_for_itself(asked: list[str]) -> None:
    belongings.of(ROW)
    belongings.of("spark.some.row")
    belongings.of(ROW)

    assert asked == ["ngpvan", "spark"]


@pytest.mark.parametrize("name", ["suites", "specs"])
def test_a_file_that_changes_is_noticed(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    file = folder / "test_a.py"
    file.write_text("a = 1\n")
    package = packages.find("ngpvan")
    if name == "suites":
        monkeypatch.setattr(resources, "suites", lambda: folder)
    else:
        changed = packages.Package(**{n: getattr(package, n) for n in package.__slots__} | {"documents": folder})
        monkeypatch.setattr(packages, "find", lambda name: changed)
    belongings.of(ROW)

    file.write_text("a = 12\n")

    assert belongings.of(ROW).checks == ("check 2",)


def test_options_of_pytest_in_the_environment_are_noticed(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    belongings.of(ROW)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k nothing")

    assert belongings.of(ROW).checks == ("check 2",)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"state": 1}'])
def test_what_cannot_be_read_is_looked_up_again(asked: list[str], tmp_path: Path, text: str) -> None:
    belongings.of(ROW)
    (tmp_path / "caches/belongings/ngpvan.json").write_text(text)

    assert belongings.of(ROW).checks == ("check 2",)


def test_a_folder_that_cannot_be_written_does_no_harm(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "caches").write_text("a file\n")

    assert belongings.of(ROW).checks == ("check 1",)
    assert belongings.of(ROW).checks == ("check 2",)
