"""What software centres show of the program: AppStream's metadata, with the releases of the list of changes."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from building.order import ROOT

ID = "io.github.aios_heartbeat.AiosHeartbeat"
"""Also the name of the bundle on macOS (packaging/aios.spec)."""
_RELEASE = re.compile(r"^## \[?(\d[^\] ]*)\]? - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)
_WHOLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<component type="desktop-application">
  <id>{id}</id>
  <metadata_license>CC0-1.0</metadata_license>
  <project_license>MIT</project_license>
  <name>AIOS Heartbeat</name>
  <summary>Shows when this computer stuttered, for how long, and why</summary>
  <summary xml:lang="zh_CN">显示这台电脑何时卡顿、卡了多久、原因何在</summary>
  <description>
    <p>
      AIOS Heartbeat shows whether your computer is healthy now, when it stuttered, for how long, and why. Once a second
      it checks the machine, measures how late the check woke and how long it took, and records it for good, so that a
      stall is found afterwards even if you were not looking.
    </p>
    <p>
      It has a window and a tray icon for people and a command line for scripts, shows what the watching itself costs,
      and sends nothing over the network.
    </p>
    <p xml:lang="zh_CN">
      AIOS Heartbeat 显示你的电脑现在是否健康，以及何时卡顿、卡了多久、原因何在。
      它每秒检查一次机器，测量检查醒来晚了多少、用了多久，并长期记录下来，因此即使当时没有人在看，事后也能找到卡顿。
    </p>
  </description>
  <developer id="io.github.aios_heartbeat">
    <name>The AIOS Heartbeat authors</name>
  </developer>
  <launchable type="desktop-id">aios-heartbeat.desktop</launchable>
  <icon type="stock">aios-heartbeat</icon>
  <categories>
    <category>System</category>
    <category>Monitor</category>
  </categories>
  <provides>
    <binary>aios-gui</binary>
    <binary>aios-heartbeat</binary>
  </provides>
  <content_rating type="oars-1.1"/>
  <supports>
    <control>pointing</control>
    <control>keyboard</control>
  </supports>
  <releases>
{releases}
  </releases>
{urls}</component>
"""


def metainfo(version: str, date: str, page: str = "") -> str:
    """The file's text for ``version``, released at ``date``; ``page`` is where releases are published, if known."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = dict(_RELEASE.findall(changes))
    told.setdefault(version, date)
    releases = sorted(told.items(), key=lambda item: item[1], reverse=True)
    lines = [f'    <release version="{escape(name)}" date="{day}"/>' for name, day in releases]
    urls = f'  <url type="homepage">{escape(page)}</url>\n' if page else ""
    return _WHOLE.format(id=ID, releases="\n".join(lines), urls=urls)
