import gzip
import zlib
from collections.abc import Iterator

import httpx
import pytest

from contacts_conformance.http import bodies
from contacts_conformance.http.bodies import Body

TEXT = b'{"first_name": "Ada"}' * 10
GZIP = {"Content-Encoding": "gzip"}


def _response(content: bytes, coding: str = "") -> httpx.Response:
    pieces = [content[i : i + 7] for i in range(0, len(content), 7)]
    return httpx.Response(200, headers={"Content-Encoding": coding} if coding else {}, content=iter(pieces))


def _deflated(content: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(content) + deflater.flush()


def test_a_plain_body_is_read_whole() -> None:
    assert bodies.read(_response(TEXT), 1_000) == Body(TEXT)


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
    assert bodies.read(_response(content, coding), 1_000) == Body(TEXT)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("content", [b"{", TEXT])
def test_what_is_labelled_as_compressed_and_is_not_stays_as_it_is_and_is_told(coding: str, content: bytes) -> None:
    body = bodies.read(_response(content, coding), 1_000)

    assert body.content == content
    assert body.flaw.startswith(f"labelled {coding}, and ")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_empty_body_needs_no_coding(coding: str) -> None:
    assert bodies.read(_response(b"", coding), 1_000) == Body(b"")


def test_every_member_of_a_gzip_is_read() -> None:
    members = b"".join(gzip.compress(TEXT[at : at + 40], mtime=0) for at in range(0, len(TEXT), 40))

    assert bodies.read(_response(members, "gzip"), 1_000) == Body(TEXT)
    assert bodies.read(_response(members + b"\0\0", "gzip"), 1_000) == Body(TEXT)


def test_many_members_take_linear_time() -> None:
    member = gzip.compress(b"", mtime=0)

    assert bodies.read(httpx.Response(200, headers=GZIP, content=iter([member * 200_000])), 5_000_000) == Body(b"")


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (gzip.compress(TEXT, mtime=0)[:-1], "labelled gzip, and ends early"),
        (gzip.compress(TEXT, mtime=0)[:12], "labelled gzip, and ends early"),
        (gzip.compress(TEXT, mtime=0)[:-8] + b"\0" * 8, "labelled gzip, and damaged"),
        (gzip.compress(TEXT, mtime=0) + gzip.compress(TEXT, mtime=0)[:-4], "labelled gzip, and ends early"),
        (TEXT, "labelled gzip, and is none"),
    ],
)
def test_what_cannot_be_unpacked_is_told(content: bytes, flaw: str) -> None:
    body = bodies.read(_response(content, "gzip"), 1_000)

    assert (body.content, body.flaw, body.whole) == (content, flaw, True)


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_too_long() -> None:
    assert bodies.read(_response(TEXT), len(TEXT)) == Body(TEXT)

    body = bodies.read(_response(TEXT), len(TEXT) - 1)

    assert not body.whole
    assert body.content == b""
    assert TEXT.startswith(body.beginning)
    assert body.flaw == f"the body is longer than {len(TEXT) - 1} bytes (limits.max_body)"


def test_a_body_that_is_said_to_be_too_long_is_not_read_to_its_end() -> None:
    read = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            read.append(number)
            yield b" " * 70_000

    response = httpx.Response(200, headers={"Content-Length": "7000000"}, content=pieces())

    assert not bodies.read(response, 4_000_000).whole
    assert len(read) == 1


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", _deflated)]
)
def test_a_bomb_is_inflated_no_further_than_the_limit(coding: str, pack: object) -> None:
    assert callable(pack)
    bomb = pack(b"\0" * 20_000_000)

    assert len(bomb) < 30_000
    assert not bodies.read(_response(bomb, coding), 100_000).whole
    assert not bodies.read(_response(bomb, coding), 19_999_999).whole


def test_codings_are_undone_in_reverse() -> None:
    assert bodies.read(_response(gzip.compress(zlib.compress(TEXT)), "deflate, gzip"), 1_000) == Body(TEXT)
    assert bodies.read(_response(gzip.compress(TEXT), "identity, GZIP"), 1_000) == Body(TEXT)


def test_bombs_within_bombs_are_inflated_no_further_than_the_limit() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 1_000_000))

    assert not bodies.read(_response(bomb, "gzip, gzip"), 100_000).whole


def test_more_codings_than_anybody_uses_are_not_undone() -> None:
    body = bodies.read(_response(TEXT, ", ".join(["gzip"] * 6)), 1_000)

    assert body == Body(TEXT, "Content-Encoding names 6 codings")
