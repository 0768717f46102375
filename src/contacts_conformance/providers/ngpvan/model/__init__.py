"""An NGP VAN tenant's contacts as they have to be: which submissions are one contact, and what it holds. Page 002."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract
from contacts_conformance.http.parsing import written
from contacts_conformance.model import Breach, Json
from contacts_conformance.oracle.merging import Merging, Submission
from contacts_conformance.providers.modelling import Move, Seen
from contacts_conformance.providers.ngpvan.model import bodies
from contacts_conformance.providers.ngpvan.model.bodies import Body
from contacts_conformance.providers.ngpvan.model.people import Contact
from contacts_conformance.providers.ngpvan.model.reading import Reading, observation
from contacts_conformance.providers.ngpvan.people import placed, submission
from contacts_conformance.providers.plans import Step, filled, id_of, known
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation, breach_of_status

MAIN, STRANGER = "tenant", "stranger"
_SAME_INTENT = (301, 307, 308)
_Steps = Callable[[], SearchStrategy[Step] | None]


class NgpVanModel:
    """What a plan has submitted, and which contacts it has become."""

    def __init__(self, contract: Contract, target: Target) -> None:
        self._target = target
        self._reads = "read" in target.offers.also
        self._tenants: dict[str, Merging] = {MAIN: Merging(), STRANGER: Merging()}
        self._contacts: dict[str, Contact] = {}
        self._answered: dict[int, str] = {}
        """The contacts that steps were answered with, by the step."""
        self._taken: dict[int, tuple[str, Body]] = {}
        """What was submitted with a success, by the step: the role, and the body as it stands in the plan."""
        self._sent: list[tuple[str, Body]] = []
        """The same, as it was sent."""
        self._without_effect: list[tuple[str, Submission]] = []
        """What was refused or redirected, each with the row that says that nothing comes of it."""
        self._murky: set[tuple[str, str]] = set()
        """Traits of what may have been stored, or not."""
        self._numbers: list[int] = []
        """The people whose requests were refused or redirected."""
        self._unread = ""
        moves: tuple[tuple[str, _Steps], ...] = (
            ("submit", self._submissions),
            ("submit-more", self._submissions),
            ("submit-lost-keys", self._with_lost_keys),
            ("submit-other-lost-keys", self._with_lost_keys),
            ("submit-again", self._again),
            ("submit-by-name", self._by_name),
            ("submit-doubtful", self._doubtful),
            ("submit-wrong", self._wrong),
            ("submit-wrong-again", self._wrong),
            ("submit-after-refusal", self._mended),
            ("submit-after-redirect", self._mended),
            ("name-a-contact", self._redirects),
            ("update", self._updates),
            ("read", self._readings),
            ("read-again", self._readings),
            ("read-once-more", self._readings),
            ("read-more", self._readings),
            ("read-the-last", self._readings),
            ("other-tenant", self._by_strangers),
        )
        self.moves = tuple(Move(name, self._or_submit(steps)) for name, steps in moves)

    # Moves

    def _or_submit(self, steps: _Steps) -> _Steps:
        """The steps of a move, or a submission where there are none; a contact that was written to is read, mostly."""

        def possible() -> SearchStrategy[Step] | None:
            found = steps()
            return found if found is not None else self._submissions()

        return possible

    def _submissions(self) -> SearchStrategy[Step]:
        return bodies.submissions().map(lambda body: Step("create", values=body))

    def _with_lost_keys(self) -> SearchStrategy[Step]:
        return bodies.with_lost_keys().map(lambda body: Step("create", values=body, expects=""))

    def _again(self) -> SearchStrategy[Step] | None:
        if not self._taken:
            return None
        taken = st.sampled_from([*self._taken.values()])
        return taken.map(lambda s: Step("create", "" if s[0] == MAIN else s[0], values=s[1]))

    def _by_name(self) -> SearchStrategy[Step]:
        return bodies.by_name().map(lambda body: Step("create", values=body))

    def _doubtful(self) -> SearchStrategy[Step]:
        usual = bodies.doubtful()
        known_bad = self._target.known.get("bad_prefix", "")
        if known_bad and "," not in known_bad:
            bad = st.sampled_from(bodies.PEOPLE).map(lambda n: {**bodies.whole(n), "prefix": known("bad_prefix")})
            usual = st.one_of(usual, bad)
        return usual.map(lambda body: Step("create", values=body, expects=""))

    def _wrong(self) -> SearchStrategy[Step]:
        return bodies.wrong().map(
            lambda w: Step("create", values=w[0], expects="refusal", row=f"ngpvan.{w[1]}", wrong=w[2])
        )

    def _mended(self) -> SearchStrategy[Step] | None:
        """Whom a refused or redirected request was about, submitted rightly."""
        if not self._numbers:
            return None
        number = self._numbers[-1]
        return bodies.extras(number).map(lambda more: Step("create", values={**bodies.whole(number), **more}))

    def _redirects(self) -> SearchStrategy[Step] | None:
        mine = [p for p, c in self._answered.items() if self._contacts[c].role == MAIN]
        if not mine:
            return None
        return st.builds(
            lambda p, body: Step("create", values={"contactId": id_of(p), **body}, expects=""),
            st.sampled_from(mine),
            bodies.submissions(),
        )

    def _updates(self) -> SearchStrategy[Step] | None:
        mine = [(p, b) for p, (role, b) in self._taken.items() if role == MAIN and p in self._answered]
        if not mine:
            return None

        def step(pair: tuple[int, Body], texts: Body) -> Step:
            least = {n: v for n, v in pair[1].items() if n in ("type", "firstName", "lastName", "commonName", "emails")}
            return Step("change", of=pair[0], values={**least, **texts})

        texts = st.dictionaries(st.sampled_from(bodies.TEXTS), bodies.TEXT, min_size=1)
        return st.builds(step, st.sampled_from(mine), texts)

    def _readings(self) -> SearchStrategy[Step] | None:
        if not self._reads:
            return None
        mine = {c: p for p, c in self._answered.items() if self._contacts[c].role == MAIN}
        if not mine:
            return None
        fresh = [self._unread] if self._unread in mine else [*mine]
        roles = st.sampled_from(["", "", "", "", STRANGER] if self._has_stranger else [""])
        return st.builds(
            lambda c, r: Step("read", r, mine[c], expects="" if r else "success"), st.sampled_from(fresh), roles
        )

    def _by_strangers(self) -> SearchStrategy[Step] | None:
        if not self._has_stranger:
            return None
        return bodies.submissions().map(lambda body: Step("create", STRANGER, values=body))

    @property
    def _has_stranger(self) -> bool:
        offered = self._target.offers.roles
        return STRANGER in self._target.identities and (offered is None or STRANGER in offered)

    # Judging

    def is_legal(self, step: Step) -> bool:
        """Whether the page surely allows a request: everybody has a type, a whole name and an e-mail."""
        if step.kind not in ("create", "change"):
            return True
        return bodies.is_plain(step.values)

    def judge(self, seen: Seen) -> Iterator[Observation]:
        """Compares an answer with what was submitted so far."""
        step, role = seen.step, seen.step.role or MAIN
        body = filled(dict(step.values), lambda words: self._filled(words, seen))
        named = self._contacts.get(self._answered.get(step.of, "")) if step.of is not None else None
        if step.kind == "create" and "contactId" in body:
            yield from self._judge_redirect(seen, body)
        elif step.kind == "create":
            yield from self._judge_submission(seen, role, body)
        elif named is not None and step.kind == "change":
            yield from self._judge_update(seen, named, body)
        elif named is not None and step.kind == "read" and not step.query:
            yield from self._judge_reading(seen, named, role)

    def _filled(self, words: str, seen: Seen) -> str:
        name, _, which = words.partition(" ")
        if name == "id" and which.isdecimal() and int(which) < len(seen.ids):
            return seen.ids[int(which)]
        if name == "known":
            return self._target.known.get(which, "")
        return placed(words, seen.mark) or words

    def _judge_submission(self, seen: Seen, role: str, body: Body) -> Iterator[Observation]:
        answer, told = seen.answer, _submission(body)
        if not answer.succeeded:
            yield from self._judge_refusal(seen, told)
            return
        contact = seen.ids[seen.place]
        yield observation("answer.contact-id", *(() if contact else (_of_id("a contactId", "none", seen),)))
        if not contact or told is None:
            self._murky |= told.traits if told is not None else set()
            return
        shown = (seen.record or {}).get("contactId")
        breach = Breach("type", "a text", written(shown), "contactId", "no text", answer.exchange.id)
        yield observation("answer.contact-id-text", *(() if isinstance(shown, str) else (breach,)))
        merging = self._tenants[role]
        expected, before = merging.expect(told), merging.known
        others = [r for r, m in self._tenants.items() if r != role and contact in m.known]
        rows = list(self._wrong_contact(seen, body, contact, role, told, bool(others)))
        yield from rows
        is_new = contact not in before
        if role != MAIN and not others:
            yield observation("tenant.not-merged")
        known = self._contacts.setdefault(contact, Contact(contact, role))
        known.lost = known.lost or any(o.breaches for o in rows) or (is_new and answer.status == 200)
        brought = known.submitted(body, new=is_new)
        merging.learn(told, contact)
        if not is_new and expected.must_merge and answer.status != 200:
            repeated = (role, body) in self._sent
            row = "answer.repeated" if repeated else "answer.merged" if brought else ""
            if row:
                yield observation(row, breach_of_status(answer, "200"))
        for other in self._contacts.values():
            other.neighbours |= {"create"} if other is not known else set()
        self._answered[seen.place], self._unread = contact, contact
        if seen.step.expects == "success":
            self._taken[seen.place] = (role, dict(seen.step.values))
        self._sent.append((role, body))

    def _judge_refusal(self, seen: Seen, told: Submission | None) -> Iterator[Observation]:
        """A submission that was not taken; what is refused creates nothing."""
        answer = seen.answer
        names_missing = told is not None and told.name is None
        if seen.step.expects == "" and told is not None and names_missing and (told.emails or told.phones):
            row = "identification.email" if told.emails else "identification.phone"
            breach = breach_of_status(answer, "a success (2xx) or a refusal (4xx)")
            yield observation(row, *(() if answer.refused else (breach,)))
        if told is None:
            return
        if answer.refused:
            self._without_effect.append(("refused.creates-nothing", told))
            self._numbers += bodies.numbers_in(seen.step.values)[:1]
        else:
            self._murky |= told.traits

    def _wrong_contact(
        self, seen: Seen, body: Body, contact: str, role: str, told: Submission, is_anothers: bool
    ) -> Iterator[Observation]:
        """Whether data became a contact that it must not be, or is said to have been merged into nobody's."""
        merging = self._tenants[role]
        expected, known = merging.expect(told), merging.known
        if is_anothers:
            yield observation("tenant.not-merged", _of_id("an id of its own", "that of another tenant", seen))
        elif told.phones and contact not in known and seen.answer.status == 200:
            return  # few numbers are reserved for fiction: somebody of an earlier plan may have one of these
        elif expected.must_merge:
            row = "merge.same-data" if (role, body) in self._sent else "merge.same-name-and-email"
            row = row if told.emails else "merge.same-name-and-phone"
            right = expected.allows(contact, known)
            wanted = f"one of {sorted(expected.among)}"
            yield observation(row, *(() if right else (_of_id(wanted, "another contact", seen),)))
        elif contact in known and not expected.allows(contact, known):
            yield observation("merge.distinct", _of_id("an id of its own", "that of another contact", seen))
        elif expected.must_be_new and not told.traits & self._murky:
            yield observation("merge.distinct")
            if seen.answer.status == 200 and not told.phones:
                effects = (row for row, other in self._without_effect if other.traits & told.traits)
                yield observation(next(effects, "answer.created"), breach_of_status(seen.answer, "201"))
            elif seen.answer.status != 200:
                yield observation("answer.created")

    def _judge_redirect(self, seen: Seen, body: Body) -> Iterator[Observation]:
        """A request that names a contact is redirected to it, and writes nothing."""
        answer, contact = seen.answer, self._contacts.get(str(body["contactId"]))
        told = _submission({n: v for n, v in body.items() if n != "contactId"})
        if contact is None or contact.lost:
            return
        redirected = answer.status in _SAME_INTENT
        yield observation(
            "redirect.answered", *(() if redirected else (breach_of_status(answer, "301 Moved Permanently"),))
        )
        if told is None:
            return
        if not redirected:
            contact.lost = answer.succeeded
            self._murky |= told.traits
            return
        yield observation("redirect.status", *(() if answer.status == 301 else (breach_of_status(answer, "301"),)))
        location = answer.headers.get("location", "")
        path = [unquote(s) for s in urlsplit(location).path.rstrip("/").split("/")]
        wanted = f"a path that ends in /contacts/{contact.id}"
        observed = "other path" if location else "missing"
        breach = Breach("value", wanted, location or "no Location", "Location", observed, answer.exchange.id)
        yield observation("redirect.location", *(() if path[-2:] == ["contacts", contact.id] else (breach,)))
        self._without_effect.append(("redirect.no-write", told))
        self._numbers += bodies.numbers_in(seen.step.values)[:1]
        contact.named, self._unread = True, contact.id

    def _judge_update(self, seen: Seen, contact: Contact, body: Body) -> Iterator[Observation]:
        answer, told = seen.answer, _submission(body)
        if answer.succeeded:
            shown = seen.ids and (seen.record or {}).get("contactId")
            wrong = shown not in (None, "") and str(shown) != contact.id
            row = "update.answers-the-contact"
            yield observation(row, *((_of_id(contact.id, "another contact", seen),) if wrong else ()))
            contact.changed(body)
            if told is not None:
                self._tenants[contact.role].learn(told, contact.id)
        elif answer.refused:
            contact.refused = True
        else:
            contact.lost = True
        for other in self._contacts.values():
            other.neighbours |= {"change"} if other is not contact else set()
        self._sent.append((contact.role, body))
        self._unread = contact.id

    def _judge_reading(self, seen: Seen, contact: Contact, role: str) -> Iterator[Observation]:
        if role != contact.role:
            breaches = (breach_of_status(seen.answer, "a refusal"),) if seen.answer.succeeded else ()
            yield observation("tenant.not-read", *breaches)
            return
        if seen.record is None or contact.lost:
            return
        others = {(n, v) for _, body in self._sent for n, v in body.items() if n in bodies.TEXTS}
        bad = self._target.known.get("bad_prefix", "")
        yield from Reading(contact, seen.record, others, bad, seen.answer.exchange.id).judge()
        self._unread = ""


def _submission(body: Mapping[str, Any]) -> Submission | None:
    """What a body tells of a contact; None where it is too broken to tell."""
    try:
        return submission(body)
    except (TypeError, KeyError, AttributeError):
        return None


def _of_id(wanted: Json, observed: str, seen: Seen) -> Breach:
    got = written((seen.record or {}).get("contactId"))
    return Breach("value", str(wanted), got, "contactId", observed, seen.answer.exchange.id)
