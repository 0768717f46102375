"""Writes all reports of a run into its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contacts_conformance.errors import UsageError
from contacts_conformance.report import earlier, explored, json, junit, markdown, page, reproductions
from contacts_conformance.verdicts.result import Result


def write(result: Result, folder: Path) -> None:
    """Writes the reports into the folder: `report.json`, `junit.xml`, `summary.md` and `conformance.html`.

    Each appears whole or not at all. What exploring has found is a script each, in the folder `findings`; what other
    failures need to be shown again is one in the folder `reproductions`. The report tells what the earlier runs came to
    whose report it takes the place of.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = json.to_document(result)
    document["earlier"] = earlier.carried(_replaced(folder / "report.json"), document)
    explored.write(result.explored, folder)
    reproductions.write(document, folder)
    _replace(folder / "report.json", json.pieces(document))
    _replace(folder / "junit.xml", [junit.render(result)])
    _replace(folder / "summary.md", [markdown.render([result])])
    _replace(folder / "conformance.html", [page.render(document)])


def _replaced(path: Path) -> dict[str, Any] | None:
    """The report that is there; None where there is none that can be read."""
    try:
        return json.read(path)
    except UsageError:
        return None


def _replace(path: Path, pieces: Iterable[str]) -> None:
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    draft.replace(path)
