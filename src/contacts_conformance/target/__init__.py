"""Where a run goes: one server and account under test, as its TOML file describes it."""

from contacts_conformance.target.environment import in_ci, keep_files_private, step_summary, variables
from contacts_conformance.target.file import embedded, load, parse, provider_of
from contacts_conformance.target.tables import PROFILES, Limits, Offers, Share, Timeouts, Tls
from contacts_conformance.target.values import ANONYMOUS, Identity, IdentityKeys, Secret, Target

__all__ = [
    "ANONYMOUS",
    "PROFILES",
    "Identity",
    "IdentityKeys",
    "Limits",
    "Offers",
    "Secret",
    "Share",
    "Target",
    "Timeouts",
    "Tls",
    "embedded",
    "in_ci",
    "keep_files_private",
    "load",
    "parse",
    "provider_of",
    "step_summary",
    "variables",
]
