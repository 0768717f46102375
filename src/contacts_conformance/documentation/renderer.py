"""Swagger UI, as fastapi-offline ships it: nothing is fetched, neither when the site is built nor when it is read.

Of that package only the files are used; it is not imported.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from pathlib import Path

from contacts_conformance.errors import UsageError

_PACKAGE = "fastapi-offline"
_FILES = ("swagger-ui-bundle.js", "swagger-ui.css")


def files() -> Mapping[str, bytes]:
    """Script and style of Swagger UI by name; UsageError where the installation lacks them."""
    try:
        folder = Path(str(importlib.metadata.distribution(_PACKAGE).locate_file("fastapi_offline/static")))
        return {name: (folder / name).read_bytes() for name in _FILES}
    except (importlib.metadata.PackageNotFoundError, OSError):
        raise UsageError(f"the installation lacks Swagger UI: `pip install {_PACKAGE}` brings it") from None
