"""What the frozen program of the console starts."""

import sys

from aios_gui.cli import main

sys.exit(main())
