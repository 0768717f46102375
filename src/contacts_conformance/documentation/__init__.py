"""The documentation site: specs, requirements, the kill matrix, and the providers side by side, as static files."""
