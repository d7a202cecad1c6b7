"""Everything that can be asked of a running program: a frozen struct each, its answer, and the bytes of both.

As JSON a command is one object whose ``op`` names it; ``beat`` writes the bytes of ``GetLatest`` by hand. The names
are those of earlier versions, so that two versions beside each other understand one another as far as they can.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar, cast

import msgspec
from msgspec import Meta, Struct

from aios_gui.alerts.model.incident import NOTE_CHARACTERS, AllSeen, IncidentMark, Mute, Undo, clean_note
from aios_gui.alerts.model.rule_fields import NAME_CHARACTERS
from aios_gui.heartbeat.model.rehearsal import RehearsalMode
from aios_gui.heartbeat.model.states import LaunchMode
from aios_gui.history.changes.model import Look
from aios_gui.history.notes.model import Note, NoteEdit, NoteRemoval
from aios_gui.instance.channel import AnotherVersion, CommandRefused
from aios_gui.instance.model.snapshot import Snapshot
from aios_gui.record.importing.model import ImportedPages, RemoveImported
from aios_gui.record.relocation.model import MoveStatus
from aios_gui.selfcheck.record import Measurement

log = logging.getLogger(__name__)
LARGEST_MEASUREMENT_BYTES = 64 * 1024
LOOK_CHANGES = 1_000
LARGEST_IMPORT_BYTES = 600 << 10
_ERROR_CHARACTERS = 300

A = TypeVar("A")
C = TypeVar("C", bound="Command[Any]")
RowId = Annotated[int, Meta(gt=0, le=2**63 - 1)]
WallNs = Annotated[int, Meta(gt=0, lt=2**62)]
LengthNs = Annotated[int, Meta(ge=0, lt=2**62)]
EdgeNs = Annotated[int, Meta(ge=0, le=2**63 - 1)]
NoteText = Annotated[str, Meta(max_length=NOTE_CHARACTERS)]
PanelName = Annotated[str, Meta(max_length=60)]
ActivationToken = Annotated[str, Meta(max_length=256, pattern=r"^[\x21-\x7e]*$")]
RuleName = Annotated[str, Meta(min_length=1, max_length=NAME_CHARACTERS)]
ActionText = Annotated[str, Meta(min_length=1, max_length=600)]
FolderPath = Annotated[str, Meta(min_length=1, max_length=4096)]


# Answers


class Done(Struct, frozen=True):
    """Whether it was done, by what kind of instance, and what is wrong with the record, "" where nothing is."""

    done: bool = True
    mode: str = ""
    problem: str = ""


class LatestAnswer(Struct, frozen=True):
    """The latest beat as ``beat --json`` prints it, None before the first; the engine's state; what shows.

    ``overdue``: the next one should have been recorded by now; ``age_ms`` is since when none was.
    """

    beat: dict[str, Any] | None
    state: str
    pid: int
    shown: str = ""
    overdue: bool = False
    age_ms: float = 0.0


class SnapshotAnswer(Struct, frozen=True):
    """The snapshot, and how the program shows itself."""

    snapshot: Snapshot
    launch_mode: LaunchMode = msgspec.field(default=LaunchMode.HEADLESS, name="face")


class MoveAnswer(Struct, frozen=True):
    """How the move of the record stands."""

    move: MoveStatus


class Refusal(Struct, frozen=True):
    """It was not done; ``error`` says why, in English. In any other answer ``error`` is missing."""

    error: str = ""


# Commands


class Command(Struct, Generic[A], frozen=True, tag_field="op"):
    """Something to ask of a running program, which answers with an ``A``."""


class Pause(Command[Done], frozen=True, tag="pause"):
    """Beat no more until ``Resume``."""


class Resume(Command[Done], frozen=True, tag="resume"):
    """Beat again."""


class WarmUp(Command[Done], frozen=True, tag="warm_up"):
    """Warm up the path of the beat, paused or not."""


class CoolDown(Command[Done], frozen=True, tag="cool_down"):
    """Drop what keeps the path of the beat warm; the record goes on."""


class SetRehearsal(Command[Done], frozen=True, tag="rehearse"):
    """Rehearse beats always, never, or where the interval allows it."""

    mode: RehearsalMode


class ReloadSettings(Command[Done], frozen=True, tag="reload"):
    """Look at the settings file now."""


class RaiseWindow(Command[Done], frozen=True, tag="raise"):
    """Show the window, and in it this panel, "" for any; not done where there is no window.

    ``token`` is what the desktop gave to the caller, who was started by a click, to come to the front with. The panel
    shows the span from ``start_ns`` to ``end_ns`` and tells of ``at_ns`` (wall), where these are not 0.
    """

    panel: PanelName = ""
    token: ActivationToken = ""
    start_ns: EdgeNs = 0
    end_ns: EdgeNs = 0
    at_ns: EdgeNs = 0


class Quit(Command[Done], frozen=True, tag="quit"):
    """End the program."""


class GetLatest(Command[LatestAnswer], frozen=True, tag="latest"):
    """The latest beat."""


class GetSnapshot(Command[SnapshotAnswer], frozen=True, tag="snapshot"):
    """The whole picture; ``tray_notifies``: the tray of the window that asks notifies of what fires."""

    tray_notifies: bool = msgspec.field(default=False, name="tells")


class MoveRecord(Command[MoveAnswer], frozen=True, tag="move_record"):
    """Move the record to another folder; answered at once, ``GetMove`` tells how it goes on."""

    folder: FolderPath

    def __post_init__(self) -> None:
        _expect("\0" not in self.folder, "a folder is named by a path without NUL")
        _expect(_is_unicode(self.folder), "a folder is named by a path that is valid Unicode")


class CancelMove(Command[MoveAnswer], frozen=True, tag="cancel_move"):
    """Let the record stay, as far as that is still possible."""


class GetMove(Command[MoveAnswer], frozen=True, tag="moving"):
    """How the last move stands."""


class AcknowledgeIncident(Command[Done], frozen=True, tag="acknowledge"):
    """A person has seen the incident, at ``at_ns`` (wall); 0 takes that back."""

    id: RowId
    at_ns: Annotated[int, Meta(ge=0, lt=2**62)]

    def item(self) -> IncidentMark:
        """What the record keeps of it."""
        return IncidentMark(self.id, self.at_ns)


class NoteAllSeen(Command[Done], frozen=True, tag="seen"):
    """A person has looked at all incidents that there are."""

    def item(self) -> AllSeen:
        """What the record keeps of it."""
        return AllSeen()


class AddNote(Command[Done], frozen=True, tag="note"):
    """A person's note on the incident, in place of the one before; control characters become blanks."""

    id: RowId
    text: NoteText

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "text", clean_note(self.text))

    def item(self) -> IncidentMark:
        """What the record keeps of it."""
        return IncidentMark(self.id, note=self.text)


