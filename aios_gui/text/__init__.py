"""Facts into text: catalogue, figures and units, making text from outside safe."""
