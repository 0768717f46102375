"""Reports, each rendered from one result and nothing else."""

from __future__ import annotations

from pathlib import Path

from contacts_conformance.report import explored, json, junit, markdown, page
from contacts_conformance.verdicts.result import Result


def write(result: Result, folder: Path) -> None:
    """Writes the reports into the folder: `report.json`, `junit.xml`, `summary.md` and `conformance.html`.

    Each appears whole or not at all. What exploring has found is a script each, in the folder `findings`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = json.to_document(result)
    explored.write(result.explored, folder)
    _replace(folder / "report.json", json.render(document))
    _replace(folder / "junit.xml", junit.render(result))
    _replace(folder / "summary.md", markdown.render([result]))
    _replace(folder / "conformance.html", page.render(document))


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
