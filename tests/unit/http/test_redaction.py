import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contacts_conformance.http.redaction import Redactor
from contacts_conformance.target import Secret

TOKEN = 's3cr3t/T&ken+of="the~öwner"'
SECRETS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=8, max_size=30)


def _redactor(*values: str) -> Redactor:
    return Redactor(Secret(f"TOKEN_{n}", value) for n, value in enumerate(values))


@pytest.mark.parametrize(
    "form",
    [
        TOKEN,
        TOKEN.upper(),
        TOKEN.lower(),
        quote(TOKEN),
        quote(TOKEN, safe="").lower(),
        quote_plus(TOKEN),
        quote(quote(TOKEN, safe=""), safe=""),
        json.dumps(TOKEN)[1:-1],
        json.dumps(TOKEN)[1:-1].replace("/", "\\/"),
        html.escape(TOKEN),
        TOKEN.encode().hex(),
        TOKEN.encode().hex().upper(),
        TOKEN[::-1],
    ],
)
def test_a_secret_is_found_in_every_form(form: str) -> None:
    redactor = _redactor(TOKEN)

    assert redactor.text(f"<{form}>") == "<${TOKEN_0}>"
    assert redactor.content(f"<{form}>".encode()) == b"<${TOKEN_0}>"


def test_checks_see_what_only_looks_like_a_short_secret() -> None:
    redactor = _redactor("1234", TOKEN)
    content = f'{{"Id": "20123456", "token": "{TOKEN}"}}'.encode()

    assert redactor.judged(content) == b'{"Id": "20123456", "token": "${TOKEN_1}"}'
    assert redactor.content(content) == b'{"Id": "20${TOKEN_0}56", "token": "${TOKEN_1}"}'


@pytest.mark.parametrize("url_safe", [False, True])
@pytest.mark.parametrize("after", ["", "x", "yz", ":password"])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
def test_a_secret_is_found_in_base64_at_any_offset(before: str, after: str, url_safe: bool) -> None:
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    encoded = encode(f"{before}{TOKEN}{after}".encode()).decode()

    clean = _redactor(TOKEN).text(encoded)

    assert "${TOKEN_0}" in clean
    assert len(clean.replace("${TOKEN_0}", "")) < len(encoded) - len(TOKEN)


@given(SECRETS, st.text(max_size=20), st.text(max_size=20))
def test_no_secret_stays_in_a_text(secret: str, before: str, after: str) -> None:
    assume(secret.strip() == secret and "${TOKEN_0}".find(secret) < 0)

    assert secret not in _redactor(secret).text(f"{before}{secret}{after}")


def test_what_is_no_secret_stays() -> None:
    text = "the owner's token is secret, and so is s3cr3t/T"

    assert _redactor(TOKEN).text(text) == text
    assert _redactor(TOKEN).content(text.encode()) == text.encode()


def test_of_a_secret_that_contains_another_nothing_stays() -> None:
    redactor = _redactor("abcdef", "abcdefghijkl", "cdef")

    assert redactor.text("1 abcdefghijkl 2 abcdef 3 cdef") == "1 ${TOKEN_1} 2 ${TOKEN_0} 3 ${TOKEN_2}"


def test_a_secret_of_fewer_than_four_characters_would_wreck_every_text() -> None:
    redactor = _redactor("abc")

    assert redactor.text("an alphabet is an abc") == "an alphabet is an abc"
    assert redactor.headers([("Authorization", "Bearer abc")]) == (("Authorization", "Bearer [removed]"),)


def test_without_secrets_nothing_changes() -> None:
    redactor = _redactor()

    assert redactor.text("text") == "text"
    assert redactor.content(b"\xff") == b"\xff"


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert _redactor().text("a\ud800b") == "a\ufffdb"
    assert _redactor(TOKEN).text(f"\udfff{TOKEN}") == "\ufffd${TOKEN_0}"


def test_bytes_of_any_encoding_are_searched() -> None:
    assert _redactor("plain-token").content(b"\xff\xfeplain-token\xff") == b"\xff\xfe${TOKEN_0}\xff"


@pytest.mark.parametrize(
    ("header", "clean"),
    [
        (("Authorization", "Bearer plain-token"), "Bearer ${TOKEN_0}"),
        (("authorization", "Bearer of-somebody-else"), "Bearer [removed]"),
        (("Set-Cookie", "session=1; Path=/"), "session=1; [removed]"),
        (("Cookie", "session=1"), "[removed]"),
        (("X-Request-Id", "plain-token"), "${TOKEN_0}"),
        (("X-Request-Id", "17"), "17"),
    ],
)
def test_headers_are_cleaned(header: tuple[str, str], clean: str) -> None:
    assert _redactor("plain-token").headers([header]) == ((header[0], clean),)


def test_the_name_of_a_header_is_cleaned() -> None:
    assert _redactor("plain-token").headers([("X-plain-token", "1")]) == (("X-${TOKEN_0}", "1"),)
