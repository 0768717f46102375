"""Creates, reads and updates a contact through the client that openapi-generator makes."""

import sys

from client import (
    ApiClient,
    Configuration,
    ContactChange,
    ContactsApi,
    Email,
    EmailType,
    Individual,
    NewContact,
    Organization,
)
from client.exceptions import ApiException

url, key, mark = sys.argv[1:]
service = ContactsApi(ApiClient(Configuration(host=url, api_key={"apiKey": key})))

main = Email(address=f"{mark}@example.com", type=EmailType.MAIN)
sent = Individual(type="INDIVIDUAL", firstName="Ada", lastName=mark, emails=[main])
created = service.create_contact(NewContact(sent))

found = service.read_contact(created.contact_id)
assert found.last_name == mark
assert found.emails
assert found.emails[0].address == f"{mark}@example.com"

change = Individual(type="INDIVIDUAL", firstName="Ada", lastName=mark, occupation="Mathematician")
service.update_contact(created.contact_id, ContactChange(change))
assert service.read_contact(created.contact_id).occupation == "Mathematician"

firm = Organization(type="ORGANIZATION", commonName=f"{mark} Engines")
assert service.create_contact(NewContact(firm)).contact_id

try:
    service.create_contact(NewContact(Individual(type="INDIVIDUAL")))
except ApiException as refusal:
    status = refusal.status
else:
    status = None
assert status == 400
