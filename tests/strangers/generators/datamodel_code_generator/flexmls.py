"""Adds, reads and lists a contact with the models that datamodel-code-generator makes."""

import sys

import httpx
from models import ContactsAnswer, CreatedAnswer, FailureAnswer, NewContact, NewContactBody, NewContacts

url, token, mark = sys.argv[1:]
service = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})

contact = NewContact(DisplayName=mark, PrimaryEmail=f"{mark}@example.com", Tag=[mark])
body = NewContactBody(D=NewContacts(Contacts=[contact])).model_dump(mode="json", exclude_unset=True, by_alias=True)
created = CreatedAnswer.model_validate(service.post("/v1/contacts", json=body).json())
place = created.D.Results[0].ResourceUri

found = ContactsAnswer.model_validate(service.get(place).json())
assert found.D.Results
assert (found.D.Results[0].DisplayName, found.D.Results[0].Tags) == (mark, [mark])

tagged = ContactsAnswer.model_validate(service.get(f"/v1/contacts/tags/{mark}").json())
assert tagged.D.Results
assert [c.ResourceUri for c in tagged.D.Results] == [place]

assert FailureAnswer.model_validate(service.get("/v1/contacts/1").json()).D.Code == 404
