"""Faults of credentials, signatures and roles."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi import sessions
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Key, Role

ROLES: tuple[Role, ...] = ("Private", "IDX", "Public", "VOW", "Portal")


def faults(api: Api) -> Catalogue:
    """The faults of credentials, sessions and roles of a generation."""
    return Catalogue(_of_credentials(api), _of_sessions(api), _of_roles(api))


@catalogue
def _of_credentials(fault: Register, api: Api) -> None:
    named = f"{api.provider}.auth"
    writes = {"operation": tuple(o for o in ("createContact", "changeContact", "removeContact") if o in api.documented)}

    @fault(breaks=f"{named}.status", at=Hooks.refusal)
    def nobody_is_forbidden(refusal: Refusal) -> Refusal:
        """A call without valid credentials is answered 403."""
        refusal.status = 403 if refusal.code == 1000 else refusal.status
        return refusal

    @fault(breaks=f"{named}.status", at=Hooks.refusal)
    def wrong_token_is_a_bad_request(refusal: Refusal, call: Call) -> Refusal:
        """A call with a wrong token is answered 400."""
        if refusal.code == 1000 and "authorization" in call.headers:
            refusal.status = 400
        return refusal

    # the status is looked at where every provider has an operation
    common = ("listContacts", "createContact", "readContact", "changeContact", "removeContact")

    @fault(
        breaks=f"{named}.status", at=Hooks.refusal, each={"operation": tuple(o for o in common if o in api.documented)}
    )
    def nobody_finds_nothing(refusal: Refusal, call: Call, *, operation: str) -> Refusal:
        """{operation} without valid credentials is answered 404."""
        refusal.status = 404 if refusal.code == 1000 and call.operation == operation else refusal.status
        return refusal

    @fault(breaks=f"{api.provider}.operation.listContacts.wrong-token", at=Hooks.key)
    def empty_token_is_somebodys(key: Key | None, call: Call) -> Key | None:
        """A scheme without a token behind it is let in."""
        is_empty = call.headers.get("authorization", "").strip() in ("Bearer", "OAuth")
        somebody = next(iter(api.directory.tokens.values()))
        return somebody if is_empty and call.operation == "listContacts" else key

    @fault(breaks=f"{api.provider}.operation.listContacts.wrong-token", at=Hooks.key)
    def begin_of_a_token_is_enough(key: Key | None, call: Call) -> Key | None:
        """Whatever begins with a token is taken for it."""
        said = call.headers.get("authorization", "").partition(" ")[2]
        known = [k for token, k in api.directory.tokens.items() if said.startswith(token)]
        return known[0] if known else key

    lengths = {"one": 1, "four": 4}

    @fault(breaks=f"{named}.nearly", at=Hooks.key, each={"number": tuple(lengths), "end": ("start", "end")})
    def part_of_a_token_is_enough(key: Key | None, call: Call, *, number: str, end: str) -> Key | None:
        """A token that lacks {number} characters at its {end} is as good as the whole."""
        said, many = call.headers.get("authorization", "").partition(" ")[2], lengths[number]
        for token, known in api.directory.tokens.items():
            rest = token[many:] if end == "start" else token[:-many]
            if said and (said.startswith(rest) if end == "end" else said.endswith(rest)) and not known.expired:
                return known
        return key

    @fault(breaks=f"{named}.nearly", at=Hooks.key)
    def last_character_does_not_count(key: Key | None, call: Call) -> Key | None:
        """The last character of a token does not count."""
        said = call.headers.get("authorization", "").partition(" ")[2]
        known = {t[:-1]: k for t, k in api.directory.tokens.items() if len(t) == len(said)}
        return known.get(said[:-1], key)

    @fault(breaks=f"{named}.scheme", at=Hooks.key)
    def any_scheme_will_do(key: Key | None, call: Call) -> Key | None:
        """A token is good after any scheme."""
        return api.directory.tokens.get(call.headers.get("authorization", "").partition(" ")[2], key)

    @fault(breaks=f"{named}.no-effect", at=Hooks.key, each=writes)
    def carried_out_for_nobody(key: Key | None, call: Call, *, operation: str) -> Key | None:
        """{operation} without credentials is answered 401, and carried out."""
        if key is None and call.operation == operation:
            call.key = next(iter(api.directory.tokens.values()))
            api.operations[operation](call)
            call.keeps = True
        return key

    @fault(breaks=f"{named}.code", at=Hooks.refusal)
    def nobody_has_another_code(refusal: Refusal) -> Refusal:
        """A call without valid credentials is answered with code 1010."""
        refusal.code = 1010 if refusal.code == 1000 else refusal.code
        return refusal

    @fault(breaks=f"{named}.expired-code", at=Hooks.refusal)
    def expired_is_wrong(refusal: Refusal) -> Refusal:
        """An expired token is answered with code 1000."""
        refusal.code = 1000 if refusal.code == 1020 else refusal.code
        return refusal

    @fault(breaks=f"{named}.expired", at=Hooks.refusal)
    def expired_is_forbidden(refusal: Refusal) -> Refusal:
        """An expired token is answered 403."""
        refusal.status = 403 if refusal.code == 1020 else refusal.status
        return refusal

    @fault(breaks=f"{named}.expired", at=Hooks.key)
    def expired_token_is_good(key: Key | None) -> Key | None:
        """An expired token is as good as a fresh one."""
        return key if key is None else Key(key.role, key.agent, key.contact)


@catalogue
def _of_sessions(fault: Register, api: Api) -> None:
    named = f"{api.provider}.session"
    writes = [o for o in ("createContact", "changeContact") if o in api.documented]

    @fault(breaks=f"{named}.opens", at=Hooks.allowed)
    def session_reads_nothing(allowed: bool, call: Call) -> bool:
        """A session may not list contacts."""
        return allowed and (_has_token(call) or call.operation != "listContacts")

    @fault(breaks=f"{named}.writes", at=Hooks.signed)
    def body_is_not_signed(right: bool, call: Call) -> bool:
        """A signature that covers the body of the last kind of write is wrong."""
        return right and not (call.body and call.operation == writes[-1])

    @fault(breaks=f"{named}.wrong-signature", at=Hooks.signed)
    def any_signature_is_right() -> bool:
        """Any signature is right."""
        return True

    @fault(breaks=f"{named}.wrong-signature", at=Hooks.opens, each={"what": ("some", "no")})
    def session_opens_with(right: bool, call: Call, *, what: str) -> bool:
        """A session opens for a known key with {what} signature, whatever it is."""
        return right or bool(call.parameter("ApiSig")) is (what == "some")

    @fault(
        breaks=f"{named}.wrong-signature",
        at=Hooks.signed,
        each={"part": ("path", "parameters", "order", "body")},
    )
    def part_is_not_covered(right: bool, call: Call, *, part: str) -> bool:
        """A signature need not cover the {part} of a call."""
        return right or sessions.signed_but_for(part, call)

    if api.provider == "flexmls":

        @fault(breaks=f"{named}.blank", at=Hooks.signed)
        def path_with_a_blank_is_never_signed(right: bool, call: Call) -> bool:
            """No signature of a path with a blank is right."""
            return right and call.path == unquote(call.path)

        @fault(breaks=f"{named}.blank", at=Hooks.signed)
        def path_is_signed_encoded_twice(right: bool, call: Call) -> bool:
            """The path of a signature has its blanks encoded with a plus sign."""
            return right and "%20" not in call.path


def _has_token(call: Call) -> bool:
    return "authorization" in call.headers


@catalogue
def _of_roles(fault: Register, api: Api) -> None:
    roles = [r for r in ROLES if any(k.role == r for k in api.directory.tokens.values())]
    mine = ("readMyContact", "changeMyContact")
    for role in roles:
        may = tuple(sorted(o for o in api.documented if role in api.roles[o]))
        agent = not {role} & {"VOW", "Portal"}
        # an agent's key finds at /my/contact what the pages do not say, or what no caller can tell from its own
        skipped = mine if agent else ()
        may_not = tuple(sorted(o for o in api.documented if role not in api.roles[o] and o not in skipped))
        writes = tuple(o for o in may_not if o in ("createContact", "changeContact", "removeContact"))
        each_role = (role.lower(),)

        @fault(
            breaks=f"{api.provider}.role.{{role}}.{{operation}}",
            at=Hooks.allowed,
            each={"role": each_role, "operation": may},
        )
        def is_turned_away(allowed: bool, call: Call, *, role: str, operation: str) -> bool:
            """The role {role} is refused {operation}."""
            return allowed and not _is(call, role, operation)

        @fault(
            breaks=f"{api.provider}.role.{{role}}.{{operation}}",
            at=Hooks.allowed,
            each={"role": each_role, "operation": may_not},
        )
        def is_let_in(allowed: bool, call: Call, *, role: str, operation: str) -> bool:
            """The role {role} may {operation}."""
            return allowed or _is(call, role, operation)

        @fault(
            breaks=f"{api.provider}.role.{{role}}.{{operation}}",
            at=Hooks.allowed,
            each={"role": each_role, "operation": writes},
        )
        def is_refused_but_carried_out(allowed: bool, call: Call, *, role: str, operation: str) -> bool:
            """{operation} by the role {role} is refused, and carried out."""
            if _is(call, role, operation):
                api.operations[operation](call)
                call.keeps = True
            return allowed

    done = {"operation": tuple(o for o in ("createContact", "changeContact") if o in api.documented)}

    @fault(breaks=f"{api.provider}.role.idx.{{operation}}", at=Hooks.sent, each=done)
    def is_answered_and_not_carried_out(sent: dict[str, Any], call: Call, *, operation: str) -> dict[str, Any]:
        """{operation} by the role IDX is answered with success, and what was sent is not kept."""
        kept = ("DisplayName", "PrimaryEmail", "Tags")
        if not _is(call, "idx", operation):
            return sent
        return {n: f"{v} of IDX" if n == "DisplayName" else v for n, v in sent.items() if n in kept}

    if "removeContact" in api.documented:

        @fault(breaks=f"{api.provider}.role.idx.removeContact", at=Hooks.removed)
        def idx_removal_is_not_carried_out(row: Row, call: Call) -> Row:
            """A removal by the role IDX is answered with success, and the contact stays."""
            if call.key.role == "IDX":
                call.store.add({k: v for k, v in row.items() if k != "number"})
            return row

    @fault(breaks=f"{api.provider}.role.status", at=Hooks.refusal, each={"status": ("400", "404", "401")})
    def role_is_refused_otherwise(refusal: Refusal, call: Call, *, status: str) -> Refusal:
        """What a role may not do is answered {status}."""
        if refusal.code in (1017, 1500) and call.operation in api.documented:
            refusal.status = int(status)
        return refusal


def _is(call: Call, role: str, operation: str) -> bool:
    return call.key.role.lower() == role and call.operation == operation