class MuteRule(Command[Done], frozen=True, tag="mute"):
    """The rule alerts no one until ``until_ns`` (wall)."""

    rule: RuleName
    until_ns: WallNs

    def __post_init__(self) -> None:
        _expect(self.rule.isprintable(), "a rule is named by a printable text")

    def item(self) -> Mute:
        """What the record keeps of it."""
        return Mute(self.rule, self.until_ns)


class UnmuteRule(Command[Done], frozen=True, tag="unmute"):
    """The rule alerts again."""

    rule: RuleName

    def __post_init__(self) -> None:
        _expect(self.rule.isprintable(), "a rule is named by a printable text")

    def item(self) -> Mute:
        """What the record keeps of it."""
        return Mute(self.rule, 0)


class UndoAction(Command[Done], frozen=True, tag="undo"):
    """Take back what was done for the incident; ``action`` as in the settings."""

    id: RowId
    action: ActionText

    def __post_init__(self) -> None:
        _expect(_is_unicode(self.action), "an action is named as in the settings")

    def item(self) -> Undo:
        """What the rules take in."""
        return Undo(self.id, self.action)


class Demonstrate(Command[Done], frozen=True, tag="demonstrate"):
    """Put a made-up hiccup among the incidents: marked as made up, and counted in no figure."""


