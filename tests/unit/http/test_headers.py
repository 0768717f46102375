"""The headers of requests as evidence keeps them: credentials in base64 are shown, and can be sent again."""

import base64

import httpx
import pytest

from contacts_conformance.http import headers
from contacts_conformance.http.recording import curl
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.target import Secret

from ..making import an_exchange

_CLEAN = Redactor((Secret("API_KEY", "6f1d2c3b-4a59-4e68"),))


def _sent(value: str) -> dict[str, str]:
    return dict(headers.sent(httpx.Headers({"authorization": value, "x-request-id": "7"}), _CLEAN.headers, _CLEAN.text))


def _basic(plain: str) -> str:
    return f"Basic {base64.b64encode(plain.encode()).decode()}"


def test_credentials_in_base64_show_whose_name_stands_beside_the_secret() -> None:
    assert _sent(_basic("apiuser:6f1d2c3b-4a59-4e68|1")) == {
        "Authorization": "Basic base64(apiuser:${API_KEY}|1)",
        "X-Request-Id": "7",
    }


@pytest.mark.parametrize("value", [_basic("somebody:else"), "Basic !", "Basic", "Bearer x", "Basic /w=="])
def test_of_credentials_that_nobody_knows_nothing_is_shown(value: str) -> None:
    assert "[removed]" in _sent(value)["Authorization"]


def test_the_curl_line_has_them_as_user_and_password() -> None:
    exchange = an_exchange(request_headers=(("Authorization", "Basic base64(apiuser:${API_KEY}|1)"),))

    assert "-u 'apiuser:'\"${API_KEY}\"'|1'" in curl(exchange)
