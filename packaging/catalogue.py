"""Keeps the translations in step with the source by Babel: `catalogue.py update`, `catalogue.py check`."""

import string
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "aios_gui"
TRANSLATIONS = ROOT / "resources" / "translations"
LOCALES = ("zh_CN",)  # English is in the source
# N_ marks a text that is translated where it is shown, not where it stands.
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}


def extract(package: Path) -> Catalog:
    """Collect every text under `package` that is marked for translation, with the files it stands in."""
    template = Catalog(project="AIOS Heartbeat", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        package,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=["Translators:"],
        strip_comment_tags=True,
    )
    for file, line, text, comments, context in found:
        place = (package / file).relative_to(package.parent).as_posix()
        template.add(text, None, [(place, line)], auto_comments=comments, context=context)
    return template


def read(file: Path, locale: str) -> Catalog:
    """Read a catalogue; an empty one where there is no file yet."""
    if not file.exists():
        return Catalog(
            locale=locale,
            project="AIOS Heartbeat",
            version="0",
            header_comment=f"# {locale} translations of AIOS Heartbeat, under its licence.",
            msgid_bugs_address="none",
            last_translator="The AIOS Heartbeat authors",
            language_team="The AIOS Heartbeat authors",
            charset="utf-8",
            fuzzy=False,
        )
    with file.open("rb") as stream:
        return read_po(stream, locale=locale, abort_invalid=True)


def forms(text: "str | list[str] | tuple[str, ...] | None") -> list[str]:
    """List the plural forms of a text, or the text alone."""
    if text is None:
        return [""]
    return [text] if isinstance(text, str) else list(text)


def fields(text: str) -> set[str]:
    """Name the fields in braces of a text; a text whose braces do not match has one that nothing equals."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {f"broken braces in {text!r}"}


def faults_of(source: Message, translated: Message | None) -> list[str]:
    """Say what is wrong with the translation of one text; empty where it is complete."""
    if translated is None:
        return ["is missing"]
    if translated.fuzzy:
        return ["is marked fuzzy: read it and take the mark away"]
    if not all(form.strip() for form in forms(translated.string)):
        return ["is empty"]
    known = set().union(*(fields(form) for form in forms(source.id)))
    strange = sorted(set().union(*(fields(form) for form in forms(translated.string))) - known)
    lost = [] if source.pluralizable else sorted(known - fields(forms(translated.string)[0]))
    return [f"has a field that the source lacks: {name}" for name in strange] + [
        f"lacks the field {name}" for name in lost
    ]


def faults(template: Catalog, catalogue: Catalog) -> list[str]:
    """List every fault of `catalogue` against the texts of the source, one line each."""
    lines: list[str] = []
    for source in template:
        if not source.id:  # the header
            continue
        places = ", ".join(sorted({place for place, _ in source.locations}))
        found = faults_of(source, catalogue.get(source.id, source.context))
        lines.extend(f"{places}: {forms(source.id)[0]!r} {fault}" for fault in found)
    return lines


def update() -> int:
    """Write the texts of the source into every catalogue; one that is gone leaves it. Nothing is guessed."""
    template = extract(ROOT / PACKAGE)
    for locale in LOCALES:
        file = TRANSLATIONS / locale / "LC_MESSAGES" / "aios.po"
        catalogue = read(file, locale)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            write_po(stream, catalogue, width=110, include_lineno=False, sort_by_file=True)
        to_do = len(faults(template, catalogue))
        print(f"{file.relative_to(ROOT)}: {to_do} of {len(template)} texts to translate")
    return 0


def check() -> int:
    """Print what is missing from the catalogues; 1 where anything is."""
    template = extract(ROOT / PACKAGE)
    count = 0
    for locale in LOCALES:
        for fault in faults(template, read(TRANSLATIONS / locale / "LC_MESSAGES" / "aios.po", locale)):
            count += 1
            print(f"{locale}: {fault}")
    print(f"{len(template)} texts, {count} faults; `dev.py translate` adds missing texts to the files")
    return 1 if count else 0


if __name__ == "__main__":
    COMMANDS = {"update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit("usage: catalogue.py update|check")
    sys.exit(COMMANDS[sys.argv[1]]())
