"""What the architecture promises about the code itself."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_conformance import contract, providers

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "contacts_conformance"
PROVIDERS = contract.providers()


def modules(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (p for p in sorted(folder.rglob("*.py")) if "node_modules" not in p.parts)


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{a.name}" for a in node.names}
    return names


def test_oracle_and_reference_servers_share_no_code() -> None:
    for path in modules(PACKAGE / "oracle"):
        assert not any(n.startswith("contacts_conformance.reference") for n in imported(path)), path
    for path in modules(PACKAGE / "reference"):
        assert not any(n.startswith("contacts_conformance.oracle") for n in imported(path)), path


def test_what_draws_faults_and_what_judges_share_nothing() -> None:
    drawing = re.compile(r"\.reference\..*\b(drawn|ground|query_operators)\b")
    sending = re.compile(r"^suites|\.(checks|account|providers|pytest_plugin)\b|\.contract\.(samples|specimens)")
    operators = [*modules(PACKAGE / "reference" / "kit" / "drawn")]
    operators += [p for p in modules(PACKAGE / "reference") if p.stem in ("ground", "query_operators")]
    judging = [*modules(ROOT / "suites", *(PACKAGE / n for n in ("contract", "checks", "account", "providers")))]

    assert len(operators) > 10
    for path in operators:
        assert not [n for n in imported(path) if sending.search(n)], path
    for path in judging:
        assert not [n for n in imported(path) if drawing.search(n)], path


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_harness_names_no_provider(provider: str) -> None:
    word = re.compile(rf"(?<![a-z]){provider}(?![a-z])", re.IGNORECASE)
    own: tuple[Path, ...] = (PACKAGE / "providers", PACKAGE / "reference")
    shared = {name for p in PROVIDERS for name in providers.load(p).suites} - {"contract"}
    own += tuple(ROOT / "suites" / name for name in (*PROVIDERS, *shared))
    files = [p for p in modules(PACKAGE, ROOT / "suites") if not any(p.is_relative_to(o) for o in own)]

    named = [str(p.relative_to(ROOT)) for p in files if word.search(p.read_text(encoding="utf-8"))]
    assert named == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_provider_imports_from_another(provider: str) -> None:
    others = [p for p in PROVIDERS if p != provider]
    for path in modules(ROOT / "suites" / provider, PACKAGE / "reference" / provider):
        names = imported(path)
        assert not [o for o in others for n in names if re.search(rf"\.(reference|providers)\.{o}(\.|$)", n)], path


def test_modules_are_short() -> None:
    lengths = {
        p: len(p.read_text(encoding="utf-8").splitlines()) for p in modules(PACKAGE, ROOT / "suites", ROOT / "tests")
    }
    package = [n for p, n in lengths.items() if p.is_relative_to(PACKAGE)]

    assert {str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > 400} == {}
    assert statistics.median(package) <= 110


def test_few_entries_stand_directly_under_the_package() -> None:
    entries = {p.relative_to(PACKAGE).parts[0] for p in PACKAGE.rglob("*") if p.is_file() and p.suffix != ".pyc"}

    assert len(entries) <= 22


def test_only_one_module_reads_the_environment() -> None:
    reads = [
        str(p.relative_to(ROOT))
        for p in modules(PACKAGE)
        if re.search(r"os\.(environ|getenv)", p.read_text(encoding="utf-8")) and p.name != "environment.py"
    ]
    assert reads == []


def test_no_exception_to_a_rule_is_without_a_reason() -> None:
    bare = re.compile(r"(type: ignore(\[[\w, -]+\])?|noqa(: ?[A-Z0-9, ]+)?)\s*$")
    found = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in modules(PACKAGE, ROOT / "suites", ROOT / "tests")
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert found == []
