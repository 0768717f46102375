"""The commands that the documentation prints, read from the files themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from markdown_it import MarkdownIt  # a dependency of rich, which the package needs

PROGRAMS = ("contacts-conformance", "pytest", "tox", "pip", "python3", "sh", "apt-get", ".")
"""Code spans that begin with one of these, and have an argument, are commands."""

_SHELLS = ("sh", "bash", "shell", "console")


@dataclass(frozen=True)
class Printed:
    """A command, and the page that prints it (its path in the checkout)."""

    page: str
    command: str


def commands(root: Path) -> list[Printed]:
    """Every command that README, CONTRIBUTING, the guides and the examples for CI print, each once."""
    pages = [root / "README.md", root / "CONTRIBUTING.md", root / "reports/README.md", *sorted(root.glob("docs/**/*"))]
    found: dict[str, Printed] = {}
    for page in pages:
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        lines = {".md": _of_markdown, ".yml": _of_workflow}.get(page.suffix, lambda _: iter(()))(text)
        for command in (c for line in lines for c in _parts(line)):
            found.setdefault(command, Printed(page.relative_to(root).as_posix(), command))
    return list(found.values())


def blocks(page: Path, language: str) -> list[str]:
    """The fenced code blocks in this language on a page."""
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    return [t.content for t in tokens if t.type == "fence" and t.info.strip() == language]


def _of_markdown(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "fence" and token.info.strip() in _SHELLS:
            yield from token.content.replace("\\\n", " ").splitlines()
        for child in token.children or ():
            if child.type == "code_inline" and re.match(rf"({'|'.join(map(re.escape, PROGRAMS))}) \S", child.content):
                yield child.content


def _of_workflow(text: str) -> Iterator[str]:
    """The lines of scripts in a workflow of GitLab's or GitHub's."""
    waiting = [yaml.safe_load(text)]
    while waiting:
        node = waiting.pop()
        waiting += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        if isinstance(node, dict):
            for script in (node.get(key) for key in ("before_script", "script", "run")):
                yield from script if isinstance(script, list) else (script or "").splitlines()


def _parts(line: str) -> Iterator[str]:
    """The single commands in a line of a shell."""
    for part in re.sub(r"(^|\s)#.*", "", line).split(" && "):
        if part.strip():
            yield " ".join(part.split())
