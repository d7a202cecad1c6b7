"""How the bench of culprits judges what was said."""

from tests.bench.culprits.scoring import Burst, Named, Said, judged, table

SHORT = Burst("cpu", "hog", "shell", 100.0, 100.3)
LONG = Burst("read", "hog", "shell", 100.0, 160.0)


def test_who_was_named_first_by_what_is_about_the_burst() -> None:
    cases: list[tuple[Burst, list[Said], Named]] = [
        (SHORT, [Said(100.05, 100.3, "hog")], Named.RIGHT),
        (SHORT, [Said(100.05, 100.3, "shell", of_children=True)], Named.RIGHT),
        (SHORT, [Said(100.05, 100.3, "shell")], Named.BYSTANDER),
        (SHORT, [Said(100.05, 100.3, "true", "hog")], Named.RIGHT),
        (SHORT, [Said(100.05, 100.3, "other")], Named.BYSTANDER),
        (SHORT, [Said(100.05, 100.1, "other"), Said(100.1, 100.3, "hog")], Named.RIGHT),
        (SHORT, [Said(100.05, 100.3, "")], Named.NONE),
        (SHORT, [Said(90.0, 91.0, "hog"), Said(110.0, 111.0, "hog")], Named.UNSEEN),
        (SHORT, [Said(20.0, 300.0, "hog", of_incident=True)], Named.UNSEEN),
        (SHORT, [Said(90.0, 110.0, "other")], Named.UNSEEN),
        (LONG, [Said(110.0, 150.0, "other"), Said(101.0, 130.0, "hog", of_incident=True)], Named.RIGHT),
    ]
    for burst, said, named in cases:
        assert judged(burst, said) is named


def test_the_table_counts_by_length_and_kind() -> None:
    lines = table([(SHORT, Named.RIGHT), (SHORT, Named.NONE), (LONG, Named.RIGHT)])
    assert [line.split()[0] for line in lines[1:]] == ["over", "read", "under", "cpu"]
    assert lines[3].split()[-1] == "50%"
