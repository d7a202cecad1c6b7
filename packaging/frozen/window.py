"""What the frozen program of the window starts: it takes commands, too, and runs them without a console."""

import sys

from aios_gui.app import main

sys.exit(main())
