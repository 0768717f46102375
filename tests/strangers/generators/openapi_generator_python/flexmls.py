"""Adds, reads and lists a contact through the client that openapi-generator makes."""

import sys

from client import ApiClient, Configuration, ContactsApi, NewContact, NewContactBody, NewContacts
from client.exceptions import NotFoundException

url, token, mark = sys.argv[1:]
service = ContactsApi(ApiClient(Configuration(host=url, access_token=token)))

sent = NewContact(DisplayName=mark, PrimaryEmail=f"{mark}@example.com", Tag=[mark])
created = service.create_contact(NewContactBody(D=NewContacts(Contacts=[sent])))
contact_id = created.d.results[0].resource_uri.rpartition("/")[2]

found = service.read_contact(contact_id).d.results
assert found
assert (found[0].display_name, found[0].tags) == (mark, [mark])

tagged = service.list_tagged(mark).d.results
assert tagged
assert [c.id for c in tagged] == [contact_id]

page = service.list_contacts(limit=1).d.results
assert page
assert len(page) == 1

try:
    service.read_contact("1")
except NotFoundException as refusal:
    status = refusal.status
else:
    status = None
assert status == 404
