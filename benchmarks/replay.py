"""`python -m benchmarks.replay EVIDENCE URL`: sends what a run has recorded once more, with httpx and nothing else.

Prints the number of requests and the seconds of CPU that sending them and reading the answers took, as JSON. Secrets
are put in from the environment, by the names that the evidence has for them. Answers are not looked at: the server is
a fresh one, so that contacts that have other ids there are not found.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_BASIC = re.compile(r"Basic base64\((.*)\)")


def main(evidence: str, url: str) -> None:
    """Sends all, and prints the figures."""
    with Path(evidence).open(encoding="utf-8") as lines:
        next(lines)  # says of which run it is
        requests = [_request(json.loads(line)["request"], url) for line in lines]
    began = time.process_time()
    with httpx.Client(trust_env=False) as client:
        for request in requests:
            client.request(**request)
    sys.stdout.write(json.dumps({"requests": len(requests), "cpu": round(time.process_time() - began, 3)}) + "\n")


def _request(recorded: dict[str, Any], url: str) -> dict[str, Any]:
    place = urlsplit(recorded["url"])
    named = ((name, _value(value)) for name, value in recorded["headers"])
    headers = [(n, v.encode()) for n, v in named if n.lower() not in ("host", "content-length")]
    path = _filled(f"{place.path}?{place.query}" if place.query else place.path)
    return {"method": recorded["method"], "url": url + path, "headers": headers, "content": recorded["body"].encode()}


def _value(value: str) -> str:
    basic = _BASIC.fullmatch(value)
    return f"Basic {base64.b64encode(_filled(basic[1]).encode()).decode()}" if basic else _filled(value)


def _filled(text: str) -> str:
    return _VARIABLE.sub(lambda found: os.environ.get(found[1], found[0]), text)


if __name__ == "__main__":
    main(*sys.argv[1:])
