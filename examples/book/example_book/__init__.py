"""The address book, an imaginary service with five fields, as a provider of contacts-conformance."""
