import gzip
import zlib

import httpx
import pytest

from contacts_conformance.http import bodies

TEXT = b'{"first_name": "Ada"}' * 10


def _response(content: bytes, coding: str = "") -> httpx.Response:
    pieces = [content[i : i + 7] for i in range(0, len(content), 7)]
    return httpx.Response(200, headers={"Content-Encoding": coding} if coding else {}, content=iter(pieces))


def _deflated(content: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(content) + deflater.flush()


def test_a_plain_body_is_read_whole() -> None:
    assert bodies.read(_response(TEXT), 1_000) == TEXT


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("X-GZIP", gzip.compress(TEXT, mtime=0)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", _deflated(TEXT)),
        ("identity", TEXT),
        ("br", TEXT),
    ],
    ids=["gzip", "x-gzip", "deflate", "bare deflate", "identity", "unknown"],
)
def test_a_compressed_body_is_inflated(coding: str, content: bytes) -> None:
    assert bodies.read(_response(content, coding), 1_000) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("content", [b"", b"{", TEXT])
def test_what_is_labelled_as_compressed_and_is_not_stays_as_it_is(coding: str, content: bytes) -> None:
    assert bodies.read(_response(content, coding), 1_000) == content


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_too_long() -> None:
    assert bodies.read(_response(TEXT), len(TEXT)) == TEXT
    with pytest.raises(bodies.TooLong):
        bodies.read(_response(TEXT), len(TEXT) - 1)


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", _deflated)]
)
def test_a_bomb_is_inflated_no_further_than_the_limit(coding: str, pack: object) -> None:
    assert callable(pack)
    bomb = pack(b"\0" * 20_000_000)

    assert len(bomb) < 30_000
    with pytest.raises(bodies.TooLong):
        bodies.read(_response(bomb, coding), 100_000)
    with pytest.raises(bodies.TooLong):
        bodies.read(_response(bomb, coding), 19_999_999)


def test_bombs_within_bombs_stay_packed() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 1_000_000))

    assert bodies.read(_response(bomb, "gzip, gzip"), 100_000) == bomb
