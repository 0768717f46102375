from collections import Counter

import pytest

from contacts_conformance.model import Verdict
from contacts_conformance.report import headline

PASS, FAIL, WARN = Verdict.PASS, Verdict.FAIL, Verdict.WARN


@pytest.mark.parametrize(
    ("totals", "findings", "expected"),
    [
        ({PASS: 236}, 0, "236 of 236 promises are kept"),
        ({PASS: 219, FAIL: 17}, 1, "17 of 236 promises are broken (one finding)"),
        ({PASS: 219, FAIL: 15, WARN: 2}, 3, "15 of 236 promises are broken, 2 more are warnings (3 findings)"),
        ({PASS: 235, FAIL: 1}, 1, "1 of 236 promises is broken"),
        ({PASS: 1, WARN: 1}, 1, "1 of 2 promises is kept, 1 is a warning"),
        ({PASS: 2, Verdict.NOT_VERIFIED: 4}, 0, "2 of 6 promises are kept, 4 not verified"),
        ({PASS: 2, Verdict.KNOWN_DEVIATION: 1}, 0, "2 of 3 promises are kept, 1 broken as accepted"),
        ({FAIL: 1, Verdict.SUITE_ERROR: 1}, 1, "1 of 2 promises is broken, 1 not judged for an error of the suite"),
        ({}, 0, "no requirement was judged"),
    ],
)  # fmt: skip
def test_the_numbers_stand_in_one_line(totals: dict[Verdict, int], findings: int, expected: str) -> None:
    assert headline.of(Counter(totals), findings) == expected
