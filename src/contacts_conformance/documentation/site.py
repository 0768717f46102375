"""Builds the site: the same documents, reports and matrix yield the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from contacts_conformance import contract as contracts
from contacts_conformance.documentation import fields as comparison
from contacts_conformance.documentation import pages, renderer, search
from contacts_conformance.documentation import reports as found
from contacts_conformance.documentation.places import MANIFEST
from contacts_conformance.documentation.reports import Report
from contacts_conformance.errors import UsageError
from contacts_conformance.proof.matrix import Proof
from contacts_conformance.report import links

_HERE = Path(__file__).parent


def build(
    providers: Sequence[str], reports: Mapping[str, Report] | None = None, proofs: Sequence[Proof] = ()
) -> dict[str, bytes]:
    """All files of the site, by their paths below its top."""
    fields = comparison.compared(providers)
    contents = pages.collect(providers, reports or {}, proofs, fields)
    files = {path: text.encode() for path, text in pages.pages(contents)}
    for provider in providers:
        document = (contracts.provider_path(provider) / "openapi.yaml").read_bytes()
        files[links.of_document(provider)] = document
        files[f"assets/{provider}.js"] = renderer.script(document)
    files["assets/entries.js"] = search.script(contents.sections, fields)
    for name, content in renderer.files().items():
        files[f"assets/{name}"] = content
    for asset in sorted((_HERE / "assets").iterdir()):
        files[f"assets/{asset.name}"] = asset.read_bytes()
    files[MANIFEST] = (json.dumps(sorted(files), indent=1) + "\n").encode()
    return files


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


def matrix(path: Path) -> tuple[Proof, ...]:
    """Reads a kill-matrix.json; UsageError where it is none."""
    return tuple(found.read(path, TypeAdapter(list[Proof]), "kill matrix"))


def _earlier(out: Path) -> Sequence[str]:
    manifest = out / MANIFEST
    if manifest.is_file():
        try:
            return TypeAdapter(list[str]).validate_json(manifest.read_bytes())
        except ValidationError:
            raise UsageError(f"--out {out}: {MANIFEST} there is not of a site; take an empty folder") from None
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"--out {out}: is no empty folder, and holds no earlier build")
    return ()
