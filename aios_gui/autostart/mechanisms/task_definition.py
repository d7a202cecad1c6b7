"""A task of Windows' Task Scheduler as XML: written for registering, and read back.

Source: [MS-TSCH] 2.5 XML Task Definition Format, https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch. A
log-on trigger has a delay but no random one (2.5.3.7). In arguments and working folder a dollar sign stands for
itself when there are two (2.5.9.1). Command and working folder have at most 260 characters (2.5.1.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from aios_gui.autostart.model import AutostartError
from aios_gui.text.catalogue import N_

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
LONGEST_PATH = 260
USUAL_PRIORITY = 5
"""Of a program that a person starts; 7, which a task has by itself, is the class of background work."""

_LARGEST_CHARACTERS = 1 << 18
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# White space as it is would be read as another one. By hand: the standard library's own loads an HTTP client, 4 MB.
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.\d+)?S)?)?"
)
_SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
# From the highest: nice values up to which a priority holds. 1 is the class "high", 2 and 3 "above normal", 4 to 6
# "normal", 7 and 8 "below normal", 9 and 10 "idle" (Microsoft, "Task Settings Priority property").
_PRIORITIES = ((-15, 1), (-8, 2), (-1, 3), (0, USUAL_PRIORITY), (9, 6), (14, 8), (19, 9))


@dataclass(frozen=True, slots=True)
class Task:
    """A task that starts one program when ``user`` logs on, with that user's own rights."""

    user: str
    command: str
    arguments: str = ""
    working_folder: str = ""
    delay_s: int = 0
    on_battery: bool = True
    time_limit_s: int = 0
    priority: int = USUAL_PRIORITY
    enabled: bool = True


def priority_of(nice: int) -> int:
    """The task's priority for a nice value, 1 for the highest to 9."""
    return next((priority for limit, priority in _PRIORITIES if nice <= limit), _PRIORITIES[-1][1])


def compose(task: Task) -> str:
    """The XML; AutostartError where the task cannot be put into it."""
    for path in (task.command, task.working_folder):
        if len(path) > LONGEST_PATH:
            raise AutostartError(
                N_("A scheduled task cannot hold a path longer than {longest} characters: {text}"),
                longest=LONGEST_PATH,
                text=path[:80] + "…",
            )
    if not task.command or not task.user:
        raise AutostartError(N_("a task needs a program and a user"))
    stays_off_battery = _bool(not task.on_battery)
    folder = _element("WorkingDirectory", _dollars(task.working_folder)) if task.working_folder else ""
    arguments = _element("Arguments", _dollars(task.arguments)) if task.arguments else ""
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        f'<Task version="1.2" xmlns="{NAMESPACE}">\n'
        "<RegistrationInfo>"
        f"{_element('Author', 'AIOS Heartbeat')}{_element('Description', 'Starts AIOS Heartbeat at log-in.')}"
        "</RegistrationInfo>\n"
        "<Triggers><LogonTrigger>"
        f"<Enabled>true</Enabled>{_element('UserId', task.user)}<Delay>PT{task.delay_s}S</Delay>"
        "</LogonTrigger></Triggers>\n"
        '<Principals><Principal id="Author">'
        f"{_element('UserId', task.user)}<LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel>"
        "</Principal></Principals>\n"
        "<Settings>"
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
        f"<DisallowStartIfOnBatteries>{stays_off_battery}</DisallowStartIfOnBatteries>"
        f"<StopIfGoingOnBatteries>{stays_off_battery}</StopIfGoingOnBatteries>"
        f"<Enabled>{_bool(task.enabled)}</Enabled>"
        f"<ExecutionTimeLimit>PT{task.time_limit_s}S</ExecutionTimeLimit>"
        f"<Priority>{task.priority}</Priority>"
        "</Settings>\n"
        '<Actions Context="Author"><Exec>'
        f"{_element('Command', task.command)}{arguments}{folder}"
        "</Exec></Actions>\n"
        "</Task>\n"
    )


def _element(name: str, text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise AutostartError(N_("a character that XML cannot hold: {text}"), text=repr(text))
    return f"<{name}>{text.translate(_ENTITIES)}</{name}>"


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _dollars(text: str) -> str:
    return text.replace("$", "$$")


def parse(text: str) -> Task:
    """The task in ``text``; AutostartError for anything that is no XML, too large, or starts no program."""
    if len(text) > _LARGEST_CHARACTERS or "<!DOCTYPE" in text.upper():
        raise AutostartError(N_("not the XML of a task"))
    declaration_end = text.find("?>") + 2 if text.lstrip("\ufeff \r\n").startswith("<?xml") else 0
    try:
        root = ET.fromstring(text[declaration_end:].strip("\ufeff \r\n\0"))  # noqa: S314 - small, and declares nothing
    except (ET.ParseError, ValueError) as error:
        raise AutostartError(N_("not the XML of a task")) from error
    triggers = root.findall(_path("Triggers", "LogonTrigger"))
    trigger = triggers[0] if triggers else None
    settings = root.find(_path("Settings"))
    command = _text(root.find(_path("Actions", "Exec")), "Command")
    if trigger is None or not command:
        raise AutostartError(N_("the task starts no program at log-in"))
    exec_action = root.find(_path("Actions", "Exec"))
    return Task(
        _text(trigger, "UserId"),
        command,
        _single_dollars(_text(exec_action, "Arguments")),
        _single_dollars(_text(exec_action, "WorkingDirectory")),
        _duration_s(_text(trigger, "Delay", "PT0S")),
        _text(settings, "DisallowStartIfOnBatteries", "true") != "true",
        # Without one, Windows ends a task after three days.
        _duration_s(_text(settings, "ExecutionTimeLimit", "P3D")),
        _priority(_text(settings, "Priority", "7")),
        _text(settings, "Enabled", "true") == "true" and _text(trigger, "Enabled", "true") == "true",
    )


def _path(*names: str) -> str:
    return "/".join(f"{{{NAMESPACE}}}{name}" for name in names)


def _text(parent: ET.Element | None, name: str, default: str = "") -> str:
    child = parent.find(_path(name)) if parent is not None else None
    return (child.text or "") if child is not None else default


def _single_dollars(text: str) -> str:
    return text.replace("$$", "$")


def _priority(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0


def _duration_s(text: str) -> int:
    """Seconds of an xs:duration without years and months; -1 for any other."""
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.groups()):
        return -1
    return sum(int(match.group(part) or 0) * seconds for part, seconds in _SECONDS.items())
