"""The users of the server: an agent with three keys and two clients, and other agents near and far."""

from __future__ import annotations

from contacts_conformance.reference.sparkapi.users import Agent, Directory, Key, SignedKey

AGENT = Agent("20120224000000000000000101", "Ada Byron", office="north", company="harbour", mls="one")
COLLEAGUE = Agent("20120224000000000000000102", "Bill Gates", office="north", company="harbour", mls="one")
BRANCH = Agent("20120224000000000000000103", "Grace Hopper", office="south", company="harbour", mls="one")
STRANGER = Agent("20120224000000000000000104", "Steve Jobs", office="lake", company="lakeside", mls="one")
ADMIN = Agent("20120224000000000000000105", "Joan Clarke", office="mls", company="mls", mls="one", is_admin=True)
ELSEWHERE = Agent("20120224000000000000000106", "Hedy Lamarr", office="far", company="far", mls="two")

VOW_CONTACT = "20120223000000000000009001"
PORTAL_CONTACT = "20120223000000000000009002"
ACTIVE_CONTACT = "20120223000000000000009003"
DORMANT_CONTACT = "20120223000000000000009004"
UNCONNECTED = tuple(f"2012022300000000000000{9101 + i}" for i in range(12))

DIRECTORY = Directory(
    agents={a.id: a for a in (AGENT, COLLEAGUE, BRANCH, STRANGER, ADMIN, ELSEWHERE)},
    tokens={
        "reference-private-token": Key("Private", AGENT),
        "reference-idx-token": Key("IDX", AGENT),
        "reference-public-token": Key("Public", AGENT),
        "reference-vow-token": Key("VOW", AGENT, VOW_CONTACT),
        "reference-portal-token": Key("Portal", AGENT, PORTAL_CONTACT),
        "reference-colleague-token": Key("Private", COLLEAGUE),
        "reference-stranger-token": Key("Private", STRANGER),
        "reference-admin-token": Key("Private", ADMIN),
        "reference-expired-token": Key("Private", AGENT, expired=True),
    },
    signed={"reference-key": SignedKey("reference-key", "reference-secret", Key("Private", AGENT))},
)