class KeepMeasurement(Command[Done], frozen=True, tag="keep"):
    """Put a finished measurement into the record."""

    measurement: Measurement

    def __post_init__(self) -> None:
        _expect(0 <= self.measurement.wall_ns < 2**62, "a measurement is made at a moment after 1970, in ns")
        try:
            # As the record writes it: msgspec would make null of what is no number.
            size_bytes = len(json.dumps(self.measurement.facts, allow_nan=False))
        except (ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"the facts of a measurement are plain JSON: {error}") from error
        _expect(
            size_bytes <= LARGEST_MEASUREMENT_BYTES,
            f"a measurement has at most {LARGEST_MEASUREMENT_BYTES} bytes, this one {size_bytes}",
        )

    def item(self) -> Measurement:
        """What the record keeps of it."""
        return self.measurement


class KeepChanges(Command[Done], frozen=True, tag="keep_changes"):
    """Keep what a look found to have changed; not done while too much waits to be kept."""

    look: Look

    def __post_init__(self) -> None:
        moments = (self.look.at_ns, *(each.at_ns for each in self.look.changes))
        _expect(all(0 <= each < 2**62 for each in moments), "a change is made at a moment after 1970, in ns")
        _expect(
            len(self.look.changes) <= LOOK_CHANGES, f"a look brings at most {LOOK_CHANGES} changes at once"
        )

    def item(self) -> Look:
        """What the record keeps of it."""
        return self.look


class KeepNote(Command[Done], frozen=True, tag="keep_note"):
    """A new note on the span; control characters but line ends become blanks. ``written_ns`` is when it was written."""

    text: NoteText
    start_ns: WallNs
    end_ns: WallNs
    written_ns: WallNs

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "text", clean_note(self.text))
        _expect(bool(self.text), "a note has a text")
        _expect(self.start_ns <= self.end_ns, "a note does not end before it begins")

    def item(self) -> Note:
        """What the record keeps of it."""
        return Note(self.start_ns, self.end_ns, self.text, self.written_ns)


class EditNote(Command[Done], frozen=True, tag="edit_note"):
    """Another text, begin or length for the note; what is None stays as it is."""

    id: RowId
    text: NoteText | None = None
    start_ns: WallNs | None = None
    length_ns: LengthNs | None = None

    def __post_init__(self) -> None:
        if self.text is not None:
            msgspec.structs.force_setattr(self, "text", clean_note(self.text))
            _expect(bool(self.text), "a note has a text")

    def item(self) -> NoteEdit:
        """What the record keeps of it."""
        return NoteEdit(self.id, self.text, self.start_ns, self.length_ns)


class RemoveNote(Command[Done], frozen=True, tag="remove_note"):
    """The note is gone."""

    id: RowId

    def item(self) -> NoteRemoval:
        """What the record does about it."""
        return NoteRemoval(self.id)


class KeepImported(Command[Done], frozen=True, tag="keep_imported"):
    """Keep beats of another file, apart from this machine's own; not done while too much waits to be kept."""

    imported: ImportedPages

    def __post_init__(self) -> None:
        _expect(bool(self.imported.pages), "beats are imported by pages")
        size_bytes = sum(each.size_bytes for each in self.imported.pages)
        _expect(
            size_bytes <= LARGEST_IMPORT_BYTES, f"pages have at most {LARGEST_IMPORT_BYTES} bytes at once"
        )
        _expect(_is_unicode(self.imported.source.name), "a file is named by a text that is valid Unicode")
        for each in self.imported.pages:
            _expect(
                0 <= each.hour < 2**32 and 0 <= each.first_us <= each.last_us < 2**53, "a page is of an hour"
            )

    def item(self) -> ImportedPages:
        """What the record keeps of it."""
        return self.imported


