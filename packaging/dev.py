"""Sets the project up in .venv and runs it, its tests, its measurements and its checks: see `dev.py --help`.

Only the standard library is used. Annotations are quoted and syntax is plain, so that a Python that is too
old can still read this file, find a better one, or say what is needed.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PINS = "packaging/pins.txt"  # the versions that are installed, with the checksums of their files
STAMP = VENV / "set-up.json"  # what the last finished set-up was made from
BEGUN = VENV / "set-up.begun"  # there while a set-up runs; left behind by one that was killed
OLDEST, NEWEST = (3, 11), (3, 13)
PROBE = (
    "import importlib.util as u, json, sys; print(json.dumps([list(sys.version_info[:2]), "
    "getattr(sys, '_base_executable', sys.executable), all(map(u.find_spec, ('venv', 'ensurepip')))]))"
)
OFFLINE = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "Network is unreachable",
    "from versions: none",
)
COMMANDS = {
    "run": "start AIOS Heartbeat; arguments go to it",
    "test": "run the tests and list the ten slowest; --long: also those that take minutes; arguments go to pytest",
    "bench": "measure the beat and print the targets; --json for figures",
    "soak": "use service and window for hours and look for what creeps; --hours, --interval",
    "check": "lint, format, types, layers, dead code, translations, reference",
    "shot": "take pictures of every panel into a folder (default: screenshots)",
    "build": "build and try what users get; --target, --onefile, --help",
    "pin": "choose the newest versions of what is installed, and note their checksums",
    "translate": "bring the translation files up to date with the source",
    "reference": "write the pages of docs/ that are made from the source",
}


class SetUpError(Exception):
    """Something a person can mend; the message says what and how."""


def say(text: str) -> None:
    """Tell what is being done, apart from what the command itself prints."""
    print(f"[dev] {text}", file=sys.stderr, flush=True)


# ---- Which Python ------------------------------------------------------------------------------------------


class Python:
    """An interpreter that was asked for its version and for what it needs to make an environment."""

    def __init__(self, version: "tuple[int, int]", executable: str, can_make_venv: bool) -> None:
        self.version, self.executable, self.can_make_venv = version, executable, can_make_venv

    @property
    def fits(self) -> bool:
        """Whether the project runs with it, leaving aside whether it can make an environment."""
        return OLDEST <= self.version <= NEWEST


def ask(command: "list[str]") -> "Python | None":
    """Ask the interpreter started by `command` about itself; None where it does not start or answer."""
    try:
        answer = subprocess.check_output([*command, "-c", PROBE], stderr=subprocess.DEVNULL, timeout=30)
        version, executable, can_make_venv = json.loads(answer.decode())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Python((version[0], version[1]), executable, can_make_venv)


def candidates() -> "list[list[str]]":
    """List the commands that may start a Python: this one first, then the newest that is supported."""
    commands = [[sys.executable]]
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        commands.append([f"python3.{minor}"])
        if os.name == "nt":
            commands.append(["py", f"-3.{minor}"])
    return [*commands, ["python3"], ["python"]]


def choose_python(commands: "list[list[str]]") -> Python:
    """Return the first Python that fits and can make an environment.

    Raises:
        SetUpError: none does; the message says what to install.
    """
    without_venv = None
    for command in commands:
        found = ask(command)
        if found and found.fits and found.can_make_venv:
            return found
        if found and found.fits and without_venv is None:
            without_venv = found
    if without_venv:
        version = "{}.{}".format(*without_venv.version)
        raise SetUpError(
            f"Python {version} ({without_venv.executable}) lacks its venv or ensurepip module. Install it, "
            f"then run this again: `sudo apt install python{version}-venv` (Debian, Ubuntu); elsewhere "
            "reinstall Python with ensurepip."
        )
    oldest, newest, this = ("{}.{}".format(*version[:2]) for version in (OLDEST, NEWEST, sys.version_info))
    raise SetUpError(
        f"AIOS Heartbeat needs Python {oldest} to {newest}; this is {this} and no other is on the PATH. "
        "Install one from python.org/downloads, or by `sudo apt install python3 python3-venv`, and run this again."
    )


# ---- The environment ---------------------------------------------------------------------------------------


def venv_python() -> Path:
    """Where the interpreter of the environment is, whether or not it exists."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def catalogues() -> "list[Path]":
    """List the translation sources, which are compiled during the installation."""
    return sorted((ROOT / "resources" / "translations").glob("*/LC_MESSAGES/*.po"))


def wanted(version: "tuple[int, int]", extras: "set[str]") -> "dict[str, object]":
    """Describe the set-up that this source needs; equal to the stamp when nothing has changed."""
    digest = hashlib.sha256()
    names = ("pyproject.toml", PINS, "aios_gui/__init__.py", "packaging/hatch_build.py")
    inputs = [ROOT / name for name in names]
    for file in [*inputs, *catalogues()]:
        digest.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    source = digest.hexdigest()
    return {"root": str(ROOT), "python": list(version), "source": source, "extras": sorted(extras)}


