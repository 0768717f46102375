"""Proves the checks: each fault of a reference server is caught."""
