import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contacts_conformance.http.redaction import Redactor
from contacts_conformance.target import Secret

from ...echoes import CANARIES, CODINGS, leaks

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
    assert redactor.content(content) == b'{"Id": "20123456", "token": "${TOKEN_1}"}'


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
        (("Set-Cookie", "session=1; Path=/"), "[removed]"),
        (("Cookie", "session=1"), "[removed]"),
        (("X-Request-Id", "plain-token"), "${TOKEN_0}"),
        (("X-Request-Id", "17"), "17"),
    ],
)
def test_headers_are_cleaned(header: tuple[str, str], clean: str) -> None:
    assert _redactor("plain-token").headers([header]) == ((header[0], clean),)


def test_the_name_of_a_header_is_cleaned() -> None:
    assert _redactor("plain-token").headers([("X-plain-token", "1")]) == (("X-${TOKEN_0}", "1"),)


def test_headers_that_were_seen_before_are_cleaned_as_before_and_for_secrets_that_came_up_since() -> None:
    redactor = _redactor("plain-token")
    headers = [("X-First", "plain-token"), ("X-Long", "plain-token " * 300), ("X-Other", "a session of its own")]
    clean = (("X-First", "${TOKEN_0}"), ("X-Long", "${TOKEN_0} " * 300), ("X-Other", "a session of its own"))

    assert redactor.headers(headers) == redactor.headers(headers) == clean

    redactor.learn("SESSION", "a session of its own")

    assert redactor.headers(headers) == (*clean[:2], ("X-Other", "${SESSION}"))


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("kind", CANARIES)
def test_no_coding_hides_a_secret(kind: str, coding: str) -> None:
    coded = CODINGS[coding](CANARIES[kind])
    text = f'{{"id": 1, "message": "{coded}", "{coded}": "no more"}}'
    redactor = _redactor(CANARIES[kind])

    clean = redactor.text(text)

    assert leaks([text.encode()], {kind: CANARIES[kind]})
    assert not leaks([clean.encode()], {kind: CANARIES[kind]})
    assert (clean.startswith('{"id": 1, "message": "'), clean.endswith('": "no more"}')) == (True, True)
    assert redactor.content(text.encode()) == clean.encode()
    assert redactor.text(clean) == clean


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("kind", CANARIES)
def test_no_character_set_hides_a_secret(kind: str, encoding: str) -> None:
    body = f'{{"message": "{CODINGS["JSON with escaped signs"](CANARIES[kind])}", "said": "{CANARIES[kind]}"}}'

    clean = _redactor(CANARIES[kind]).content(body.encode(encoding))

    assert b"${TOKEN_0}" in clean
    assert not leaks([clean], {kind: CANARIES[kind]})


def test_a_secret_in_latin_1_is_found() -> None:
    assert _redactor(TOKEN).content(TOKEN.encode("latin-1")) == b"${TOKEN_0}"
    assert _redactor(TOKEN).text(quote(TOKEN, encoding="latin-1")) == "${TOKEN_0}"
    assert _redactor(TOKEN).text(TOKEN.encode().decode("latin-1")) == "${TOKEN_0}"


@pytest.mark.parametrize(
    "value", ['say "it\'s <mine>", twice', "100%25of=3Dall&amp;more\\u0041", "a\\/b%2Fc&#47;d<e>f"]
)
def test_a_secret_whose_halves_look_escaped_or_hold_a_tag_is_found_in_two_members(value: str) -> None:
    half = len(value) // 2
    body = json.dumps({"first": value[:half], "second": value[half:]})

    assert Redactor([Secret("TOKEN", value)]).text(body) == '{"first": "${TOKEN}", "second": "${TOKEN}"}'


@pytest.mark.parametrize("at", range(1, len(TOKEN) - 1))  # the last character is a quote, as the first part's end is
def test_a_secret_that_is_split_over_two_members_is_found(at: int) -> None:
    first, second = TOKEN[:at], TOKEN[at:]
    document = {"id": 7, "first": first, "second": second, "third": "x"}

    clean = _redactor(TOKEN).text(json.dumps(document))

    assert json.loads(clean) == {**document, "first": "${TOKEN_0}", "second": "${TOKEN_0}"}
    page = _redactor(TOKEN).text(f"<p>{html.escape(first)}<b>{html.escape(second)}")
    assert page == "<p>${TOKEN_0}<b>${TOKEN_0}"


@pytest.mark.parametrize(
    "text",
    [
        '{"id": "20123456"}',
        '{"id": "5d1234f0-1234-4aaa-9999-1234567890ab"}',
        '{"phone": "555-1234", "price": 1234.5, "at": "2016-07-01T12:34.1234Z"}',
        "/contacts/12345?skip=51234",
        '{"member1234": 1}',
    ],
)
def test_a_short_secret_within_something_longer_stays(text: str) -> None:
    assert _redactor("1234").text(text) == text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('{"pin": "1234"}', '{"pin": "${TOKEN_0}"}'),
        ('{"pin": 1234}', '{"pin": ${TOKEN_0}}'),
        ('{"1234": true}', '{"${TOKEN_0}": true}'),
        ("1234", "${TOKEN_0}"),
        ("Bearer 1234", "Bearer ${TOKEN_0}"),
        ("/x?pin=1234&q=1", "/x?pin=${TOKEN_0}&q=1"),
        ("%221234%22", "%22${TOKEN_0}%22"),
        ("wrong: 1234.", "wrong: ${TOKEN_0}."),
        ('"MTIzNA=="', '"${TOKEN_0}=="'),
        ("/contacts/eyJwaW4iOiAiMTIzNCJ9", "/contacts/${TOKEN_0}"),
    ],
)
def test_a_short_secret_that_is_a_whole_value_is_found(text: str, clean: str) -> None:
    assert _redactor("1234").text(text) == clean


def test_what_was_judged_keeps_short_secrets_even_as_whole_values() -> None:
    assert _redactor("1234").judged(b'{"Id": "1234"}') == b'{"Id": "1234"}'


@pytest.mark.parametrize(
    "piece",
    [
        "\\u0041",
        "%25",
        "&amp;",
        "&",
        '"',
        '","',
        "\\",
        "\x00a",
        "=41",
        "=\n",
        "<",
        "<b>",
        "aaaaaaaa",
        "x ",
        "TWFu",
        "{[",
    ],
)
def test_a_long_text_of_one_kind_is_searched_in_linear_time(piece: str) -> None:
    redactor = _redactor(TOKEN, "a" * 20, "1234")
    begun = time.process_time()

    redactor.content((piece * (400_000 // len(piece))).encode())

    assert time.process_time() - begun < 60  # what is quadratic takes many minutes


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("X-Auth-Token", "of-somebody-else", "[removed]"),
        ("X-Session-Key", "abc defghi", "abc [removed]"),
        ("X-Auth-Required", "true", "true"),
        ("X-Session", "true", "true"),
        ("Access-Control-Allow-Credentials", "true", "true"),
        ("WWW-Authenticate", 'Bearer realm="contacts"', 'Bearer realm="contacts"'),
        ("X-Author", "Ada Byron", "Ada Byron"),
    ],
)
def test_headers_of_foreign_credentials_are_known_by_their_names(name: str, value: str, shown: str) -> None:
    assert _redactor(TOKEN).headers([(name, value)]) == ((name, shown),)
