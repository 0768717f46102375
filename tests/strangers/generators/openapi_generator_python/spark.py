"""Creates, reads, lists, changes and removes a contact through the client that openapi-generator makes."""

import sys

from client import (
    ApiClient,
    Configuration,
    ContactChange,
    ContactChangeBody,
    ContactsApi,
    NewContact,
    NewContactBody,
)
from client.exceptions import NotFoundException

url, token, mark = sys.argv[1:]
service = ContactsApi(ApiClient(Configuration(host=url, access_token=token)))

sent = NewContact(DisplayName=mark, PrimaryEmail=f"{mark}@example.com", GivenName="Ada", Tags=[mark])
created = service.create_contact(NewContactBody(D=sent))
contact_id = created.d.results[0].resource_uri.rpartition("/")[2]

found = service.read_contact(contact_id).d.results
assert found
assert (found[0].display_name, found[0].tags) == (mark, [mark])

listed = service.list_contacts(filter=f"DisplayName Eq '{mark}'", limit=5, pagination="1").d
assert listed.results
assert listed.pagination
assert (listed.pagination.total_rows, [c.id for c in listed.results]) == (1, [contact_id])

assert service.change_contact(contact_id, ContactChangeBody(D=ContactChange(FamilyName="Byron"))).d.success
again = service.read_contact(contact_id).d.results
assert again
assert again[0].family_name == "Byron"

assert service.remove_contact(contact_id).d.success
try:
    service.read_contact(contact_id)
except NotFoundException as refusal:
    status = refusal.status
else:
    status = None
assert status == 404
