"""What the frozen program of the console starts."""

import sys

from inherited import give_back

from aios_gui.cli import main

give_back()
sys.exit(main())