def read_stamp() -> "dict[str, object]":
    """Read what the last finished set-up was made from; empty where there was none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def trouble_with_venv(stamp: "dict[str, object]", version: "tuple[int, int]") -> "str | None":
    """Say why .venv cannot be used or mended in place; None where it can."""
    if BEGUN.exists() or not stamp:
        return "its set-up was not finished"
    if stamp.get("root") != str(ROOT):
        return "the project was moved"
    if stamp.get("python") != list(version):
        return "it was made by another version of Python"
    answer = ask([str(venv_python())])
    if answer is None or answer.version != version:
        return "the Python it was made from is gone"
    return None


def remove_venv() -> None:
    """Delete .venv, whatever it is.

    Raises:
        SetUpError: a part of it is in use or may not be deleted.
    """
    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        elif VENV.exists():
            shutil.rmtree(str(VENV))
    except OSError as error:
        raise SetUpError(f"Cannot delete {VENV}: {error}. Close what uses it and run this again.") from error


def set_up(extras: "set[str]") -> None:
    """Make .venv or bring it up to date, so that it has the project with at least `extras`.

    Raises:
        SetUpError: it cannot be made here.
    """
    started = time.perf_counter()
    python = choose_python(candidates())
    stamp = read_stamp()
    trouble = trouble_with_venv(stamp, python.version)
    earlier = stamp.get("extras")
    if trouble is None and isinstance(earlier, list):
        extras = extras | set(earlier)  # an environment never loses what another command needs
    target = wanted(python.version, extras)
    compiled = all(source.with_suffix(".mo").exists() for source in catalogues())
    if trouble is None and stamp == target and compiled:
        say(f"Set-up is up to date ({time.perf_counter() - started:.2f} s).")
        return
    if trouble is not None:
        make_venv(python, trouble)
    BEGUN.touch()
    install(extras)
    STAMP.write_text(json.dumps(target), encoding="utf-8")
    BEGUN.unlink()
    say(f"Set-up done ({time.perf_counter() - started:.1f} s).")


def make_venv(python: Python, trouble: str) -> None:
    """Make .venv again with `python`; `trouble` says why the one there cannot be used."""
    if VENV.exists() or VENV.is_symlink():
        say(f"Making .venv again: {trouble}.")
        remove_venv()
    say(f"Making .venv with Python {python.version[0]}.{python.version[1]} ({python.executable}).")
    try:
        VENV.mkdir()
        BEGUN.touch()
        subprocess.run([python.executable, "-m", "venv", str(VENV)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpError(
            f"Could not make {VENV}: {error}. Check that its folder can be written and has 1 GB free."
        ) from error


def pins_for(extras: "set[str]") -> str:
    """Return what is installed for `extras`, as a requirements file for pip: the parts up to the last one needed."""
    parts = (ROOT / PINS).read_text(encoding="utf-8").split("# ==== ")[1:]
    last = max(number for number, part in enumerate(parts) if part.split("\n")[0] in {"run"} | extras)
    return "".join(part.partition("\n")[2] for part in parts[: last + 1])


def install(extras: "set[str]") -> None:
    """Install what the project needs with `extras` into .venv, and the project, editable; pip's progress is shown.

    Only files are taken whose checksums are known, and none that would run a program while it is installed.

    Raises:
        SetUpError: pip gave up; the message tells a missing network and foreign files from other reasons.
    """
    log, pins = VENV / "pip.log", VENV / "pins.txt"
    if log.exists():
        log.unlink()
    pins.write_text(pins_for(extras), encoding="utf-8")
    say(f"Installing {' and '.join(['what it runs with', *sorted(extras)])} with pip.")
    command = [str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check", "--log", str(log)]
    steps = (
        ["--require-hashes", "--only-binary", ":all:", "--requirement", str(pins)],
        # By the hatchling that the first step brought.
        ["--no-deps", "--no-build-isolation", "--editable", "."],
    )
    if all(
        subprocess.run([*command, *step], cwd=str(ROOT), stdout=sys.stderr, check=False).returncode == 0
        for step in steps
    ):
        return
    BEGUN.unlink()  # pip ended by itself and undid what it had begun: what was there before is still good
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if "DO NOT MATCH THE HASHES" in text:
        raise SetUpError(
            f"pip was given a file that is not the one whose checksum is in {PINS}, and did not install "
            "it. Something between here and the registry has exchanged it; do not install it by hand."
        )
    if "No space left on device" in text:
        raise SetUpError(f"The disk is full. Free about 1 GB where {ROOT} lies, then run this again.")
    if any(sign in text for sign in OFFLINE):
        raise SetUpError(
            "pip could not download what is needed. Check that this machine is online (and its proxy "
            "settings, if it has a proxy), then run this again."
        )
    raise SetUpError(f"pip could not install the project; its last lines above say why (all of it: {log}).")


# ---- What the system must bring ----------------------------------------------------------------------------


def apt_install(packages: "list[str]") -> None:
    """Install Debian packages.

    Raises:
        SetUpError: apt-get gave up.
    """
    say(f"Installing with apt-get: {' '.join(packages)}")
    if not system_packages.apt_install(packages):
        raise SetUpError(f"apt-get could not install {' '.join(packages)}; its last lines above say why.")


def ready_python() -> None:
    """Bring the venv module where this is root on a Debian whose own Python fits but lacks it."""
    if not system_packages.may_apt_install() or not sys.executable.startswith("/usr/bin/"):
        return
    here = ask([sys.executable])
    if here and here.fits and not here.can_make_venv:
        apt_install(["python{}.{}-venv".format(*here.version)])


def ready_tests() -> None:
    """Bring what the tests need to open real windows, or say what is missing.

    Raises:
        SetUpError: Qt cannot be loaded and its libraries may not be installed from here.
    """
    if not sys.platform.startswith("linux"):
        return
    libraries = system_packages.missing(VENV, "xcb")
    tools = system_packages.TEST_TOOLS
    if system_packages.may_apt_install():
        packages = system_packages.not_installed(list(tools)) + system_packages.packages_for(libraries, 0)
        if packages:
            apt_install(packages)
    elif libraries:
        raise SetUpError(system_packages.advice(libraries))
    elif not all(map(shutil.which, filter(None, tools.values()))):
        say(f"Some tests need these packages, of which some are missing: {', '.join(tools)}.")


# ---- The commands ------------------------------------------------------------------------------------------


def in_venv(*arguments: str) -> int:
    """Run the Python of the environment in the project's folder and return its exit status."""
    return subprocess.run([str(venv_python()), *arguments], cwd=str(ROOT), check=False).returncode


