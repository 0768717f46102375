from contacts_conformance.reference.kit.hooks import Fault, Hook, Hooks


class _Hooks(Hooks):
    number = Hook[int, [str]]()
    word = Hook[str, []]()


def test_without_a_fault_a_hook_returns_its_value() -> None:
    assert _Hooks().number(3, "apples") == 3


def test_a_fault_changes_the_value_at_its_hook_alone() -> None:
    hooks = _Hooks(Fault("counts-wrong", "", "", _Hooks.number, lambda number, of: number + len(of)))

    assert hooks.number(3, "apples") == 9
    assert hooks.word("three") == "three"


def test_a_class_of_hooks_knows_its_own_in_their_order() -> None:
    class Others(Hooks):
        flag = Hook[bool, []]()

    assert _Hooks.declared() == (_Hooks.number, _Hooks.word)
    assert [hook.name for hook in Others.declared()] == ["flag"]
