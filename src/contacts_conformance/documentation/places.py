"""Where the site is that reports link to: found without what builds it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from contacts_conformance.errors import UsageError

MANIFEST = "site.json"


def seen_from(folder: Path, given: str | None = None) -> str:
    """Where the site is, as a page in the folder links to it: a URL, a relative path, or nothing where there is none.

    `given` is a URL or the folder of a build; without it, a build in the folder `site` is taken where there is one.
    Raises UsageError where the folder that is given holds no site.
    """
    if given is not None and given.startswith(("https://", "http://")):
        return given
    built = Path("site" if given is None else given)
    if (built / MANIFEST).is_file():
        return quote(Path(os.path.relpath(built, folder)).as_posix())
    if given is None:
        return ""
    raise UsageError(f"--site {given}: is no http or https URL, and no folder that `docs` built a site in")
