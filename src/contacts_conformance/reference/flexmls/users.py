"""The people of the reference server: an agent with an IDX key, a client of that agent, and another agent."""

from __future__ import annotations

from contacts_conformance.reference.sparkapi.users import Agent, Directory, Key, SignedKey

AGENT = Agent("201010122342756895000101", "Ada Byron", office="north", company="harbour", mls="one")
OTHER = Agent("201010122342756895000102", "Bill Gates", office="lake", company="lakeside", mls="one")

CLIENT = "201010122342756895009001"

DIRECTORY = Directory(
    agents={a.id: a for a in (AGENT, OTHER)},
    tokens={
        "reference-idx-token": Key("IDX", AGENT),
        "reference-portal-token": Key("Portal", AGENT, CLIENT),
        "reference-other-token": Key("IDX", OTHER),
        "reference-expired-token": Key("IDX", AGENT, expired=True),
    },
    signed={"reference-key": SignedKey("reference-key", "reference-secret", Key("IDX", AGENT))},
)
