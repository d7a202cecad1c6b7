"""What a Linux must bring for Qt and the tests: finds what is missing, names or installs its packages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# What tests open real windows with, set clocks, load the machine and read files: packages for apt, and their programs.
TEST_TOOLS = {
    "xvfb": "Xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "fonts-dejavu-core": "",
    "fonts-wqy-microhei": "",
    "faketime": "faketime",
    "stress-ng": "stress-ng",
    "desktop-file-utils": "desktop-file-validate",
}
# What Qt needs: the package of each library for apt, dnf and pacman.
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libGLX.so.0": ("libglx0", "libglvnd-glx", "libglvnd"),
    "libICE.so.6": ("libice6", "libICE", "libice"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl", "libglvnd"),
    "libSM.so.6": ("libsm6", "libSM", "libsm"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
}
MANAGERS = (
    ("apt-get", "apt install", "Debian, Ubuntu"),
    ("dnf", "dnf install", "Fedora"),
    ("pacman", "pacman -S", "Arch"),
)


def output_of(command: "list[str]") -> str:
    """Return what a command prints, whatever its exit status; its complaints are dropped."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode(errors="replace")


def platform_plugin(environment: "os._Environ[str] | dict[str, str]") -> "str | None":
    """Name the plugin Qt will load: `xcb`, `wayland`, or None where it is another or there is no display."""
    asked = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if asked:
        return asked if asked in ("xcb", "wayland") else None
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else None


def missing_in(ldd_output: str) -> "list[str]":
    """List the libraries that `ldd` did not find, each once, in alphabetical order."""
    rows = [line.split("=>") for line in ldd_output.splitlines() if "=> not found" in line]
    # What Qt brings itself is found at run time by the path that its loader sets.
    return sorted({row[0].strip() for row in rows if not row[0].strip().startswith("libQt6")})


def missing(venv: Path, plugin: str) -> "list[str]":
    """List the libraries that `plugin` of the PySide6 in `venv` misses; empty where that cannot be told."""
    if not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return []
    folders = venv.glob("lib/python3*/site-packages/PySide6/Qt/plugins/platforms")
    files = [str(file) for folder in folders for file in sorted(folder.glob(f"libq{plugin}*.so"))]
    return missing_in(output_of(["ldd", *files])) if files else []


def packages_for(libraries: "list[str]", manager: int) -> "list[str]":
    """List the packages (0 apt, 1 dnf, 2 pacman) of `libraries`; an unknown library stands for itself."""
    return sorted({PACKAGES.get(library, (library,) * 3)[manager] for library in libraries})


def advice(libraries: "list[str]") -> str:
    """Say in one sentence which libraries Qt misses and which command of this system brings them."""
    here = [index for index, manager in enumerate(MANAGERS) if shutil.which(manager[0])][:1]
    commands = [
        f"sudo {MANAGERS[index][1]} {' '.join(packages_for(libraries, index))}  ({MANAGERS[index][2]})"
        for index in here or range(len(MANAGERS))
    ]
    verb = "is" if len(libraries) == 1 else "are"
    return (
        f"Qt cannot open a window here, because {', '.join(libraries)} {verb} not installed. Install with:"
        + "".join(f"\n  {command}" for command in commands)
    )


def may_apt_install() -> bool:
    """Whether this is root on a Debian, where packages can be installed without asking."""
    return sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def not_installed(packages: "list[str]") -> "list[str]":
    """List those of `packages` that dpkg does not have."""
    rows = output_of(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *packages]).splitlines()
    installed = {row.split()[0] for row in rows if row.endswith(" installed")}
    return [package for package in packages if package not in installed]


def apt_install(packages: "list[str]") -> bool:
    """Install Debian packages, updating the lists only where they do not serve; whether it worked."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if subprocess.run(command, env=environment, check=False).returncode == 0:
        return True
    subprocess.run(["apt-get", "update", "-q"], env=environment, check=False)
    return subprocess.run(command, env=environment, check=False).returncode == 0
