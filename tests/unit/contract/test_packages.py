"""Providers that packages announce: which are taken, and the one line that says why one is not."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contacts_conformance import contract, providers, reference
from contacts_conformance.contract import packages, register
from contacts_conformance.errors import UsageError
from contacts_conformance.proof import kill_matrix
from contacts_conformance.pytest_plugin import opening

from ...miniatures.packages import announce, edit, forget, install_book

SHIPPED = ("flexmls", "liondesk", "ngpvan", "spark")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path, where packages are installed."""
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield tmp_path
    forget()


def test_without_packages_there_are_those_that_ship(site: Path) -> None:
    assert contract.providers() == SHIPPED
    assert packages.mistakes() == {}


def test_an_announced_provider_stands_among_those_that_ship(site: Path) -> None:
    folder = install_book(site)

    assert contract.providers() == ("book", *SHIPPED)
    assert contract.load("book").title == "Address book"
    assert "book.filter.any-of" in register.load("book")
    assert providers.load("book").markers == ("city", "note")
    assert reference.load("book").TARGET["provider"] == "book"
    assert opening.suites_of("book")[-1] == folder / "suites"


def test_finding_a_package_imports_nothing_of_it(site: Path) -> None:
    (install_book(site) / "__init__.py").write_text("raise RuntimeError\n")

    assert contract.load("book").title == "Address book"
    assert "example_book" not in sys.modules


def test_a_package_may_lie_in_another_one(site: Path) -> None:
    install_book(site).rename(site / "all_books")
    (site / "example_book").mkdir()
    (site / "all_books").rename(site / "example_book" / "paper")
    edit(site / "book_package-1.0.dist-info" / "entry_points.txt", "example_book", "example_book.paper")

    package = packages.find("book")

    assert package.node_id(package.suites / "test_lists.py") == "example_book/paper/suites/test_lists.py"
    assert package.file("example_book/paper/suites/test_lists.py") == package.suites / "test_lists.py"
    assert package.module == "example_book.paper.provider"


def test_a_provider_without_suites_shares_those_of_others(site: Path) -> None:
    folder = install_book(site)
    (folder / "suites").rename(folder / "elsewhere")

    assert [f.name for f in opening.suites_of("book")] == ["contract"]


@pytest.mark.parametrize(
    ("value", "name", "said"),
    [
        ("example_book", "liondesk", "this suite itself has a provider of that name"),
        ("example_book", "the-book", "a name has lower-case letters only"),
        ("no_such_package", "book", "there is no package 'no_such_package'"),
        ("no_such.package", "book", r"there is no package 'no_such\.package'"),
        ("example_book.provider:PROVIDER", "book", r"there is no package 'example_book\.provider:PROVIDER'"),
        ("example_book.suites", "book", "example_book/suites lacks openapi.yaml, requirements.yaml, target.toml"),
    ],
)
def test_an_announcement_that_cannot_be_taken_is_one_line(site: Path, value: str, name: str, said: str) -> None:
    install_book(site)
    announce(site, value, name=name, distribution="another")
    (site / "book_package-1.0.dist-info" / "entry_points.txt").unlink()
    forget()

    line = packages.mistakes()[name]

    assert contract.providers() == SHIPPED
    assert line.startswith(f"provider {name!r}, which another 1.0 announces: ")
    with pytest.raises(UsageError, match=said):
        raise UsageError(line)
    if name not in SHIPPED:
        with pytest.raises(UsageError, match=said):
            contract.load(name)


def test_a_name_that_two_packages_announce_is_neither_s(site: Path) -> None:
    install_book(site)
    announce(site, "example_book", distribution="another")

    with pytest.raises(
        UsageError, match=r"^provider 'book' is announced by another 1\.0 and book-package 1\.0; uninstall"
    ):
        contract.load("book")


def _everything() -> None:
    contract.load("book")
    register.load("book")
    providers.load("book")
    kill_matrix.cases("book")


