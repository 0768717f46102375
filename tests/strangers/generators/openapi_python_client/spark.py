"""Creates, reads, lists, changes and removes a contact through the client that openapi-python-client makes."""

import sys

from client import AuthenticatedClient
from client.api.contacts import change_contact, create_contact, list_contacts, read_contact, remove_contact
from client.models import (
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
service = AuthenticatedClient(base_url=url, token=token)

sent = NewContact(display_name=mark, primary_email=f"{mark}@example.com", given_name="Ada", tags=[mark])
created = create_contact.sync(client=service, body=NewContactBody(d=sent))
assert isinstance(created, CreatedAnswer)
contact_id = created.d.results[0].resource_uri.rpartition("/")[2]

found = read_contact.sync(contact_id, client=service)
assert isinstance(found, ContactsAnswer)
assert found.d.results
assert (found.d.results[0].display_name, found.d.results[0].tags) == (mark, [mark])

listed = list_contacts.sync(client=service, field_filter_=f"DisplayName Eq '{mark}'", field_limit=5)
assert isinstance(listed, ContactsAnswer)
assert listed.d.results
assert [c.id for c in listed.d.results] == [contact_id]

change = ContactChangeBody(d=ContactChange(family_name="Byron"))
assert isinstance(change_contact.sync(contact_id, client=service, body=change), DoneAnswer)
again = read_contact.sync(contact_id, client=service)
assert isinstance(again, ContactsAnswer)
assert again.d.results
assert again.d.results[0].family_name == "Byron"

assert isinstance(remove_contact.sync(contact_id, client=service), DoneAnswer)
gone = read_contact.sync(contact_id, client=service)
assert isinstance(gone, FailureAnswer)
assert gone.d.code == 404
