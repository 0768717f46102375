from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance import target as targets
from contacts_conformance.errors import NotVerified, UsageError
from contacts_conformance.target import IdentityKeys, Secret

LITERAL = 'the file must not contain a secret; write "${OWNER_TOKEN}" and set the environment variable OWNER_TOKEN'
UNPRINTABLE = "begins or ends with a blank, or contains control characters; remove them"
KEYS = IdentityKeys(
    secrets=frozenset({"token"}),
    attributes=frozenset({"user_id"}),
    roles=("owner", "outsider"),
    known=("teammate",),
    settings=("site",),
    required=frozenset({"token"}),
)
ENVIRON = {"OWNER_TOKEN": "s3cr3t-token", "EMPTY": "", "BLANK": " s3cr3t", "BELL": "s3\acr3t"}
WHOLE = """
provider = "liondesk"
name = "my account"
base_url = "https://api.example.com/v1/"
writes = true

[identities.owner]
token = "${OWNER_TOKEN}"
user_id = "1"

[known]
teammate = "2"

[limits]
requests_per_second = 5
max_wait = 10

[offers]
roles = ["owner"]
without = ["liondesk.filter"]
"""


def _load(text: str | bytes, folder: Path) -> targets.Target:
    path = folder / "my.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return targets.load(path, KEYS, ENVIRON)


def _lines(text: str | bytes, folder: Path) -> list[str]:
    with pytest.raises(UsageError) as mistake:
        _load(text, folder)
    return [line.removeprefix(f"{folder}/my.toml: ") for line in mistake.value.lines]


def _with(line: str, table: str = "") -> str:
    """A file whose only mistake may be one line, in its table."""
    head, _, rest = WHOLE.partition("\n[identities.owner]\n")
    if not table:
        return f"{head}{line}\n\n[identities.owner]\n{rest}"
    return (
        WHOLE.replace(f"[{table}]\n", f"[{table}]\n{line}\n")
        if f"[{table}]" in WHOLE
        else f"{WHOLE}\n[{table}]\n{line}\n"
    )


def test_a_file_describes_a_target(tmp_path: Path) -> None:
    target = _load(WHOLE, tmp_path)

    assert (target.provider, target.name, target.base_url) == ("liondesk", "my account", "https://api.example.com/v1")
    assert target.identities["owner"].secrets == {"token": Secret("OWNER_TOKEN", "s3cr3t-token")}
    assert target.identities["owner"].attributes == {"user_id": "1"}
    assert (target.limits.requests_per_second, target.limits.max_wait, target.limits.max_requests) == (5, 10, None)
    assert (target.offers.roles, target.offers.without) == (("owner",), ("liondesk.filter",))
    assert (target.writes, target.leaves_contacts, target.embedded) == (True, False, False)


def test_writing_is_not_permitted_unless_the_file_says_so(tmp_path: Path) -> None:
    assert not _load(WHOLE.replace("writes = true", ""), tmp_path).writes


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert _load(b"\xef\xbb\xbf" + WHOLE.encode(), tmp_path).provider == "liondesk"
    assert targets.provider_of(tmp_path / "my.toml") == "liondesk"


def test_secrets_are_shown_by_their_variables(tmp_path: Path) -> None:
    target = _load(WHOLE, tmp_path)

    assert "s3cr3t" not in repr(target)
    assert [str(s) for s in target.secrets] == ["${OWNER_TOKEN}"]
    assert str(target.identity("owner")) == "owner"


def test_what_the_file_does_not_give_is_not_verified(tmp_path: Path) -> None:
    target = _load(WHOLE, tmp_path)

    assert target.known_id("teammate") == "2"
    with pytest.raises(NotVerified, match=r"no id of 'outsider'; add the key outsider to the table \[known\]"):
        target.known_id("outsider")
    with pytest.raises(NotVerified, match=r"no identity 'outsider'; add a table \[identities\.outsider\]"):
        target.identity("outsider")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost/api", "https://[::1]:8443"])
