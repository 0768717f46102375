"""Creates, reads, lists, changes and removes a contact through the client that openapi-python-client makes."""

import sys
from datetime import UTC, datetime

from client import AuthenticatedClient
from client.api.contacts import change_contact, create_contact, list_contacts, read_contact, remove_contact
from client.models import ChangedContact, Contact, ContactChange, CreatedContact, Direction, NewContact, Page, Refusal

url, token, mark = sys.argv[1:]
service = AuthenticatedClient(base_url=url, token=token)

sent = NewContact(
    first_name="Ada", company=mark, email="ada@example.com", created_at="2016-07-01T12:12:11.000Z", hotness_id=12
)
created = create_contact.sync(client=service, body=sent)
assert isinstance(created, CreatedContact)
contact_id = str(created.id)

found = read_contact.sync(contact_id, client=service)
assert isinstance(found, Contact)
assert (found.first_name, found.company) == ("Ada", mark)
assert found.created_at == datetime(2016, 7, 1, 12, 12, 11, tzinfo=UTC)

page = list_contacts.sync(client=service, company=mark, limit=5, sortfirst_name=Direction.VALUE_1)
assert isinstance(page, Page)
assert (page.total, [c.id for c in page.data]) == (1, [created.id])
some = list_contacts.sync(client=service, companyin=[mark, "Analytical Engines"])
assert isinstance(some, Page)
assert some.total == 1

changed = change_contact.sync(contact_id, client=service, body=ContactChange(last_name="Byron"))
assert isinstance(changed, ChangedContact)
assert changed.last_name == "Byron"

remove_contact.sync_detailed(contact_id, client=service)
assert isinstance(read_contact.sync(contact_id, client=service), Refusal)
