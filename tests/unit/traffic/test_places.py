"""Where a service is, and what an address belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacts_conformance import contract
from contacts_conformance.errors import UsageError
from contacts_conformance.traffic import capture, paths
from contacts_conformance.traffic.places import Places

from .captured import VENDORS, Vendor, a_file, an_entry


@pytest.mark.parametrize(
    ("provider", "method", "path", "operation"),
    [
        ("spark", "GET", "/v1/contacts/20101012234275689500000000", "readContact"),
        ("spark", "GET", "/v1/contacts/tags", ""),
        ("spark", "GET", "/v1/contacts/export", ""),
        ("spark", "GET", "/v1/contacts/tags/Buyers", ""),
        ("spark", "GET", "/v1/contacts/unconnected", "listUnconnected"),
        ("spark", "PUT", "/v1/contacts/unconnected", ""),
        ("spark", "GET", "/v1/my/contact", "readMyContact"),
        ("flexmls", "GET", "/v1/contacts/201010122342756895000000", "readContact"),
        ("flexmls", "GET", "/v1/contacts/tags", ""),
        ("flexmls", "GET", "/v1/contacts/tags/Web%20Leads", "listTagged"),
        ("liondesk", "GET", "/contacts/17", "readContact"),
        ("liondesk", "GET", "//contacts/17/", "readContact"),
        ("liondesk", "GET", "/contacts/search", ""),
        ("liondesk", "PATCH", "/contacts/bulk", ""),
        ("ngpvan", "GET", "/contacts/VN93A9H7CW7", "readContact"),
        ("ngpvan", "GET", "/contacts/findOrCreate", ""),
        ("ngpvan", "POST", "/contacts/findOrCreate", "createContact"),
        ("ngpvan", "POST", "/contacts/find", ""),
    ],
)
def test_a_word_in_the_place_of_an_id_is_another_resource(
    provider: str, method: str, path: str, operation: str
) -> None:
    found = paths.operation(contract.load(provider), method, path)

    assert bool(found) == bool(operation), found and found.id


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda v: v.name)
def test_each_server_of_the_contract_is_known(vendor: Vendor) -> None:
    document = contract.load(vendor.name).document
    service = Places(contract.load(vendor.name))

    for server in document["servers"]:
        assert service.below(server["url"] + vendor.path) == vendor.path
    assert service.below("https://elsewhere.example" + vendor.path) is None


def test_the_hosts_of_clients_of_spark_are_known() -> None:
    service = Places(contract.load("spark"))

    assert service.below("https://sparkapi.com/v1/contacts") == "/v1/contacts"
    assert service.below("https://api.sparkapi.com:443/v1/contacts?x=1") == "/v1/contacts"


def test_several_base_urls_can_be_said_and_the_longest_one_counts(tmp_path: Path) -> None:
    entries = [
        an_entry(base="http://one.example/api", path="/contacts/1"),
        an_entry(base="https://two.example", path="/contacts/2"),
        an_entry(base="https://two.example/old", path="/contacts/3"),
        an_entry(base="https://three.example", path="/contacts/4"),
    ]

    found = capture.read(
        a_file(tmp_path, *entries),
        "liondesk",
        "http://one.example/api",
        "https://two.example",
        "https://two.example/old",
    )

    assert [s.exchange.url.rpartition("/")[2] for s in found.exchanges] == ["1", "2", "3"]
    assert {s.operation for s in found.exchanges} == {"readContact"}
    assert found.origin.base_url == "http://one.example/api"


def test_each_base_url_has_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--base-url two\.example: is no http or https URL"):
        capture.read(a_file(tmp_path, an_entry()), "liondesk", "https://one.example", "two.example")


def test_http_and_https_are_one_at_the_vendors_host_alone() -> None:
    liondesk = contract.load("liondesk")

    assert Places(liondesk).below("http://API-v2.liondesk.com./contacts") == "/contacts"
    assert Places(liondesk).below("http://api-v2.liondesk.com:8080/contacts") is None
    assert Places(liondesk, ["https://one.example"]).below("http://one.example/contacts") is None
