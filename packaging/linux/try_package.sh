#!/bin/sh
# Tries the package $1 inside a Debian of its own, as root: installs it, runs it as a user, sets it up to start at
# log-in and starts what was registered, and removes it. Lines that begin with == tell what was found.
set -eu
package=$1
export DEBIAN_FRONTEND=noninteractive
tell() { echo "== $*"; }
fail() { echo "FAILED: $*"; exit 1; }
as_user() { su -s /bin/sh tester -c "cd && export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=xcb && $1"; }
files() { find /usr /etc /var/lib /opt -xdev ! -path '/var/lib/apt/*' ! -path '/var/lib/dpkg/*' | grep -i aios || true; }

apt-get update -q
apt-get install -y -q --no-install-recommends xvfb xauth
[ -z "$(files)" ] || fail "something of the program is there before it is installed"
id tester 2>/dev/null || useradd --create-home tester

apt-get install -y -q --no-install-recommends "$package"
tell "installed: $(dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} kB' aios-heartbeat)"
enabled=$(find / -xdev -path '*.wants/aios*' 2>/dev/null || true)
[ -z "$enabled" ] || fail "installing it enabled $enabled"
tell "no unit of it is enabled"

as_user 'aios-heartbeat --version && aios-heartbeat doctor'
as_user 'aios-heartbeat beat' | tee /tmp/beat
grep -q -E '^(HEARTBEAT_OK|AIOS_)' /tmp/beat || fail "no beat"
tell "beat: $(cat /tmp/beat)"
as_user 'xvfb-run -a aios-gui --screenshot ~/window.png'
[ "$(stat -c %s /home/tester/window.png)" -gt 20000 ] || fail "the picture of the window is too small to show anything"
tell "the window was photographed"
beats=$(as_user 'aios-heartbeat export --range 1h' | wc -l)
[ "$beats" -gt 3 ] || fail "the record holds no beats"
tell "the record holds $((beats - 1)) beats"

as_user 'xvfb-run -a aios-heartbeat autostart enable --delay 0'
grep -q '^Exec=/usr/lib/aios-heartbeat/aios-gui ' /home/tester/.config/autostart/aios-heartbeat.desktop \
    || fail "what is registered is not the installed program"
tell "registered, and started as registered: $(grep '^Exec=' /home/tester/.config/autostart/aios-heartbeat.desktop)"
as_user 'aios-heartbeat autostart disable'
[ ! -e /home/tester/.config/autostart/aios-heartbeat.desktop ] || fail "the entry is still there after disable"

apt-get purge -y -q aios-heartbeat
apt-get autoremove -y -q --purge
left=$(files)
[ -z "$left" ] || fail "left behind: $left"
tell "removed, and nothing of it is left outside the home of its user"
userdel --remove tester 2>/dev/null || true
