"""Methods are found by their places, references are given back, and a result that says no is an error."""

import ctypes

import pytest

from aios_gui.system.windows.com import ComError, ComObject, guid
from tests.system.windows.com_objects import NO_INTERFACE, NOT_IMPLEMENTED, FakeLink, FakeObject


def test_a_name_is_laid_out_as_windows_does() -> None:
    assert bytes(guid("00021401-0000-0000-C000-000000000046")).hex() == "0114020000000000c000000000000046"


def test_a_method_gets_its_arguments() -> None:
    heard: list[tuple[str, int]] = []
    fake = FakeObject()

    def note(text: str, number: int) -> int:
        heard.append((text, number))
        return 1

    fake.method(7, (ctypes.c_wchar_p, ctypes.c_int), note)
    ComObject(fake.address).call(7, ctypes.c_wchar_p("心跳"), ctypes.c_int(-3))
    assert heard == [("心跳", -3)]


def test_a_result_that_says_no_is_an_error() -> None:
    fake = FakeObject()
    with pytest.raises(ComError, match=r"^0x80004001$") as said:
        ComObject(fake.address).call(5)
    assert said.value.result == NOT_IMPLEMENTED


def test_references_are_given_back() -> None:
    fake = FakeLink()
    with ComObject(fake.address) as link:
        with link.query(fake.store.INTERFACES[0]):
            assert fake.store.references == 2
        assert fake.store.references == 1
        with pytest.raises(ComError) as said:
            link.query("00000000-0000-0000-c000-000000000047")
        assert said.value.result == NO_INTERFACE
    assert (fake.references, fake.store.references) == (0, 0)
    link.release()
    assert fake.references == 0
