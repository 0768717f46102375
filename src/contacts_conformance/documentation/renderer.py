"""Redoc, as fastapi-offline ships it: nothing is fetched, neither when the site is built nor when it is read.

Of that package only a file is used; it is not imported.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from contacts_conformance.errors import UsageError

_PACKAGE = "fastapi-offline"
_FILE = "redoc.standalone.js"
_LOGO = b'"https://cdn.redoc.ly/redoc/logo-mini.svg"'
"""The one thing that Redoc would load from a network: a picture beside its name."""


def files() -> Mapping[str, bytes]:
    """The script of Redoc by name, without its picture; UsageError where the installation lacks it."""
    try:
        folder = Path(str(importlib.metadata.distribution(_PACKAGE).locate_file("fastapi_offline/static")))
        return {_FILE: (folder / _FILE).read_bytes().replace(_LOGO, b'"data:,"')}
    except (importlib.metadata.PackageNotFoundError, OSError):
        raise UsageError(f"the installation lacks Redoc: `pip install {_PACKAGE}` brings it") from None


def script(document: bytes) -> bytes:
    """An OpenAPI document in YAML as the script that hands it to Redoc.

    It lacks the discriminators: Redoc draws nothing of a schema whose discriminator leads to schemas that have
    alternatives of their own, and without it draws each alternative.
    """
    drawn = _without_discriminators(yaml.safe_load(document))
    return f"window.CONTRACT = {json.dumps(drawn, default=str)};\n".encode()


def _without_discriminators(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_discriminators(each) for each in node]
    if not isinstance(node, dict):
        return node
    named = isinstance(node.get("discriminator"), dict) and "propertyName" in node["discriminator"]
    return {k: _without_discriminators(v) for k, v in node.items() if not (named and k == "discriminator")}
