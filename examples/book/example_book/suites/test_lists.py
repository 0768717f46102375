"""Lists: filters by equality, and pages. Every check seeds entries of its own and asks for these alone."""

from contacts_conformance.account.cohort import seed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.contract import Contract, Field


@each(field=Contract.searchable_fields)
@requirement("field.{field}.searchable")
def test_a_filter_finds_the_entries_with_the_value_and_no_others(field: Field, contacts: Contacts) -> None:
    text = "ann@example.com" if field.shape == "email" else "Ann Arbor"
    near_misses = (text.upper(), f"Jo{text}", f"{text}s", text[:-1])
    cohort = seed(contacts, [{field.name: value} for value in (text, text, *near_misses)])

    answer = contacts.send_list(cohort.narrowed(((field.name, text),)))

    expect.success(answer)
    expect.same_contacts(contacts.ids(contacts.page(answer).records), cohort.ids[:2], field.name, answer)


@requirement("filter.any-of")
def test_a_repeated_parameter_finds_the_entries_with_any_of_the_values(contacts: Contacts) -> None:
    cohort = seed(contacts, [{"name": "Ada"}, {"name": "Grace"}, {"name": "Emmy"}])

    answer = contacts.send_list(cohort.narrowed((("name", "Ada"), ("name", "Grace"))))

    expect.success(answer)
    expect.same_contacts(contacts.ids(contacts.page(answer).records), cohort.ids[:2], "name", answer)


@requirement("page.walk")
def test_pages_hold_every_entry_once_the_oldest_first(contacts: Contacts) -> None:
    cohort = seed(contacts, [{"name": name} for name in ("Emmy", "Ada", "Grace", "Mary", "Sofia")])

    for skip in (0, 2, 4):
        answer = contacts.send_list(cohort.narrowed((("limit", "2"), ("skip", str(skip)))))
        expect.success(answer)
        expect.same_order(contacts.ids(contacts.page(answer).records), cohort.ids[skip : skip + 2], f"{skip=}", answer)


@requirement("page.total")
def test_the_total_counts_the_entries_of_all_pages(contacts: Contacts) -> None:
    cohort = seed(contacts, [{"name": "Ada"}, {"name": "Grace"}, {"name": "Emmy"}])

    answer = contacts.send_list(cohort.narrowed((("limit", "2"),)))

    expect.equal(contacts.page(answer).total, 3, "total", answer)


@requirement("remove.gone")
def test_a_removed_entry_is_answered_404(contacts: Contacts) -> None:
    entry = contacts.create()
    contacts.remove(entry)

    expect.status(contacts.send_read(entry.id), 404)
