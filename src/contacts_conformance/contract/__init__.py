"""What is promised: a provider's OpenAPI document, its register, and values for its fields."""

from contacts_conformance.contract.document import Contract, load, provider_path, providers, read, resolve
from contacts_conformance.contract.elements import Answer, Field, Operation

__all__ = ["Answer", "Contract", "Field", "Operation", "load", "provider_path", "providers", "read", "resolve"]
