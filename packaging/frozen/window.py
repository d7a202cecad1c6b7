"""What the frozen program of the window starts: it takes commands, too, and runs them without a console."""

import sys

from holding import hold_modules
from inherited import give_back

from aios_gui.app import main

hold_modules()
give_back()
sys.exit(main())
