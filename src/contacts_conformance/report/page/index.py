"""`index.html`: where the reports of several providers are found."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from contacts_conformance.report.page.rendering import Entry, render_index

FILES = ("conformance.html", "report.html", "junit.xml", "report.json")
"""What the index links to, where it is there."""


def write_index(path: Path, reports: Mapping[Path, Mapping[str, Any] | None]) -> None:
    """Writes the index of reports, by the folder that each lies in; None stands for a run that could not start.

    A folder is named as its provider is. The index appears whole or not at all.
    """
    entries = [Entry(folder.name, document, links(folder, path.parent)) for folder, document in reports.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    draft.write_text(render_index(entries), encoding="utf-8")
    draft.replace(path)


def links(folder: Path, start: Path) -> list[tuple[str, str]]:
    """The files of a run that are in its folder, by their labels, as seen from another folder."""
    where = quote(Path(os.path.relpath(folder, start)).as_posix())
    return [(name, f"{where}/{name}") for name in FILES if (folder / name).is_file()]