class ForgetImported(Command[Done], frozen=True, tag="forget_imported"):
    """Remove what was imported from the source of this number."""

    number: RowId

    def item(self) -> RemoveImported:
        """What the record makes of it."""
        return RemoveImported(self.number)


AboutIncident = AcknowledgeIncident | NoteAllSeen | AddNote | MuteRule | UnmuteRule | UndoAction
"""What a person says of an incident or a rule."""
AboutNote = KeepNote | EditNote | RemoveNote
"""What a person or a script does to a note."""
ForRecord = (
    AcknowledgeIncident
    | AddNote
    | MuteRule
    | UnmuteRule
    | KeepMeasurement
    | KeepChanges
    | AboutNote
    | KeepImported
    | ForgetImported
)
"""What can be written into the record by any process where no instance runs."""
AnyCommand = (
    Pause
    | Resume
    | WarmUp
    | CoolDown
    | SetRehearsal
    | ReloadSettings
    | RaiseWindow
    | Quit
    | GetLatest
    | GetSnapshot
    | MoveRecord
    | CancelMove
    | GetMove
    | AboutIncident
    | Demonstrate
    | KeepMeasurement
    | KeepChanges
    | AboutNote
    | KeepImported
    | ForgetImported
)
_COMMANDS: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)


def _expect(condition: bool, words: str) -> None:
    if not condition:
        raise ValueError(words)


def _is_unicode(text: str) -> bool:
    """Whether UTF-8 can hold it: a lone half of a pair of surrogates is no character."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


# Their bytes


def encode(command: Command[Any]) -> bytes:
    """The bytes that ask for it; ValueError where a text in it is no Unicode."""
    return msgspec.json.encode(command)


def checked(command: C) -> C:
    """The same, held to what its bytes would be held to; ValueError, in words."""
    made: C = msgspec.convert(msgspec.to_builtins(command), type(command))
    return made


def answer(raw: bytes, execute: Callable[[Command[Any]], Any]) -> bytes:
    """The bytes that answer the bytes of a command, whatever they are; ``execute`` does what is asked."""
    try:
        command = _COMMANDS.decode(raw)
    except (ValueError, RecursionError) as error:
        return _refusal(f"this request is not understood: {error}")
    try:
        return msgspec.json.encode(execute(command))
    except Exception as error:
        log.exception("the request %r failed", command)
        return _refusal(f"{type(error).__name__}: {error}")


def _refusal(words: str) -> bytes:
    return msgspec.json.encode(Refusal(words.encode(errors="replace").decode()[:_ERROR_CHARACTERS]))


def read_answer(command: Command[A], raw: bytes) -> A:
    """What such bytes say; CommandRefused where it was not done, AnotherVersion where they are of another shape."""
    try:
        refusal = msgspec.json.decode(raw, type=Refusal)
        if not refusal.error:
            return cast("A", _answers(type(command)).decode(raw))
    except (ValueError, RecursionError) as error:
        raise AnotherVersion(f"the running instance is of another version: {error}") from error
    raise CommandRefused(refusal.error)


_decoders: dict[type, msgspec.json.Decoder[Any]] = {}
_making = threading.Lock()


def _answers(command: Any) -> msgspec.json.Decoder[Any]:
    """Reads the ``A`` of the ``Command[A]`` that a command is declared as.

    Made by one thread at a time: msgspec ends the process where a second thread reads values of a type while a first
    one is still looking at that type's fields.
    """
    with _making:
        if command not in _decoders:
            _decoders[command] = msgspec.json.Decoder(command.__orig_bases__[0].__args__[0])
        return _decoders[command]
