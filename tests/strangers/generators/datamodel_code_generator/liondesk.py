"""Creates, reads, lists, changes and removes a contact with the models that datamodel-code-generator makes."""

import sys
from datetime import UTC, datetime

import httpx
from models import Contact, ContactChange, CreatedContact, NewContact, Page

url, token, mark = sys.argv[1:]
service = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})


def body(model: NewContact | ContactChange) -> dict[str, object]:
    fields: dict[str, object] = model.model_dump(mode="json", exclude_unset=True, by_alias=True)
    return fields


sent = NewContact(first_name="Ada", company=mark, email="ada@example.com", created_at="2016-07-01T12:12:11.000Z")
created = CreatedContact.model_validate(service.post("/contacts", json=body(sent)).json())
place = f"/contacts/{created.id.root}"

found = Contact.model_validate(service.get(place).json())
assert (found.first_name, found.company) == ("Ada", mark)
assert found.created_at == datetime(2016, 7, 1, 12, 12, 11, tzinfo=UTC)

page = Page.model_validate(service.get("/contacts", params={"company": mark}).json())
assert (page.total, [c.id for c in page.data]) == (1, [created.id])

service.patch(place, json=body(ContactChange(last_name="Byron"))).raise_for_status()
assert Contact.model_validate(service.get(place).json()).last_name == "Byron"

service.delete(place).raise_for_status()
assert service.get(place).status_code == 404
