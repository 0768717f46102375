"""Tells whether a contacts API keeps the contract that its vendor documents."""

from importlib.metadata import version

__version__ = version("contacts-conformance")
