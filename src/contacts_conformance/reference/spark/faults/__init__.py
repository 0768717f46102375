"""Faults: deliberate breaches of the contract, each of one requirement."""
