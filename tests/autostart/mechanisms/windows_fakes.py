"""A machine with Windows to be started on: registry, files, Task Scheduler, what meddles with them, and rigs on it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aios_gui.autostart.mechanisms.mechanism import Mechanism, ToolAnswer
from aios_gui.autostart.mechanisms.run_key import APPROVED, KEY, NAME, RunKey
from aios_gui.autostart.mechanisms.scheduled_task import ScheduledTask
from aios_gui.autostart.model import LaunchProgram
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.system.windows.registry import Kind, RegistryError, Value
from tests.autostart.mechanisms.task_schema import problems

LONGEST_NAME, LONGEST_KEY = 16_383, 255
"""Of a value, and of each part of a key (Microsoft, "Registry element size limits")."""
SCHTASKS = r"C:\Windows\System32\schtasks.exe"
ENVIRON = {
    "USERNAME": "Zoë",
    "USERDOMAIN": "PC",
    "USERPROFILE": r"C:\Users\Zoë",
    "SystemRoot": r"C:\Windows",
    "SYSTEMROOT": r"C:\Windows",
    "TEMP": r"C:\Temp",
}


PATH = r"C:\Program Files\AIOS Heartbeat\AIOS Heartbeat.exe"
TASK = "aios heartbeat (zoë)"
ODD_ON_WINDOWS = {
    "plain": "aios",
    "spaces": "my own programs",
    "quote": "it's",
    "percent": "100%",
    "percents": "%f %%U %HOME%",
    "dollar": "a$b ${HOME} $(Arg0) $$",
    "reserved": "(x) & ; ,=+ [y] {z} #~`@",
    "exclaimed": "!bang! ^caret",
    "non-ascii": "Überprüfung 心跳",
    "beyond the first plane": "💓 beat",
    "option": "--help",
    "long": "x" * 100,
}
"""Names of folders that Windows allows."""
DISABLED_ON = 133_000_000_000_000_000
"""A FILETIME: 2022-06-18 00:26:40 UTC."""


class FakeRegistry:
    """Keeps what Windows keeps: a type and bytes for each name, which it finds however it is capitalised.

    ``denied`` are the calls that Windows refuses; ``cleaner`` is told each name that was written and may take it away.
    """

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, tuple[str, int, bytes]]] = {}
        self.denied: set[str] = set()
        self.cleaner: Callable[[FakeRegistry, str, str], object] = lambda registry, key, name: None

    def is_available(self) -> bool:
        return True

    def read(self, key: str, name: str) -> Value | None:
        self._ask("read", key)
        found = self.keys.get(key.lower(), {}).get(name.lower())
        if found is None:
            return None
        _name, kind, raw = found
        if kind in (Kind.STRING, Kind.EXPANDABLE):
            return Value(raw.decode("utf-16-le", "surrogatepass").partition("\0")[0], kind)
        return Value(raw, kind)

    def write(self, key: str, name: str, value: Value) -> None:
        self._ask("write", key)
        if len(name) > LONGEST_NAME or any(len(part) > LONGEST_KEY for part in key.split("\\")):
            raise RegistryError(f"HKEY_CURRENT_USER\\{key}: The parameter is incorrect")
        if value.kind in (Kind.STRING, Kind.EXPANDABLE):
            assert isinstance(value.data, str), "a text is to be a text"
            raw = value.data.encode("utf-16-le", "surrogatepass") + b"\0\0"
        else:
            assert isinstance(value.data, bytes), "bytes are to be bytes"
            raw = value.data
        self.keys.setdefault(key.lower(), {})[name.lower()] = (name, value.kind, raw)
        self.cleaner(self, key, name)

    def delete(self, key: str, name: str) -> None:
        self._ask("delete", key)
        self.keys.get(key.lower(), {}).pop(name.lower(), None)

    def _ask(self, what: str, key: str) -> None:
        if what in self.denied:
            raise RegistryError(f"HKEY_CURRENT_USER\\{key}: Access is denied")

    # What the test does behind the program's back

    def set_raw(self, key: str, name: str, kind: int, raw: bytes) -> None:
        self.keys.setdefault(key.lower(), {})[name.lower()] = (name, kind, raw)

    def everything(self) -> list[tuple[str, int, bytes]]:
        return [value for names in self.keys.values() for value in names.values()]


class FakeScheduler:
    """Task Scheduler behind schtasks: it checks what it is given, and prints in an old code page.

    ``denied`` are the verbs it refuses; ``cleaner`` takes away a task right after it was made.
    """

    def __init__(self, code_page: str = "cp437") -> None:
        self.tasks: dict[str, str] = {}
        self.names: list[str] = []
        self.denied: set[str] = set()
        self.cleaner = False
        self.code_page = code_page
        self.mute = False

    def __call__(self, command: Sequence[str]) -> ToolAnswer:
        program, verb, *rest = command
        assert program == SCHTASKS
        given = dict(zip(rest[::2], rest[1::2], strict=False))
        if verb in self.denied:
            return ToolAnswer(1, err="ERROR: Access is denied.")
        if self.mute:
            return ToolAnswer(0)
        return {
            "/create": self._create,
            "/delete": self._delete,
            "/query": self._query,
        }[verb](given["/tn"], given)

    def _create(self, name: str, given: dict[str, str]) -> ToolAnswer:
        assert not set(name) & set('\\/:*?"<>|')
        raw = Path(given["/xml"]).read_bytes()
        if not raw.startswith(codecs.BOM_UTF16_LE):
            return ToolAnswer(1, err="ERROR: The task XML is malformed.")
        text = raw.decode("utf-16")
        found = problems(text)
        if found:
            return ToolAnswer(
                1, err=f"ERROR: The task XML contains a value which is incorrectly formatted. {found}"
            )
        if not self.cleaner:
            self.names.append(name)
            self.tasks[name.lower()] = text
        return ToolAnswer(0, f'SUCCESS: The scheduled task "{name}" has successfully been created.')

    def _delete(self, name: str, _given: dict[str, str]) -> ToolAnswer:
        if self.tasks.pop(name.lower(), None) is None:
            return self._missing()
        return ToolAnswer(0, "SUCCESS")

    def _query(self, name: str, given: dict[str, str]) -> ToolAnswer:
        assert given["/xml"] == "ONE"
        text = self.tasks.get(name.lower())
        if text is None:
            return self._missing()
        return ToolAnswer(0, "".join(map(self._printed, text)).replace("\n", "\r\n"))

    def _printed(self, character: str) -> str:
        """A question mark for each unit of UTF-16 that the code page lacks."""
        try:
            return character.encode(self.code_page).decode(self.code_page)
        except UnicodeEncodeError:
            return "?" * (len(character.encode("utf-16-le")) // 2)

    @staticmethod
    def _missing() -> ToolAnswer:
        return ToolAnswer(1, err="ERROR: The system cannot find the file specified.")

    # What the test does behind the program's back

    def change(self, name: str, pattern: str, replacement: str) -> None:
        text = self.tasks[name.lower()]
        changed = re.sub(pattern, replacement.replace("\\", "\\\\"), text)
        self.tasks[name.lower()] = changed


@dataclass
class Machine:
    """Windows with one user; ``files`` are the programs that are there."""

    roaming: Path
    registry: FakeRegistry = field(default_factory=FakeRegistry)
    scheduler: FakeScheduler = field(default_factory=FakeScheduler)
    files: set[str] = field(default_factory=lambda: {SCHTASKS.lower()})

    def install(self, path: str, home: str = "") -> LaunchProgram:
        """A copy of the program there."""
        folder = path.rpartition("\\")[0]
        service = rf"{folder}\aios-heartbeat.exe"
        self.files |= {path.lower(), service.lower()}
        return LaunchProgram((path,), (service, "service"), home)

    def is_file(self, path: str) -> bool:
        return path.lower() in self.files

    def mechanism(self, key: str, program: LaunchProgram) -> Mechanism:
        if key == RunKey.key:
            return RunKey(program, self.registry, {**ENVIRON, "APPDATA": str(self.roaming)}, self.is_file)
        return ScheduledTask(program, ENVIRON, self.scheduler, self.is_file)

    def switch_off(self) -> None:
        """As the user does in Task Manager, on a day of 2022."""
        raw = bytes([3, 0, 0, 0]) + DISABLED_ON.to_bytes(8, "little")
        self.registry.set_raw(APPROVED + r"\Run", NAME, Kind.BINARY, raw)

    def refuse(self) -> None:
        """From now on nothing can be written."""
        self.registry.denied |= {"write", "delete"}
        self.scheduler.denied |= {"/create", "/delete"}

    def leftovers(self) -> list[object]:
        """Everything that is registered, by whatever mechanism, switches included."""
        return [*self.registry.everything(), *self.scheduler.tasks]


class _WindowsRig:
    """Of both mechanisms of Windows; ``folder`` is where the program lies. Windows itself reads nothing back here."""

    key = ""
    mode = LaunchMode.TRAY

    def __init__(self, system: Path, folder: str = "Program Files") -> None:
        self.machine = Machine(system / "Roaming")
        self._path = rf"C:\{folder}\aios-gui.exe"
        program = self.machine.install(self._path, home=rf"D:\{folder[:30]}" + "\\")
        self.mechanism = self.machine.mechanism(self.key, program)

    def move(self) -> Mechanism:
        return self.machine.mechanism(self.key, self.machine.install(r"D:\portable\AIOS Heartbeat.exe"))

    def delete(self) -> None:
        self.machine.files.discard(self._path.lower())

    def read_back(self) -> list[str]:
        return list(self.mechanism.registered())

    def refuse(self) -> None:
        self.machine.refuse()

    def traces(self) -> list[str]:
        return [str(each) for each in self.machine.leftovers()]


class RunKeyRig(_WindowsRig):
    """The Run key and Task Manager's switch."""

    key = "run_key"

    def switch_off(self) -> None:
        self.machine.switch_off()

    def garble(self) -> None:
        self.machine.registry.set_raw(KEY, NAME, 4, b"\1\0\0\0")


class TaskRig(_WindowsRig):
    """Task Scheduler."""

    key = "scheduled_task"

    def switch_off(self) -> None:
        rule = "(?<=</StopIfGoingOnBatteries>)<Enabled>true"
        self.machine.scheduler.change(TASK, rule, "<Enabled>false")

    def garble(self) -> None:
        self.machine.scheduler.change(TASK, "(?s)<Task.*", "<Nonsense/>")
