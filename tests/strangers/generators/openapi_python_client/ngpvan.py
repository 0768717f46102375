"""Creates, reads and updates a contact through the client that openapi-python-client makes."""

import sys

from client import AuthenticatedClient
from client.api.contacts import create_contact, read_contact, update_contact
from client.models import (
    Contact,
    ContactReference,
    ContactType,
    Email,
    EmailType,
    Errors,
    Individual,
    IndividualType,
    Organization,
    OrganizationType,
)

url, key, mark = sys.argv[1:]
service = AuthenticatedClient(base_url=url, token=key, prefix="", auth_header_name="apiKey")

main = Email(address=f"{mark}@example.com", type_=EmailType.MAIN)
sent = Individual(type_=IndividualType.INDIVIDUAL, first_name="Ada", last_name=mark, emails=[main])
created = create_contact.sync(client=service, body=sent)
assert isinstance(created, ContactReference)

found = read_contact.sync(created.contact_id, client=service)
assert isinstance(found, Contact)
assert (found.type_, found.last_name) == (ContactType.INDIVIDUAL, mark)
assert found.emails
assert found.emails[0].address == f"{mark}@example.com"

change = Individual(type_=IndividualType.INDIVIDUAL, first_name="Ada", last_name=mark, occupation="Mathematician")
updated = update_contact.sync(created.contact_id, client=service, body=change)
assert isinstance(updated, ContactReference)
again = read_contact.sync(created.contact_id, client=service)
assert isinstance(again, Contact)
assert again.occupation == "Mathematician"

firm = Organization(type_=OrganizationType.ORGANIZATION, common_name=f"{mark} Engines")
assert isinstance(create_contact.sync(client=service, body=firm), ContactReference)

nobody = create_contact.sync(client=service, body=Individual(type_=IndividualType.INDIVIDUAL))
assert isinstance(nobody, Errors)
assert nobody.errors
