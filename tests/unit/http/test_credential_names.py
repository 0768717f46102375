"""Which names and values are those of credentials."""

from __future__ import annotations

import pytest

from contacts_conformance.http.credential_names import may_be_credential, names_credential


@pytest.mark.parametrize(
    "name",
    [
        "Authorization", "authToken", "AuthToken", "access_token", "X-Api-Key", "apikey", "ApiSig", "client_secret",
        "password", "PHPSESSID", "sid", "X-CSRF-Token", "_session", "X-Amz-Signature", "signingKey", "id_token",
        "csrftoken", "ASP.NET_SessionId", "APIKey", "userPassword", "accesskey",
    ],
)  # fmt: skip
def test_a_credential_is_known_by_its_name(name: str) -> None:
    assert names_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        ":authority", "author", "Access-Control-Allow-Credentials", "WWW-Authenticate", "token_type", "expires_in",
        "session_expires_at", "secretary", "key", "code", "Sec-Fetch-Site", "signature_version", "auth_url", "",
    ],
)  # fmt: skip
def test_what_speaks_of_something_else_is_none(name: str) -> None:
    assert not names_credential(name)


@pytest.mark.parametrize("name", ["key", "code", "pin"])
def test_short_names_count_in_a_query(name: str) -> None:
    assert names_credential(name, in_query=True)


@pytest.mark.parametrize("value", ["true", "None", "bearer", "abc", "", "***", "[removed]", "${TOKEN}", "<hidden>"])
@pytest.mark.parametrize("surely", [True, False])
def test_plain_words_are_no_credentials(value: str, surely: bool) -> None:
    assert not may_be_credential(value, surely=surely)


@pytest.mark.parametrize(
    ("value", "surely"), [("hunter", True), ("hunter", False), ("1234", False), ("a1b2", False), ("two words", False)]
)
def test_a_value_may_need_a_name_that_is_certain(value: str, surely: bool) -> None:
    assert may_be_credential(value, surely=surely) == (surely or value == "a1b2")