def test_no_address_says_that_an_account_may_be_emptied(url: str, tmp_path: Path) -> None:
    here = WHOLE.replace("https://api.example.com/v1/", url)

    assert not _load(here, tmp_path).disposable
    assert not _load(here, tmp_path).leaves_contacts
    assert _load(here.replace("writes = true", "writes = true\ndisposable = true"), tmp_path).disposable


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (_with('nme = "x"'), "nme: unknown key; did you mean name?"),
        (_with("zzz = 1"), "zzz: unknown key; choose from "),
        (_with("max_requets = 5", "limits"), "limits.max_requets: unknown key; did you mean max_requests?"),
        (_with("totall = 5", "timeouts"), "timeouts.totall: unknown key; did you mean total?"),
        (_with("max_requests = 0", "limits"), "limits.max_requests: input should be greater than 0, not 0"),
        (_with('max_body = "big"', "limits"), "limits.max_body: input should be a valid integer, unable to parse"),
        (_with("read = inf", "timeouts"), "timeouts.read: input should be a finite number, not inf"),
        (
            _with("total = 1e9", "timeouts"),
            "timeouts.total: input should be less than or equal to 86400, not 1000000000.0",
        ),
        (WHOLE.replace("writes = true", 'writes = "perhaps"'), "writes: input should be a valid boolean"),
        (WHOLE.replace("writes = true", "writes = []"), "writes: input should be a valid boolean, not []"),
        (
            WHOLE.replace("writes = true", 'disposable = "perhaps"'),
            "disposable: input should be a valid boolean, unable to interpret input, not 'perhaps'",
        ),
        (WHOLE.replace("writes = true", "disposible = true"), "disposible: unknown key; did you mean disposable?"),
        (WHOLE.replace('name = "my account"', "name = 7"), "name: input should be a valid string, not 7"),
        (_with("headers = 5"), "headers: input should be a valid dictionary"),
        (_with('path = "no-slash"', "share"), "share.path: string should match pattern '^/', not 'no-slash'"),
        (_with('teammat = "3"', "known"), "known.teammat: unknown key; did you mean teammate?"),
        (_with('place = "3"', "settings"), "settings.place: unknown key; choose from site"),
        (WHOLE.replace('["owner"]', '["ownr"]'), "offers.roles: unknown role 'ownr'; did you mean owner?"),
        (WHOLE + '[identities.onwer]\ntoken = "${OWNER_TOKEN}"', "identities.onwer: unknown role; did you mean owner?"),
        (
            _with('tokn = "${OWNER_TOKEN}"', "identities.owner"),
            "identities.owner.tokn: unknown key; did you mean token?",
        ),
        (_with("user_name = 5", "identities.owner"), "identities.owner.user_name: input should be a valid string"),
        (WHOLE + "[identities.outsider]", 'identities.outsider.token: missing; write token = "${OUTSIDER_TOKEN}"'),
        (WHOLE.replace('base_url = "https://api.example.com/v1/"', ""), 'base_url: missing; write base_url = "…"'),
    ],
)
def test_each_mistake_gets_a_line_that_names_the_key_and_what_is_wrong(text: str, line: str, tmp_path: Path) -> None:
    (found,) = _lines(text, tmp_path)

    assert found.startswith(line)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("s3cr3t-token", LITERAL),
        ("$OWNER_TOKEN", LITERAL),
        ("Bearer ${OWNER_TOKEN}", LITERAL),
        ("${MISSING}", "the environment variable MISSING is not set; set it to the secret"),
        ("${EMPTY}", "the environment variable EMPTY is empty; set it to the secret"),
        ("${BLANK}", f"the environment variable BLANK {UNPRINTABLE}"),
        ("${BELL}", f"the environment variable BELL {UNPRINTABLE}"),
    ],
)
def test_secrets_come_from_the_environment(value: str, line: str, tmp_path: Path) -> None:
    lines = _lines(WHOLE.replace("${OWNER_TOKEN}", value), tmp_path)

    assert lines == [f"identities.owner.token: {line}"]


def test_no_line_shows_a_secret(tmp_path: Path) -> None:
    wrong = (
        WHOLE.replace('"${OWNER_TOKEN}"', '"hunter2hunter2"'),
        WHOLE.replace('"${OWNER_TOKEN}"', '["hunter2hunter2"]'),
        _with('tokn = "hunter2hunter2"', "identities.owner"),
        WHOLE.replace("https://", "https://me:hunter2hunter2@"),
        WHOLE.replace("https://", "htps://me:hunter2hunter2@"),
        _with('headers = {Authorization = "hunter2hunter2"}'),
    )

    for text in wrong:
        lines = _lines(text, tmp_path)
        assert len(lines) == 1
        assert "hunter2" not in lines[0]


@pytest.mark.parametrize(
    "url",
    [
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https:///path",
        "https://api.example.com/?a=1",
        "https://api.example.com/#top",
        "https://api example.com",
        "",
        "https://api.example.com:port",
        "https://api.example.com:99999",
        "https://[::1",
        "https://me:secret@api.example.com",
        "https://api.example.com\u0000",
    ],
)
def test_an_address_that_is_none_is_a_mistake(url: str, tmp_path: Path) -> None:
    text = WHOLE.replace("https://api.example.com/v1/", url.replace("\0", "\\u0000"))

    (line,) = _lines(text, tmp_path)

    assert line.startswith("base_url: ")
    assert "write https://host/path" in line


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        (
            '{Authorization = "x"}',
            "headers.Authorization: credentials do not belong here; put them in a table [identities.<role>]",
        ),
        ('{"X Y" = "1"}', "headers.X Y: not the name of a header; use letters, digits and hyphens"),
        ('{"X-A" = "a\\nb"}', "headers.X-A: the value contains control characters; remove them"),
    ],
)
def test_headers_have_to_be_headers(headers: str, line: str, tmp_path: Path) -> None:
    (found,) = _lines(_with(f"headers = {headers}"), tmp_path)

    assert found.startswith(line)


