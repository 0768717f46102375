from contacts_conformance.report import reasons

HEAD = "Setup failed: creating the test contact returned 500"


def test_reasons_that_differ_by_the_request_they_tell_are_one() -> None:
    first = f'{HEAD}: POST http://h/contacts with {{"company": "cc7bd4eeb2x1091"}} as owner'
    second = f'{HEAD}: POST http://h/contacts with {{"company": "cc7bd4eeb2x1104"}} as owner'

    one, other = reasons.grouped([("a", "another reason"), ("b", first), ("c", second)])

    assert one == reasons.Reason(first, ("b", "c"), HEAD)
    assert other.ids == ("a",)


def test_only_the_first_line_counts() -> None:
    assert [r.text for r in reasons.grouped([("a", "why\nmore"), ("b", "why\nelse")])] == ["why"]


def test_reasons_that_differ_by_an_id_are_one_and_statuses_count() -> None:
    (one,) = reasons.grouped([("a", "contact 7 is left alone"), ("b", "contact 20120224000043 is left alone")])

    assert one.ids == ("a", "b")
    assert len(reasons.grouped([("a", "reading returned 404"), ("b", "reading returned 500")])) == 2
