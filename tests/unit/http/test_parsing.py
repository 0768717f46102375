import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.http.parsing import NOT_JSON, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(['[[[{"', '\\"[', "]}"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_what_was_written_as_json_is_read(value: object) -> None:
    assert parse(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "content", [b"", b" ", b"{", b"[1,]", b"{'a': 1}", b"NaN", b"[Infinity]", b"-Infinity", b"\xff", b"<html>", b"1 2"]
)
def test_what_is_no_json_is_none(content: bytes) -> None:
    assert parse(content) is NOT_JSON
    assert repr(NOT_JSON) == "no JSON"


@pytest.mark.parametrize("depth", [101, 900, 100_000])
def test_what_is_too_deep_to_work_with_is_none(depth: int) -> None:
    assert parse(b"[" * depth + b"]" * depth) is NOT_JSON
    assert parse(b'{"a":' * depth + b"1" + b"}" * depth) is NOT_JSON
    assert parse(b"[" * depth) is NOT_JSON


def test_depth_is_not_counted_in_strings_nor_in_neighbours() -> None:
    assert parse(json.dumps("[" * 500).encode()) == "[" * 500
    assert parse(json.dumps(['\\"[{' * 200]).encode()) == ['\\"[{' * 200]
    assert parse(b"[" + b"[]," * 500 + b"[]]") == [[]] * 501
    assert parse(b"[" * 100 + b"]" * 100) is not NOT_JSON


def test_a_number_that_nobody_can_work_with_is_infinite() -> None:
    digits = 4_000

    assert parse(b"9" * 100) == 10**100 - 1
    assert parse(b"1e400") == float("inf")
    assert parse(b"9" * digits) == 10**digits - 1
    assert parse(b"[" + b"9" * (digits + 1) + b", -" + b"9" * 10_000 + b", 1]") == [float("inf"), float("-inf"), 1]
    assert parse(b"[" + b"9" * (digits + 1)) is NOT_JSON


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse(b"\xef\xbb\xbf[1]") == [1]


def test_of_two_keys_the_last_one_counts() -> None:
    assert parse(b'{"id": 1, "id": 2}') == {"id": 2}


def test_half_a_surrogate_pair_is_read() -> None:
    assert parse(b'"\\ud800"') == "\ud800"


@pytest.mark.parametrize(
    "piece",
    [b'[\\"', b'"[', b'["', b"[]", b'{"a', b'\\"[', b'"\\', b"[{", b"1e400,", b"[9,", b'"\\u005b"[', b"-", b"\\"],
)
@pytest.mark.parametrize("end", [b"", b"\\", b'"', b"]"])
def test_any_nonsense_is_read_in_linear_time(piece: bytes, end: bytes) -> None:
    begun = time.process_time()

    parse(b"[" * 101 + b"]" * 101 + piece * (400_000 // len(piece)) + end)
    parse(b'["' + piece * (400_000 // len(piece)) + end)

    assert time.process_time() - begun < 60  # what is quadratic takes many minutes


@pytest.mark.parametrize(
    ("text", "read"),
    [("27.0", "27"), ("1e3", "1000"), ("-0.0", "0"), ("1.5", "1.5"), ("1e400", "inf"), ("1e300", "1e+300")],
)
def test_an_integer_is_one_however_it_is_written(text: str, read: str) -> None:
    assert str(parse(text.encode())) == read
