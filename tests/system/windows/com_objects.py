"""Objects of Windows' shell as memory holds them, with tables of methods, behaviour, and counted references."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, TypeVar

from aios_gui.system.windows.com import ComError, ComObject, guid

OK, NO_INTERFACE, FAIL, NOT_IMPLEMENTED = 0, 0x80004002, 0x80004005, 0x80004001
NOT_REGISTERED = 0x80040154
PLACES = 24
CLASSES = {
    "56fdf344-fd6d-11d0-958a-006097c9a090": "task bar",
    "77f10cf0-3db5-4966-b520-b7c54fd35ed6": "jump list",
    "2d3468c1-36a7-43b6-ac24-d3f02fd9607a": "collection",
    "00021401-0000-0000-c000-000000000046": "link",
}
POINTER = ctypes.c_void_p
Kind = TypeVar("Kind", bound="FakeObject")
METHOD: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)


def at(address: int) -> int:
    """The address that lies at ``address``."""
    return POINTER.from_address(address).value or 0


def put(address: int, value: int) -> None:
    POINTER.from_address(address).value = value


def text_at(address: int) -> str:
    return ctypes.wstring_at(address)


def signed(result: int) -> int:
    return ctypes.c_int32(result).value


class FakeObject:
    """Answers by what ``method`` was told; every other place of the table is not implemented."""

    INTERFACES: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.references = 1
        self._kept: list[Any] = []
        self._table = (POINTER * PLACES)()
        self._memory = (POINTER * 1)(ctypes.addressof(self._table))
        for place in range(3, PLACES):
            self.method(place, (), lambda: NOT_IMPLEMENTED)
        self.method(0, (POINTER, POINTER), self._query)
        self.method(1, (), self._add)
        self.method(2, (), self._release)

    @property
    def address(self) -> int:
        return ctypes.addressof(self._memory)

    def method(self, place: int, types: tuple[Any, ...], answer: Callable[..., int]) -> None:
        """Let ``answer`` be the method at ``place``."""

        def called(_this: int, *arguments: Any) -> int:
            assert self.references > 0, "called after its end"
            return signed(answer(*arguments))

        function = METHOD(ctypes.c_int32, POINTER, *types)(called)
        self._kept.append(function)
        self._table[place] = ctypes.cast(function, POINTER).value

    def answers_to(self, interface: int) -> bool:
        return ctypes.string_at(interface, 16) in {bytes(guid(each)) for each in self.INTERFACES}

    def _query(self, interface: int, found: int) -> int:
        if not self.answers_to(interface):
            return NO_INTERFACE
        put(found, self.address)
        self._add()
        return OK

    def _add(self) -> int:
        self.references += 1
        return self.references

    def _release(self) -> int:
        self.references -= 1
        if not self.references:
            self.end()
        return self.references

    def end(self) -> None:
        """What it does when nobody holds it any more."""


class FakeTaskbarList(FakeObject):
    """ITaskbarList3: lays icons over buttons once it is made ready, as long as its task bar runs."""

    INTERFACES = ("ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf",)

    def __init__(self, marks: dict[int, tuple[int, str]]) -> None:
        super().__init__()
        self.marks = marks
        self.calls = 0
        self.ready = False
        self.restarted = False
        self.method(3, (), self._init)
        self.method(18, (POINTER, POINTER, ctypes.c_wchar_p), self._overlay)

    def _init(self) -> int:
        self.ready = True
        return OK

    def _overlay(self, window: int | None, icon: int | None, text: str | None) -> int:
        self.calls += 1
        if not self.ready or self.restarted or not window:
            return FAIL
        if icon:
            self.marks[window] = (icon, text or "")
        else:
            self.marks.pop(window, None)
        return OK


class FakeLink(FakeObject):
    """IShellLinkW, with its IPropertyStore as another object of which it holds a reference."""

    INTERFACES = ("000214f9-0000-0000-c000-000000000046",)

    def __init__(self) -> None:
        super().__init__()
        self.path = self.arguments = ""
        self.icon = ("", -1)
        self.store = FakeStore()
        text = ctypes.c_wchar_p
        self.method(20, (text,), lambda path: self._keep("path", path))
        self.method(11, (text,), lambda arguments: self._keep("arguments", arguments))
        self.method(17, (text, ctypes.c_int), lambda path, index: self._keep("icon", (path, index)))

    def _query(self, interface: int, found: int) -> int:
        if self.store.answers_to(interface):
            put(found, self.store.address)
            self.store.references += 1
            return OK
        return super()._query(interface, found)

    def _keep(self, name: str, value: object) -> int:
        setattr(self, name, value)
        return OK

    def end(self) -> None:
        ComObject(self.store.address).release()


class FakeStore(FakeObject):
    """IPropertyStore: a value counts once it is committed."""

    INTERFACES = ("886d8eeb-8cf2-4446-8d02-cdba1dbdcf99",)

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[tuple[bytes, int], str] = {}
        self.values: dict[tuple[bytes, int], str] = {}
        self.method(6, (POINTER, POINTER), self._set)
        self.method(7, (), self._commit)

    def _set(self, key: int, value: int) -> int:
        kind = ctypes.c_ushort.from_address(value).value
        if kind != 31:  # VT_LPWSTR
            return FAIL
        name = (ctypes.string_at(key, 16), ctypes.c_uint32.from_address(key + 16).value)
        self.given[name] = text_at(at(value + 8))
        return OK

    def _commit(self) -> int:
        self.values |= self.given
        return OK


class FakeCollection(FakeObject):
    """IObjectCollection, which is an IObjectArray as well: holds a reference of each object in it."""

    INTERFACES = ("5632b1a4-e38a-400a-928a-d4cd63230295", "92ca9dcd-5622-4bba-a805-5e9f541bd8c9")

    def __init__(self) -> None:
        super().__init__()
        self.objects: list[int] = []
        self.method(5, (POINTER,), self._add_object)

    def _add_object(self, address: int) -> int:
        ComObject(address)._method(1, ctypes.c_uint32, ())(address)
        self.objects.append(address)
        return OK

    def end(self) -> None:
        for address in self.objects:
            ComObject(address).release()


class FakeJumpList(FakeObject):
    """ICustomDestinationList: what was begun is kept for the program's name once it is committed."""

    INTERFACES = ("6332debf-87b5-4670-90c0-5e57b408a49e",)

    def __init__(self, shell: FakeShell) -> None:
        super().__init__()
        self.shell = shell
        self.name = ""
        self.begun: list[tuple[str, str, str]] | None = None
        self.aborted = False
        self.method(3, (ctypes.c_wchar_p,), self._set_name)
        self.method(4, (POINTER, POINTER, POINTER), self._begin)
        self.method(7, (POINTER,), self._tasks)
        self.method(8, (), self._commit)
        self.method(11, (), self._abort)

    def _set_name(self, name: str) -> int:
        self.name = name
        return OK

    def _begin(self, shown: int, interface: int, removed: int) -> int:
        if ctypes.string_at(interface, 16) != bytes(guid(FakeCollection.INTERFACES[1])):
            return NO_INTERFACE
        ctypes.c_uint.from_address(shown).value = 10
        put(removed, self.shell.made_by_itself(FakeCollection()).address)
        self.begun = []
        return OK

    def _tasks(self, array: int) -> int:
        if self.begun is None or self.shell.refuses_tasks:
            return FAIL
        collection = self.shell.object_at(array, FakeCollection)
        links = [self.shell.object_at(each, FakeLink) for each in collection.objects]
        title = (bytes(guid("f29f85e0-4ff9-1068-ab91-08002b27b3d9")), 2)
        self.begun += [(link.store.values.get(title, ""), link.path, link.arguments) for link in links]
        return OK

    def _commit(self) -> int:
        if self.begun is None:
            return FAIL
        self.shell.menus[self.name] = self.begun
        self.begun = None
        return OK

    def _abort(self) -> int:
        self.begun, self.aborted = None, True
        return OK


