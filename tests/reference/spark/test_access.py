"""Credentials, signed sessions and roles."""

import pytest

from contacts_conformance.reference.sparkapi.users import signature

from .world import Client, World

WHERE = {
    "list": ("GET", "/v1/contacts"),
    "create": ("POST", "/v1/contacts"),
    "unconnected": ("GET", "/v1/contacts/unconnected"),
    "read": ("GET", "/v1/contacts/{known}"),
    "change": ("PUT", "/v1/contacts/{known}"),
    "my": ("GET", "/v1/my/contact"),
    "my change": ("PUT", "/v1/my/contact"),
}
REFUSED = {
    "public": {"create": 405, "change": 405, "my": 403, "my change": 403},
    "vow": dict.fromkeys(("list", "create", "unconnected", "read", "change"), 403),
    "portal": dict.fromkeys(("list", "create", "unconnected", "read", "change"), 403),
    "private": {"my": 403, "my change": 403},
    "idx": {"my": 403, "my change": 403},
}


@pytest.mark.parametrize("role", REFUSED)
@pytest.mark.parametrize("what", WHERE)
def test_a_role_may_do_what_the_page_says(world: World, role: str, what: str) -> None:
    method, path = WHERE[what]
    known = world.private.create()
    bodies = {"create": {"DisplayName": "B", "PrimaryEmail": "b@example.com"}, "change": {"GivenName": "B"}}
    body = bodies.get(what.removeprefix("my "))

    answer = world.of(role).request(
        method, path.replace("/v1/contacts/{known}", known), **({"json": {"D": body}} if body else {})
    )

    expected = REFUSED[role].get(what, 201 if what == "create" else 200)
    assert answer.status_code == expected, answer.text
    assert answer.json()["D"]["Success"] is (expected < 300)


@pytest.mark.parametrize("authorization", [None, "Bearer nobody", "Basic reference-private-token", "Bearer"])
def test_nobody_is_answered_401(world: World, authorization: str | None) -> None:
    answer = world.client(authorization).get("/v1/contacts")

    assert (answer.status_code, answer.json()["D"]["Code"]) == (401, 1000)


def test_both_words_are_taken(world: World) -> None:
    assert world.of("idx", "OAuth").get("/v1/contacts").status_code == 200


def test_an_expired_token_has_its_own_code(world: World) -> None:
    answer = world.of("expired").get("/v1/contacts")

    assert (answer.status_code, answer.json()["D"]["Code"]) == (401, 1020)


def test_signatures_are_the_vendors() -> None:
    assert signature("1234", "ApiKeyabcd") == "2fde9e59147081ad4e39382e1f809710"
    path = "ApiKeykServicePath/v1/contacts"
    assert signature("s", f"{path}AuthToken1234") == "60c7d77546f2d078a58d2fcaa2914c4f"
    assert signature("s", f"{path}/tags/IDX%20LeadAuthToken1234") == "162b870f780c2e2a666b345c87c7eeff"


def _opened(world: World) -> tuple[Client, str]:
    client = world.client()
    signed = signature("reference-secret", "ApiKeyreference-key")
    answer = client.post(f"/v1/session?ApiKey=reference-key&ApiSig={signed}")
    assert answer.status_code == 200, answer.text
    return client, answer.json()["D"]["Results"][0]["AuthToken"]


def _url(path: str, token: str, query: str = "", glued: str = "", body: str = "") -> str:
    text = f"ApiKeyreference-keyServicePath{path}AuthToken{token}{glued}{body}"
    return f"{path}?AuthToken={token}{query}&ApiSig={signature('reference-secret', text)}"


def test_a_session_signs_every_call(world: World) -> None:
    client, token = _opened(world)
    body = '{"D":{"DisplayName":"Ada","PrimaryEmail":"ada@example.com"}}'
    label = {"Content-Type": "application/json"}

    assert client.get(_url("/v1/contacts", token, "&_limit=5", "_limit5")).status_code == 200
    assert client.get(_url("/v1/contacts/tags/IDX%20Lead", token)).status_code == 200
    made = client.request("POST", _url("/v1/contacts", token, body=body), content=body, headers=label)
    assert made.status_code == 201, made.text


def test_a_wrong_signature_is_refused(world: World) -> None:
    client, token = _opened(world)

    assert client.get(f"/v1/contacts?AuthToken={token}&ApiSig={'0' * 32}").status_code == 401
    assert client.post(f"/v1/session?ApiKey=reference-key&ApiSig={'0' * 32}").status_code == 401


@pytest.mark.parametrize(("hours", "code"), [(0.9, None), (1.1, 1020), (25, 1020)])
def test_a_session_idles_out(world: World, hours: float, code: int | None) -> None:
    client, token = _opened(world)
    world.clock.go(hours=hours)

    assert client.get(_url("/v1/contacts", token)).json()["D"].get("Code") == code


def test_a_key_has_one_session(world: World) -> None:
    client, first = _opened(world)
    _, second = _opened(world)

    assert client.get(_url("/v1/contacts", first)).json()["D"]["Code"] == 1020
    assert client.get(_url("/v1/contacts", second)).status_code == 200


def test_a_short_session_has_to_be_renewed() -> None:
    world = World(variant="sessions-are-short")
    client, token = _opened(world)

    codes = [client.get(_url("/v1/contacts", token)).json()["D"].get("Code") for _ in range(16)]

    assert codes == [None] * 15 + [1020]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/contacts"), ("DELETE", "/v1/contacts"), ("POST", "/v1/contacts/unconnected"),
        ("PUT", "/v1/contacts/unconnected"), ("DELETE", "/v1/contacts/unconnected"), ("POST", "/v1/contacts/1"),
        ("POST", "/v1/my/contact"), ("DELETE", "/v1/my/contact"), ("POST", "/v1/contacts/tags/a"),
        ("PATCH", "/v1/contacts"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["private", "portal"])
def test_a_method_that_is_not_there_is_answered_405(world: World, role: str, method: str, path: str) -> None:
    answer = world.of(role).request(method, path)

    assert (answer.status_code, answer.json()["D"]["Code"]) == (405, 405)
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", ["/", "/v1", "/contacts", "/v2/contacts", "/v1/contacts/1/2/3"])
def test_an_unknown_path_is_answered_404(world: World, path: str) -> None:
    assert world.private.get(path).status_code == 404
