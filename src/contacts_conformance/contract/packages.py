"""Which providers there are, and where each keeps its files: the four that ship, and those that packages announce.

A distribution announces a provider by an entry point of the group `contacts_conformance.providers`. The entry point's
name is the provider's name; its value is a Python package with these files:

    openapi.yaml        what the vendor's page promises, as far as OpenAPI can say it
    requirements.yaml   the rest of the register
    target.toml         a target file to start from
    overlay.yaml        what the suite lays over openapi.yaml to make and judge requests (optional)
    pages.yaml          the vendor's pages that sources name, with their addresses and sections (optional)
    sentences.yaml      the sentences of the vendor's page with their requirements (optional)
    provider.py         an object PROVIDER
    suites/             the provider's own checks (optional)
    reference.py        a reference server, as a module or a package (optional)

Nothing of such a package is imported to find it, so that a broken one does not keep the others from working.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from contacts_conformance.contract import resources
from contacts_conformance.errors import UsageError

GROUP = "contacts_conformance.providers"

_NEEDED = ("openapi.yaml", "requirements.yaml", "target.toml", "provider.py")
_REFERENCE = ("reference.py", "reference/__init__.py")
_PACKAGE = __name__.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Package:
    """Where one provider's files and modules are.

    `label` names the folder of its documents in messages, and `node_ids` is how the node ids of its own checks begin.
    `module` has the object `PROVIDER`; `reference` is the module of its reference server, or None.
    """

    name: str
    documents: Path
    suites: Path
    module: str
    reference: str | None
    label: str
    node_ids: str

    def node_id(self, path: Path) -> str | None:
        """The node id of a file among its own checks; None for any other file."""
        if not path.is_relative_to(self.suites):
            return None
        return f"{self.node_ids}/{path.relative_to(self.suites).as_posix()}"

    def file(self, node_id: str) -> Path:
        """The file of checks, its own or one that it shares, that has this node id."""
        below = node_id.removeprefix(f"{self.node_ids}/")
        return self.suites / below if below != node_id else resources.suites().parent / node_id

    def load(self, module: str) -> ModuleType:
        """Imports one of its modules; UsageError where that fails."""
        try:
            return importlib.import_module(module)
        except Exception as error:
            why = " ".join(f"{type(error).__name__}: {error}".split())
            raise UsageError(f"provider {self.name!r}: {module} cannot be imported: {why}") from error


def names() -> tuple[str, ...]:
    """The names of all providers, in alphabetical order."""
    return tuple(sorted({**_shipped(), **_announced()[0]}))


def find(name: str) -> Package:
    """The provider of this name.

    Raises UsageError where there is none, or where the package that announces it cannot be taken.
    """
    package = _shipped().get(name) or _announced()[0].get(name)
    if package is None:
        mistake = mistakes().get(name)
        raise UsageError(mistake or f"no provider {name!r}; there are {', '.join(names())}")
    return package


def ships(name: str) -> bool:
    """Whether this suite itself has the provider of this name."""
    return name in _shipped()


def mistakes() -> Mapping[str, str]:
    """Why an announced provider cannot be taken, one line for each name."""
    return _announced()[1]


def _shipped() -> dict[str, Package]:
    folders = [p.parent for p in resources.specs().glob("*/openapi.yaml")]
    servers = Path(__file__).parents[1] / "reference"
    return {
        folder.name: Package(
            name=folder.name,
            documents=folder,
            suites=resources.suites() / folder.name,
            module=f"{_PACKAGE}.providers.{folder.name}",
            reference=f"{_PACKAGE}.reference.{folder.name}" if (servers / folder.name).is_dir() else None,
            label=f"specs/{folder.name}",
            node_ids=f"suites/{folder.name}",
        )
        for folder in folders
    }


@cache
def _announced() -> tuple[Mapping[str, Package], Mapping[str, str]]:
    """The providers that installed packages announce, and why some of them cannot be taken."""
    points: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        points.setdefault(point.name, []).append(point)
    taken, wrong = {}, {}
    for name, announced in points.items():
        try:
            taken[name] = _take(name, announced)
        except UsageError as error:
            wrong[name] = error.lines[0]
    return taken, wrong


def _take(name: str, points: list[EntryPoint]) -> Package:
    about = f"provider {name!r}, which {_distributions(points)} announces"
    if len(points) > 1:
        raise UsageError(f"provider {name!r} is announced by {_distributions(points)}; uninstall all but one of them")
    if name in _shipped():
        raise UsageError(f"{about}: this suite itself has a provider of that name; choose another name")
    if not re.fullmatch("[a-z]+", name):
        raise UsageError(f"{about}: a name has lower-case letters only, since the ids of requirements begin with it")
    value = points[0].value
    folder = _folder(value)
    if folder is None:
        raise UsageError(f"{about}: there is no package {value!r}; the entry point's value is a package's name")
    label = value.replace(".", "/")
    lacking = [file for file in _NEEDED if not (folder / file).is_file()]
    if lacking:
        raise UsageError(f"{about}: {label} lacks {', '.join(lacking)}")
    return Package(
        name=name,
        documents=folder,
        suites=folder / "suites",
        module=f"{value}.provider",
        reference=f"{value}.reference" if any((folder / file).is_file() for file in _REFERENCE) else None,
        label=label,
        node_ids=f"{label}/suites",
    )


def _folder(package: str) -> Path | None:
    """The folder of an installed package; None where there is no such package."""
    try:
        spec = importlib.util.find_spec(package)
    except Exception:  # a parent package that cannot be imported, or a value that is no name
        return None
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) if places else None


def _distributions(points: Iterable[EntryPoint]) -> str:
    return " and ".join(sorted(f"{p.dist.name} {p.dist.version}" if p.dist else p.value for p in points))
