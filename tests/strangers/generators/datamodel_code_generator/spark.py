"""Creates, reads, lists, changes and removes a contact with the models that datamodel-code-generator makes."""

import sys

import httpx
from models import (
    ContactChange,
    ContactChangeBody,
    ContactsAnswer,
    CreatedAnswer,
    DoneAnswer,
    FailureAnswer,
    NewContact,
    NewContactBody,
)

url, token, mark = sys.argv[1:]
service = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"})


def body(model: NewContactBody | ContactChangeBody) -> dict[str, object]:
    fields: dict[str, object] = model.model_dump(mode="json", exclude_unset=True, by_alias=True)
    return fields


sent = NewContactBody(D=NewContact(DisplayName=mark, PrimaryEmail=f"{mark}@example.com", Tags=[mark]))
created = CreatedAnswer.model_validate(service.post("/v1/contacts", json=body(sent)).json())
place = created.D.Results[0].ResourceUri

found = ContactsAnswer.model_validate(service.get(place).json())
assert found.D.Results
assert (found.D.Results[0].DisplayName, found.D.Results[0].Tags) == (mark, [mark])

asked = {"_filter": f"DisplayName Eq '{mark}'", "_limit": "5", "_pagination": "1"}
listed = ContactsAnswer.model_validate(service.get("/v1/contacts", params=asked).json())
assert listed.D.Results
assert listed.D.Pagination
assert (listed.D.Pagination.TotalRows, listed.D.Results[0].Id) == (1, place.rpartition("/")[2])

change = ContactChangeBody(D=ContactChange(FamilyName="Byron"))
assert DoneAnswer.model_validate(service.put(place, json=body(change)).json()).D.Success
again = ContactsAnswer.model_validate(service.get(place).json())
assert again.D.Results
assert again.D.Results[0].FamilyName == "Byron"

assert DoneAnswer.model_validate(service.delete(place).json()).D.Success
assert FailureAnswer.model_validate(service.get(place).json()).D.Code == 404
