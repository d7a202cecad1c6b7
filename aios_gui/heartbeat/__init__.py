"""The beat: engine, path, rehearsal, warm-up, sampling, clocks, gaps."""
