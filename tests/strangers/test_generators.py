"""The specs in the hands of generators that others wrote: what they make is whole, typed, and does its work.

Each script in `generators/` uses one generated client against the reference server: it creates, reads, lists, changes
and removes a contact, as far as the provider can, without a cast. A type checker reads it first.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance import contract, reference
from contacts_conformance.reference.kit.serving import serving

from ..night import night

GENERATORS = Path(__file__).parent / "generators"
SPECS = Path(__file__).parents[2] / "specs"
NODE = GENERATORS / "node_modules"
CREDENTIALS: Mapping[str, tuple[str, str]] = {
    "flexmls": ("idx", "token"),
    "liondesk": ("owner", "token"),
    "ngpvan": ("tenant", "api_key"),
    "spark": ("private", "token"),
}
"""The identity of the reference server that a client uses, and its secret."""

_LONGEST = 240


@dataclass(frozen=True)
class Generator:
    """A generator, and how what it made is looked at.

    `command` makes the client of a spec in a folder; `expected` are lines that it prints for every document of OpenAPI
    3.1. `finds` is a pattern of an operation in what it made, with its id for `{}` as `spelled` spells it.
    """

    command: Callable[[Path, Path], Sequence[str]]
    finds: str
    spelled: Callable[[str], str] = str
    expected: tuple[str, ...] = ()
    language: str = "py"


def _snake(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{NODE / '.bin'}")
    assert found, f"first run: npm ci --prefix {GENERATORS}, and install the group strangers"
    return found


def _openapi_generator(kind: str, *options: str) -> Callable[[Path, Path], Sequence[str]]:
    def command(spec: Path, folder: Path) -> Sequence[str]:
        program = _program("openapi-generator-cli")
        return [program, "generate", "-i", str(spec), "-g", kind, "-o", str(folder), *options]

    return command


_BETA = (
    "OpenAPI 3.1 support is still in beta",
    "ModelUtils - Failed to get the schema name: null",
)

ALL: Mapping[str, Generator] = {
    "openapi_python_client": Generator(
        lambda spec, folder: [
            *(_program("openapi-python-client"), "generate", "--path", str(spec)),
            *("--meta", "none", "--output-path", str(folder / "client")),
        ],
        r"client/api/\w+/{}\.py$",
        _snake,
    ),
    "openapi_generator_python": Generator(
        _openapi_generator("python", "--package-name", "client"), r"    def {}\(", _snake, _BETA
    ),
    "datamodel_code_generator": Generator(
        lambda spec, folder: [
            *(_program("datamodel-codegen"), "--input", str(spec), "--input-file-type", "openapi"),
            *("--output", str(folder / "models.py"), "--output-model-type", "pydantic_v2.BaseModel"),
            *("--formatters", "builtin"),
        ],
        "",
    ),
    "typescript_fetch": Generator(
        lambda spec, folder: _openapi_generator("typescript-fetch")(spec, folder / "client"),
        r"async {}\(",
        expected=_BETA,
        language="ts",
    ),
    "openapi_typescript": Generator(
        lambda spec, folder: [_program("openapi-typescript"), str(spec), "--output", str(folder / "types.ts")],
        r"operations\[\"{}\"\]",
        language="ts",
    ),
}

BY_DAY = {
    ("liondesk", "openapi_python_client"),
    ("spark", "openapi_generator_python"),
    ("ngpvan", "datamodel_code_generator"),
    ("flexmls", "typescript_fetch"),
    ("spark", "openapi_typescript"),
}
"""Each generator once, and each spec once at least."""

each_client = pytest.mark.parametrize(
    ("provider", "name"),
    [
        pytest.param(p, n, id=f"{n}-{p}", marks=() if (p, n) in BY_DAY else night)
        for p in contract.providers()
        for n in ALL
    ],
)


def _made(name: str, provider: str, folder: Path) -> str:
    """Makes a client in a folder; what the generator printed."""
    folder.mkdir()
    command = ALL[name].command(SPECS / provider / "openapi.yaml", folder)
    done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _warnings(printed: str, expected: tuple[str, ...]) -> list[str]:
    spoken = [line for line in printed.splitlines() if not line.startswith("[main] INFO")]
    lines = [line for line in spoken if re.search(r"warn|error|unable|⚠", line, re.IGNORECASE)]
    return [line for line in lines if not any(e in line for e in expected)]


def _check(command: Sequence[str], folder: Path, **variables: str) -> None:
    environment = {**os.environ, **variables}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_LONGEST, check=False, cwd=folder, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _run(provider: str, command: Sequence[str], folder: Path, **variables: str) -> None:
    """Runs a client against a new reference server."""
    role, secret = CREDENTIALS[provider]
    server = reference.load(provider)
    with serving(server.application()) as url:
        _check([*command, url, str(server.TARGET["identities"][role][secret]), "mark4711"], folder, **variables)


@each_client
def test_a_generated_client_is_whole_and_typed_and_works(provider: str, name: str, tmp_path: Path) -> None:
    generator, folder = ALL[name], tmp_path / "made"
    script = GENERATORS / name / f"{provider}.{generator.language}"

    assert _warnings(_made(name, provider, folder), generator.expected) == []
    assert _lacking(provider, generator, folder) == []
    if generator.language == "py":
        _check_types_and_run_python(provider, script, folder)
    else:
        _check_types_and_run_typescript(provider, script, folder)


def _lacking(provider: str, generator: Generator, folder: Path) -> list[str]:
    """The operations, or for models alone the schemas, of which nothing was made."""
    known = contract.load(provider)
    files = [p for p in folder.rglob("*") if p.suffix in (".py", ".ts")]
    made = "\n".join(f"{p.relative_to(folder).as_posix()}\n{p.read_text(encoding='utf-8')}" for p in files)
    if not generator.finds:
        schemas: Mapping[str, Any] = known.published["components"]["schemas"]
        objects = [n for n, s in schemas.items() if s.get("type") == "object"]
        return [n for n in objects if not re.search(rf"^class {n}\b|^    {n}\b", made, re.IGNORECASE | re.MULTILINE)]
    patterns = {o.id: generator.finds.format(re.escape(generator.spelled(o.id))) for o in known.operations}
    return [o for o, pattern in patterns.items() if not re.search(pattern, made, re.MULTILINE)]


def _check_types_and_run_python(provider: str, script: Path, folder: Path) -> None:
    # what the generator wrote is followed for its types; its own style is not judged
    quiet = folder / "mypy.ini"
    plugin = "plugins = pydantic.mypy\n" if (folder / "models.py").exists() else ""
    quiet.write_text(
        f"[mypy]\nstrict = true\nno_error_summary = true\n{plugin}"
        "[mypy-client.*]\nignore_errors = true\n[mypy-models]\nignore_errors = true\n",
        encoding="utf-8",
    )
    known = folder.parents[1] / f"mypy-{script.parent.name}"
    types = [sys.executable, "-m", "mypy", "--cache-dir", str(known), "--config-file", str(quiet), str(script)]
    _check(types, folder, MYPYPATH=str(folder))
    _run(provider, [sys.executable, str(script)], folder, PYTHONPATH=str(folder))


def _check_types_and_run_typescript(provider: str, script: Path, folder: Path) -> None:
    shutil.copy(script, folder / "main.ts")
    (folder / "node_modules").symlink_to(NODE)
    options = "--strict --skipLibCheck --esModuleInterop --target es2022 --module commonjs --types node --outDir built"
    _check([_program("tsc"), *options.split(), "--rootDir", ".", "main.ts"], folder)
    node = shutil.which("node")
    assert node, "needs Node 20 or newer"
    _run(provider, [node, "built/main.js"], folder)
