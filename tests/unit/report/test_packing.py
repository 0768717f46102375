"""How the evidence of a page is packed: the whole of it is never in memory as text."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc
from typing import Any

from contacts_conformance.report import json as report_json
from contacts_conformance.report.page import evidence

from ..making import a_result


def test_evidence_takes_a_fraction_of_its_text_in_memory() -> None:
    document: dict[str, Any] = report_json.to_document(a_result())
    (exchange,) = document["exchanges"].values()
    document["exchanges"] = {
        f"e{i}": {**exchange, "request": {**exchange["request"], "body": f"{i} " * 800}} for i in range(1_500)
    }

    tracemalloc.start()
    packed = evidence.pack(document, 6_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    text = gzip.decompress(base64.b64decode(packed))
    size = len(text)
    assert len(json.loads(text)["exchanges"]) == 1_500
    assert most < size / 3