def run(arguments: "list[str]") -> int:
    """Start the program in place of this one.

    Raises:
        SetUpError: there is a display, but Qt lacks a library to use it.
    """
    plugin = system_packages.platform_plugin(os.environ)
    libraries = system_packages.missing(VENV, plugin) if plugin else []
    if libraries:
        raise SetUpError(system_packages.advice(libraries))
    # -P keeps files of the folder that the user is in from being taken for modules.
    command = [str(venv_python()), "-P", "-m", "aios_gui", *arguments]
    if os.name != "nt":  # there, exec would give the prompt back while the program still runs
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def check_commands() -> "list[tuple[str, list[str]]]":
    """List the checks by name, each with the command that makes it."""
    python = str(venv_python())
    sources = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "packaging").rglob("*.py"))
    lint_imports = venv_python().with_name("lint-imports.exe" if os.name == "nt" else "lint-imports")
    return [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy", "--strict", "aios_gui", "tests", *sources]),
        ("layers", [str(lint_imports)]),
        ("dead code", [python, "-m", "vulture"]),
        ("translations", [python, str(ROOT / "packaging" / "catalogue.py"), "check"]),
        ("reference", [python, str(ROOT / "packaging" / "reference.py"), "--check"]),
    ]


def check(arguments: "list[str]") -> int:
    """Make every check, or those named in `arguments`; 0 where all passed. Failing ones show their output."""
    checks = check_commands()
    unknown = set(arguments) - {name for name, _ in checks}
    if unknown:
        raise SetUpError(f"No such check: {', '.join(unknown)}. There are {', '.join(dict(checks))}.")
    failed = []
    for name, command in checks:
        if arguments and name not in arguments:
            continue
        started = time.perf_counter()
        with subprocess.Popen(
            command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as child:
            output = child.communicate()[0].decode(errors="replace")
        seconds = time.perf_counter() - started
        print(f"{'ok    ' if child.returncode == 0 else 'FAILED'} {name:<12} {seconds:6.1f} s", flush=True)
        if child.returncode != 0:
            failed.append(name)
            print(output, flush=True)
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def perform(command: str, arguments: "list[str]") -> int:
    """Set up what `command` needs, then run it; returns its exit status."""
    if command == "run":
        set_up(set())
        return run(arguments)
    ready_python()
    set_up({"dev", "package"} if command == "build" else {"dev"})
    if command == "check":
        return check(arguments)
    scripts = {
        "translate": ["packaging/catalogue.py", "update"],
        "pin": ["packaging/pins.py"],
        "reference": ["packaging/reference.py"],
        "build": ["packaging/builder.py"],
    }
    if command in scripts:
        return in_venv(*scripts[command], *arguments)
    ready_tests()
    if command == "test":
        return in_venv("-m", "pytest", "--durations=10", *arguments)
    module = {"bench": "tests.bench", "soak": "tests.bench.soak", "shot": "tests.shots"}[command]
    return in_venv("-m", module, *(arguments or (["screenshots"] if command == "shot" else [])))


def main(argv: "list[str]") -> int:
    """Do what the command line asks; what a person can mend becomes one message on stderr and status 2."""
    listing = "\n".join(f"  {name:<10} {text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Set AIOS Heartbeat up in .venv (made when missing, mended when broken) and:\n" + listing,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=list(COMMANDS), metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="goes to the command")
    if not argv:
        parser.print_help()
        return 2
    asked = parser.parse_args(argv)
    try:
        return perform(asked.command, asked.arguments)
    except SetUpError as failure:
        say(str(failure))
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
