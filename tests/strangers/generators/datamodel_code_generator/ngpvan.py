"""Creates, reads and updates a contact with the models that datamodel-code-generator makes."""

import sys

import httpx
from models import Contact, ContactReference, Email, Emails, EmailType, Errors, Individual, NewContact

url, key, mark = sys.argv[1:]
service = httpx.Client(base_url=url, headers={"apiKey": key})


def body(individual: Individual) -> dict[str, object]:
    fields: dict[str, object] = NewContact(individual).model_dump(mode="json", exclude_unset=True, by_alias=True)
    return fields


main = Email(address=f"{mark}@example.com", type=EmailType.MAIN)
sent = Individual(type="INDIVIDUAL", firstName="Ada", lastName=mark, emails=Emails([main]))
created = ContactReference.model_validate(service.post("/contacts", json=body(sent)).json())
place = f"/contacts/{created.contactId}"

found = Contact.model_validate(service.get(place).json())
assert found.lastName == mark
assert found.emails
assert found.emails.root[0].address == f"{mark}@example.com"

change = Individual(type="INDIVIDUAL", firstName="Ada", lastName=mark, occupation="Mathematician")
service.post(place, json=body(change)).raise_for_status()
assert Contact.model_validate(service.get(place).json()).occupation == "Mathematician"

nobody = service.post("/contacts", json=body(Individual(type="INDIVIDUAL")))
assert Errors.model_validate(nobody.json()).errors