SPEC, ROWS, PROVIDER, SERVER, CHECKS = (
    "openapi.yaml",
    "requirements.yaml",
    "provider.py",
    "reference.py",
    "suites/test_lists.py",
)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (SPEC, "openapi: 3.1.0", "openapi: [", "example_book/openapi.yaml: is not YAML: "),
        (SPEC, 'x-page: "1"', "", "example_book/openapi.yaml: the file: 'x-page' is a required property"),
        (SPEC, "x-records:", "x-record:", "example_book/openapi.yaml: the file: 'x-records' is a required property"),
        (SPEC, "change: Change,", "change: Nothing,", "x-records.change: components.schemas has no 'Nothing'"),
        (SPEC, "x-kind: read", "", "paths./entries/{id}.get: 'x-kind' is a required property"),
        (SPEC, "x-kind: create", "x-kind: make", "paths: no operation has x-kind: create"),
        (SPEC, "operationId: read", "operationId: list", "paths: two operations have the operationId 'list'"),
        (SPEC, "schemas/Values", "schemas/Vals", "$ref '#/components/schemas/Vals' leads nowhere in this document"),
        (SPEC, "maxLength: 100", "x-level: OUGHT", "x-level 'OUGHT' is none of MUST, SHOULD, MAY"),
        (ROWS, "provider: book", "provider: [", "example_book/requirements.yaml: is not YAML: "),
        (ROWS, "level: SHOULD", "level: OUGHT", "requirements.4.level: 'OUGHT' is not one of"),
        (ROWS, "provider: book", "provider: shelf", "provider: it is 'shelf', and the provider's name is 'book'"),
        (ROWS, "id: book.remove", "id: shelf.remove", "'shelf.remove.gone' does not begin with 'book.'"),
        (PROVIDER, "PROVIDER =", "BOOK =", "provider 'book': example_book.provider has no object PROVIDER"),
        (PROVIDER, "import Page", "import Pages", "example_book.provider cannot be imported: ImportError: "),
        (PROVIDER, "def any_of", "def one_of", "example_book.provider has a PROVIDER without any_of"),
        (PROVIDER, 'name = "book"', 'name = "shelf"', "has a PROVIDER whose name is 'shelf'"),
        (PROVIDER, "keys = ", "keys = 1, ", "has a PROVIDER whose keys are no IdentityKeys"),
        (PROVIDER, '("contract",)', '("contacts",)', "has a PROVIDER that shares suites that there are not: contacts"),
        (SERVER, "def application(", "def app(", "example_book.reference lacks application"),
        (SERVER, "import itertools", "import no_such_module", "reference cannot be imported: ModuleNotFoundError: "),
        (SERVER, "book.remove.gone", "book.remove.all", "the fault removed-entries-stay breaks book.remove.all, which"),
        (CHECKS, '"remove.gone"', '"remove.all"', "names book.remove.all, which is no requirement"),
        (CHECKS, '@requirement("remove.gone")', "", "test_a_removed_entry_is_answered_404 names no requirement"),
        (CHECKS, "import Contacts", "import Contact_", "suites/test_lists.py cannot be collected: ImportError: "),
    ],
)  # fmt: skip
def test_a_mistake_in_a_package_is_one_line(site: Path, file: str, old: str, new: str, said: str) -> None:
    edit(install_book(site) / file, old, new)

    with pytest.raises(UsageError) as mistake:
        _everything()

    first = mistake.value.lines[0]
    assert said in first
    assert "\n" not in first


def test_a_provider_without_a_reference_server_is_told_apart(site: Path) -> None:
    (install_book(site) / "reference.py").unlink()

    assert not reference.exists("book")
    assert reference.faults("book") == {}
    with pytest.raises(
        UsageError, match="provider 'book' has no reference server; judge your own server with --target"
    ):
        reference.load("book")


def test_a_target_table_with_a_mistake_is_one_line(site: Path) -> None:
    edit(install_book(site) / SERVER, '"provider": "book", ', '"provider": "book", "identity": {}, ')
    embedding = opening.Embedding("book", None)

    with pytest.raises(UsageError, match=r"^TARGET of the reference server: identity: unknown key"):
        embedding.open(start=False)
    embedding.close()


Load = Callable[[str], object]


@pytest.mark.parametrize("load", [contract.load, register.load, providers.load, reference.load, packages.find])
def test_a_name_that_nobody_has_brings_up_those_there_are(load: Load) -> None:
    with pytest.raises(UsageError, match=r"no provider 'nobody'; there are .*liondesk"):
        load("nobody")
