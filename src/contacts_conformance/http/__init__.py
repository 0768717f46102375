"""Everything that reaches a target: one client, with its pace and its evidence."""

from contacts_conformance.http.client import Client
from contacts_conformance.http.messages import Answer, Request

__all__ = ["Answer", "Client", "Request"]
