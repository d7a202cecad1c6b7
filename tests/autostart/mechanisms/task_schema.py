"""The rules that Task Scheduler holds a task's XML to, as far as tasks of this program touch them.

Source: [MS-TSCH] 2.5, https://learn.microsoft.com/openspecs/windows_protocols/ms-tsch: taskType (2.5),
registrationInfoType (2.5.2), triggerBaseType and logonTriggerType (2.5.3.1, 2.5.3.7), settingsType (2.5.4),
principalType (2.5.6), execType (2.5.7.1), pathType (2.5.1.4). An ``xs:all`` takes its elements in any order but each
once, an ``xs:sequence`` in its own. The server must refuse what breaks them (3.2.5.4.2).
"""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
Check = Callable[[str], bool]


def any_text(_text: str) -> bool:
    return True


def non_empty(text: str) -> bool:
    return bool(text)


def path(text: str) -> bool:
    return 1 <= len(text) <= 260


def boolean(text: str) -> bool:
    return text in {"true", "false", "1", "0"}


def duration(text: str) -> bool:
    found = re.fullmatch(r"-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", text)
    return bool(found) and not text.endswith(("P", "T"))


def priority(text: str) -> bool:
    return text.isdecimal() and 1 <= int(text) <= 10


def one_of(*words: str) -> Check:
    return lambda text: text in words


REGISTRATION_INFO: dict[str, Check] = dict.fromkeys(
    ("URI", "SecurityDescriptor", "Source", "Date", "Author", "Version", "Description", "Documentation"),
    any_text,
)
LOGON_TRIGGER: dict[str, Check] = {
    "Enabled": boolean,
    "StartBoundary": non_empty,
    "EndBoundary": non_empty,
    "Repetition": any_text,
    "ExecutionTimeLimit": duration,
    "UserId": non_empty,
    "Delay": duration,
}
SETTINGS: dict[str, Check] = {
    "AllowStartOnDemand": boolean,
    "MultipleInstancesPolicy": one_of("Parallel", "Queue", "IgnoreNew", "StopExisting"),
    "DisallowStartIfOnBatteries": boolean,
    "StopIfGoingOnBatteries": boolean,
    "AllowHardTerminate": boolean,
    "StartWhenAvailable": boolean,
    "RunOnlyIfNetworkAvailable": boolean,
    "WakeToRun": boolean,
    "Enabled": boolean,
    "Hidden": boolean,
    "ExecutionTimeLimit": duration,
    "Priority": priority,
    "RunOnlyIfIdle": boolean,
}
PRINCIPAL: dict[str, Check] = {
    "UserId": non_empty,
    "LogonType": one_of("S4U", "Password", "InteractiveToken", "InteractiveTokenOrPassword"),
    "GroupId": non_empty,
    "DisplayName": any_text,
    "RunLevel": one_of("LeastPrivilege", "HighestAvailable"),
}
EXEC: dict[str, Check] = {"Command": path, "Arguments": any_text, "WorkingDirectory": path}


def problems(text: str) -> list[str]:
    """What Task Scheduler would refuse in ``text``; empty where it is well."""
    try:
        root = ET.fromstring(text.partition("?>")[2])
    except ET.ParseError as error:
        return [str(error)]
    if root.tag != f"{NAMESPACE}Task" or not re.fullmatch(r"1\.[0-6]", root.get("version", "1.0")):
        return [f"the root is {root.tag} {root.attrib}"]
    parts = {"RegistrationInfo", "Triggers", "Settings", "Data", "Principals", "Actions"}
    found = _names(root, parts)
    if root.find(f"{NAMESPACE}Actions") is None:
        found.append("no Actions")
    for part, rules, in_order in (
        ("RegistrationInfo", REGISTRATION_INFO, False),
        ("Triggers/LogonTrigger", LOGON_TRIGGER, True),
        ("Settings", SETTINGS, False),
        ("Principals/Principal", PRINCIPAL, False),
        ("Actions/Exec", EXEC, False),
    ):
        for element in root.findall("/".join(NAMESPACE + name for name in part.split("/"))):
            found += _content(element, rules, in_order)
    return found + _references(root)


def _names(element: ET.Element, allowed: set[str]) -> list[str]:
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    found = [f"{name} in {element.tag}" for name in names if name not in allowed]
    return found + [f"{name} twice" for name in set(names) if names.count(name) > 1]


def _content(element: ET.Element, rules: dict[str, Check], in_order: bool) -> list[str]:
    found = _names(element, set(rules))
    names = [child.tag.removeprefix(NAMESPACE) for child in element]
    if in_order and not found and names != sorted(names, key=list(rules).index):
        found.append(f"{element.tag}: order {names}")
    for child in element:
        name = child.tag.removeprefix(NAMESPACE)
        if name in rules and not rules[name](child.text or ""):
            found.append(f"{name}: {child.text!r}")
    if element.tag == f"{NAMESPACE}Exec" and "Command" not in names:
        found.append("no Command")
    return found


def _references(root: ET.Element) -> list[str]:
    ids = {principal.get("id") for principal in root.iter(f"{NAMESPACE}Principal")}
    return [
        f"Context {actions.get('Context')} is no principal"
        for actions in root.iter(f"{NAMESPACE}Actions")
        if actions.get("Context") is not None and actions.get("Context") not in ids
    ]
