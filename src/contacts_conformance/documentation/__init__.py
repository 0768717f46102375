"""The documentation site: specs, requirements, the kill matrix, and the providers side by side, as static files."""

from contacts_conformance.documentation.addresses import of_requirement
from contacts_conformance.documentation.site import build, write

__all__ = ["build", "of_requirement", "write"]