class FakeShell:
    """Makes the objects, and holds what they leave behind; ``missing`` classes are not registered."""

    def __init__(self) -> None:
        self.made: list[FakeObject] = []
        self.menus: dict[str, list[tuple[str, str, str]]] = {}
        self.marks: dict[int, tuple[int, str]] = {}
        self.missing: set[str] = set()
        self.refuses_tasks = False

    def create(self, of_class: str, interface: str) -> ComObject:
        kind = CLASSES[of_class]
        if kind in self.missing:
            raise ComError(NOT_REGISTERED)
        makers: dict[str, Callable[[], FakeObject]] = {
            "task bar": lambda: FakeTaskbarList(self.marks),
            "jump list": lambda: FakeJumpList(self),
            "collection": FakeCollection,
            "link": FakeLink,
        }
        made = makers[kind]()
        assert interface in made.INTERFACES, f"{interface} is not of {kind}"
        self.made.append(made)
        return ComObject(made.address)

    def made_by_itself(self, made: FakeObject) -> FakeObject:
        self.made.append(made)
        return made

    def object_at(self, address: int, kind: type[Kind]) -> Kind:
        (found,) = [each for each in self.made if each.address == address]
        assert isinstance(found, kind)
        return found

    @property
    def taskbars(self) -> list[FakeTaskbarList]:
        return [each for each in self.made if isinstance(each, FakeTaskbarList)]

    def restart(self) -> None:
        """End the task bar and start another: marks are gone, and who holds the old one reaches nobody."""
        self.marks.clear()
        for each in self.taskbars:
            each.restarted = True
