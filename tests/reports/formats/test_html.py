"""Reports as HTML: text stays text, nothing is fetched, and a browser has nothing to complain of."""

import io
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aios_gui.reports.formats import html
from tests.reports.reports_made import CHINESE, SHOWN, a_report

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OURS = {"style", "script"}


class Reader(HTMLParser):
    """Collects what a browser would take for elements, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page() -> str:
    out = io.BytesIO()
    html.write(a_report(), out)
    return out.getvalue().decode()


def test_what_a_record_holds_is_text_and_nothing_else() -> None:
    read = Reader(page())
    names = [name for name, _attributes in read.elements]
    assert names.count("script") == 1
    assert names.count("svg") == 1
    assert not [key for _name, attributes in read.elements for key in attributes if key.startswith("on")]
    assert SHOWN in read.texts
    assert CHINESE in "".join(read.texts)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page())


def test_it_names_nothing_to_fetch() -> None:
    for name, attributes in Reader(page()).elements:
        for key in ("src", "href", "action", "data", "poster", "srcset", "xlink:href", "style"):
            value = attributes.get(key)
            assert value is None or value.startswith("#") or value == "data:,", (name, key, value)
    assert "@import" not in page()
    assert not re.search(r"url\((?!#)", page())


def test_the_policy_lets_this_style_and_this_script_through_and_no_other() -> None:
    content = page()
    meta = next(a for name, a in Reader(content).elements if a.get("http-equiv") == "Content-Security-Policy")
    policy = meta["content"] or ""
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for tag in OURS:
        inside = re.search(f"<{tag}>(.*?)</{tag}>", content, re.DOTALL)
        assert inside is not None
        digest = b64encode(sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_every_figure_has_words_and_every_table_a_caption() -> None:
    read = Reader(page())
    assert all(a.get("aria-label") for name, a in read.elements if name == "svg")
    names = [name for name, _attributes in read.elements]
    assert names.count("caption") == names.count("table")
    assert all(a.get("scope") == "col" for name, a in read.elements if name == "th")


@pytest.mark.long
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_a_browser_shows_it_without_a_complaint_or_a_request(tmp_path: Path) -> None:
    file, log = tmp_path / "report.html", tmp_path / "net.json"
    file.write_text(page(), encoding="utf-8")
    assert BROWSER is not None
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", f"--log-net-log={log}", "--no-first-run"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-component-update"]
    # With what a page does once it is there: the script has run when the elements are written out.
    answer = subprocess.run(
        [*command, "--dump-dom", file.as_uri()],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )
    assert "CONSOLE" not in answer.stderr, answer.stderr
    assert CHINESE in answer.stdout
    asked = set(
        re.findall(r'"url":"((?:https?|ftp|wss?):[^"]+)"', log.read_text(encoding="utf-8", errors="replace"))
    )
    page_asked = {url for url in asked if "google" not in url and "gvt" not in url}
    assert page_asked == set()


def test_it_is_dark_on_a_dark_screen_and_light_on_paper() -> None:
    # "not print" within such a condition is none, and a browser drops all of it.
    assert re.search(r"@media screen and \(prefers-color-scheme: dark\)\{:root\{--window:#14171C", page())
