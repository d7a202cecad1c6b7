#!/bin/sh
# Tries the package $1 inside a Debian of its own, as root: installs an older one, runs it as a user, upgrades it while it
# runs, sets it up to start at log-in and starts what was registered, and removes it. Lines that begin with == tell what
# was found.
set -eu
package=$1
export DEBIAN_FRONTEND=noninteractive
home=/home/tester
tell() { echo "== $*"; }
fail() { echo "FAILED: $*"; exit 1; }
as_user() { su -s /bin/sh tester -c "cd && export LC_ALL=C.UTF-8 QT_QPA_PLATFORM=xcb && $1"; }
files() { find /usr /etc /var/lib /opt -xdev ! -path '/var/lib/apt/*' ! -path '/var/lib/dpkg/*' | grep -i aios || true; }
count() { as_user 'aios-heartbeat export --range 1h' | wc -l; }

apt-get update -q
apt-get install -y -q --no-install-recommends xvfb xauth
[ -z "$(files)" ] || fail "something of the program is there before it is installed"
id tester 2>/dev/null || useradd --create-home tester

# The same program, in a package that says it is older.
dpkg-deb --raw-extract "$package" /tmp/older
sed -i 's/^Version: .*/Version: 0~older/' /tmp/older/DEBIAN/control
dpkg-deb --root-owner-group -Znone --build /tmp/older /tmp/older.deb
rm -r /tmp/older
apt-get install -y -q --no-install-recommends /tmp/older.deb
tell "installed: $(dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} kB' aios-heartbeat)"
enabled=$(find / -xdev -path '*.wants/aios*' 2>/dev/null || true)
[ -z "$enabled" ] || fail "installing it enabled $enabled"
tell "no unit of it is enabled"

as_user 'aios-heartbeat --version && aios-heartbeat doctor'
as_user 'aios-heartbeat beat' | tee /tmp/beat
grep -q -E '^(HEARTBEAT_OK|AIOS_)' /tmp/beat || fail "no beat"
tell "beat: $(cat /tmp/beat)"
as_user 'xvfb-run -a aios-gui --screenshot ~/window.png'
[ "$(stat -c %s $home/window.png)" -gt 20000 ] || fail "the picture of the window is too small to show anything"
tell "the window was photographed"
beats=$(count)
[ "$beats" -gt 3 ] || fail "the record holds no beats"
tell "the record holds $((beats - 1)) beats"
for format in html pdf png; do
    as_user "aios-heartbeat report --range 1h --language zh_CN -o ~/report.$format"
done
grep -q '<svg' $home/report.html || fail "the report as HTML has no figure"
grep -a -q /FontFile $home/report.pdf || fail "the report as PDF has no font in it"
tell "reports were written: $(cd $home && stat -c '%n %s' report.* | tr '\n' ' ')"

as_user 'aios-heartbeat settings set beat.interval_s 0.5'
as_user 'aios-heartbeat service >~/service.log 2>&1 &'
tries=0
until [ -e $home/.local/share/aios-heartbeat/instance.json ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || fail "the service does not beat: $(cat $home/service.log)"
    sleep 0.1
done
# Another version lays another file there. A program that runs must not need by name the file it was started from.
programs=/usr/lib/aios-heartbeat
cp $programs/aios-heartbeat $programs/asks
: >$programs/other
mv $programs/other $programs/aios-heartbeat
as_user "$programs/asks beat --json" | grep -q '"source": "resident"' || fail "it needs the file it was started from"
rm $programs/asks
apt-get install -y -q --no-install-recommends "$package"
dpkg-query -W -f '${Version}\n' aios-heartbeat | grep -qv older || fail "it was not upgraded"
as_user 'aios-heartbeat beat --json' | grep -q '"source": "resident"' || fail "the upgrade ended the one that ran"
as_user 'aios-heartbeat quit'
[ "$(as_user 'aios-heartbeat settings get beat.interval_s')" = 0.5 ] || fail "the upgrade lost the settings"
[ "$(count)" -gt "$beats" ] || fail "the upgrade lost beats"
as_user 'aios-heartbeat doctor'
tell "upgraded while it ran: it beat on until it was told to quit, and record and settings are as they were"

as_user 'xvfb-run -a aios-heartbeat autostart enable --delay 0'
grep -q '^Exec=/usr/lib/aios-heartbeat/aios-gui ' $home/.config/autostart/aios-heartbeat.desktop \
    || fail "what is registered is not the installed program"
tell "registered, and started as registered: $(grep '^Exec=' $home/.config/autostart/aios-heartbeat.desktop)"
as_user 'aios-heartbeat autostart disable'
[ ! -e $home/.config/autostart/aios-heartbeat.desktop ] || fail "the entry is still there after disable"

apt-get purge -y -q aios-heartbeat
apt-get autoremove -y -q --purge
left=$(files)
[ -z "$left" ] || fail "left behind: $left"
[ -s $home/.local/share/aios-heartbeat/heartbeat.sqlite3 ] || fail "removing it took the record of its user along"
tell "removed, and nothing of it is left outside the home of its user, where the record still lies"
userdel --remove tester 2>/dev/null || true
