"""Adds, reads and lists a contact through the client that openapi-python-client makes."""

import sys

from client import AuthenticatedClient
from client.api.contacts import create_contact, list_contacts, list_tagged, read_contact
from client.models import ContactsAnswer, CreatedAnswer, FailureAnswer, NewContact, NewContactBody, NewContacts

url, token, mark = sys.argv[1:]
service = AuthenticatedClient(base_url=url, token=token)

sent = NewContact(display_name=mark, primary_email=f"{mark}@example.com", tag=[mark])
created = create_contact.sync(client=service, body=NewContactBody(d=NewContacts(contacts=[sent])))
assert isinstance(created, CreatedAnswer)
contact_id = created.d.results[0].resource_uri.rpartition("/")[2]

found = read_contact.sync(contact_id, client=service)
assert isinstance(found, ContactsAnswer)
assert found.d.results
assert (found.d.results[0].display_name, found.d.results[0].tags) == (mark, [mark])

tagged = list_tagged.sync(mark, client=service)
assert isinstance(tagged, ContactsAnswer)
assert tagged.d.results
assert [c.id for c in tagged.d.results] == [contact_id]

page = list_contacts.sync(client=service, field_limit=1)
assert isinstance(page, ContactsAnswer)
assert page.d.results
assert len(page.d.results) == 1

missing = read_contact.sync("1", client=service)
assert isinstance(missing, FailureAnswer)
assert missing.d.code == 404
