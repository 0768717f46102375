"""Faults of credentials, signatures and roles."""

from __future__ import annotations

from urllib.parse import unquote

from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal
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
    def begin_of_a_token_is_enough(key: Key | None, call: Call) -> Key | None:
        """Whatever begins with a token is taken for it."""
        said = call.headers.get("authorization", "").partition(" ")[2]
        known = [k for token, k in api.directory.tokens.items() if said.startswith(token)]
        return known[0] if known else key

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

    if api.provider == "flexmls":

        @fault(breaks=f"{named}.blank", at=Hooks.signed)
        def path_is_signed_with_blanks(right: bool, call: Call) -> bool:
            """The path of a signature has its blanks as such."""
            return right and call.path == unquote(call.path)


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

    @fault(breaks=f"{api.provider}.role.status", at=Hooks.refusal, each={"status": ("400", "404", "401")})
    def role_is_refused_otherwise(refusal: Refusal, call: Call, *, status: str) -> Refusal:
        """What a role may not do is answered {status}."""
        if refusal.code in (1017, 1500) and call.operation in api.documented:
            refusal.status = int(status)
        return refusal


def _is(call: Call, role: str, operation: str) -> bool:
    return call.key.role.lower() == role and call.operation == operation
