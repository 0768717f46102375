"""Builds the site: the same documents, reports and matrix yield the same bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

import jinja2
from pydantic import TypeAdapter, ValidationError

from contacts_conformance import __version__
from contacts_conformance import contract as contracts
from contacts_conformance.contract import register as registers
from contacts_conformance.contract import sentences
from contacts_conformance.documentation import renderer, rows, sidebyside
from contacts_conformance.documentation.rows import Report
from contacts_conformance.errors import UsageError
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.report import links, sources

_HERE = Path(__file__).parent
_MANIFEST = "site.json"


def build(
    providers: Sequence[str], reports: Mapping[str, Report] | None = None, proofs: Sequence[Proof] = ()
) -> dict[str, bytes]:
    """All files of the site, by their paths below its top."""
    reports = reports or {}
    contents = {path: text.encode() for path, text in _pages(providers, reports, proofs)}
    for provider in providers:
        document = (contracts.provider_path(provider) / "openapi.yaml").read_bytes()
        contents[links.of_document(provider)] = document
        spec = json.dumps(contracts.load(provider).document, default=str, ensure_ascii=True)
        contents[f"assets/{provider}.js"] = f"window.CONTRACT = {spec};\n".encode()
    for name, content in renderer.files().items():
        contents[f"assets/{name}"] = content
    for asset in sorted((_HERE / "assets").iterdir()):
        contents[f"assets/{asset.name}"] = asset.read_bytes()
    contents[_MANIFEST] = (json.dumps(sorted(contents), indent=1) + "\n").encode()
    return contents


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Writes the files, and removes those of an earlier build that are none of these.

    Raises UsageError where the folder holds something else, or cannot be written.
    """
    try:
        earlier = _earlier(out)
        for path in sorted(set(earlier) - set(files)):
            if (out / path).resolve().is_relative_to(out.resolve()):
                (out / path).unlink(missing_ok=True)
        for path, content in files.items():
            target = out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be written: {error.strerror or error}") from None


def seen_from(folder: Path, given: str | None = None) -> str:
    """Where the site is, as a page in the folder links to it: a URL, a relative path, or nothing where there is none.

    `given` is a URL or the folder of a build; without it, a build in the folder `site` is taken where there is one.
    Raises UsageError where the folder that is given holds no site.
    """
    if given is not None and given.startswith(("https://", "http://")):
        return given
    built = Path("site" if given is None else given)
    if (built / _MANIFEST).is_file():
        return quote(Path(os.path.relpath(built, folder)).as_posix())
    if given is None:
        return ""
    raise UsageError(f"--site {given}: is no http or https URL, and no folder that `docs` built a site in")


def matrix(path: Path) -> tuple[Proof, ...]:
    """Reads a kill-matrix.json; UsageError where it is none."""
    try:
        return tuple(TypeAdapter(list[Proof]).validate_json(path.read_bytes()))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(f"{path}: is no kill matrix: {where}: {first['msg']}") from None


def _earlier(out: Path) -> Sequence[str]:
    manifest = out / _MANIFEST
    if manifest.is_file():
        try:
            return TypeAdapter(list[str]).validate_json(manifest.read_bytes())
        except ValidationError:
            raise UsageError(f"--out {out}: {_MANIFEST} there is not of a site; take an empty folder") from None
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"--out {out}: is no empty folder, and holds no earlier build")
    return ()


def _pages(
    providers: Sequence[str], reports: Mapping[str, Report], proofs: Sequence[Proof]
) -> Iterator[tuple[str, str]]:
    for provider in providers:
        contract, register, report = contracts.load(provider), registers.load(provider), reports.get(provider)
        sections = rows.sections(contract, register, report)
        page = links.of_register(provider)
        listed = sentences.load(register) if sentences.exists(provider) else None
        values: dict[str, object] = {"contract": contract, "sections": sections, "report": report, "listed": listed}
        values["pages"] = register.pages
        yield page, _page("requirements", providers, proofs, **values)
        if listed is not None:
            yield (
                links.of_sentences(provider),
                _page("sentences", providers, proofs, contract=contract, register=register, listed=listed),
            )
        yield links.of_spec(provider), _page("spec", providers, proofs, contract=contract)
    overview = [
        (contracts.load(p), rows.levels(registers.load(p)), len(registers.load(p).tested()), reports.get(p))
        for p in providers
    ]
    yield links.INDEX, _page("index", providers, proofs, overview=overview)
    yield (
        links.SIDE_BY_SIDE,
        _page(
            "providers",
            providers,
            proofs,
            capabilities=list(sidebyside.capabilities(providers)),
            lengths=list(sidebyside.lengths(providers)),
        ),
    )
    if proofs:
        yield links.MATRIX, _page("matrix", providers, proofs)


def _page(name: str, providers: Sequence[str], proofs: Sequence[Proof], **values: object) -> str:
    titles = {p: contracts.load(p).title for p in providers}
    template = _environment().get_template(f"{name}.html.jinja")
    return template.render(titles=titles, proofs=proofs, version=__version__, **values)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["address"] = links
    environment.globals["cited"] = sources.groups
    environment.filters["length"] = sidebyside.length
    return environment
