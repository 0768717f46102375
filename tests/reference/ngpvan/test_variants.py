"""The variants: each creates, merges and reads, whatever else it does differently."""

import pytest

from contacts_conformance.reference import ngpvan

from .world import ADA, KEYS, Client, basic


@pytest.mark.parametrize("variant", ngpvan.VARIANTS)
def test_a_variant_creates_and_merges(variant: str) -> None:
    app = ngpvan.application(variant=variant)
    tenant = Client(app, basic(KEYS["tenant"]))
    paths = ("/contacts", "/contacts/findOrCreate")
    path = next(p for p in paths if tenant.request("POST", p, json={}).status_code not in (404, 405))

    first, second = (tenant.request("POST", path, json=ADA) for _ in range(2))

    assert first.status_code == 201
    assert second.json()["contactId"] == first.json()["contactId"]
    read = tenant.request("GET", f"/contacts/{first.json()['contactId']}").json()
    assert read.get("contact", read)["firstName"] == "Ada"