@pytest.mark.parametrize(("proxy", "ok"), [("http://proxy:3128", True), ("socks5://proxy", False), ("proxy:80", False)])
def test_a_proxy_speaks_http(proxy: str, ok: bool, tmp_path: Path) -> None:
    text = _with(f'proxy = "{proxy}"')

    if ok:
        assert _load(text, tmp_path).proxy == proxy
    else:
        assert _lines(text, tmp_path)[0].startswith("proxy: ")


def test_certificates_have_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("hello")

    (missing,) = _lines(_with(f'ca_file = "{tmp_path}/none.pem"', "tls"), tmp_path)
    (wrong,) = _lines(_with(f'ca_file = "{tmp_path}/no.pem"', "tls"), tmp_path)

    assert missing == f"tls.ca_file: {tmp_path}/none.pem cannot be read: No such file or directory"
    assert wrong == f"tls.ca_file: {tmp_path}/no.pem contains no certificates in PEM format; name a file that does"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("${OWNER_TOKEN}", "literal").replace("teammate", "teamate").replace('["owner"]', '["me"]')

    lines = _lines(text, tmp_path)

    assert [line.partition(":")[0] for line in lines] == ["identities.owner.token", "known.teamate", "offers.roles"]


def test_several_wrong_types_are_told_at_once(tmp_path: Path) -> None:
    lines = _lines('provider = 1\nbase_url = 2\nwrites = "x"', tmp_path)

    assert [line.partition(":")[0] for line in lines] == ["provider", "base_url", "writes"]


def test_a_run_needs_an_identity(tmp_path: Path) -> None:
    text = WHOLE.replace('[identities.owner]\ntoken = "${OWNER_TOKEN}"\nuser_id = "1"\n', "")

    assert _lines(text, tmp_path) == ["identities: missing; add at least one table [identities.<role>]"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("provider = ", "is not TOML: Invalid value (at end of document)"),
        ("a = 1\na = 2", "is not TOML: Cannot overwrite a value (at end of document)"),
        ('provider = "liondesk"\nname = "K\xf6ln"'.encode("latin-1"), "is not UTF-8 (byte 31); save it as UTF-8 text"),
        (WHOLE.encode("utf-16"), "is not UTF-8 (byte 0); save it as UTF-8 text"),
    ],
)
def test_a_file_that_is_no_toml_is_wrong_use(content: str | bytes, line: str, tmp_path: Path) -> None:
    assert _lines(content, tmp_path) == [line]
    with pytest.raises(UsageError) as mistake:
        targets.provider_of(tmp_path / "my.toml")
    assert mistake.value.lines == (f"{tmp_path}/my.toml: {line}",)


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    for read in (lambda p: targets.load(p, KEYS), targets.provider_of):
        with pytest.raises(UsageError, match=r"none\.toml: cannot be read: No such file or directory"):
            read(tmp_path / "none.toml")
        with pytest.raises(UsageError, match="cannot be read: Is a directory"):
            read(tmp_path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 'provider: missing; write provider = "…", one of '),
        ('provider = "lion"', "provider: 'lion' is not a provider; write one of "),
        ("provider = [1]", "provider: [1] is not a provider; write one of "),
    ],
)
def test_a_file_says_whom_it_is_for(text: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text)

    with pytest.raises(UsageError) as mistake:
        targets.provider_of(path)

    (found,) = mistake.value.lines
    assert found.startswith(f"{path}: {line}")
    assert "liondesk" in found


def test_the_embedded_server_needs_no_file() -> None:
    document: dict[str, Any] = {"provider": "liondesk", "identities": {"owner": {"token": "clear", "user_id": "1"}}}

    target = targets.embedded(document, "http://127.0.0.1:1", KEYS)

    assert (target.embedded, target.writes, target.name) == (True, True, "reference server")
    assert target.identity("owner").secrets["token"] == Secret("LIONDESK_OWNER_TOKEN", "clear")


def test_a_job_of_ci_is_known_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    assert targets.in_ci({"CI": "true"})
    assert not targets.in_ci({})
    assert not targets.in_ci()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda i: st.lists(i) | st.dictionaries(st.text(), i)
    )
)
def test_whatever_a_file_holds_it_is_a_target_or_wrong_use(value: Any) -> None:
    keys = [
        "provider",
        "base_url",
        "identities",
        "known",
        "share",
        "offers",
        "limits",
        "timeouts",
        "tls",
        "headers",
        "proxy",
    ]
    for key in keys:
        plain = {"provider": "liondesk", "base_url": "https://x", "identities": {"owner": {"token": "${T}"}}}
        try:
            targets.parse({**plain, key: value}, KEYS, {"T": "s3cr3t"}, "file")
        except UsageError as mistake:
            lines = mistake.lines
        else:
            continue
        assert all(line.startswith("file: ") and "\n" not in line for line in lines)
