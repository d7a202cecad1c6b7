"""What is told of other programs' command lines: no secret in any form that is known, and enough to recognise them."""

import shlex

from hypothesis import given
from hypothesis import strategies as st

from aios_gui.alerts.model.command_lines import of_older_record, program_and_script, without_secrets

HEX = "9f86d081884c7d659a2feaa0c55ad015"


def test_program_and_script_are_told_and_no_other_argument() -> None:
    cases: list[tuple[str, str]] = [
        ("/usr/bin/make -j8", "make"),
        ("/usr/bin/python3 -u /home/mo/build.py --password=hunter2", "python3 build.py"),
        ("python3.11 -X dev -W error build.py", "python3.11 build.py"),
        ("python3 -m http.server 8000", "python3 -m http.server"),
        ("python3 -c 'import x; x(\"hunter2\")'", "python3"),
        ("python3 -Sc hunter2.py", "python3"),
        ("perl -e hunter2.pl", "perl"),
        ("perl -w report.pl", "perl report.pl"),
        ("node --eval hunter2.js", "node"),
        ("node server/index.mjs --token hunter2", "node index.mjs"),
        ("node hunter2", "node"),
        ("python3 https://mo:hunter2@host/x.py", "python3"),
        ("-bash", "bash"),
        ("bash -lc 'mysql -phunter2'", "bash"),
        ("sh -e ./deploy.sh", "sh deploy.sh"),
        ("java -Dpassword=hunter2 -jar /opt/app/server.jar", "java server.jar"),
        ("java -cp /opt/app.jar com.example.Main hunter2", "java"),
        ("mysql --password=hunter2", "mysql"),
        (f"python3 /tmp/{HEX}", "python3"),
    ]
    for line, told in cases:
        assert program_and_script(shlex.split(line)) == told


def test_programs_that_have_renamed_themselves_and_those_of_windows() -> None:
    cases: list[tuple[tuple[str, ...], str]] = [
        ((), ""),
        (("", ""), ""),
        (("postgres: mo db password=a/b", "", ""), "postgres:"),
        (("/opt/chrome/chrome --type=renderer --token=a/b",), "chrome"),
        (("C:\\Program Files\\My App\\My App.exe",), "My App.exe"),
        (("C:\\Python313\\pythonw.exe", "C:\\x\\build.py", "hunter2"), "pythonw.exe build.py"),
    ]
    for arguments, told in cases:
        assert program_and_script(arguments) == told


SECRETS = [
    "x --password hunter2",
    "x --password=hunter2",
    "x -password hunter2",
    "x --password -hunter2",
    "x --db-passwd 'a hunter2 -hunter2'",
    "x --api-key hunter2",
    "x --auth-token=hunter2",
    "x --ask-pass --token hunter2",
    "x /password:hunter2",
    "mysql -u root -phunter2 db",
    "sudo mysqldump -phunter2 db",
    "sshpass -p hunter2 ssh host",
    "sh -c 'mysql -u root -phunter2 db'",
    "sh -c 'exec psql --password hunter2'",
    "curl -u mo:hunter2 https://host/",
    "curl -H 'Authorization: Bearer hunter2' https://host/",
    "curl -H 'X-Api-Key: hunter2' https://host/",
    "curl -H 'Bearer hunter2'",
    "curl https://mo:hunter2@host/",
    "git clone https://hunter2@host/x.git",
    "git clone https://mo:hun/hunter2@host/x.git",
    "x 'https://host/?a=1&token=hunter2'",
    "x mo:hunter2@host",
    "redis-cli -a hunter2",
    "ldapsearch -w hunter2",
    "env AWS_SECRET_ACCESS_KEY=hunter2 x",
    "env PGPASSWORD=hunter2 x",
    'x \'{"password": "hunter2"}\'',
    "x 'host=db password = hunter2'",
    "openssl enc -pass pass:hunter2",
    "x --key hunter2",
    "x ghp_hunter2hunter2hunter2",
    "x AKIAhunter2".upper().replace("HUNTER2", "0HUNTER2HUNTER2"),
    f"x {HEX}hunter2".replace("hunter2", ""),
    "x wJalrXUtnFEMI/K7MDENG/bPxRfiCYhunter2KEY",
    "x eyJhbGciOiJIUzI1NiJ9.hunter2.hunter2",
    "x '-----BEGIN PRIVATE KEY----- hunter2'",
]


def test_no_secret_of_a_known_form_is_told() -> None:
    for line in SECRETS:
        told = without_secrets(shlex.split(line))
        assert "***" in told
        assert "hunter2" not in told.lower()
        assert HEX not in told
        assert told.split()[0] == line.split(maxsplit=1)[0]


def test_nor_of_a_line_that_an_older_program_kept() -> None:
    for line in SECRETS:
        command, told = of_older_record(" ".join(shlex.split(line)))
        # Where the arguments end is not known any more; "-hunter2" after a word may be an option.
        assert "hunter2" not in (command + told).lower().replace("-hunter2", "")
        assert HEX not in command + told


def test_ordinary_command_lines_are_told_whole() -> None:
    cases: list[str] = [
        "make -j8 all",
        "ffmpeg -i /home/mo/Videos/2026/a.mkv -c:v libx264 out.mp4",
        "/usr/lib/x86_64-linux-gnu/tracker-miner-fs-3",
        "ssh -p 22 mo@host",
        "java -Xmx4g -jar app.jar",
        "python3 -m pytest -n 2 tests/alerts",
        "gcc -pthread -pedantic a.c",
        "rsync -a /home/mo/Documents /media/backup/2026-11-27T10:00:00",
    ]
    for line in cases:
        assert without_secrets(shlex.split(line)) == line
        assert of_older_record(line)[1] == line


def test_a_windows_path_with_spaces_is_one_word_of_an_older_record() -> None:
    line = "C:\\Program Files\\My App\\My App.exe --password hunter2"
    assert of_older_record(line) == ("My App.exe", line.replace("hunter2", "***"))


@given(st.lists(st.text(max_size=30), max_size=6))
def test_whatever_the_arguments_are(arguments: list[str]) -> None:
    without_secrets([*arguments, "--password", "hunter2"]).index("***")
    assert isinstance(program_and_script(arguments), str)
    of_older_record(" ".join(arguments))


def test_of_a_huge_argument_only_the_beginning_is_told() -> None:
    assert len(without_secrets(["x", "pass" * 100_000])) < 3000
    assert len(program_and_script(["x" * 100_000])) < 3000
