"""Everything that reaches a target: one client, with its pace, its journal and its evidence."""

from contacts_conformance.http.client import Answer, Client, Request

__all__ = ["Answer", "Client", "Request"]
