"""Which checks go to one process of a spread run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from contacts_conformance.pytest_plugin.spreading import groups


def _item(nodeid: str, **marks: tuple[str, ...]) -> Any:
    args = {name: SimpleNamespace(args=values) for name, values in marks.items()}
    return SimpleNamespace(nodeid=nodeid, path=Path(nodeid.partition("::")[0]), get_closest_marker=args.get)


def test_checks_go_together_by_their_mark_or_else_their_folder() -> None:
    items = [
        _item("suites/contract/test_fields.py::test_one"),
        _item("suites/spark/test_pages.py::test_two", cohort=("lists",)),
        _item("suites/spark/test_envelope.py::test_three", cohort=("contract",)),
        _item("suites/spark/test_changes.py::test_four"),
    ]

    assert groups(items) == {
        "suites/contract/test_fields.py": "contract",
        "suites/spark/test_pages.py": "lists",
        "suites/spark/test_envelope.py": "contract",
        "suites/spark/test_changes.py": "spark",
    }


def test_what_explores_is_by_itself() -> None:
    file = "suites/contract/test_deep.py"
    items = [_item(f"{file}::test_replays", replays=()), _item(f"{file}::test_explores", explores=())]

    found = groups(items)

    assert len({found.get(i.nodeid) or found[file] for i in items}) == 2
