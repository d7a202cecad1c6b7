"""Reports and exports as jobs: a child process that runs this program's own command line.

The child is started with `report … --progress json` or `export … --progress json`. It prints lines of JSON on its
standard output: how far it is, as of ``system.progress`` (`{"progress": 0.25, "remaining_s": 3.0, "now": "reading"}`,
where `now` is a ``Step``), and at the end a ``JobResult``. Where it fails its status is 2, and the last line of its
standard error is a sentence that says why. It is cancelled by a signal or by closing its standard input. Even killed it
leaves the file that was there before as it was.
"""
