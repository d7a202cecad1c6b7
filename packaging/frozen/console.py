"""What the frozen program of the console starts."""

import sys

from holding import hold_modules
from inherited import give_back

from aios_gui.cli import main

hold_modules()
give_back()
sys.exit(main())
