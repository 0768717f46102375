"""No modules of the package import one another in a circle."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
PACKAGE = "contacts_conformance"


def modules() -> dict[str, Path]:
    """The modules of the package by their full names."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((SOURCE / PACKAGE).rglob("*.py"))
    }


def imports(module: str, path: Path, known: Mapping[str, Path]) -> set[str]:
    """The modules that a module imports anywhere: at its top, for the checker of types alone, or inside a function.

    `from package import name` imports the module `package.name` if there is one, and otherwise the package.
    """
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return set(_imports(ast.parse(path.read_text(encoding="utf-8")), package, known)) & set(known) - {module}


def _imports(tree: ast.AST, package: str, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{origin}.{alias.name}"
                yield inner if inner in known else origin


def circles(imported: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of modules that all reach one another, by Tarjan's algorithm; each in alphabetical order."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        open_.append(module)
        for other in sorted(imported[module]):
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in open_:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            group = open_[open_.index(module) :]
            del open_[-len(group) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(imported):
        if module not in order:
            visit(module)
    return sorted(found)


def graph() -> dict[str, set[str]]:
    """The modules of the package that each of them imports."""
    known = modules()
    return {name: imports(name, path, known) for name, path in known.items()}


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert circles(graph()) == []


def test_a_circle_is_found_wherever_its_imports_stand(tmp_path: Path) -> None:
    texts = {
        "p.a": "from p import b",
        "p.b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.c import thing",
        "p.c": "def later():\n    from . import a",
        "p.d": "import p.a",
    }
    known = {name: tmp_path / f"{name}.py" for name in texts}
    for name, text in texts.items():
        known[name].write_text(text, encoding="utf-8")

    assert circles({n: imports(n, p, known) for n, p in known.items()}) == [["p.a", "p.b", "p.c"]]


if __name__ == "__main__":
    for circle in circles(graph()):
        print(" ".join(circle))  # noqa: T201  # run as a script, it lists the circles of the whole package
