"""Creates, reads, lists, changes and removes a contact through the client that openapi-generator makes."""

import sys
from datetime import UTC, datetime

from client import ApiClient, Configuration, ContactChange, ContactsApi, Direction, NewContact, OptionalId
from client.exceptions import NotFoundException

url, token, mark = sys.argv[1:]
service = ContactsApi(ApiClient(Configuration(host=url, access_token=token)))

sent = NewContact(first_name="Ada", company=mark, created_at="2016-07-01T12:12:11.000Z", hotness_id=OptionalId(12))
created = service.create_contact(sent)
contact_id = str(created.id.actual_instance)

found = service.read_contact(contact_id)
assert (found.first_name, found.company) == ("Ada", mark)
assert found.created_at == datetime(2016, 7, 1, 12, 12, 11, tzinfo=UTC)

page = service.list_contacts(company=mark, limit=5, sort_first_name=Direction.NUMBER_1)
assert (page.total, [c.id.actual_instance for c in page.data]) == (1, [created.id.actual_instance])
assert service.list_contacts(company_in=[mark, "Analytical Engines"]).total == 1

assert service.change_contact(contact_id, ContactChange(last_name="Byron")).last_name == "Byron"

service.remove_contact(contact_id)
try:
    service.read_contact(contact_id)
except NotFoundException as refusal:
    status = refusal.status
else:
    status = None
assert status == 404
