"""Values, arithmetic and policy of the heartbeat: no Qt, no files, no psutil, no threads started."""
