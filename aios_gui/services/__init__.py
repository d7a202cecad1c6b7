"""Files, processes, threads and the operating system; free of Qt."""
