"""SparkQL, the vendor's language of filters: what a filter means, and which contacts it finds.

`parse` reads a filter, `matching` evaluates it over plain dicts. It shares nothing with any server.
"""

from contacts_conformance.oracle.sparkql.evaluation import Mismatch, check, holds, matching
from contacts_conformance.oracle.sparkql.parsing import parse
from contacts_conformance.oracle.sparkql.tree import And, Condition, FieldType, Filter, Literal, Not, Or, Rejected

__all__ = [
    "And",
    "Condition",
    "FieldType",
    "Filter",
    "Literal",
    "Mismatch",
    "Not",
    "Or",
    "Rejected",
    "check",
    "holds",
    "matching",
    "parse",
]
